"""An enterprise finds a service, orders, pays, receives it, asks for changes, approves and rates; the rating moves the
agency's score. Both sides act through their own pages."""

import pytest
from django.core.management import call_command

from credit.models import CreditEvent, Score
from orders.models import Deliverable, LedgerEntry, Order, Payment, PaymentEvent
from orders.selectors.money import balance
from tests import factories
from tests.flows.browser import Browser, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

FOUR_STARS = {"quality": 4, "timeliness": 4, "attitude": 4, "charging": 4, "compliance": 4}


def test_an_order_from_search_to_the_score(listing, enterprise, agency, days_pass, worker_runs, capsys):
    title, buyer = listing.version.title, Browser().sign_in(enterprise)
    days_pass(1)
    score_before = _score(listing.agency)

    # She searches, reads, and orders.
    buyer.open("/").press("搜索", q="排污许可").click(title).sees("¥12,000.00", "10 个工作日").click("下单")
    buyer.press("提交订单", name="年产两万吨饲料技改项目", region="澄湖市", fund="private", not_secret=True)
    order = Order.objects.get()
    page = f"/orders/{order.number}/"
    assert buyer.url == page
    buyer.sees("待受理", "年产两万吨饲料技改项目", "¥12,000.00")

    # The agency accepts and names who leads; both confirm the contract.
    agency.open("/agency/orders/").click(title).press("受理订单", lead="李工")
    agency.press("确认合同")
    buyer.open(page).press("确认合同")

    # She pays on the bank's own page and closes it; the bank tells us by a signed message of its own.
    buyer.open(page).click("去付款").press("去付款 ¥12,000.00", gateway="sandbox")
    assert buyer.url.startswith("/bank/pay/")
    buyer.press("确认付款", stay=True)
    assert Payment.objects.get().status == Payment.Status.CREATED
    worker_runs()
    assert Payment.objects.get().status == Payment.Status.SETTLED
    assert PaymentEvent.objects.get().handled_at

    # Papers complete: the clock starts. The agency delivers, she opens it, wants a change, gets it, approves.
    agency.open(page).press("确认资料齐全")
    days_pass(3)
    agency.open(page).press("交付成果", file=pdf("申请材料.pdf"))
    _open_newest(buyer, order)
    buyer.open(page).click("要求修改").press("要求修改", text="第三章补充废气排放口坐标。")
    agency.open(f"{page}work/").sees("第三章补充废气排放口坐标")
    days_pass(2)
    agency.open(page).press("交付成果", file=pdf("申请材料（修改）.pdf"))
    _open_newest(buyer, order)
    buyer.open(page).click("验收成果").press("确认验收")

    # Both rate; neither sees the other's words before both are in.
    buyer.open(page).click("评价对方").press("提交评价", remark="踏勘及时，修改一次到位。", **FOUR_STARS)
    agency.open(f"{page}ratings/").sees_not("修改一次到位")
    agency.open(page).click("评价对方").press("提交评价", **FOUR_STARS)
    agency.open(f"{page}ratings/").sees("修改一次到位").click("公开回复").press("公开回复", text="感谢认可。")
    worker_runs()
    buyer.open(page).sees("本订单已完成")

    # What is left behind: an order whose times run forward, money that adds up, and evidence that moves the score.
    order = Order.objects.get()
    assert order.status == Order.Status.CLOSED
    assert order.placed_at < order.accepted_at < order.completed_at < order.received_at
    assert [(e.credit, e.debit, e.amount_fen) for e in LedgerEntry.objects.order_by("id")] == [
        ("buyer", "custody", 1_200_000),
        ("custody", "agency", 1_200_000),
    ]
    assert balance(order).held == 0
    events = CreditEvent.objects.filter(agency=listing.agency)
    assert set(events.values_list("code", flat=True)) == {"timeliness", "order", "performance", "rating"}
    days_pass(1)
    assert _score(listing.agency) != score_before
    call_command("check_invariants")
    assert "all invariants hold" in capsys.readouterr().out


def _open_newest(buyer, order):
    newest = Deliverable.objects.filter(order=order).latest("number")
    buyer.open(f"/orders/{order.number}/deliverables/{newest.number}/")
    assert b"".join(buyer.response.streaming_content) == factories.PDF


def _score(agency):
    """The last one that a night computed, in thousandths of a point."""
    return Score.objects.filter(agency=agency, category=None).latest("id").score_milli
