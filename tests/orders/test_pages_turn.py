"""Whose turn it is: the next step on the order page from both sides, the days ahead, the column of the queues."""

import re
from datetime import timedelta

import pytest

from kernel import clock, workdays
from kernel.clock import CHINA
from kernel.models import Deadline
from orders.services import contract, pay
from orders.views.queue import narrow, row
from tests import factories
from tests.orders.lives import Life
from tests.orders.walk import client_of

pytestmark = pytest.mark.django_db


def step(user, life):
    """The next-step panel of an order's page as a person sees it: whose turn, its heading, all its words."""
    page = client_of(user).get(f"/orders/{life.order.number}/").content.decode()
    panel = re.search(r'<section class="next-step next-step-(\w+)" id="next".*?</section>', page, re.S)
    assert panel, "no next step on the page"
    words = " ".join(re.sub(r"<[^>]+>", " ", panel[0]).split())
    heading = re.search(r'<h2 id="next-title">(.*?)</h2>', panel[0], re.S)
    return panel[1], heading[1], words


TURNS = [
    ("placed", "agency", "受理订单", "受理订单"),
    ("delivered", "buyer", "验收成果", "验收成果"),
    ("in_service", "agency", "交付成果", "交付成果"),
]


@pytest.mark.parametrize(("state", "whose", "own", "others"), TURNS)
def test_the_one_who_must_act_sees_it_first_and_the_other_waits(state, whose, own, others, rulebook):
    life = Life().until(state)
    mine, theirs = (life.by_agency, life.by_buyer) if whose == "agency" else (life.by_buyer, life.by_agency)
    name = life.agency.organisation.name if whose == "agency" else life.buyer.name
    assert step(mine, life)[:2] == ("mine", own)
    turn, heading, words = step(theirs, life)
    assert (turn, heading) == ("theirs", others) and name in words
    assert step(factories.make_staff("operator"), life)[0] == "system"


def test_to_pay_is_the_buyers_turn_and_the_agency_sees_that(rulebook):
    """To pay is no act of the table; whoever waits for the money is told all the same."""
    life = Life().until("in_contract")
    from orders.services import materials

    materials.materials_complete(order=life.order, actor=life.by_agency)
    turn, heading, words = step(life.by_buyer, life)
    assert (turn, heading) == ("mine", "支付服务费") and "¥12,000.00" in words and "壹万贰仟元整" in words
    waits = step(life.by_agency, life)
    assert waits[:2] == ("theirs", "支付服务费") and "最迟" in waits[2]
    pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    assert step(life.by_buyer, life)[:2] == ("mine", "确认线下转账")


def test_what_the_other_side_does_at_the_same_time_is_said(rulebook):
    life = Life().until("accepted")
    assert "同时在办：确认合同" in step(life.by_buyer, life)[2]
    contract.contract_confirm(order=life.order, actor=life.by_agency)
    assert "同时在办：确认合同" not in step(life.by_buyer, life)[2]


def test_the_limit_and_what_happens_when_it_passes_stand_beside_the_step(rulebook):
    life = Life()
    due = Deadline.objects.get(subject=life.order.stream, code="order.accept").due_at
    day = due.astimezone(CHINA)
    words = step(life.by_agency, life)[2]
    assert f"{day.year}年{day.month}月{day.day}日" in words and "视为未接单" in words


@pytest.mark.parametrize(("state", "turn"), [("closed", "done"), ("declined", "ended"), ("terminated", "ended")])
def test_an_order_that_is_over_asks_for_nothing(state, turn, rulebook):
    life = Life().until(state)
    for user in (life.by_buyer, life.by_agency):
        assert step(user, life)[0] == turn


def test_days_ahead_add_up_the_limits(rulebook):
    """Placed today: one working day to accept, then five to confirm the contract."""
    life = Life()
    accept = Deadline.objects.get(subject=life.order.stream, code="order.accept").due_at
    latest = workdays.add(clock.civil(accept), 5)
    page = client_of(life.by_buyer).get(f"/orders/{life.order.number}/").content.decode()
    assert f"时限 5 个工作日，推算最迟 {latest.year}年{latest.month}月{latest.day}日" in page


def test_the_queue_names_who_must_act_and_how_old_an_order_is(rulebook):
    life = Life()
    found = row(narrow(type(life.order).objects.all(), {}).get())
    assert found.who == ("agency",) and str(found.what) == "受理订单" and found.age_days == 0
    agency = client_of(life.by_agency).get("/agency/orders/").content.decode()
    buyer = client_of(life.by_buyer).get("/orders/").content.decode()
    assert "轮到您" in agency and "轮到您" not in buyer


def test_a_transfer_slip_is_there_while_a_transfer_is_open(rulebook):
    life = Life().until("in_contract")
    client = client_of(life.by_buyer)
    assert client.get(f"/orders/{life.order.number}/transfer-slip/").status_code == 404
    pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    slip = client.get(f"/orders/{life.order.number}/transfer-slip/").content.decode()
    assert "壹万贰仟元整" in slip and life.agency.organisation.name in slip
    stranger = client_of(factories.owner_of(factories.make_organisation()))
    assert stranger.get(f"/orders/{life.order.number}/transfer-slip/").status_code == 404


# --- work home and lists ----------------------------------------------------------------------------------------------
def test_whoever_is_kept_waiting_sees_it_on_the_work_home(rulebook):
    """The agency is late: not everything is done for the buyer, it can press."""
    life = Life().until("in_service")
    client = client_of(life.by_buyer)
    assert "对方逾期未办" not in client.get("/work/").content.decode()
    with clock.at(clock.now() + timedelta(days=90)):
        page = client.get("/work/").content.decode()
        assert "对方逾期未办，可以催办：完成服务并交付成果" in page
        assert life.order.number in client.get("/orders/?due=order.service&lamp=red").content.decode()
        assert "对方逾期未办" not in client_of(life.by_agency).get("/work/").content.decode()


def test_a_list_narrowed_by_a_link_says_so(rulebook):
    life = Life()
    agency = client_of(life.by_agency)
    page = agency.get("/agency/orders/?due=order.accept").content.decode()
    current = re.findall(r'<a[^>]*aria-current="page"[^>]*>(.*?)</a>', page, re.S)
    words = [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in current]
    assert "受理订单 1" in words and not any(text.startswith("全部") for text in words)
    assert sum(text in ("收到的订单", "机构工作台") for text in words) == 1


def test_the_account_menu_leads_to_ones_orders(rulebook):
    life = Life()
    home = client_of(life.by_buyer).get("/work/").content.decode()
    assert home.count('href="/orders/"') == 2
