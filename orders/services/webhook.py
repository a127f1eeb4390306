"""What a gateway tells us: stored once under its own id, and worked off in the same transaction.

Handlers re-read the rows and only move forward, so disorder and repetition change nothing.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from kernel import clock
from orders.models import Payment, PaymentEvent, Refund
from orders.services.pay import payment_fail, payment_settle
from orders.services.refund import refund_fail, refund_settle
from orders.services.stray import GIVEN_BACK, payment_return_failed, payment_returned


def event_take(*, gateway: str, event_id: str, kind: str, data: dict[str, Any]) -> str:
    """``"handled"``, ``"duplicate"`` (seen before) or ``"kept"`` (a kind or an object we do not know)."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                event = PaymentEvent.objects.create(
                    gateway=gateway, event_id=event_id, kind=kind, body=data, received_at=clock.now()
                )
        except IntegrityError:
            return "duplicate"
        if not _work_off(gateway, kind, data):
            return "kept"
        event.handled_at = clock.now()
        event.save(update_fields=["handled_at"])
        return "handled"


def _work_off(gateway: str, kind: str, data: dict[str, Any]) -> bool:
    amount = data.get("amount_fen")
    if kind.startswith("payment."):
        payment = Payment.objects.filter(gateway=gateway, reference=str(data.get("reference"))).first()
        if payment is None:
            return False
        if kind == "payment.succeeded" and isinstance(amount, int):
            payment_settle(payment=payment, provider_ref=str(data.get("provider_ref", ""))[:80], amount_fen=amount)
            return True
        if kind == "payment.failed":
            payment_fail(payment=payment, failure="refused by the payer")
            return True
    if kind.startswith("refund."):
        reference = str(data.get("refund_reference"))
        if reference.startswith(GIVEN_BACK):
            return _given_back(gateway, kind, reference)
        refund = Refund.objects.filter(payment__gateway=gateway, reference=reference).first()
        if refund is None:
            return False
        if kind == "refund.succeeded" and amount == refund.amount_fen:
            refund_settle(refund=refund)
            return True
        if kind == "refund.failed":
            refund_fail(refund=refund)
            return True
    return False


def _given_back(gateway: str, kind: str, reference: str) -> bool:
    payment = Payment.objects.filter(gateway=gateway, return_reference=reference).first()
    answer = {"refund.succeeded": payment_returned, "refund.failed": payment_return_failed}.get(kind)
    if payment is None or answer is None:
        return False
    answer(payment=payment)
    return True
