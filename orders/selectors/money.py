"""What the ledger says about an order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kernel import due
from kernel.models import AuditEntry, Deadline, User
from orders.models import Complaint, LedgerEntry, Order, Payment, Refund

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
    def left(self) -> int:
        """Neither given back nor paid out of custody: with the custodian, or with the agency after a direct transfer."""
        return self.held if self.captured else self.direct - self.refunded

    @property
    def refundable(self) -> int:
        """What could be promised back besides what is promised already."""
        return self.left - self.pending - self.blocked

    @property
    def open_refunds(self) -> bool:
        """Is a refund neither executed nor refused?"""
        return self.pending > 0 or self.blocked > 0

    @property
    def settled(self) -> bool:
        """Nothing waits with the custodian, no refund is open and something has been paid."""
        return (self.captured > 0 or self.direct > 0) and self.held == 0 and not self.open_refunds


@dataclass(frozen=True)
class Waiting:
    """Money of which an operator must say what becomes of it: ``rows`` of a model that belongs to orders, ``since`` when
    it began to wait. Where two people must decide, ``own`` are the rows that a person has had a hand in and leaves to a
    colleague: they wait for that one alone."""

    label: Any
    model: type[Model]
    rows: Q
    since: Any
    own: Callable[[User], Q] | None = None

    def open_to(self, user: User) -> Q:
        """The rows that the person may decide."""
        return self.rows & ~self.own(user) if self.own else self.rows

    def exists(self, user: User) -> Exists:
        """Whether the outer order has such money for the person to decide."""
        return Exists(self.model.objects.filter(self.open_to(user), order=OuterRef("pk")))


def confirmed_as_payer(user: User) -> Q:
    """Payments that the person has confirmed for whoever pays, or given the slip of. An order has one attempt at a time,
    so what was confirmed since it began is of it. (Whoever confirms for the agency is recused at the desk.)"""
    acts = AuditEntry.objects.filter(action__in=["payment.confirmed", "payment.slip_added"], actor=user)
    return Q(Exists(acts.filter(stream=due.subject("order", of="order_id"), at__gte=OuterRef("created_at"))))


def _other_side_has_time() -> Exists:
    return Exists(
        Deadline.objects.filter(
            subject=due.subject("order", of="order_id"), code="order.transfer", state=Deadline.State.OPEN
        )
    )


def _complaint_is_open() -> Exists:
    undecided = [Complaint.Status.FILED, Complaint.Status.ACCEPTED]
    return Exists(Complaint.objects.filter(order=OuterRef("order_id"), status__in=undecided))


AT_THE_DESK: dict[str, Waiting] = {
    "grant": Waiting(
        _("待批准的退款"),
        Refund,
        Q(status=Status.PROPOSED) & ~_complaint_is_open(),
        F("proposed_at"),
        own=lambda user: Q(two_people=True, proposed_by=user),
    ),
    "failed": Waiting(_("未成功的退款（请再次办理）"), Refund, Q(status=Status.FAILED), F("granted_at")),
    "back": Waiting(
        _("机构应退还审批部门的款项（到账后请确认）"),
        Refund,
        Q(status=Status.GRANTED, payment__gateway=Payment.Gateway.OFFLINE, order__payer=Order.Payer.AUTHORITY),
        F("granted_at"),
    ),
    "stray": Waiting(
        _("与订单不符的款项（请退回）"),
        Payment,
        Payment.STRAY,
        F("created_at"),
    ),
    "transfer": Waiting(
        _("线下转账只有一方确认（请核实）"),
        Payment,
        Payment.OPEN
        & Q(gateway=Payment.Gateway.OFFLINE)
        & (Q(buyer_confirmed_at__isnull=False) | Q(agency_confirmed_at__isnull=False))
        & ~_other_side_has_time(),
        Coalesce("buyer_confirmed_at", "agency_confirmed_at"),
        own=confirmed_as_payer,
    ),
}


def owed_by_rule(order: Order, now: Balance) -> bool:
    """Must what is left go back to the payer? The order ended before its work began."""
    return order.status in Order.DROPPED and now.left > 0


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
