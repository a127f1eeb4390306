"""Money in: the bank's messages, in every order and number, end in one booking; an attempt to pay is committed before the call."""

import json

import pytest
from django.db import connection
from django.test import Client

from kernel import clock
from kernel.errors import Forbidden
from orders.gateways import GatewayDown, bank
from orders.gateways.sandbox import BadSignature, Sandbox, handle_webhook
from orders.gateways.signature import sign
from orders.models import BankDeposit, LedgerEntry, Payment, PaymentEvent
from orders.services import ledger, pay, stray, webhook
from tests import factories
from tests.orders.lives import Life, book, deliver_bank_news, paid_message, refused, signed_messages
from tests.orders.walk import act, client_of, did

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
WEBHOOK = "/pay/webhook/sandbox/"


@pytest.fixture
def life(rulebook):
    return Life().until("in_contract")


@pytest.fixture
def payment(life):
    return pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)


# --- the webhook ------------------------------------------------------------------------------------------------------
def test_ten_webhooks_one_booking(life, payment):
    body, signature = paid_message(payment)
    outcomes = [handle_webhook(body, signature) for _ in range(10)]
    assert outcomes == ["handled"] + ["duplicate"] * 9
    assert book(life.order) == [("capture", life.order.fee_fen)]
    assert PaymentEvent.objects.count() == 1


def test_control_without_the_guards_it_is_booked_ten_times(life, payment, monkeypatch):
    """The guards are the event's id, the look at the payment's state, and the unique booking; without them, ten."""

    def settle_blindly(*, payment, provider_ref, amount_fen):
        ledger.book(payment.order, "capture", amount_fen, cause=f"blind:{LedgerEntry.objects.count()}")

    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX ledger_one_payment")
    monkeypatch.setattr(webhook, "payment_settle", settle_blindly)
    body, _signature = paid_message(payment)
    event = json.loads(body)
    for n in range(10):
        again = json.dumps(event | {"id": f"{event['id']}-{n}"}).encode()
        handle_webhook(again, sign(again))
    assert len(book(life.order)) == 10


def test_resent_under_new_ids_is_still_one_booking(life, payment):
    """A bank that forgets what it sent: other event ids, the same payment."""
    body, _signature = paid_message(payment)
    event = json.loads(body)
    for n in range(10):
        again = json.dumps(event | {"id": f"{event['id']}-{n}"}).encode()
        assert handle_webhook(again, sign(again)) == "handled"
    assert len(book(life.order)) == 1
    assert PaymentEvent.objects.count() == 10


def test_webhook_before_return_page(life, payment):
    body, signature = paid_message(payment)
    handle_webhook(body, signature)
    assert pay.payment_check(payment=payment).status == "settled"
    assert len(book(life.order)) == 1


def test_return_page_before_webhook(life, payment):
    body, signature = paid_message(payment)
    assert pay.payment_check(payment=payment).status == "settled"
    assert handle_webhook(body, signature) == "handled"
    assert len(book(life.order)) == 1


def test_refused_on_the_banks_page(life, payment):
    bank.deposit_decide(reference=payment.reference, pay=False)
    deliver_bank_news()
    payment.refresh_from_db()
    assert payment.status == "failed"
    second = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    bank.deposit_decide(reference=second.reference, pay=True)
    deliver_bank_news()
    assert book(life.order) == [("capture", life.order.fee_fen)]


def test_the_first_decision_at_the_bank_stands(payment):
    bank.deposit_decide(reference=payment.reference, pay=True)
    assert bank.deposit_decide(reference=payment.reference, pay=False).status == "paid"
    assert len(signed_messages()) == 1


def test_unknown_kind_is_kept_and_answered_200(client):
    body = json.dumps({"id": "evt_1", "type": "weather.sunny", "data": {}}).encode()
    answer = client.post(WEBHOOK, body, "application/json", headers={"Bank-Signature": sign(body)})
    assert (answer.status_code, answer.content) == (200, b"kept")
    assert PaymentEvent.objects.get().handled_at is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body, signature: (body + b" ", signature),
        lambda body, signature: (body, ""),
        lambda body, signature: (body, "t=1,v1=00"),
        lambda body, signature: (body, signature.replace("v1=", "v1=0")),
        lambda body, signature: (body, "t=９９,v1=é"),
        lambda body, signature: (b"no json", sign(b"no json")),
        lambda body, signature: (b"[]", sign(b"[]")),
        lambda body, signature: (b'{"id":1,"type":2,"data":3}', sign(b'{"id":1,"type":2,"data":3}')),
    ],
)
def test_what_the_bank_did_not_send_is_refused(life, payment, spoil):
    body, signature = spoil(*paid_message(payment))
    answer = Client().post(WEBHOOK, body, "application/json", headers={"Bank-Signature": signature})
    assert answer.status_code == 400
    assert not PaymentEvent.objects.exists() and not book(life.order)


def test_a_stale_message_is_refused(life, payment):
    body, signature = paid_message(payment)
    with clock.at(factories.next_workday(clock.now())), pytest.raises(BadSignature):
        handle_webhook(body, signature)


def test_another_amount_is_not_booked(life, payment):
    event = {
        "id": "evt_less",
        "type": "payment.succeeded",
        "data": {"reference": payment.reference, "provider_ref": "X", "amount_fen": payment.amount_fen - 1},
    }
    body = json.dumps(event).encode()
    handle_webhook(body, sign(body))
    payment.refresh_from_db()
    assert payment.status == "unknown"
    assert not book(life.order)


def test_what_does_not_fit_is_sent_back_and_paid_anew(life, payment):
    clerk = factories.make_staff()
    with refused("payment.fits"):
        stray.payment_give_back(payment=payment, reason="x", actor=clerk)
    BankDeposit.objects.filter(reference=payment.reference).update(amount_fen=payment.amount_fen + 100)
    message = paid_message(payment)
    handle_webhook(*message)
    with pytest.raises(Forbidden):
        stray.payment_give_back(payment=payment, reason="x", actor=life.by_buyer)
    stray.payment_give_back(payment=payment, reason="多付一元", actor=clerk)
    deliver_bank_news()
    again = json.dumps(json.loads(message[0]) | {"id": "evt_again"}).encode()
    handle_webhook(again, sign(again))
    payment.refresh_from_db()
    assert payment.status == "returned" and payment.returned_at is not None
    assert BankDeposit.objects.get().refunded_fen == payment.received_fen == payment.amount_fen + 100
    assert not book(life.order)
    life.pay_now()
    assert book(life.order) == [("capture", life.order.fee_fen)]


def test_paid_twice_goes_back_once(life, payment):
    """The attempt that was withdrawn here and paid at the bank all the same."""
    Payment.objects.filter(pk=payment.pk).update(status="cancelled")
    life.pay_now()
    handle_webhook(*paid_message(payment))
    stray.payment_give_back(payment=payment, reason="重复支付", actor=factories.make_staff())
    deliver_bank_news()
    assert book(life.order) == [("capture", life.order.fee_fen)]
    assert BankDeposit.objects.get(reference=payment.reference).refunded_fen == payment.amount_fen


def test_a_return_that_fails_is_in_doubt_again(life, payment):
    BankDeposit.objects.filter(reference=payment.reference).update(amount_fen=payment.amount_fen - 1)
    handle_webhook(*paid_message(payment))
    stray.payment_give_back(payment=payment, reason="少付", actor=factories.make_staff())
    stray.payment_return_failed(payment=payment)
    payment.refresh_from_db()
    assert (payment.status, payment.failure) == ("unknown", "return failed")


# --- the attempt ------------------------------------------------------------------------------------------------------
def test_bank_does_not_answer(life, monkeypatch):
    """No answer to the call: the attempt stays, in doubt; asking again finds out."""

    def down(self, payment):
        raise GatewayDown

    monkeypatch.setattr(Sandbox, "open", down)
    attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    assert attempt.status == "unknown"
    monkeypatch.undo()
    attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    assert BankDeposit.objects.filter(reference=attempt.reference).count() == 1
    deliver_bank_news()
    attempt.refresh_from_db()
    assert attempt.status == "created"


def test_the_attempt_is_committed_before_the_call(life, monkeypatch):
    seen = []
    monkeypatch.setattr(
        Sandbox, "open", lambda self, payment: seen.append(Payment.objects.filter(pk=payment.pk).exists()) or down()
    )

    def down():
        raise GatewayDown

    pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    assert seen == [True]


def test_one_open_attempt(life, payment):
    again = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    assert again.pk == payment.pk
    with refused("payment.open"):
        pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    pay.payment_cancel(payment=payment, actor=life.by_buyer)
    assert pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer).gateway == "offline"


def test_cancelling_what_is_already_paid_settles_it(life, payment):
    bank.deposit_decide(reference=payment.reference, pay=True)
    assert pay.payment_cancel(payment=payment, actor=life.by_buyer).status == "settled"
    deliver_bank_news()
    assert len(book(life.order)) == 1


def test_the_custodian_is_called_with_nothing_locked(life, payment, monkeypatch):
    """Between two transactions, through the page as well."""
    real, depths = Sandbox.withdraw, []

    def withdraw(self, reference):
        depths.append(len(connection.savepoint_ids))
        return real(self, reference)

    monkeypatch.setattr(Sandbox, "withdraw", withdraw)
    outside = len(connection.savepoint_ids)
    did(act(client_of(life.by_buyer), life.order.number, "cancel-payment"))
    payment.refresh_from_db()
    assert payment.status == "cancelled"
    assert depths == [outside]


def test_a_silent_custodian_is_a_sentence(life, payment, monkeypatch):
    def down(self, reference):
        raise GatewayDown

    monkeypatch.setattr(Sandbox, "withdraw", down)
    with refused("payment.no_answer"):
        pay.payment_cancel(payment=payment, actor=life.by_buyer)


def test_strangers_cannot_pay(life):
    with pytest.raises(Forbidden):
        pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_agency)


def test_not_before_the_contract(rulebook):
    life = Life().until("accepted")
    with refused("payment.not_due"):
        pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)


def test_public_buyer_pays_after_approval(rulebook):
    life = Life(buyer=factories.make_organisation("public_body"), fund="public").until("delivered")
    with refused("payment.not_due"):
        pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    life.until("approved").pay_now()
    assert [kind for kind, _ in book(life.order)] == ["capture", "release"]
