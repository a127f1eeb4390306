"""The sandbox bank itself: a demo custodian with its own book, its own hosted page and its own signed messages.

It stands for somebody else's machine: our rooms talk to it through ``orders.gateways.sandbox`` only, and hear from it
by webhook and by the customer who comes back.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction

from kernel import clock
from kernel.services import outbox
from orders.models import BankDeposit

Status = BankDeposit.Status


def deposit_open(*, reference: str, payer: str, payee: str, purpose: str, amount_fen: int) -> BankDeposit:
    """Take a request for payment; the same reference finds the same request."""
    row, _ = BankDeposit.objects.get_or_create(
        reference=reference,
        defaults={
            "provider_ref": "SB" + hashlib.sha256(f"bank|{reference}".encode()).hexdigest()[:20].upper(),
            "payer": payer,
            "payee": payee,
            "purpose": purpose,
            "amount_fen": amount_fen,
            "opened_at": clock.now(),
        },
    )
    return row


def deposit_find(reference: str) -> BankDeposit | None:
    return BankDeposit.objects.filter(reference=reference).first()


@transaction.atomic
def deposit_decide(*, reference: str, pay: bool) -> BankDeposit:
    """The customer pays or refuses on the bank's page; the first decision stands, and is told to the merchant."""
    row = BankDeposit.objects.select_for_update().get(reference=reference)
    if row.status != Status.OPEN:
        return row
    row.status = Status.PAID if pay else Status.REFUSED
    row.decided_at = clock.now()
    row.save(update_fields=["status", "decided_at"])
    _tell(row, "payment.succeeded" if pay else "payment.failed", amount_fen=row.amount_fen)
    return row


@transaction.atomic
def deposit_withdraw(*, reference: str) -> BankDeposit | None:
    """The merchant takes its request back; too late once it is paid."""
    row = BankDeposit.objects.select_for_update().filter(reference=reference).first()
    if row is not None and row.status == Status.OPEN:
        row.status, row.decided_at = Status.WITHDRAWN, clock.now()
        row.save(update_fields=["status", "decided_at"])
    return row


@transaction.atomic
def deposit_refund(*, reference: str, refund_reference: str, amount_fen: int) -> None:
    """Send money back to the payer. A repeated call with the same refund reference changes nothing."""
    row = BankDeposit.objects.select_for_update().get(reference=reference)
    if not _once(f"refund:{refund_reference}"):
        return
    if row.refunded_fen + row.released_fen + amount_fen > row.amount_fen:
        _tell(row, "refund.failed", refund_reference=refund_reference, amount_fen=amount_fen)
        return
    row.refunded_fen += amount_fen
    row.save(update_fields=["refunded_fen"])
    _tell(row, "refund.succeeded", refund_reference=refund_reference, amount_fen=amount_fen)


@transaction.atomic
def deposit_release(*, reference: str, amount_fen: int) -> None:
    """Pay the held money out to the payee, once a deposit."""
    row = BankDeposit.objects.select_for_update().get(reference=reference)
    if row.released_fen == 0:
        row.released_fen = amount_fen
        row.save(update_fields=["released_fen"])


def _once(name: str) -> bool:
    """Whether this call is the first under its name (the bank's idempotency key)."""
    from kernel.models import Counter

    digest = hashlib.sha256(name.encode()).hexdigest()[:32]
    return Counter.objects.get_or_create(name=f"bank:{digest}", defaults={"value": 1})[1]


def _tell(row: BankDeposit, kind: str, **data: Any) -> None:
    part = data.get("refund_reference", row.reference)
    event = {
        "id": "evt_" + hashlib.sha256(f"{kind}|{part}".encode()).hexdigest()[:24],
        "type": kind,
        "data": {"reference": row.reference, "provider_ref": row.provider_ref, **data},
    }
    outbox.announce(topic="bank_webhook", payload=event)
