"""Our side of the sandbox bank: calls out, and the door through which its signed messages come in."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from orders.gateways import UNKNOWN, GatewayDown, Report, bank
from orders.gateways.signature import BadSignature, verify
from orders.services.webhook import event_take

__all__ = ["BadSignature", "GatewayDown", "Sandbox", "handle_webhook"]


class Sandbox:
    custody = True

    def open(self, payment: Any) -> Report:
        order = payment.order
        row = bank.deposit_open(
            reference=payment.reference,
            payer=order.payer_name,
            payee=order.agency.organisation.name,
            purpose=f"{order.number} {order.title}"[:120],
            amount_fen=payment.amount_fen,
        )
        return _report(row)

    def retrieve(self, reference: str) -> Report:
        return _report(bank.deposit_find(reference))

    def withdraw(self, reference: str) -> Report:
        return _report(bank.deposit_withdraw(reference=reference))

    def refund(self, refund: Any) -> None:
        bank.deposit_refund(
            reference=refund.payment.reference, refund_reference=refund.reference, amount_fen=refund.amount_fen
        )

    def give_back(self, payment: Any) -> None:
        bank.deposit_refund(
            reference=payment.reference,
            refund_reference=payment.return_reference,
            amount_fen=payment.received_fen,
        )

    def release(self, reference: str, amount_fen: int) -> None:
        bank.deposit_release(reference=reference, amount_fen=amount_fen)

    def pay_url(self, payment: Any) -> str:
        return f"{reverse('bank_pay', args=[payment.reference])}?lang={get_language() or 'zh-hans'}"


def handle_webhook(body: bytes, signature: str) -> str:
    """Take a message of the bank: verified, stored once, worked off in the same transaction.

    Returns ``"handled"``, ``"duplicate"`` or ``"kept"`` (a kind we do not know: kept and answered 200). Raises
    ``BadSignature`` for anything not provably the bank's, which includes bytes that are no event at all.
    """
    verify(body, signature)
    try:
        event = json.loads(body)
        event_id, kind, data = str(event["id"]), str(event["type"]), event["data"]
    except (ValueError, KeyError, TypeError):
        raise BadSignature("no event") from None
    if not isinstance(data, dict):
        raise BadSignature("no event")
    return event_take(gateway="sandbox", event_id=event_id[:80], kind=kind[:40], data=data)


def _report(row: Any) -> Report:
    if row is None:
        return Report(UNKNOWN)
    return Report(row.status, row.provider_ref, row.amount_fen)
