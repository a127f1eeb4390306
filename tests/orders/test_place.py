"""Placing: what is frozen, who may, and every refusal with its code."""

import io

import pytest
from django.test import override_settings

from agencies.models import Agency, Listing, ServiceItem
from agencies.services import shop
from kernel.errors import Forbidden
from kernel.services.attachments import attachment_store
from orders.models import Order
from orders.services import accept, projects
from tests import factories
from tests.orders.lives import Life, place_order, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(rulebook):
    return Life()


def test_terms_are_frozen(life):
    order = life.order
    assert (order.fee_fen, order.days, order.limit_days) == (1_200_000, 15, 18)
    assert (order.baseline_fee_fen, order.baseline_days) == (2_300_000, 36)
    version = life.listing.version
    assert (order.title, order.unit, order.unit_price_fen) == (version.title, version.unit, version.unit_price_fen)


def test_the_baseline_is_the_same_quantity_and_at_least_the_minimum(rulebook):
    item = factories.make_item(fee_unit="m2", baseline_fee_fen=500, min_fee_fen=200_000)
    listing = factories.make_listing(item=item, unit="m2", unit_price_fen=300)
    big = Life(listing=listing, quantity_milli=1_234_500).order
    assert (big.fee_fen, big.baseline_fee_fen) == (370_350, 617_250)
    small = Life(listing=listing, quantity_milli=1000, lead=big.lead).order
    assert small.baseline_fee_fen == 200_000


def test_a_catalogue_that_changed_its_unit_has_no_baseline(life):
    ServiceItem.objects.filter(pk=life.listing.item_id).update(fee_unit="m2")
    listing = Listing.objects.select_related("agency__organisation", "item", "version").get(pk=life.listing.pk)
    assert place_order(life.project, listing, life.by_buyer).baseline_fee_fen is None


def test_the_same_token_is_the_same_order(life):
    again = place_order(life.project, life.listing, life.by_buyer, token=life.order.token)
    assert again.pk == life.order.pk
    assert Listing.objects.get(pk=life.listing.pk).taken == 1


def test_a_token_of_another_form_is_refused(life):
    other = factories.make_listing(life.agency)
    with refused("order.token"):
        place_order(life.project, other, life.by_buyer, token=life.order.token)


def test_strangers_cannot_order_for_others(life):
    with pytest.raises(Forbidden):
        place_order(life.project, life.listing, life.by_agency)


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"not_secret": False}, "order.not_secret"),
        ({"quantity_milli": 1500}, "order.quantity"),
        ({"quantity_milli": 0}, "pricing.quantity"),
        ({"quantity_milli": 2**62}, "pricing.amount"),
        ({"payer": "authority"}, None),
        ({"invoice_title": " "}, "order.invoice_title"),
    ],
)
def test_bad_requests(life, terms, code):
    if code is None:
        ServiceItem.objects.filter(pk=life.listing.item_id).update(who_pays="owner")
        life.listing.item.refresh_from_db()
        code = "order.payer"
    with refused(code):
        place_order(life.project, life.listing, life.by_buyer, **terms)


def test_authority_pays_what_the_authority_commissions(rulebook):
    listing = factories.make_listing(item=factories.make_item(who_pays="authority"))
    life = Life(listing=listing, payer="authority")
    with refused("order.payer"):
        place_order(life.project, listing, life.by_buyer, payer="buyer")


def test_full_listing(rulebook):
    life = Life(listing=factories.make_listing(capacity=1))
    with refused("listing.full"):
        place_order(life.project, life.listing, life.by_buyer)


def test_an_old_version_is_refused(life):
    old = life.listing.version
    from agencies.services import reviews

    draft = shop.listing_draft(listing=life.listing, unit_price_fen=900_000, actor=None)
    reviews.review_approve(review=shop.listing_submit(version=draft, actor=None), actor=None)
    with refused("order.version"):
        place_order(life.project, life.listing, life.by_buyer, version=old)


def test_affiliated_agency_may_not_serve_its_department(life):
    Agency.objects.filter(pk=life.agency.pk).update(affiliated_with=life.buyer)
    listing = Listing.objects.select_related("agency__organisation", "item", "version").get(pk=life.listing.pk)
    with refused("order.affiliated"):
        place_order(life.project, listing, life.by_buyer)


@override_settings(PUBLIC_DIRECT_LIMIT_FEN=1_200_000)
def test_public_money_up_to_the_threshold(rulebook):
    body = factories.make_organisation("public_body")
    life = Life(buyer=body, fund="public")
    assert life.order.status == "placed"
    dearer = factories.make_listing(life.agency, unit_price_fen=1_200_001)
    with refused("order.public_money"):
        place_order(life.project, dearer, life.by_buyer)
    with refused("order.public_money"):
        accept.order_propose(
            order=life.order, fee_fen=1_200_001, days=9, note="工作量大", lead=life.lead, actor=life.by_agency
        )


def test_suspended_agency_gets_no_orders(life):
    from agencies.services import directory

    directory.agency_suspend(agency=life.agency, reason="核查", actor=None)
    with refused("listing.not_open"):
        place_order(life.project, life.listing, life.by_buyer)


# --- the counter ------------------------------------------------------------------------------------------------------
def authorisation(buyer, actor):
    return attachment_store(
        file=io.BytesIO(factories.PDF),
        name="授权书.pdf",
        subject=f"organisation:{buyer.pk}",
        purpose="authorisation",
        actor=actor,
    )


def test_staff_order_for_an_enterprise_with_its_authorisation(life):
    clerk = factories.make_staff()
    project = projects.project_create(buyer=life.buyer, name="窗口代办项目", region=life.buyer.region, actor=clerk)
    with refused("order.authorisation"):
        place_order(project, life.listing, clerk, channel="counter")
    paper = authorisation(life.buyer, clerk)
    order = place_order(project, life.listing, clerk, channel="counter", authorisation=paper)
    paper.refresh_from_db()
    assert (order.channel, order.placed_by_id, paper.subject) == ("counter", clerk.pk, order.stream)


def test_only_operators_stand_at_the_counter(life):
    inspector = factories.make_staff("inspector")
    with pytest.raises(Forbidden):
        place_order(
            life.project,
            life.listing,
            inspector,
            channel="counter",
            authorisation=authorisation(life.buyer, inspector),
        )


# --- the agency's answer ----------------------------------------------------------------------------------------------
def test_one_proposal_that_the_buyer_takes(life):
    accept.order_propose(
        order=life.order, fee_fen=1_500_000, days=20, note="场地大", lead=life.lead, actor=life.by_agency
    )
    with refused("order.proposed"):
        accept.order_propose(
            order=life.order, fee_fen=1_600_000, days=20, note="再加", lead=life.lead, actor=life.by_agency
        )
    accept.order_answer_proposal(order=life.order, agreed=True, actor=life.by_buyer)
    order = Order.objects.get(pk=life.order.pk)
    assert (order.status, order.fee_fen, order.days) == ("accepted", 1_500_000, 20)
    assert "15,000.00" in order.contract.text


def test_a_proposal_dropped_frees_the_slot(life):
    accept.order_propose(
        order=life.order, fee_fen=1_500_000, days=20, note="场地大", lead=life.lead, actor=life.by_agency
    )
    accept.order_answer_proposal(order=life.order, agreed=False, actor=life.by_buyer)
    assert life.fresh.status == "cancelled"
    assert Listing.objects.get(pk=life.listing.pk).taken == 0


def test_the_lead_is_a_registered_person_of_the_agency(life):
    with refused("order.lead_missing"):
        accept.order_accept(order=life.order, actor=life.by_agency)
    elsewhere = factories.make_practitioner(factories.make_agency())
    with refused("order.lead"):
        accept.order_accept(order=life.order, lead=elsewhere, actor=life.by_agency)


# --- where ------------------------------------------------------------------------------------------------------------
def in_region(life, region):
    return projects.project_create(buyer=life.buyer, name="外地项目", region=region, actor=life.by_buyer)


def test_an_agency_takes_orders_where_it_serves(life):
    elsewhere = in_region(life, factories.make_region("330299", "海湾市"))
    with refused("order.region"):
        place_order(elsewhere, life.listing, life.by_buyer)
    life.agency.service_regions.add(elsewhere.region)
    assert place_order(elsewhere, life.listing, life.by_buyer).project == elsewhere


def test_serving_a_province_is_serving_its_counties(life):
    elsewhere = in_region(life, factories.make_region("330299", "海湾市"))
    life.agency.service_regions.set([elsewhere.region.parent.parent])
    assert place_order(elsewhere, life.listing, life.by_buyer)


def test_an_agency_that_names_no_region_serves_everywhere(life):
    life.agency.service_regions.clear()
    assert place_order(in_region(life, factories.make_region("330299", "海湾市")), life.listing, life.by_buyer)
