"""Lists of orders: what the reader's own side still has to do says so and comes first."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from kernel import clock, workdays
from orders.models import Order
from orders.selectors.queue import narrow, with_due
from orders.services import contract, pause, rate
from tests import factories
from tests.orders.lives import Life
from tests.orders.walk import client_of

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
STARS = dict.fromkeys(("quality", "timeliness", "attitude", "charging", "compliance"), 4)


def lines(user, url):
    """{order number: what its line says of the limit}, from the top."""
    page = client_of(user).get(url).content.decode()
    rows = re.findall(r'<tr[^>]*><th scope="row">(.*?)</tr>', page, re.S)
    found = {}
    for row in rows:
        said = re.search(r'class="queue-party small">(.*?)</span></span></td>', row, re.S)
        found[re.search(r"CX-\d{6}-\d{5}", row)[0]] = re.sub(r"<[^>]+>", "", said[1]) if said else ""
    return found


def in_force():
    life = Life().until("accepted")
    contract.contract_confirm(order=life.order, actor=life.by_buyer)
    contract.contract_confirm(order=life.order, actor=life.by_agency)
    return life


def test_paying_is_the_buyers_turn_though_the_agency_is_due_before(rulebook):
    with clock.at(MONDAY):
        life = in_force()
        nearest = with_due(Order.objects.all()).get()
        assert nearest.due_code == "order.materials", "without a side: the nearest of all"
        assert lines(life.by_buyer, "/orders/") == {life.order.number: "轮到您：支付服务费"}
        assert lines(life.by_agency, "/agency/orders/") == {life.order.number: "轮到您：核对业主资料"}
        assert lines(factories.make_staff("supervisor"), "/desk/orders/")[life.order.number] == "中介机构：核对业主资料"


def test_a_contract_is_ones_own_turn_until_one_has_confirmed_it(rulebook):
    with clock.at(MONDAY):
        life = Life().until("accepted")
        number = life.order.number
        assert lines(life.by_buyer, "/orders/")[number] == "轮到您：确认合同"
        contract.contract_confirm(order=life.order, actor=life.by_buyer)
        assert lines(life.by_buyer, "/orders/")[number] == "中介机构：确认合同"
        assert lines(life.by_agency, "/agency/orders/")[number] == "轮到您：确认合同"


def test_a_rating_is_ones_own_turn_until_one_has_rated(rulebook):
    life = Life().until("approved")
    number = life.order.number
    assert lines(life.by_agency, "/agency/orders/")[number] == "轮到您：互相评价"
    rate.rating_submit(order=life.order, side="agency", actor=life.by_agency, **STARS)
    assert lines(life.by_agency, "/agency/orders/")[number] == "项目业主：互相评价"
    assert lines(life.by_buyer, "/orders/")[number] == "轮到您：互相评价"


def test_ones_own_turn_comes_before_what_others_are_due_earlier(rulebook):
    with clock.at(MONDAY):
        mine = in_force()
    with clock.at(MONDAY + timedelta(hours=1)):
        waiting = Life(buyer=mine.buyer)
        assert list(lines(mine.by_buyer, "/orders/")) == [mine.order.number, waiting.order.number]
        by_date = narrow(Order.objects.all(), {})
        assert [one.pk for one in by_date] == [waiting.order.pk, mine.order.pk], "the negative control: by date alone"


def test_nobodys_turn_while_the_clock_stands_still(rulebook):
    with clock.at(MONDAY):
        life = Life().until("in_service")
        number = life.order.number
        assert lines(life.by_agency, "/agency/orders/")[number] == "轮到您：完成服务并交付成果"
        pause.pause_ask(order=life.order, cause="weather", actor=life.by_agency)
        pause.pause_answer(order=life.order, agreed=True, actor=life.by_buyer)
        assert lines(life.by_agency, "/agency/orders/")[number] == "完成服务并交付成果"


def test_a_list_of_one_limit_shows_that_limit(rulebook):
    with clock.at(MONDAY):
        life = in_force()
    with clock.at(workdays.due_at(MONDAY, 2) + timedelta(microseconds=1)):
        (row,) = narrow(Order.objects.all(), {"due": "order.materials", "lamp": "red"}, "buyer")
        assert (row.pk, row.due_code, row.mine) == (life.order.pk, "order.materials", False)
        assert not narrow(Order.objects.all(), {"due": "order.pay", "lamp": "red"}, "buyer")


def test_what_is_delivered_has_a_tab_that_fits_both_words(rulebook):
    item = factories.make_item(external_review=True)
    life = Life(listing=factories.make_listing(item=item)).until("delivered")
    page = client_of(life.by_buyer).get("/orders/").content.decode()
    assert "已交付、待验收" in page
