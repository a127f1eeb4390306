"""What a public notice of entry shows: those who were examined, as they were when it began, and nothing private."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from agencies.models import Review
from agencies.selectors.people import masked_identity
from agencies.services import papers, registration, reviews
from kernel import clock, crypto
from tests import factories as make

pytestmark = [pytest.mark.django_db]


def test_a_public_notice_names_the_people_and_no_identity_number():
    agency = make.make_agency("submitted")
    person, review = make.make_practitioner(agency, name="沈验测"), agency.reviews.get()
    with clock.at(review.submitted_at + timedelta(hours=1)):
        reviews.review_publicise(review=review, actor=None)
    html = notice_of(review)
    assert person.name in html and agency.contact_mobile.removeprefix("+86") not in html
    assert masked_identity(person) not in html and crypto.unseal(person.identity_sealed) not in html


def notice_of(review):
    with clock.at(review.submitted_at + timedelta(days=1)):
        return Client().get(reverse("agencies:publicity", args=[review.pk])).content.decode()


def test_a_public_notice_stays_what_was_examined():
    agency, kind = make.make_agency("submitted", address="澄湖市旧街 1 号"), make.make_certificate_type()
    leaver, review = make.make_practitioner(agency, name="沈验测"), agency.reviews.get()
    make.make_qualification(agency, kind, number="ZS-OLD")
    with clock.at(review.submitted_at + timedelta(hours=1)):
        reviews.review_publicise(review=review, actor=None)
        examined = notice_of(review)
        papers.practitioner_end(practitioner=leaver, actor=None)
        make.make_practitioner(agency, name="王新增")
        make.make_qualification(agency, kind, number="ZS-NEW")
        registration.agency_contact_update(agency=agency, data={"address": "澄湖市新街 9 号"}, actor=None)
    assert all(word in examined for word in ("沈验测", "ZS-OLD", "旧街 1 号"))
    html = notice_of(review)
    assert all(word in html for word in ("沈验测", "ZS-OLD", "旧街 1 号"))
    assert not any(word in html for word in ("王新增", "ZS-NEW", "新街 9 号"))


def test_a_notice_that_ran_before_it_was_kept_goes_on_as_it_was():
    agency, kind = make.make_agency("submitted", address="澄湖市旧街 1 号"), make.make_certificate_type()
    make.make_practitioner(agency, name="沈验测")
    make.make_qualification(agency, kind, number="ZS-OLD")
    review = agency.reviews.get()
    with clock.at(review.submitted_at + timedelta(hours=1)):
        reviews.review_publicise(review=review, actor=None)
    Review.objects.filter(pk=review.pk).update(notice={})
    import_module("agencies.migrations.0005_running_notices").keep_running_notices(apps, None)
    assert all(word in notice_of(review) for word in ("沈验测", "ZS-OLD", "旧街 1 号"))
