"""Bookings. One row moves an amount from one account to another, so the book balances by construction; each cause is
booked once."""

from __future__ import annotations

from kernel import clock
from orders.models import LedgerEntry, Order

Account, Kind = LedgerEntry.Account, LedgerEntry.Kind

# kind → (from, to)
MOVES = {
    Kind.CAPTURE: (Account.BUYER, Account.CUSTODY),
    Kind.RELEASE: (Account.CUSTODY, Account.AGENCY),
    Kind.REFUND: (Account.CUSTODY, Account.BUYER),
    Kind.DIRECT: (Account.BUYER, Account.AGENCY),
}


def book(order: Order, kind: str, amount_fen: int, *, cause: str, source: str = "") -> LedgerEntry:
    """Write one booking; ``source`` replaces the usual account (a refund after a direct transfer comes from the
    agency)."""
    credit, debit = MOVES[Kind(kind)]
    return LedgerEntry.objects.create(
        order=order, kind=kind, credit=source or credit, debit=debit, amount_fen=amount_fen, cause=cause, at=clock.now()
    )
