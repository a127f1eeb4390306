"""What the drawings of the market's pages rest on: prices, durations, days, months, published scores, stages."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.services import shop
from credit.models import CreditEvent
from credit.services.events import event_void
from kernel import clock
from market.selectors import spread as spreads
from market.selectors.catalogue import categories
from market.selectors.directory import districts
from market.selectors.headline_months import headline_by_month
from market.selectors.offers import offers_by_id
from market.selectors.record import punctuality, scores
from market.selectors.spread import price_spread, usual_duration
from market.selectors.stages import STAGES, by_stage
from orders.models import Order
from tests import factories
from tests.credit import made
from tests.orders.lives import Life, late

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=clock.CHINA)


@pytest.fixture(autouse=True)
def rulebook(db):
    cache.clear()
    with clock.at(NOW):
        call_command("load_rulebook", verbosity=0)
        yield


def html(client, name, *args, **query):
    response = client.get(reverse(f"market:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


# --- prices ----------------------------------------------------------------------------------------------------------
def test_the_price_of_an_offer_stands_among_all_of_its_item(client):
    item = factories.make_item()
    prices = (1_000_000, 1_100_000, 1_300_000, 1_900_000, 2_400_000)
    rows = [factories.make_listing(item=item, unit_price_fen=fen) for fen in prices]
    found = price_spread(item.pk, "report", 1_300_000)
    assert found.offers == 5 and found.cheaper == 2
    assert sum(row["count"] for row in found.bins) == 5
    (here,) = [row for row in found.bins if row["here"]]
    assert here["label"] == "¥10,000–¥15,000" and here["count"] == 3
    assert "本报价" in html(client, "listing", rows[2].pk)
    assert "5 项公开报价" in html(client, "item", item.code)
    shop.listing_withdraw(listing=rows[0], actor=None)
    cache.clear()
    assert price_spread(item.pk, "report").bins == [], "four prices make no picture"


def test_prices_by_another_unit_are_another_market():
    item = factories.make_item()
    for fen in (1_000_000, 1_100_000, 1_300_000, 1_900_000, 2_400_000):
        factories.make_listing(item=item, unit_price_fen=fen)
    assert price_spread(item.pk, "m2").offers == 0


@settings(deadline=None)
@given(st.lists(st.integers(1, 10**9), min_size=5, max_size=40))
def test_every_price_lies_in_exactly_one_of_few_bins(prices):
    low, high = min(prices), max(prices)
    if low == high:
        return
    edges = list(spreads._edges(low, high))
    bins = list(zip(edges, edges[1:], strict=False))
    assert 2 <= len(edges) <= spreads.BINS + 2
    assert all(sum(a <= price < b for a, b in bins) == 1 for price in prices)


def test_the_usual_duration_is_said_from_three_orders_on():
    listing = factories.make_listing()
    for days in (4, 9):
        life = Life(listing=listing).until("closed")
        Order.objects.filter(pk=life.order.pk).update(days_used=days)
    assert usual_duration(listing.item_id) is None
    cache.clear()
    life = Life(listing=listing).until("closed")
    Order.objects.filter(pk=life.order.pk).update(days_used=30)
    found = usual_duration(listing.item_id)
    assert (found.orders, found.low, found.median, found.high) == (3, 4, 9, 30)


# --- days and scores -------------------------------------------------------------------------------------------------
def test_a_day_is_late_when_one_of_its_orders_was():
    listing = factories.make_listing()
    lives = [Life(listing=listing).until("closed") for _ in range(5)]
    for n, (ago, over) in enumerate(((0, 0), (0, 1), (7, 0), (30, 0), (400, 1))):
        order = lives[n].order
        moments = dict.fromkeys(("completed_at", "approved_at", "closed_at"), NOW)
        Order.objects.filter(pk=order.pk).update(**moments)
        if over:
            late(order)
        if ago:
            _shift(order, timedelta(days=ago))
    found = punctuality(listing.agency_id)
    today = NOW.date()
    assert [(row["on"], row["tone"]) for row in found.days] == [
        (today - timedelta(days=30), "good"),
        (today - timedelta(days=7), "good"),
        (today, "bad"),
    ]
    assert found.days[-1]["text"] == "办结 2 单，逾期 1 单"
    assert found.since < found.days[0]["on"] and found.until == today


def _shift(order, back):
    row = Order.objects.get(pk=order.pk)
    moments = ("placed_at", "accepted_at", "started_at", "completed_at", "received_at", "approved_at", "closed_at")
    known = {name: getattr(row, name) - back for name in moments if getattr(row, name)}
    Order.objects.filter(pk=row.pk).update(**known)


def test_the_published_scores_of_an_agency_over_time(client, deliver):
    listing = factories.make_listing()
    agency, category = listing.agency, listing.item.category
    for day in range(1, 25):
        made.order_done(agency, on=date(2026, 10, day))
    assert scores(agency.pk).history == [], "nothing is shown before it is published"
    later = made.published().published_at + timedelta(hours=1)
    with clock.at(later):
        made.published(category=category)
    cache.clear()
    found = scores(agency.pk)
    assert [row.period for row in found.history] == ["2026-10"]
    assert set(found.latest) == {None, category.pk}
    (point,) = found.points()
    assert point["low"] < point["value"] < point["high"] <= 1_000_000
    with clock.at(later + timedelta(days=40)):
        (offer,) = offers_by_id([listing.pk], category_id=category.pk)
        assert offer.trade.grade == found.latest[category.pk].grade
        assert f"{category.name}：{offer.trade.grade}" in html(client, "listing", listing.pk)


def test_what_the_last_ranking_took_away_is_shown_no_more(client):
    """Rated in September; in October the overview finds too little evidence and the category no longer lists it."""
    listing, other = factories.make_listing(), factories.make_agency()
    agency, category = listing.agency, listing.item.category
    for day in range(1, 25):
        made.order_done(agency, on=date(2026, 9, day))
    for start, period in ((datetime(2026, 10, 1, 10, tzinfo=clock.CHINA), "2026-09"), (NOW, "2026-10")):
        with clock.at(start):
            made.published(period)
        with clock.at(start + timedelta(days=1)):
            made.published(period, category=category)
        cache.clear()
        if period == "2026-09":
            assert {scores(agency.pk).latest[scope].grade for scope in (None, category.pk)} <= {"AAA", "AA", "A"}
            assert f"{category.name}：" in html(client, "listing", listing.pk)
            assert offers_by_id([listing.pk])[0].standing.published_in == "2026年9月"
            with clock.at(datetime(2026, 10, 28, tzinfo=clock.CHINA)):
                for event in CreditEvent.objects.filter(agency=agency):
                    event_void(event=event, reason="来源有误", actor=None)
            other.categories.add(category)
            agency.categories.remove(category)
    found = scores(agency.pk)
    assert found.latest == {}
    assert [point["value"] is None for point in found.points()] == [False, True] and not found.drawn
    for name, pk in (("listing", listing.pk), ("storefront", agency.pk)):
        assert f"{category.name}：" not in html(client, name, pk)
    assert offers_by_id([listing.pk], category_id=category.pk)[0].trade is None


# --- figures by month, districts, stages -----------------------------------------------------------------------------
def test_figures_by_month_add_up_to_the_headline(client):
    listing = factories.make_listing()
    first, _second = Life(listing=listing).until("closed"), Life(listing=listing).until("closed")
    Life(listing=listing).until("declined")
    late(first.order)
    _shift(first.order, timedelta(days=61))
    orders = {month: row.value for month, row in headline_by_month("orders")}
    assert orders == {date(2026, 9, 1): 1, date(2026, 10, 1): 0, date(2026, 11, 1): 1}
    on_time = {month: row.value for month, row in headline_by_month("on_time")}
    assert on_time == {date(2026, 9, 1): 0, date(2026, 10, 1): None, date(2026, 11, 1): 1000}
    assert headline_by_month("agencies")[-1][1].value == 1
    for code in ("orders", "on_time", "agencies", "test_groups", "satisfaction", "fee_saved", "time_saved"):
        assert "怎样计算" in html(client, "figure", code)


def test_districts_count_agencies_in_the_market_and_lead_to_the_directory(client):
    region = factories.make_region("330523", "安吉县")
    mine = factories.make_agency(region=region)
    factories.make_agency("submitted", region=region)
    assert {row.code: n for row, n in districts()}["330523"] == 1
    assert reverse("market:storefront", args=[mine.pk]) in html(client, "directory", district="330523")


def test_categories_stand_in_the_order_of_a_project():
    cost = factories.make_category("cost", name_zh="造价咨询")
    own = factories.make_category("own-kind", name_zh="本县自设类别")
    empty = factories.make_category("tender", name_zh="招标代理")
    for category in (cost, own):
        factories.make_listing(factories.make_agency(category=category), factories.make_item(category=category))
    found = by_stage(categories())
    places = {stage.label: [shelf.thing for shelf in stage.shelves] for stage in found.filled}
    assert places[str(STAGES[3][0])] == [cost]
    assert own in places[str(STAGES[-1][0])], "a category nobody named here is not lost"
    assert empty in [shelf.thing for shelf in found.bare]


# --- pages -----------------------------------------------------------------------------------------------------------
def test_who_ticks_a_row_comes_back_to_it(client):
    listing = factories.make_listing()
    answer = client.post(reverse("market:compare_change"), {"add": listing.pk, "next": "/search/?q=x#offer-1"})
    assert answer.url == f"/search/?q=x#offer-{listing.pk}"
    assert client.session["compare"] == [listing.pk]
    client.post(reverse("market:compare_change"), {"remove": listing.pk, "next": "/search/"})
    assert client.session["compare"] == []
    for bad in ("", "x", "-1", "9" * 30):
        assert client.post(reverse("market:basket_change"), {"add": bad, "next": "/search/"}).url == "/search/"


def test_the_line_of_what_waits_says_nothing_about_anybody(client):
    assert client.get(reverse("market:waiting")).content == b""
    life = Life().until("accepted")
    client.force_login(life.by_buyer)
    shown = client.get(reverse("market:waiting"))
    assert "件事等您办理" in shown.content.decode() and "no-store" in shown["Cache-Control"]


def test_nothing_waits_for_who_has_just_signed_up(client):
    """No organisation yet: nothing waits, and the line is asked for on every first page."""
    client.force_login(factories.make_person())
    shown = client.get(reverse("market:waiting"))
    assert shown.status_code == 200 and "件事等您办理" not in shown.content.decode()
    client.force_login(factories.make_staff("operator"))
    assert client.get(reverse("market:waiting")).status_code == 200


def test_the_card_of_a_shop_is_one_drawing_without_a_script(client):
    listing = factories.make_listing(factories.make_agency(name="澄湖<b>&环境有限公司"))
    for kind, name in (("image/svg+xml", "storefront_card"), ("image/png", "storefront_qr_png")):
        answer = client.get(reverse(f"market:{name}", args=[listing.agency_id]))
        assert answer["Content-Type"] == kind
    drawn = html(client, "storefront_card", listing.agency_id)
    assert "<script" not in drawn and "style=" not in drawn and "<b>" not in drawn
    assert (
        client.get(reverse("market:storefront_card", args=[factories.make_agency("submitted").pk])).status_code == 404
    )


def test_search_engines_find_a_page_once(client, deliver):
    listing = factories.make_listing()
    deliver()
    plain, narrowed = html(client, "search"), html(client, "search", grade="NR", q="环评")
    assert '<link rel="canonical"' in plain and "noindex" not in plain
    assert "noindex" in narrowed and '<link rel="canonical"' not in narrowed
    for name, pk in (("listing", listing.pk), ("storefront", listing.agency_id)):
        shown = html(client, name, pk)
        (address,) = re.findall(r'<link rel="canonical" href="([^"]+)"', shown)
        assert address.endswith(reverse(f"market:{name}", args=[pk]))
        assert 'property="og:title"' in shown and '<meta name="description"' in shown


def test_chosen_filters_can_be_taken_back_one_by_one(client, deliver):
    factories.make_listing()
    deliver()
    shown = html(client, "search", grade="NR")
    assert re.search(r'class="chip" href="\?"[^>]*>.*?样本不足', shown, re.S)
