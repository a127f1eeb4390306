"""Which finished orders were in time, as it was reported: for counting many at once, and how late one was.

The rule is ``orders.selectors.duration.days_late``: a delivery that missed the limit which ran for it; rework that
returns within its own days is not late, though its days count as used. Approval measures it and leaves a lead
(``orders.services.credit.late_report``); a rate counts the orders without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Length, Substr

from credit.models import Case
from orders.models import Order
from orders.selectors.duration import extensions

HEAD, TAIL = "order:", ":incident:late"

_leads = Case.objects.filter(source_ref__startswith=HEAD, source_ref__endswith=TAIL).order_by()
_late_numbers = _leads.annotate(
    late_number=Substr("source_ref", len(HEAD) + 1, Length("source_ref") - len(HEAD + TAIL))
).values("late_number")

TIMED = Q(status__in=Order.DONE, days_used__isnull=False)
"""Approved, so that it is known whether they were in time."""
LATE = Q(number__in=_late_numbers)
ON_TIME = TIMED & ~LATE


@dataclass(frozen=True)
class Timed:
    """An order and how it kept its time, in working days: ``extended`` were granted on top of the contract's
    limit, ``late`` as it was measured on approval (0 before)."""

    order: Order
    extended: int
    late: int

    @property
    def limit(self) -> int:
        return self.order.days + self.extended

    @property
    def reworked_in_time(self) -> bool:
        """More days than the limit and yet not late: changes were asked for, which have days of their own."""
        used = self.order.days_used
        return not self.late and used is not None and used > self.limit


def timed(orders: Sequence[Order]) -> list[Timed]:
    """How each of the orders kept its time; two queries."""
    late, more = all_late_reported(orders), extensions(orders)
    return [Timed(order, more.get(order.pk, 0), late.get(order.pk, 0)) for order in orders]


def late_reported(order: Order) -> int:
    """Working days in the lead about lateness, 0 without one. One query."""
    return all_late_reported([order]).get(order.pk, 0)


def all_late_reported(orders: Iterable[Order]) -> dict[int, int]:
    """The same for many orders in one query: {order id: working days}, those in time left out."""
    known = {f"{HEAD}{order.number}{TAIL}": order.pk for order in orders}
    leads = Case.objects.filter(source_ref__in=known).values_list("source_ref", "evidence__late_days")
    return {known[ref]: days for ref, days in leads if days}
