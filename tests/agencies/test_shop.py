"""Storefronts, listings as versions, their review, capacity and pause."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from agencies import frozen
from agencies.models import Listing, ListingVersion, Review
from agencies.selectors import listings
from agencies.services import capacity, directory, papers, reviews, shop
from kernel import clock
from kernel.errors import DomainError, Forbidden
from kernel.models import OutboxMessage
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def refused(code, verb, **arguments):
    with pytest.raises(DomainError) as caught:
        verb(**arguments)
    assert caught.value.code == code, caught.value
    return caught.value


def test_a_listing_goes_through_the_desk():
    agency, operator = make.make_agency(), make.make_staff()
    owner, item = make.owner_of(agency.organisation), make.make_item(category=agency.categories.first())
    listing = shop.listing_create(agency=agency, item=item, actor=owner)
    assert shop.listing_create(agency=agency, item=item, actor=owner).pk == listing.pk
    version = shop.listing_draft(listing=listing, unit_price_fen=990_000, days=12, actor=owner)
    assert version.title == item.name_zh and version.number == 1
    refused("listing.field", shop.listing_submit, version=version, actor=owner)  # what the price includes is not said
    shop.listing_draft(listing=listing, includes={"tax": True}, actor=owner)
    review = shop.listing_submit(version=version, actor=owner)
    assert review.changes["unit_price_fen"] == [None, 990_000]
    refused("listing.in_review", shop.listing_draft, listing=listing, days=9, actor=owner)
    assert not listings.public().filter(pk=listing.pk).exists()
    reviews.review_approve(review=review, actor=operator)
    listing = Listing.objects.get(pk=listing.pk)
    assert listing.status == "published" and listing.version.published_at
    assert listings.public().filter(pk=listing.pk).exists()
    assert OutboxMessage.objects.filter(topic="listing_changed", payload={"listing": listing.pk}).exists()


def test_a_new_version_stands_beside_the_published_one_until_it_is_approved():
    listing = make.make_listing(unit_price_fen=1_000_000)
    draft = shop.listing_draft(listing=listing, unit_price_fen=1_100_000, actor=None)
    assert draft.number == 2 and draft.summary == listing.version.summary
    review = shop.listing_submit(version=draft, actor=None)
    assert review.changes == {"unit_price_fen": [1_000_000, 1_100_000]}
    listing.refresh_from_db()
    assert listing.status == "published" and listing.version.unit_price_fen == 1_000_000
    reviews.review_return(review=review, reasons=[{"text": "价目未写明是否含评审费"}], actor=None)
    listing.refresh_from_db()
    assert listing.status == "published" and listing.version.number == 1
    again = shop.listing_draft(listing=listing, unit_price_fen=1_050_000, actor=None)
    assert again.pk == draft.pk
    reviews.review_approve(review=shop.listing_submit(version=again, actor=None), actor=None)
    listing.refresh_from_db()
    assert listing.version.number == 2
    assert ListingVersion.objects.get(listing=listing, number=1).unit_price_fen == 1_000_000


def test_a_first_listing_returned_may_be_handed_in_again():
    agency = make.make_agency()
    item = make.make_item(category=agency.categories.first())
    listing = shop.listing_create(agency=agency, item=item, actor=None)
    version = shop.listing_draft(listing=listing, includes={"tax": True}, actor=None)
    review = shop.listing_submit(version=version, actor=None)
    reviews.review_withdraw(review=review, actor=make.owner_of(agency.organisation))
    assert Listing.objects.get(pk=listing.pk).status == "returned"
    shop.listing_submit(version=version, actor=None)
    assert Listing.objects.get(pk=listing.pk).status == "in_review"


def test_withdrawing_takes_the_review_along_and_may_be_undone():
    listing = make.make_listing()
    draft = shop.listing_draft(listing=listing, days=10, actor=None)
    review = shop.listing_submit(version=draft, actor=None)
    shop.listing_withdraw(listing=listing, actor=None)
    assert Review.objects.get(pk=review.pk).status == "withdrawn"
    refused("review.wrong_state", reviews.review_approve, review=review, actor=None)
    draft.refresh_from_db()
    assert draft.status == "draft"
    reviews.review_approve(review=shop.listing_submit(version=draft, actor=None), actor=None)
    assert Listing.objects.get(pk=listing.pk).status == "published"


def test_one_withdrawn_handed_in_returned_and_handed_in_again_gets_back_on_the_shelf():
    listing = make.make_listing()
    shop.listing_withdraw(listing=listing, actor=None)
    draft = shop.listing_draft(listing=listing, days=10, actor=None)
    review = shop.listing_submit(version=draft, actor=None)
    reviews.review_return(review=review, reasons=[{"text": "请写明是否含评审费"}], actor=None)
    assert Listing.objects.get(pk=listing.pk).status == "returned"
    reviews.review_approve(review=shop.listing_submit(version=draft, actor=None), actor=None)
    listing = Listing.objects.get(pk=listing.pk)
    assert listing.status == "published" and listing.version_id == draft.pk


def test_only_registered_categories_and_active_agencies():
    agency = make.make_agency()
    foreign = make.make_item(category=make.make_category("survey", name_zh="工程测绘"))
    refused("listing.category", shop.listing_create, agency=agency, item=foreign, actor=None)
    closed = make.make_item(category=agency.categories.first(), orderable=False)
    refused("listing.item", shop.listing_create, agency=agency, item=closed, actor=None)
    waiting = make.make_agency("publicity")
    item = make.make_item(category=waiting.categories.first())
    refused("listing.agency", shop.listing_create, agency=waiting, item=item, actor=None)


def test_strangers_do_not_write():
    listing = make.make_listing()
    for person in (make.make_person(), make.make_staff(), make.owner_of(make.make_agency().organisation)):
        for verb in (shop.listing_draft, shop.listing_pause, shop.listing_withdraw):
            with pytest.raises(Forbidden):
                verb(listing=listing, actor=person)


@pytest.mark.parametrize(
    "fields,field",
    [
        ({"title": "题" * 81}, "title"),
        ({"summary": "\x00"}, "summary"),
        ({"unit_price_fen": 0}, "unit_price_fen"),
        ({"unit_price_fen": 10**15}, "unit_price_fen"),
        ({"days": 0}, "days"),
        ({"days": "soon"}, "days"),
        ({"unit": "m2"}, "unit"),
        ({"tiers": [{"up_to": 5, "unit_price_fen": -1}]}, "tiers"),
    ],
)
def test_bad_terms_are_refused_at_their_field(fields, field):
    listing = make.make_listing()
    with pytest.raises(DomainError) as caught:
        shop.listing_draft(listing=listing, actor=None, **fields)
    assert caught.value.field == field


# --- rules of law and catalogue --------------------------------------------------------------------------------------
def abolished_licence():
    return make.make_certificate_type(
        "eia-licence",
        name_zh="建设项目环境影响评价资质",
        synonyms=["环评资质", "环评甲级资质"],
        abolished_on=date(2018, 12, 29),
        remedy_zh="环评资质已取消，请删去资质等级表述。",
    )


@pytest.mark.parametrize("text", ["本公司持有环评资质，报告一次过会。", "环评 甲级（资质）单位", "具备环　评资质"])
def test_an_abolished_qualification_may_not_be_claimed(text):
    abolished_licence()
    listing = make.make_listing()
    draft = shop.listing_draft(listing=listing, summary=text, actor=None)
    error = refused("listing.abolished", shop.listing_submit, version=draft, actor=None)
    assert "请删去" in str(error)


@pytest.mark.parametrize(
    "text", ["环评资质已取消，本机构已在信用平台建档。", "编制报告表无需环评资质。", "环境影响评价"]
)
def test_saying_that_it_is_abolished_is_fine(text):
    abolished_licence()
    listing = make.make_listing()
    draft = shop.listing_draft(listing=listing, summary=text, actor=None)
    shop.listing_submit(version=draft, actor=None)


def test_an_abolished_level_is_found_and_the_living_one_not():
    make.make_certificate_type(
        "surveying",
        name_zh="测绘资质",
        levels=["甲级", "乙级"],
        abolished_levels=[
            {"level": "丙级", "abolished_on": "2021-07-01", "remedy_zh": "丙级已取消。", "remedy_en": ""}
        ],
    )
    listing = make.make_listing()
    draft = shop.listing_draft(listing=listing, summary="测绘资质丙级，价格优惠。", actor=None)
    refused("listing.abolished", shop.listing_submit, version=draft, actor=None)
    draft = shop.listing_draft(listing=listing, summary="测绘资质乙级。", actor=None)
    shop.listing_submit(version=draft, actor=None)


def test_the_desk_checks_again():
    listing = make.make_listing()
    draft = shop.listing_draft(listing=listing, summary="本公司持有环评资质。", actor=None)
    review = shop.listing_submit(version=draft, actor=None)
    abolished_licence()
    refused("listing.abolished", reviews.review_approve, review=review, actor=None)
    assert Review.objects.get(pk=review.pk).status == "pending"


def test_the_laws_limit_and_the_governments_price():
    agency = make.make_agency()
    item = make.make_item(category=agency.categories.first(), statutory_days=10, price_control="guided")
    with pytest.raises(DomainError) as caught:
        make.make_listing(agency, item, days=11)
    assert caught.value.field == "days"
    with pytest.raises(DomainError) as caught:
        make.make_listing(agency, item, days=10, unit_price_fen=9_999_999)
    assert caught.value.field == "unit_price_fen"
    make.make_listing(agency, item, days=10, unit_price_fen=900_000)


def test_a_demanded_certificate_must_be_confirmed():
    agency, kind = make.make_agency(), make.make_certificate_type()
    item = make.make_item(category=agency.categories.first(), certificate_rule={"all_of": [{"type": kind.code}]})
    with pytest.raises(DomainError) as caught:
        make.make_listing(agency, item)
    assert caught.value.code == "listing.certificate" and kind.name_zh in str(caught.value)
    paper = make.make_qualification(agency, kind, confirmed=False)
    listing = Listing.objects.get(agency=agency, item=item)
    version = listing.versions.get()
    refused("listing.certificate", shop.listing_submit, version=version, actor=None)
    papers.qualification_confirm(qualification=paper, actor=None)
    shop.listing_submit(version=version, actor=None)


# --- frozen ----------------------------------------------------------------------------------------------------------
def raw(sql, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_published_terms_cannot_be_changed_even_by_sql():
    version = make.make_listing().version
    for sql in (
        "UPDATE agencies_listingversion SET unit_price_fen = 1 WHERE id = %s",
        "UPDATE agencies_listingversion SET status = 'draft' WHERE id = %s",
        "DELETE FROM agencies_listingversion WHERE id = %s",
    ):
        with pytest.raises(IntegrityError):
            raw(sql, version.pk)
    frozen.remove()
    raw("UPDATE agencies_listingversion SET unit_price_fen = 1 WHERE id = %s", version.pk)
    frozen.install()


def test_terms_before_the_desk_cannot_be_changed_but_a_draft_can():
    listing = make.make_listing()
    draft = shop.listing_draft(listing=listing, days=10, actor=None)
    raw("UPDATE agencies_listingversion SET days = 11 WHERE id = %s", draft.pk)
    shop.listing_submit(version=draft, actor=None)
    with pytest.raises(IntegrityError):
        raw("UPDATE agencies_listingversion SET days = 12 WHERE id = %s", draft.pk)


# --- capacity --------------------------------------------------------------------------------------------------------
def test_slots_are_taken_and_given_back():
    listing = make.make_listing(capacity=2)
    assert capacity.listing_take(listing=listing, actor=None).taken == 1
    assert capacity.listing_take(listing=listing, actor=None).taken == 2
    refused("listing.full", capacity.listing_take, listing=listing, actor=None)
    refused("listing.capacity", shop.listing_set_capacity, listing=listing, capacity=1, actor=None)
    assert capacity.listing_release(listing=listing, actor=None).taken == 1
    assert capacity.listing_take(listing=listing, actor=None).taken == 2
    shop.listing_set_capacity(listing=listing, capacity=3, actor=None)
    assert capacity.listing_take(listing=listing, actor=None).taken == 3


def test_nothing_to_give_back():
    refused("listing.nothing_taken", capacity.listing_release, listing=make.make_listing(), actor=None)


def test_no_slot_while_paused_suspended_or_without_certificate():
    agency, kind = make.make_agency(), make.make_certificate_type()
    paper = make.make_qualification(agency, kind, expires_on=clock.today())
    rule = {"any_of": [{"type": kind.code}]}
    listing = make.make_listing(agency, make.make_item(category=agency.categories.first(), certificate_rule=rule))
    capacity.listing_take(listing=listing, actor=None)

    def not_open():
        refused("listing.not_open", capacity.listing_take, listing=listing, actor=None)

    shop.listing_pause(listing=listing, actor=None)
    not_open()
    assert listings.public().filter(pk=listing.pk).exists()
    shop.listing_resume(listing=listing, actor=None)
    shop.storefront_pause(storefront=agency.storefront, note="年度体系审核", actor=None)
    not_open()
    shop.storefront_resume(storefront=agency.storefront, actor=None)
    directory.agency_suspend(agency=agency, reason="核查", actor=None)
    not_open()
    assert not listings.public().filter(pk=listing.pk).exists()
    directory.agency_resume(agency=agency, actor=None)
    with clock.at(clock.now() + timedelta(days=1)):
        not_open()  # the certificate's last day was yesterday; the nightly sweep has not run
    capacity.listing_take(listing=listing, actor=None)
    assert paper.status == "confirmed"


# --- storefront ------------------------------------------------------------------------------------------------------
def test_the_shop_window():
    front = make.make_agency().storefront
    cases = [{"title": "年产600万件紧固件技改环评", "client": "某紧固件厂", "year": "2025", "text": ""}, {"title": ""}]
    front = shop.storefront_update(storefront=front, tagline="一次过会", cases=cases, actor=None)
    assert len(front.cases) == 1
    refused("storefront.length", shop.storefront_update, storefront=front, tagline="长" * 81, actor=None)
    refused("storefront.cases", shop.storefront_update, storefront=front, cases=cases * 21, actor=None)
    with pytest.raises(Forbidden):
        shop.storefront_update(storefront=front, tagline="别人", actor=make.make_person())
