"""What the ledger says about an order."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, Sum

from orders.models import LedgerEntry, Order, Refund

Kind, Account = LedgerEntry.Kind, LedgerEntry.Account


@dataclass(frozen=True)
class Balance:
    """All in fen. ``held`` lies with the custodian; ``pending`` is promised back but not yet returned."""

    captured: int
    released: int
    refunded: int
    direct: int
    pending: int

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
    def settled(self) -> bool:
        """Nothing waits with the custodian and something has been paid."""
        return (self.captured > 0 or self.direct > 0) and self.held == 0 and self.pending == 0


def gives_back(order: Order) -> bool:
    """Has money of the order gone back to the buyer? Then its ratings do not count."""
    return Refund.objects.filter(order=order, status=Refund.Status.EXECUTED).exists()


def balance(order: Order) -> Balance:
    """Two queries."""
    sums = LedgerEntry.objects.filter(order=order).aggregate(
        **{kind: Sum("amount_fen", filter=Q(kind=kind)) for kind in ("capture", "release", "refund", "direct")}
    )
    pending = Refund.objects.filter(order=order, status__in=[Refund.Status.PROPOSED, Refund.Status.GRANTED]).aggregate(
        n=Sum("amount_fen")
    )["n"]
    return Balance(
        captured=sums["capture"] or 0,
        released=sums["release"] or 0,
        refunded=sums["refund"] or 0,
        direct=sums["direct"] or 0,
        pending=pending or 0,
    )
