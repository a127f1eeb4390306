"""Staying in the market and leaving it."""

from datetime import timedelta

import pytest

from agencies.models import Agency
from agencies.selectors import agencies
from agencies.services import capacity, directory, registration, reviews, shop
from kernel import clock
from kernel.errors import DomainError, Forbidden
from kernel.models import Deadline, Notification
from kernel.services import deadlines
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def refused(code, verb, **arguments):
    with pytest.raises(DomainError) as caught:
        verb(**arguments)
    assert caught.value.code == code, caught.value


def status(agency):
    return Agency.objects.get(pk=agency.pk).status


def test_suspension_is_a_named_decision_with_a_reason_and_ends():
    agency, operator = make.make_agency(), make.make_staff()
    refused("directory.reason", directory.agency_suspend, agency=agency, reason=" ", actor=operator)
    for person in (make.owner_of(agency.organisation), make.make_staff("inspector")):
        with pytest.raises(Forbidden):
            directory.agency_suspend(agency=agency, reason="核查", actor=person)
    directory.agency_suspend(agency=agency, reason="核查", actor=make.make_staff("credit_officer"))
    assert status(agency) == "suspended" and not agencies.public().filter(pk=agency.pk).exists()
    assert agency.entries.get().closed_at is None
    directory.agency_resume(agency=agency, actor=operator)
    assert status(agency) == "active"


def test_nobody_leaves_with_orders_in_work():
    listing = make.make_listing()
    agency = listing.agency
    owner = make.owner_of(agency.organisation)
    capacity.listing_take(listing=listing, actor=None)
    refused("agency.busy", directory.agency_exit, agency=agency, reason="迁址", actor=owner)
    capacity.listing_release(listing=listing, actor=None)
    with pytest.raises(Forbidden):
        directory.agency_exit(agency=agency, reason="迁址", actor=make.make_member(agency.organisation))
    draft = shop.listing_draft(listing=listing, days=9, actor=None)
    review = shop.listing_submit(version=draft, actor=None)
    directory.agency_exit(agency=agency, reason="迁址", actor=owner)
    assert status(agency) == "exited"
    entry = agency.entries.get()
    assert entry.closed_at and entry.closing_reason == "迁址"
    review.refresh_from_db()
    assert review.status == "withdrawn"
    assert not Deadline.objects.filter(subject__in=[agency.stream, review.stream], state="open").exists()


def test_coming_back_needs_a_new_commitment_and_a_new_entry():
    agency = make.make_agency("exited")
    owner = make.owner_of(agency.organisation)
    registration.agency_restart(agency=agency, actor=owner)
    refused("agency.commitment", registration.agency_submit, agency=agency, actor=owner)
    registration.agency_commit(agency=agency, actor=owner)
    review = registration.agency_submit(agency=agency, actor=owner)
    reviews.review_publicise(review=review, actor=None)
    with clock.at(make.publicity_end(review) + timedelta(minutes=1)):
        reviews.review_approve(review=review, actor=None)
    assert status(agency) == "active" and agency.entries.count() == 2


def test_removal_is_final():
    agency = make.make_agency("removed")
    assert agency.entries.get().closed_at
    refused("agency.wrong_state", registration.agency_restart, agency=agency, actor=None)


def test_the_half_yearly_word():
    agency, operator = make.make_agency(), make.make_staff()
    owner = make.owner_of(agency.organisation)

    def told(person):
        return Notification.objects.filter(user=person, kind__in=["agency.directory", "agency.confirm"]).count()

    due = Deadline.objects.get(subject=agency.stream, code="agency.confirm", state="open").due_at
    with clock.at(due - timedelta(days=1)):
        deadlines.sweep()
        before = told(owner)
        assert before >= 1 and told(operator) == 0
    with clock.at(due + timedelta(minutes=1)):
        deadlines.sweep()
        assert told(operator) == 1
        assert Deadline.objects.get(subject=agency.stream, code="agency.confirm", state="open").limit_days == 10
        directory.agency_confirm_data(agency=agency, actor=make.make_member(agency.organisation))
        fresh = Agency.objects.get(pk=agency.pk)
        assert fresh.confirmed_at == clock.now()
        assert Deadline.objects.get(subject=agency.stream, code="agency.confirm", state="open").limit_days == 125
