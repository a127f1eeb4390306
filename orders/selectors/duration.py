"""How long an order has taken, in working days of the agency's own time.

Counted from the start of the clock to the delivery that was finally approved, without agreed pauses, external review
(both are rows of the kernel's Pause) and the days the buyer looked at a delivery that was sent back. Overlapping
stretches count once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Sum

from kernel import workdays
from kernel.clock import civil
from kernel.models import AuditEntry, Pause
from orders.machines import REWORK_DAYS
from orders.models import Deliverable, Extension, Order

Stretch = tuple[date, date]


def ended_at(order: Order) -> datetime | None:
    """When the order closed or ended early; None while it runs. An early end has its time in the audit trail alone."""
    if order.status not in Order.ENDED:
        return order.closed_at
    last = AuditEntry.objects.filter(stream=order.stream, to_state=order.status).order_by("-seq")
    return last.values_list("at", flat=True).first()


def contract_days(order: Order, until: datetime | None = None) -> int:
    """The contract's limit with the extension the buyer granted; ``until``: as it was then."""
    return order.days + _extended(order, **({"answered_at__lte": until} if until else {}))


def extensions(orders: Iterable[Order]) -> dict[int, int]:
    """Working days the buyers granted on top of the contracts' limits, of many orders in one query: {order id: days},
    those without an extension left out."""
    granted = Extension.objects.filter(order__in=[order.pk for order in orders], status=Extension.Status.GRANTED)
    return dict(granted.values_list("order").annotate(total=Sum("days")))


def _extended(order: Order, **when: datetime) -> int:
    granted = Extension.objects.filter(order=order, status=Extension.Status.GRANTED, **when)
    return sum(granted.values_list("days", flat=True))


def days_used(order: Order, until: datetime) -> int:
    """Net working days from ``started_at`` to ``until``."""
    if order.started_at is None:
        return 0
    return net_days(civil(order.started_at), civil(until), stretches(order, until))


def excluded_days(order: Order, until: datetime) -> int:
    """Working days of the stretches that do not count."""
    if order.started_at is None:
        return 0
    start, end = civil(order.started_at), civil(until)
    return workdays.between(start, end) - net_days(start, end, stretches(order, until))


def service_limit(order: Order, until: datetime) -> int:
    """Working days from the start of the clock within which the service is due, as seen at ``until``: the contract's with
    the extension granted by then and whatever does not count; after work was sent back, enough to leave REWORK_DAYS of the clock's time from there (an
    extension granted since comes on top)."""
    limit = contract_days(order, until) + excluded_days(order, until)
    sent_back = Deliverable.objects.filter(order=order, status__in=Deliverable.SENT_BACK, decided_at__lte=until)
    asked_at = sent_back.order_by("-number").values_list("decided_at", flat=True).first()
    if asked_at is None or order.started_at is None:
        return limit
    more = REWORK_DAYS + _extended(order, answered_at__gte=asked_at, answered_at__lte=until)
    begun, asked, end = civil(order.started_at), civil(asked_at), civil(until)
    still = workdays.between(asked, end) - net_days(asked, end, stretches(order, until))
    return max(limit, workdays.between(begun, asked) + still + more)


def days_late(order: Order) -> int:
    """Working days by which the latest of the order's deliveries missed the limit that ran for it, 0 when all were in time:
    what the lamps showed. Work sent back that returns within the time given for it is not late, though its days count as
    used; a first delivery that was late stays late however soon the changes follow, and whatever extension is granted
    then."""
    if order.started_at is None:
        return 0
    begun = civil(order.started_at)
    delivered = Deliverable.objects.filter(order=order).values_list("delivered_at", flat=True)
    late = (workdays.between(begun, civil(at)) - service_limit(order, at) for at in delivered)
    return max([0, *late])


def stretches(order: Order, until: datetime) -> list[Stretch]:
    """The days that do not count, as (after, up to and including); an open pause runs until ``until``."""
    pauses = Pause.objects.filter(subject=order.stream).values_list("started_at", "ended_at")
    looks = Deliverable.objects.filter(order=order, status=Deliverable.Status.CHANGES)
    found = [*pauses, *looks.values_list("delivered_at", "decided_at")]
    return [(civil(begun), civil(min(ended or until, until))) for begun, ended in found if begun <= until]


def net_days(start: date, end: date, gaps: Iterable[Stretch]) -> int:
    """Working days after ``start`` up to and including ``end`` that lie in none of the gaps."""
    total, reached = workdays.between(start, end), start
    for begun, ended in sorted(gaps):
        low, high = max(begun, reached), min(ended, end)
        if high > low:
            total -= workdays.between(low, high)
            reached = high
    return max(total, 0)
