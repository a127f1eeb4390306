"""What payers read after the custodian's page, of money that stays and of money that does not."""

import pytest

from orders.gateways import bank
from orders.models import BankDeposit
from orders.services import cancel, pay, stray
from tests import factories
from tests.orders.lives import Life, deliver_bank_news
from tests.orders.test_money_failures import empty_deposit
from tests.orders.walk import client_of

pytestmark = pytest.mark.django_db
PAY = "/pay/"


def said(life, attempt, prefix="") -> str:
    page = client_of(life.by_buyer).get(f"{prefix}/orders/payments/{attempt.reference}/").content.decode()
    return page[page.index("<h1") :]


def receipt(life) -> str:
    return client_of(life.by_buyer).get(f"/orders/{life.order.number}/receipt/").content.decode()


def cancelled(life):
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)


@pytest.fixture
def paid(rulebook):
    return Life().until("paid")


@pytest.fixture
def begun(rulebook):
    """Asked to pay, and at the custodian's page."""
    life = Life().until("in_contract")
    life.attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    return life


@pytest.fixture
def astray(begun):
    """One yuan too much arrived."""
    BankDeposit.objects.update(amount_fen=begun.attempt.amount_fen + 100)
    bank.deposit_decide(reference=begun.attempt.reference, pay=True)
    deliver_bank_news()
    return begun


def test_money_that_stays(paid):
    assert "¥12,000.00 由托管银行保管，验收后放给机构。" in said(paid, paid.order.payments.get())
    assert "收款方（放款后）" in receipt(paid) and "验收后放款" in receipt(paid)


def test_money_on_its_way_back(paid):
    attempt = paid.order.payments.get()
    empty_deposit(attempt.reference)
    cancelled(paid)
    deliver_bank_news()
    page, paper = said(paid, attempt), receipt(paid)
    assert "¥12,000.00 由托管银行保管，其中 ¥12,000.00 正在办理退款。" in page and "验收" not in page
    assert "没有放给收款方" in paper and "其中 ¥12,000.00 正在办理退款。" in paper and "中介机构（未收款）" in paper
    assert "验收" not in paper and "放款后" not in paper
    assert "a refund of ¥12,000.00 is under way" in said(paid, attempt, "/en")


def test_money_that_went_back(paid):
    cancelled(paid)
    deliver_bank_news()
    page = said(paid, paid.order.payments.get())
    assert "款项已由托管银行退回付款方，没有放给机构。" in page and "保管" not in page
    assert "中介机构（未收款）" in receipt(paid)


def test_money_that_does_not_fit(astray):
    clerk = factories.make_staff()
    page = said(astray, astray.attempt)
    assert "款项与订单不符" in page and "¥12,001.00" in page and "服务中心核实后退回" in page
    assert "请另行付款" in page and PAY in page and "不要重复付款" not in page and "结果待确认" not in page
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    page = said(astray, astray.attempt)
    assert "款项正在退回付款方。" in page and "不要重复付款" not in page
    deliver_bank_news()
    assert "款项已退回付款方。" in said(astray, astray.attempt) and PAY in said(astray, astray.attempt)
    assert "The money has been returned to the payer." in said(astray, astray.attempt, "/en")


def test_money_that_does_not_fit_an_ended_order(astray):
    cancelled(astray)
    page = said(astray, astray.attempt)
    assert "服务中心核实后退回" in page and "另行付款" not in page and PAY not in page


def test_who_did_not_pay_is_asked_anew_only_while_the_order_lives(begun):
    bank.deposit_decide(reference=begun.attempt.reference, pay=False)
    deliver_bank_news()
    assert "重新付款" in said(begun, begun.attempt) and PAY in said(begun, begun.attempt)
    cancelled(begun)
    page = said(begun, begun.attempt)
    assert "订单已结束，无需付款。" in page and "重新付款" not in page and PAY not in page
