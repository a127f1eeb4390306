"""Money that the custodian could not move: it waits for a person, goes to nobody by default, and can be sent again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kernel import clock
from kernel.errors import Forbidden
from kernel.models import Notification
from kernel.registries import invariants
from orders import waiting
from orders.gateways import bank
from orders.gateways.sandbox import handle_webhook
from orders.models import BankDeposit, LedgerEntry, Order, Payment, Refund
from orders.selectors.money import balance
from orders.services import cancel, complaint, pay, refund, stray
from tests import factories
from tests.orders.lives import Life, deliver_bank_news, refused, signed_messages
from tests.orders.walk import act, client_of, did

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def clerk(db):
    return factories.make_staff()


def kinds(order) -> list[str]:
    return list(LedgerEntry.objects.filter(order=order).values_list("kind", flat=True))


def empty_deposit(reference: str) -> int:
    """The bank has nothing left under the reference: whatever is asked back fails."""
    deposit = BankDeposit.objects.get(reference=reference)
    BankDeposit.objects.filter(pk=deposit.pk).update(released_fen=deposit.amount_fen)
    return deposit.amount_fen


def fill_deposit(reference: str) -> None:
    BankDeposit.objects.filter(reference=reference).update(released_fen=0)


# --- a refund that failed ---------------------------------------------------------------------------------------------
@pytest.fixture
def failed(rulebook, clerk):
    """An approved and rated order, a complaint upheld with a third to be given back, which the bank could not do."""
    life = Life().until("delivered")
    row = complaint.complaint_file(order=life.order, subject_code="quality", body="数据有误", actor=life.by_buyer)
    life.until("approved")
    life.rate("buyer")
    life.rate("agency")
    complaint.complaint_accept(complaint=row, actor=clerk)
    reference = life.order.payments.get().reference
    empty_deposit(reference)
    third = life.order.fee_fen // 3
    complaint.complaint_decide(complaint=row, upheld=True, answer="应退三分之一", refund_fen=third, actor=clerk)
    deliver_bank_news()
    fill_deposit(reference)
    life.refund = Refund.objects.get()
    assert (life.refund.status, life.refund.amount_fen) == ("failed", third)
    return life


def stir(life) -> None:
    """The agency files a complaint and takes it back: what was frozen moves on."""
    row = complaint.complaint_file(order=life.order, subject_code="other", body="请尽快付款", actor=life.by_agency)
    complaint.complaint_withdraw(complaint=row, actor=life.by_agency)
    deliver_bank_news()


def test_what_could_not_be_refunded_is_not_released(failed):
    stir(failed)
    assert kinds(failed.order) == ["capture"]
    assert balance(failed.order).held == failed.order.fee_fen
    assert not list(invariants["money.stranded"]())


def test_a_failed_refund_is_sent_again_and_the_rest_released(failed, clerk):
    first = failed.refund.reference
    with pytest.raises(Forbidden):
        refund.refund_retry(refund=failed.refund, actor=failed.by_agency)
    refund.refund_retry(refund=failed.refund, actor=clerk)
    deliver_bank_news()
    row = Refund.objects.get()
    order = Order.objects.get(pk=failed.order.pk)
    assert row.status == "executed" and row.reference != first
    assert kinds(order) == ["capture", "refund", "release"]
    assert BankDeposit.objects.get().refunded_fen == row.amount_fen
    assert order.status == "closed"
    assert not [s for name in ("orders.part_history", "money.refund_booked") for s in invariants[name]()]


def test_a_refund_may_fail_twice(failed, clerk):
    reference = failed.order.payments.get().reference
    empty_deposit(reference)
    refund.refund_retry(refund=failed.refund, actor=clerk)
    deliver_bank_news()
    assert Refund.objects.get().status == "failed"
    fill_deposit(reference)
    refund.refund_retry(refund=failed.refund, actor=clerk)
    deliver_bank_news()
    assert Refund.objects.get().status == "executed"


def test_a_failed_refund_is_given_up_with_reasons(failed, clerk):
    with refused("refund.reason"):
        refund.refund_refuse(refund=failed.refund, actor=clerk)
    refund.refund_refuse(refund=failed.refund, reason="业主已书面放弃", actor=clerk)
    deliver_bank_news()
    order = Order.objects.get(pk=failed.order.pk)
    assert kinds(order) == ["capture", "release"]
    assert order.status == "closed"
    assert Notification.objects.filter(user=failed.by_buyer, body__contains="业主已书面放弃").exists()


def test_a_failed_refund_waits_for_an_open_complaint(failed, clerk):
    complaint.complaint_file(order=failed.order, subject_code="other", body="请尽快付款", actor=failed.by_agency)
    with refused("refund.frozen"):
        refund.refund_retry(refund=failed.refund, actor=clerk)


def test_another_refund_may_not_take_the_money_twice(failed, clerk):
    """What failed stays reserved: only the rest can be promised, and then both go back."""
    whole = failed.order.fee_fen
    with refused("refund.amount"):
        refund.refund_propose(order=failed.order, amount_fen=whole, reason="全额退款", actor=clerk)
    rest = whole - failed.refund.amount_fen
    refund.refund_propose(order=failed.order, amount_fen=rest, reason="全额退款", actor=clerk)
    refund.refund_retry(refund=failed.refund, actor=clerk)
    deliver_bank_news()
    assert kinds(failed.order) == ["capture", "refund", "refund"] and balance(failed.order).held == 0


def test_what_a_cancelled_order_owes_cannot_be_given_up(rulebook, clerk):
    life = Life().until("paid")
    reference = life.order.payments.get().reference
    empty_deposit(reference)
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    deliver_bank_news()
    row = Refund.objects.get()
    assert row.status == "failed"
    with refused("refund.by_rule"):
        refund.refund_refuse(refund=row, reason="不退", actor=clerk)


def test_both_answers_are_on_the_money_page(failed, clerk):
    desk, number = client_of(clerk), failed.order.number
    page = desk.get(f"/orders/{number}/money/").content.decode()
    for code in ("retry-refund", "drop-refund"):
        assert f"/orders/{number}/do/{code}/{failed.refund.pk}/" in page
    assert "retry-refund" not in client_of(failed.by_buyer).get(f"/orders/{number}/money/").content.decode()
    did(act(desk, number, "retry-refund", failed.refund.pk))
    deliver_bank_news()
    assert Refund.objects.get().status == "executed"


# --- a return that failed ---------------------------------------------------------------------------------------------
@pytest.fixture
def astray(rulebook):
    """One yuan too much arrived."""
    life = Life().until("in_contract")
    life.attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    BankDeposit.objects.update(amount_fen=life.attempt.amount_fen + 100)
    bank.deposit_decide(reference=life.attempt.reference, pay=True)
    deliver_bank_news()
    life.attempt.refresh_from_db()
    assert life.attempt.status == "unknown"
    return life


def test_a_return_that_failed_is_ordered_again(astray, clerk):
    empty_deposit(astray.attempt.reference)
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    deliver_bank_news()
    astray.attempt.refresh_from_db()
    assert (astray.attempt.status, astray.attempt.failure) == ("unknown", "return failed")
    fill_deposit(astray.attempt.reference)
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    deliver_bank_news()
    astray.attempt.refresh_from_db()
    assert astray.attempt.status == "returned" and astray.attempt.returned_at is not None
    assert BankDeposit.objects.get().refunded_fen == astray.attempt.received_fen


def test_an_old_failure_said_again_does_not_undo_the_new_order(astray, clerk):
    """Disorder: the failure of the first order comes a second time, under another id, after the second order."""
    empty_deposit(astray.attempt.reference)
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    first = Payment.objects.get().return_reference
    deliver_bank_news()
    fill_deposit(astray.attempt.reference)
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    bank._tell(BankDeposit.objects.get(), "refund.failed", refund_reference=first, amount_fen=1)
    for body, signature in signed_messages():
        assert handle_webhook(body, signature) in ("kept", "duplicate")
    assert Payment.objects.get().status == "returned"


def test_a_return_without_an_answer_is_found(astray, clerk):
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    assert not list(invariants["money.returned"]())
    with clock.at(clock.now() + timedelta(hours=25)):
        assert list(invariants["money.returned"]())
        deliver_bank_news()
        assert not list(invariants["money.returned"]())


# --- beside another attempt -------------------------------------------------------------------------------------------
def at_the_desk(clerk, life) -> bool:
    """Does the money stand in the operators' queue, and on the order's page as something to do?"""
    line = next(line for line in waiting.money_of_centre(clerk, None) if "与订单不符" in str(line.label))
    return line.count == 1 and "do/give-back/" in client_of(clerk).get(f"/orders/{life.order.number}/").content.decode()


def test_a_return_fails_after_the_buyer_has_begun_to_pay_anew(astray, clerk):
    empty_deposit(astray.attempt.reference)
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    anew = pay.payment_start(order=astray.order, gateway="sandbox", actor=astray.by_buyer)
    deliver_bank_news()
    astray.attempt.refresh_from_db()
    assert (astray.attempt.status, astray.attempt.failure) == ("unknown", "return failed")
    assert at_the_desk(clerk, astray)
    bank.deposit_decide(reference=anew.reference, pay=True)
    deliver_bank_news()
    assert Order.objects.get(pk=astray.order.pk).payments.get(status="settled").pk == anew.pk
    assert at_the_desk(clerk, astray)
    fill_deposit(astray.attempt.reference)
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    deliver_bank_news()
    astray.attempt.refresh_from_db()
    assert astray.attempt.returned_at is not None and not at_the_desk(clerk, astray)


@pytest.mark.parametrize("left", ["failed", "cancelled"])
def test_an_attempt_that_was_left_is_paid_with_another_amount(rulebook, clerk, left):
    life = Life().until("in_contract")
    first = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    Payment.objects.filter(pk=first.pk).update(status=left)
    BankDeposit.objects.update(amount_fen=first.amount_fen + 100)
    second = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    bank.deposit_decide(reference=first.reference, pay=True)
    deliver_bank_news()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_stray, second.is_open) == (True, True) and at_the_desk(clerk, life)


def test_what_does_not_fit_is_nothing_to_withdraw_and_bars_nobody_from_paying(astray, clerk):
    assert "cancel-payment" not in client_of(astray.by_buyer).get(f"/orders/{astray.order.number}/").content.decode()
    with refused("payment.stray"):
        pay.payment_cancel(payment=astray.attempt, actor=astray.by_buyer)
    astray.pay_now()
    assert kinds(astray.order) == ["capture"] and at_the_desk(clerk, astray)


def test_there_is_one_open_attempt(rulebook):
    """The negative control: two that nobody has paid."""
    life = Life().until("in_contract")
    pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(
            order=life.order,
            gateway="sandbox",
            amount_fen=life.order.fee_fen,
            reference="SECOND",
            created_at=clock.now(),
        )


# --- what the buyer is told -------------------------------------------------------------------------------------------
def told(life) -> str:
    rows = Notification.objects.filter(user=life.by_buyer).order_by("-id")
    return next(str(row.title) for row in rows if "正在退回" in str(row.title))


def test_who_has_not_paid_yet_may_pay_anew(astray, clerk):
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    assert "可以重新支付" in told(astray)


def test_who_paid_twice_need_not_pay_anew(rulebook, clerk):
    life = Life().until("in_contract")
    first = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    Payment.objects.filter(pk=first.pk).update(status="cancelled")
    life.pay_now()
    bank.deposit_decide(reference=first.reference, pay=True)
    deliver_bank_news()
    page = client_of(clerk).get(f"/orders/{life.order.number}/do/give-back/").content.decode()
    assert "退回付款方" in page and "重新支付" not in page
    stray.payment_give_back(payment=first, reason="重复支付", actor=clerk)
    assert "可以重新支付" not in told(life)


def test_nobody_pays_anew_for_an_order_that_has_ended(astray, clerk):
    cancel.order_cancel(order=astray.order, reason="project_dropped", actor=astray.by_buyer)
    stray.payment_give_back(payment=astray.attempt, reason="多付一元", actor=clerk)
    assert "可以重新支付" not in told(astray)


def test_nobody_is_asked_to_pay_anew_when_the_order_has_ended_meanwhile(rulebook):
    life = Life().until("in_contract")
    attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    pay.payment_fail(payment=attempt, failure="refused")
    said = " ".join(Notification.objects.filter(user=life.by_buyer).values_list("title", flat=True))
    assert "支付未成功" in said and "可以重新支付" not in said


def test_while_the_order_lives_a_failed_payment_may_be_tried_again(rulebook):
    life = Life().until("in_contract")
    attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    pay.payment_fail(payment=attempt, failure="refused")
    assert Notification.objects.filter(user=life.by_buyer, title__contains="可以重新支付").exists()


@pytest.mark.parametrize(("paid", "says"), [(True, "按已付款处理"), (False, "可以改用其他方式")])
def test_cancelling_says_what_the_bank_said(rulebook, paid, says):
    life = Life().until("in_contract")
    attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    if paid:
        bank.deposit_decide(reference=attempt.reference, pay=True)
    client = client_of(life.by_buyer)
    did(act(client, life.order.number, "cancel-payment"))
    page = client.get(f"/orders/{life.order.number}/money/").content.decode()
    assert says in page and ("支付已撤销" in page) != paid
    attempt.refresh_from_db()
    assert attempt.status == ("settled" if paid else "cancelled")


# --- what the checks say ----------------------------------------------------------------------------------------------
def test_money_that_waits_for_an_operator_breaks_no_invariant(astray):
    with clock.at(clock.now() + timedelta(hours=2)):
        assert not list(invariants["money.unknown"]())
        assert not list(invariants["money.custodian"]())


def test_a_paid_deposit_that_nobody_booked_is_found(rulebook):
    life = Life().until("in_contract")
    attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    bank.deposit_decide(reference=attempt.reference, pay=True)
    signed_messages()  # lost on the way
    assert not list(invariants["money.custodian"]())
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert list(invariants["money.custodian"]()) == [
            f"{attempt.reference} is paid at the custodian and unknown here"
        ]


# --- one rule of what can be given back -------------------------------------------------------------------------------
def test_what_is_promised_is_not_offered_again(rulebook, clerk, settings):
    settings.REFUND_TWO_PEOPLE_FEN = 1
    life = Life().until("in_service")
    desk, url = client_of(clerk), f"/orders/{life.order.number}/do/propose-refund/"
    assert 'name="amount"' in desk.get(url).content.decode()
    refund.refund_propose(order=life.order, amount_fen=life.order.fee_fen, reason="协商退款", actor=clerk)
    page = desk.get(url).content.decode()
    assert 'name="amount"' not in page and "已在退款中" in page
