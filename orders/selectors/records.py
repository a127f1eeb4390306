"""What orders say about agencies: counts, punctuality, days. Set-wise, for lists that mix facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from orders.models import Order, TestBatch

DONE = (Order.Status.APPROVED, Order.Status.CLOSED)


@dataclass(frozen=True)
class Record:
    """One agency's record. ``on_time_permille`` is None while nothing was approved; days are working days."""

    orders: int = 0
    closed: int = 0
    on_time_permille: int | None = None
    median_days: int | None = None
    test_groups: int = 0


def agency_records(agency_ids: Iterable[int]) -> dict[int, Record]:
    """Records of the agencies, three queries whatever their number. Cancelled and declined orders do not count."""
    ids = list(agency_ids)
    rows = (
        Order.objects.filter(agency__in=ids)
        .exclude(status__in=[Order.Status.CANCELLED, Order.Status.DECLINED])
        .order_by()
        .values("agency_id")
        .annotate(
            orders=Count("id"),
            closed=Count("id", filter=Q(status__in=DONE)),
            timed=Count("id", filter=Q(status__in=DONE, days_used__isnull=False)),
            on_time=Count("id", filter=Q(status__in=DONE, days_used__lte=F("days"))),
        )
    )
    groups = dict(
        TestBatch.objects.filter(order__agency__in=ids)
        .order_by()
        .values_list("order__agency_id")
        .annotate(groups=Sum("groups"))
    )
    spread: dict[int, list[tuple[int, int]]] = defaultdict(list)
    used = Order.objects.filter(agency__in=ids, status__in=DONE, days_used__isnull=False).order_by("days_used")
    for agency_id, days, count in used.values_list("agency_id", "days_used").annotate(n=Count("id")):
        spread[agency_id].append((days, count))
    return {
        row["agency_id"]: Record(
            orders=row["orders"],
            closed=row["closed"],
            on_time_permille=row["on_time"] * 1000 // row["timed"] if row["timed"] else None,
            median_days=_median(spread[row["agency_id"]]),
            test_groups=groups.get(row["agency_id"], 0),
        )
        for row in rows
    }


def _median(spread: list[tuple[int, int]]) -> int | None:
    """The middle value (the lower of two) of a histogram sorted by value."""
    half, passed = (sum(count for _days, count in spread) + 1) // 2, 0
    for days, count in spread:
        passed += count
        if passed >= half:
            return days
    return None
