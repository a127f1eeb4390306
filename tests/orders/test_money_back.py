"""Money on other ways: direct transfers, refunds, and what a complaint freezes."""

import pytest

from kernel.errors import Forbidden
from kernel.models import Deadline, Notification
from kernel.money import yuan
from kernel.registries import invariants
from orders.gateways.sandbox import Sandbox, handle_webhook
from orders.models import BankDeposit, Order, Refund
from orders.selectors.money import balance
from orders.services import cancel, complaint, pay, refund, transfer
from tests import factories
from tests.orders.lives import Life, book, deliver_bank_news, paid_message, refused, signed_messages

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def life(rulebook):
    return Life().until("in_contract")


@pytest.fixture
def payment(life):
    return pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)


# --- direct transfer --------------------------------------------------------------------------------------------------
def test_direct_transfer_needs_both(life):
    attempt = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    with refused("payment.slip"):
        transfer.payment_offline_confirm(payment=attempt, actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=life.by_buyer)
    assert not book(life.order)
    transfer.payment_offline_confirm(payment=attempt, actor=life.by_agency)
    assert book(life.order) == [("direct", life.order.fee_fen)]


def test_refund_after_direct_transfer_is_confirmed_by_the_buyer(life):
    attempt = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=attempt, actor=life.by_agency)
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    deliver_bank_news()
    row = Refund.objects.get(order=life.order)
    assert row.status == "granted"
    refund.refund_offline_confirm(refund=row, actor=life.by_buyer)
    assert book(life.order) == [("direct", row.amount_fen), ("refund", row.amount_fen)]
    assert balance(life.order).refundable == 0


def test_the_agency_is_told_that_it_must_pay_back_itself(life):
    attempt = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=attempt, actor=life.by_agency)
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    fee = yuan(life.order.fee_fen)
    (owes,) = Notification.objects.filter(user=life.by_agency, title__contains="直接退还付款方")
    assert fee in owes.body and life.buyer.name in owes.body and "付款方确认收到后" in owes.body
    assert fee in owes.body_en and life.buyer.name in owes.body_en and owes.title_en
    (comes,) = Notification.objects.filter(user=life.by_buyer, title__contains="退款已批准")
    assert fee in comes.body and life.agency.organisation.name in comes.body and "确认收到" in comes.body
    assert "不设退还期限" in owes.body and not Deadline.objects.filter(subject=life.order.stream, state="open").exists()


def test_a_refund_out_of_custody_asks_nothing_of_the_agency(life):
    life.pay_now()
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    assert not Notification.objects.filter(title__contains="直接退还").exists()
    assert Notification.objects.filter(user=life.by_buyer, title__contains="退款已批准，正在办理").exists()


# --- refunds ----------------------------------------------------------------------------------------------------------
def test_cancelled_order_gives_everything_back(life):
    life.pay_now()
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    assert Refund.objects.get().status == "granted" and balance(life.order).held == life.order.fee_fen
    deliver_bank_news()
    assert Refund.objects.get().status == "executed" and balance(life.order).held == 0
    assert BankDeposit.objects.get().refunded_fen == life.order.fee_fen


def test_paid_while_being_cancelled_goes_back(life, payment):
    message = paid_message(payment)
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    handle_webhook(*message)
    deliver_bank_news()
    assert [kind for kind, _ in book(life.order)] == ["capture", "refund"]
    assert balance(life.order).held == 0


def test_open_attempt_of_a_cancelled_order_is_withdrawn(life, payment):
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    deliver_bank_news()
    payment.refresh_from_db()
    assert (payment.status, BankDeposit.objects.get().status) == ("cancelled", "withdrawn")


def test_a_large_refund_needs_a_second_person(life, settings):
    settings.REFUND_TWO_PEOPLE_FEN = life.order.fee_fen - 1
    life.pay_now()
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    row = Refund.objects.get()
    assert (row.status, row.two_people) == ("proposed", True)
    with pytest.raises(Forbidden):
        refund.refund_grant(refund=row, actor=life.by_buyer)
    refund.refund_grant(refund=row, actor=factories.make_staff())
    deliver_bank_news()
    assert balance(life.order).held == 0


def test_the_proposer_cannot_grant(rulebook, settings):
    settings.REFUND_TWO_PEOPLE_FEN = 1
    life = Life().until("in_service")
    clerk = factories.make_staff()
    cancel.order_terminate(order=life.order, reason="agreed", note="协商一致", actor=clerk)
    row = Refund.objects.get()
    with refused("refund.same_person"):
        refund.refund_grant(refund=row, actor=clerk)
    refund.refund_grant(refund=row, actor=factories.make_staff())
    deliver_bank_news()
    assert Refund.objects.get().status == "executed"


def test_refund_said_ten_times_is_one_booking(life):
    life.pay_now()
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    row = Refund.objects.get()
    for _ in range(10):
        Sandbox().refund(row)
    for message in signed_messages() * 10:
        handle_webhook(*message)
    assert [kind for kind, _ in book(life.order)] == ["capture", "refund"]


def test_termination_splits_the_custody(rulebook):
    life = Life().until("in_service")
    third = life.order.fee_fen // 3
    cancel.order_terminate(
        order=life.order, reason="agreed", note="完成三分之二", refund_fen=third, actor=factories.make_staff()
    )
    deliver_bank_news()
    assert dict(book(life.order)) == {
        "capture": life.order.fee_fen,
        "refund": third,
        "release": life.order.fee_fen - third,
    }
    row = BankDeposit.objects.get()
    assert (row.refunded_fen, row.released_fen) == (third, life.order.fee_fen - third)


# --- complaints freeze ------------------------------------------------------------------------------------------------
def test_open_complaint_freezes_the_release(rulebook):
    life = Life().until("delivered")
    row = complaint.complaint_file(order=life.order, subject_code="quality", body="数据有误", actor=life.by_buyer)
    life.approved()
    assert balance(life.order).held == life.order.fee_fen
    clerk = factories.make_staff()
    complaint.complaint_accept(complaint=row, actor=clerk)
    complaint.complaint_decide(complaint=row, upheld=False, answer="经核实数据无误", actor=clerk)
    assert balance(life.order).held == 0


def test_upheld_complaint_gives_part_back_and_voids_the_ratings(rulebook):
    life = Life().until("delivered")
    row = complaint.complaint_file(order=life.order, subject_code="quality", body="数据有误", actor=life.by_buyer)
    life.approved()
    life.closed()
    clerk = factories.make_staff()
    complaint.complaint_accept(complaint=row, actor=clerk)
    complaint.complaint_decide(complaint=row, upheld=True, answer="应退部分费用", refund_fen=1000, actor=clerk)
    deliver_bank_news()
    order = Order.objects.get(pk=life.order.pk)
    assert dict(book(order)) == {"capture": order.fee_fen, "refund": 1000, "release": order.fee_fen - 1000}
    assert order.status == "closed"
    assert not order.ratings.filter(voided_at__isnull=True).exists()
    assert not [
        s for name in ("money.held", "money.closed_is_settled", "complaints.frozen") for s in invariants[name]()
    ]
