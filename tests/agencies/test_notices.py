"""Notices of this room are read in the language of whoever gets them, not of whoever caused them."""

import io
from datetime import timedelta

import pytest
from django.utils import translation

from agencies import catalogue
from agencies.services import certificates, claims, directory, objections, papers, reviews, shop
from agencies.services.catalogue import catalogue_load
from agencies.services.regions import read_regions, regions_load
from agencies.services.roster_import import roster_import
from kernel import clock
from kernel.models import Notification
from kernel.services import deadlines
from tests import factories as make
from tests.agencies.roster_files import code, row, xlsx

pytestmark = pytest.mark.django_db
CHINESE = range(0x4E00, 0x9FFF)


def english(user):
    user.language = "en"
    user.save(update_fields=["language"])
    return user


def chinese_in(text):
    return "".join(c for c in text if ord(c) in CHINESE)


@pytest.fixture
def house():
    """An agency with an English name, so that every other Chinese character of a notice is a leak; its reader."""
    agency = make.make_agency(name="Clear Lake Ltd")
    return agency, english(make.owner_of(agency.organisation))


def newest(user):
    return Notification.objects.filter(user=user).latest("id")


def reads(user, words):
    """The newest notice as the person reads it; the body."""
    title, body = newest(user).words(user.language)
    assert words in title and not chinese_in(title), title
    return body


@pytest.mark.parametrize("actor_language", ["zh-hans", "en"])
def test_the_desk_writes_in_the_language_of_the_agency(house, actor_language):
    agency, reader = house
    with translation.override(actor_language):
        listing = make.make_listing(agency)
        reads(reader, "approved")
        review = shop.listing_submit(version=shop.listing_draft(listing=listing, days=9, actor=None), actor=None)
        reviews.review_return(review=review, reasons=[{"text": "fee"}], actor=None)
        reads(reader, "returned")
        kind = make.make_certificate_type(name_en="Licence")
        paper = make.make_qualification(agency, kind, confirmed=False)
        papers.qualification_reject(qualification=paper, reason="blurred", actor=None)
        reads(reader, "Licence")


def test_and_still_in_chinese_to_a_chinese_reader():
    agency = make.make_agency()
    with translation.override("en"):
        make.make_listing(agency)
    assert chinese_in(newest(make.owner_of(agency.organisation)).title)


def test_certificates_are_named_in_the_language_of_the_agency(house):
    agency, reader = house
    kind = make.make_certificate_type(name_en="Licence")
    make.make_qualification(agency, kind, number="N1", expires_on=clock.today() + timedelta(days=5))
    item = make.make_item(category=agency.categories.first(), certificate_rule={"all_of": [{"type": kind.code}]})
    make.make_listing(agency, item)
    certificates.certificates_sweep()
    reads(reader, "Licence")
    with clock.at(clock.now() + timedelta(days=6)):
        certificates.certificates_sweep()
        body = reads(reader, item.name_en)
        assert "Licence" in body and not chinese_in(body)
        make.make_qualification(agency, kind, number="N2")
        reads(reader, item.name_en)


def test_the_centre_reads_of_objections_claims_and_confirmations_in_its_own(house):
    reader = house[1]
    before = newest(reader).pk
    officer = english(make.make_staff())
    waiting = make.make_agency("publicity", name="Far Hill Ltd")
    review = waiting.reviews.get()
    person = english(make.make_person())
    with clock.at(review.submitted_at + timedelta(days=2)):
        raised = objections.objection_raise(review=review, text="not so, not so", contact="x", actor=person)
    reads(officer, "Far Hill")
    objections.objection_decide(objection=raised, upheld=False, answer="so", actor=None)
    reads(person, "Far Hill")
    with clock.at(clock.now() + timedelta(days=400)):
        deadlines.sweep()
    told = Notification.objects.filter(user__in=[officer, reader], pk__gt=before)
    titles = [row.words("en")[0] for row in told]
    assert any("Clear Lake" in title for title in titles), "the confirmation is late"
    assert any("Far Hill" in title for title in titles), "the publicity is over"
    assert not any(chinese_in(title) for title in titles), titles


def test_who_claims_an_agency_is_answered_in_the_own_language():
    regions_load(tree=read_regions(), actor=None)
    catalogue_load(catalogue=catalogue.shipped(), actor=None)
    roster_import(file=xlsx([row(1, 机构名称="Old Mill Ltd")]), name="a.xlsx", region="330499", actor=None)
    officer, person = english(make.make_staff()), english(make.make_person())
    claim = claims.agency_claim(code=code(1), file=io.BytesIO(make.PDF), file_name="a.pdf", actor=person)
    reads(officer, "Old Mill")
    claims.claim_refuse(claim=claim, reason="blurred", actor=None)
    reads(person, "Old Mill")
    claim = claims.agency_claim(code=code(1), file=io.BytesIO(make.PDF), file_name="a.pdf", actor=person)
    claims.claim_confirm(claim=claim, actor=None)
    reads(person, "Old Mill")


def test_leaving_is_told_in_the_language_of_the_agency(house):
    agency, reader = house
    directory.agency_suspend(agency=agency, reason="check", actor=None)
    reads(reader, "suspended")
