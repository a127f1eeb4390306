"""What the ledger says about an order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orders.models import LedgerEntry, Order, Refund

Kind, Status = LedgerEntry.Kind, Refund.Status


@dataclass(frozen=True)
class Balance:
    """All in fen. ``held`` lies with the custodian; ``pending`` is promised back but not yet returned; ``blocked`` was
    promised back and the custodian could not return it: nobody gets it before an operator has sent it again or given it
    up."""

    captured: int
    released: int
    refunded: int
    direct: int
    pending: int
    blocked: int

    @property
    def held(self) -> int:
        """Captured − released − refunded out of custody."""
        return self.captured - self.released - (self.refunded if self.captured else 0)

    @property
    def free(self) -> int:
        """Held and not promised to anybody."""
        return self.held - self.pending

    @property
    def refundable(self) -> int:
        """What could still be given back: from custody, or by the agency after a direct transfer."""
        return self.free if self.captured else self.direct - self.refunded - self.pending

    @property
    def open_refunds(self) -> bool:
        """Is a refund neither executed nor refused?"""
        return self.pending > 0 or self.blocked > 0

    @property
    def settled(self) -> bool:
        """Nothing waits with the custodian, no refund is open and something has been paid."""
        return (self.captured > 0 or self.direct > 0) and self.held == 0 and not self.open_refunds


def gives_back(order: Order) -> bool:
    """Has money of the order gone back to the buyer? Then its ratings do not count."""
    return Refund.objects.filter(order=order, status=Refund.Status.EXECUTED).exists()


def balance(order: Order) -> Balance:
    """Two queries."""
    return reckoned(LedgerEntry.objects.filter(order=order), Refund.objects.filter(order=order))


def reckoned(entries: Iterable[LedgerEntry], refunds: Iterable[Refund]) -> Balance:
    """The balance of an order from all its bookings and refunds."""
    booked = dict.fromkeys(Kind.values, 0)
    for entry in entries:
        booked[entry.kind] += entry.amount_fen
    back = dict.fromkeys(Status.values, 0)
    for refund in refunds:
        back[refund.status] += refund.amount_fen
    return Balance(
        captured=booked[Kind.CAPTURE],
        released=booked[Kind.RELEASE],
        refunded=booked[Kind.REFUND],
        direct=booked[Kind.DIRECT],
        pending=back[Status.PROPOSED] + back[Status.GRANTED],
        blocked=back[Status.FAILED],
    )
