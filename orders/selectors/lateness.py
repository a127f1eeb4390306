"""Which finished orders were in time, as it was reported: for counting many at once, and how late one was.

The rule is ``orders.selectors.duration.days_late``: a delivery that missed the limit which ran for it; rework that
returns within its own days is not late, though its days count as used. Approval measures it and leaves a lead
(``orders.services.credit.late_report``); a rate counts the orders without one.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Length, Substr

from credit.models import Case
from orders.models import Order

HEAD, TAIL = "order:", ":incident:late"

_leads = Case.objects.filter(source_ref__startswith=HEAD, source_ref__endswith=TAIL).order_by()
_late_numbers = _leads.annotate(
    late_number=Substr("source_ref", len(HEAD) + 1, Length("source_ref") - len(HEAD + TAIL))
).values("late_number")

TIMED = Q(status__in=Order.DONE, days_used__isnull=False)
"""Approved, so that it is known whether they were in time."""
LATE = Q(number__in=_late_numbers)
ON_TIME = TIMED & ~LATE


def late_reported(order: Order) -> int:
    """Working days in the lead about lateness, 0 without one. One query."""
    return all_late_reported([order]).get(order.pk, 0)


def all_late_reported(orders: Iterable[Order]) -> dict[int, int]:
    """The same for many orders in one query: {order id: working days}, those in time left out."""
    known = {f"{HEAD}{order.number}{TAIL}": order.pk for order in orders}
    leads = Case.objects.filter(source_ref__in=known).values_list("source_ref", "evidence__late_days")
    return {known[ref]: days for ref, days in leads if days}
