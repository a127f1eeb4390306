"""Which finished orders were in time, for counting many at once.

The rule is ``orders.selectors.duration.days_late``: a delivery that missed the limit which ran for it; rework that
returns within its own days is not late, though its days count as used. Approval measures it and leaves a lead
(``orders.services.credit.late_report``); a rate counts the orders without one.
"""

from __future__ import annotations

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
