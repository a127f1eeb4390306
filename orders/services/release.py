"""Paying held money out to the agency (放款): after approval, never while a complaint is open."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel.models import User
from kernel.services import outbox
from orders.models import Complaint, LedgerEntry, Order, Payment
from orders.selectors.money import balance
from orders.services import ledger
from orders.services.moves import note, tell


def frozen(order: Order) -> bool:
    """An open complaint freezes release and refund."""
    return Complaint.objects.filter(
        order=order, status__in=[Complaint.Status.FILED, Complaint.Status.ACCEPTED]
    ).exists()


def release_if_due(order: Order, *, actor: User | None) -> None:
    """Release what is held, once an order: it waits for every refund to be executed or refused (one that failed is
    neither), since what is left then must go out in one piece. Under the order's lock."""
    if order.status not in Order.RELEASABLE or frozen(order):
        return
    now = balance(order)
    if now.held <= 0 or now.open_refunds:
        return
    ledger.book(order, LedgerEntry.Kind.RELEASE, now.held, cause=f"release:{order.pk}")
    note(order, "payment.released", actor=actor, on_behalf_of=None, amount_fen=now.held)
    payment = Payment.objects.get(order=order, status=Payment.Status.SETTLED)
    outbox.announce(topic="custody_release", payload={"payment": payment.pk, "amount_fen": now.held})
    tell(order, "agency", _("托管资金已放款"))
