"""What pages say of agencies comes from the rows of credit and orders."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override

from agencies.catalogue import shipped
from agencies.models import Category, ServiceItem
from agencies.services.catalogue import catalogue_load
from kernel import clock, workdays
from kernel.ui.format import points
from market.search import SearchQuery
from market.selectors.contract_points import contract_points
from market.selectors.engine import search_engine
from market.selectors.headline import DEFINITIONS, headline, headline_by_category
from market.selectors.offers import standings
from market.selectors.record import _days
from orders.models import Order
from orders.selectors.duration import days_late
from orders.services import deliver, extension
from tests import factories
from tests.credit import made
from tests.orders.lives import Life, late

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=clock.CHINA)


@pytest.fixture(autouse=True)
def rulebook(db):
    with clock.at(NOW):
        call_command("load_rulebook", verbosity=0)
        yield


def numbers():
    return {figure.code: (figure.value, figure.of) for figure in headline()}


def text(client, name, *args):
    html = client.get(reverse(f"market:{name}", args=args)).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


# --- headline figures ------------------------------------------------------------------------------------------------
def test_figures_of_an_empty_market_say_so():
    assert numbers() == {
        "agencies": (0, 0),
        "orders": (0, 0),
        "test_groups": (0, 0),
        "fee_saved": (None, 0),
        "time_saved": (None, 0),
        "on_time": (None, 0),
        "satisfaction": (None, 0),
    }
    assert all(figure.text for figure in headline())


def test_figures_follow_orders_through_their_lives(client):
    item = factories.make_item(baseline_fee_fen=2_000_000, baseline_days=40)
    listing = factories.make_listing(factories.make_agency(), item, unit_price_fen=1_400_000, days=20)
    life = Life(listing=listing)
    assert numbers()["orders"] == (1, 1) and numbers()["fee_saved"] == (None, 0)
    life.until("closed")
    Order.objects.filter(pk=life.order.pk).update(days_used=10)
    assert numbers()["fee_saved"] == (300, 1)
    assert numbers()["time_saved"] == (750, 1)
    assert numbers()["on_time"] == (1000, 1)
    assert numbers()["satisfaction"] == (1000, 1)
    Life(listing=listing).until("declined")
    assert numbers()["orders"] == (1, 1), "a declined order does not count"
    definition = DEFINITIONS["orders"].text
    assert "不计入" in definition and "减少" in definition and "全部" not in definition, "and the words say so"
    late(life.order)
    assert numbers()["on_time"] == (0, 1)
    assert "30%" in text(client, "figures")
    (row,) = headline_by_category("fee_saved")
    assert row[0] == Category.objects.get(pk=item.category_id) and row[1].value == 300


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("delivered", "again", "rate"),
    [(0, 0, 1000), (1, 0, 0), (0, 3, 1000), (0, 4, 0), (-2, 2, 1000)],
    ids=["in time", "late", "rework in its days", "rework late", "rework within the contract"],
)
def test_on_time_is_what_lateness_says(delivered, again, rate):
    """Working days after the limit: the first delivery, and what came back after it was sent back that day."""
    with clock.at(NOW):
        life = Life().until("in_service")
    limit = life.order.days + delivered
    with clock.at(workdays.due_at(NOW, limit) - timedelta(hours=1)):
        life.until("delivered")
        if again:
            deliver.order_request_changes(order=life.order, text="补充附图", actor=life.by_buyer)
    with clock.at(workdays.due_at(NOW, limit + again) - timedelta(minutes=1)):
        if again:
            life.delivered()
        life.until("approved")
        assert (days_late(life.order) == 0) is (rate == 1000), "the rule of orders"
        assert numbers()["on_time"] == (rate, 1)
        assert standings([life.agency.pk])[life.agency.pk].on_time_permille == rate
        (day,) = _days(life.agency.pk, clock.today() - timedelta(days=30))
        assert day[1:] == (1, int(rate == 0)), "the calendar too"


def test_an_agreed_extension_counts_as_on_time():
    with clock.at(NOW):
        life = Life().until("in_service")
        extension.extension_ask(
            order=life.order, days=3, reason="专家评审改期", document=life.paper("extension"), actor=life.by_agency
        )
        extension.extension_answer(order=life.order, granted=True, actor=life.by_buyer)
    with clock.at(workdays.due_at(NOW, life.order.days + 3) - timedelta(hours=1)):
        life.until("approved")
        assert Order.objects.get(pk=life.order.pk).days_used == life.order.days + 3
        assert numbers()["on_time"] == (1000, 1)
        assert standings([life.agency.pk])[life.agency.pk].on_time_permille == 1000


def test_a_rate_is_rounded_half_up():
    lives = [Life().until("closed")]
    lives += [Life(listing=lives[0].listing).until("closed") for _ in range(2)]
    late(lives[0].order)
    assert standings([lives[0].agency.pk])[lives[0].agency.pk].on_time_permille == 667


def test_an_order_without_a_baseline_saves_nothing():
    item = factories.make_item(baseline_fee_fen=None, baseline_days=None)
    Life(listing=factories.make_listing(factories.make_agency(), item)).until("closed")
    assert numbers()["fee_saved"] == (None, 0) and numbers()["time_saved"] == (None, 0)


def test_ratings_are_public_from_three_on_and_sealed_ones_never(client):
    listing = factories.make_listing()
    for _ in range(2):
        Life(listing=listing).until("closed")
    assert "已有 2 条评价，满 3 条后公开" in text(client, "storefront", listing.agency_id)
    sealed = Life(listing=listing).until("approved")
    sealed.rate("buyer", stars=2, remark="时间偏紧")
    assert "已有 2 条评价" in text(client, "storefront", listing.agency_id)
    assert numbers()["satisfaction"] == (1000, 2)
    sealed.rate("agency")
    shown = text(client, "storefront", listing.agency_id)
    assert "3 条评价的平均星级" in shown and "时间偏紧" in shown and "3.3 星" in shown
    assert numbers()["satisfaction"] == (667, 3)


# --- published grade -------------------------------------------------------------------------------------------------
@pytest.fixture
def rated(deliver):
    """A listing of an agency with a published grade, and one of a newcomer."""
    old, new = factories.make_listing(title="老店环评"), factories.make_listing(title="新店环评")
    for day in range(1, 25):
        made.order_done(old.agency, on=date(2026, 10, day))
    later = made.published().published_at + timedelta(hours=1)
    deliver()
    return old, new, later


def test_pages_show_the_published_grade_with_its_interval(client, rated):
    old, new, later = rated
    with clock.at(later):
        known = standings([old.agency_id, new.agency_id])
        seen, fresh = known[old.agency_id], known[new.agency_id]
        assert seen.grade in ("AAA", "AA", "A", "B") and seen.low < seen.score < seen.high
        assert fresh.newcomer and fresh.score is None
        for name, pk in (("listing", old.pk), ("storefront", old.agency_id)):
            shown = text(client, name, pk)
            assert f"{points(seen.score)} 分" in shown
            assert f"区间 {points(seen.low)}–{points(seen.high)}" in shown
        span = f"{points(seen.score)}（{points(seen.low)}–{points(seen.high)}）"
        assert f"信用分 {span}" in text(client, "storefront_card", old.agency_id), "the card says the same"
        assert "样本不足，暂不评级" in text(client, "listing", new.pk)


def test_publishing_a_ranking_reaches_search_without_a_night(rated):
    old, new, later = rated
    with clock.at(later):
        grade = standings([old.agency_id])[old.agency_id].grade
        on = clock.today()
        found = search_engine().search(SearchQuery(on=on, filters={"grade": (grade,)}))
        assert [hit.listing_id for hit in found.hits] == [old.pk]
        found = search_engine().search(SearchQuery(on=on, filters={"grade": ("NR",)}))
        assert [hit.listing_id for hit in found.hits] == [new.pk]


def test_the_live_score_is_not_shown_before_it_is_published(client, deliver):
    listing = factories.make_listing()
    for day in range(1, 25):
        made.order_done(listing.agency, on=date(2026, 10, day))
    assert standings([listing.agency_id])[listing.agency_id].newcomer
    assert "样本不足" in text(client, "storefront", listing.agency_id)


def test_the_contract_of_an_item_leaves_no_place_open_and_follows_the_reader():
    catalogue_load(catalogue=shipped(), actor=None)
    for item in ServiceItem.objects.all():
        with override("en"):
            text, spoken = contract_points(item)
            assert spoken and not re.search(r"[{}\u4e00-\u9fff]", text), (item.code, text)
        text, spoken = contract_points(item)
        assert spoken and "{" not in text and item.name_zh in text
    item.template_contract += "\n8. 其他：送达地址以订单为准。"
    with override("en"):
        text, spoken = contract_points(item)
    assert not spoken and item.name_zh in text and item.name_en not in text
