"""For every invariant: clean on rows the services made, and a violation planted by raw SQL is refused or found."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from agencies import frozen
from agencies.services import capacity, shop
from kernel import clock
from kernel.registries import invariants
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def ours():
    return {name: check for name, check in invariants.items() if name.startswith("agencies.")}


def found(name):
    return list(ours()[name]())


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def market():
    """One agency with a certificate, a person and two listings, one of them with a slot taken and a newer draft."""
    agency, kind = make.make_agency(), make.make_certificate_type()
    paper = make.make_qualification(agency, kind, expires_on=clock.today() + timedelta(days=400))
    rule = {"all_of": [{"type": kind.code}]}
    listing = make.make_listing(agency, make.make_item(category=agency.categories.first(), certificate_rule=rule))
    capacity.listing_take(listing=listing, actor=None)
    draft = shop.listing_draft(listing=listing, days=9, actor=None)
    make.make_practitioner(agency)
    other = make.make_listing(agency)
    return {"agency": agency.pk, "paper": paper.pk, "listing": listing.pk, "draft": draft.pk, "other": other.pk}


def test_all_are_clean_on_what_the_services_made(market):
    for status in ("draft", "submitted", "returned", "publicity", "suspended", "exited", "removed"):
        make.make_agency(status)
    assert {name: list(check()) for name, check in ours().items()} == {name: [] for name in ours()}


PLANTS = {
    "agencies.directory": "UPDATE agencies_directoryentry SET closed_at = opened_at WHERE agency_id = {agency}",
    "agencies.storefront": "DELETE FROM agencies_storefront WHERE agency_id = {agency}",
    "agencies.published_version": "UPDATE agencies_listing SET version_id = {draft} WHERE id = {listing}",
    "agencies.certificates": "UPDATE agencies_qualification SET status = 'rejected' WHERE id = {paper}",
    "agencies.renewals": "UPDATE agencies_qualification SET status = 'superseded' WHERE id = {paper}",
    "agencies.open_reviews": "UPDATE agencies_review SET status = 'pending' WHERE agency_id = {agency} AND kind = 'entry'",
    "agencies.histories": "UPDATE agencies_listing SET status = 'paused' WHERE id = {listing}",
}


@pytest.mark.parametrize("name", sorted(PLANTS))
def test_a_planted_violation_is_found(market, name):
    assert found(name) == []
    sql(PLANTS[name].format(**market))
    assert found(name)


def test_changed_terms_are_refused_and_found_where_the_trigger_is_gone(market):
    change = f"UPDATE agencies_listingversion SET days = 3 WHERE listing_id = {market['other']}"
    with pytest.raises(DatabaseError):
        sql(change)
    frozen.remove()
    try:
        sql(change)
    finally:
        frozen.install()
    assert found("agencies.frozen_versions")


REFUSED = {
    "agencies.capacity": "UPDATE agencies_listing SET taken = capacity + 1 WHERE id = {listing}",
    "negative": "UPDATE agencies_listing SET taken = -1 WHERE id = {listing}",
    "agencies.people": (
        "INSERT INTO agencies_practitioner (agency_id, name, identity_sealed, identity_fingerprint, title,"
        " registration_number, can_lead, started_on) SELECT agency_id, name, identity_sealed, identity_fingerprint,"
        " title, registration_number, can_lead, started_on FROM agencies_practitioner"
    ),
    "second stay": (
        "INSERT INTO agencies_directoryentry (agency_id, number, opened_at, closing_reason)"
        " SELECT agency_id, 'RZ-2', opened_at, '' FROM agencies_directoryentry"
    ),
    "active without date": "UPDATE agencies_agency SET activated_at = NULL WHERE id = {agency}",
    "no commitment": "UPDATE agencies_agency SET committed_at = NULL WHERE id = {agency}",
    "free of charge": "UPDATE agencies_listingversion SET unit_price_fen = 0 WHERE id = {draft}",
    "two open versions": (
        "INSERT INTO agencies_listingversion (listing_id, number, status, title, summary, unit, unit_price_fen,"
        " min_fee_fen, tiers, days, includes, not_included, copies, created_at) SELECT listing_id, 99, status, title,"
        " summary, unit, unit_price_fen, min_fee_fen, tiers, days, includes, not_included, copies, created_at"
        " FROM agencies_listingversion WHERE id = {draft}"
    ),
    "shown without a version": "UPDATE agencies_listing SET version_id = NULL WHERE id = {listing}",
}


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_the_database_itself_refuses(market, what):
    with pytest.raises(DatabaseError):
        sql(REFUSED[what].format(**market))


def test_every_invariant_has_a_plant():
    covered = {*PLANTS, *REFUSED, "agencies.frozen_versions"}
    assert {name for name in ours() if name not in covered} == set()
