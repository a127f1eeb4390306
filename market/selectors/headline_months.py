"""The headline figures month by month: the same sums as `market.selectors.headline`, grouped by the month they fall in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from kernel import clock
from market.selectors.headline import ORDER_SUMS, RATING_SUMS, Figure, entered, figure_of, revealed
from orders.models import Order, TestBatch

MONTHS = 12
COUNTED = ("agencies", "orders", "test_groups")


def headline_by_month(code: str) -> list[tuple[date, Figure]]:
    """The last twelve months that have rows, oldest first; the month is its first day. One query.

    Agencies are counted as they stood at the month's end, of those that are in the market today; everything else by
    the month in which it was placed (orders), received (test groups), approved (savings, on time) or revealed.
    """
    rows = {clock.civil(row.pop("month")): row for row in _rows(code) if row["month"] is not None}
    months = list(_months(rows))
    if code == "agencies":
        rows = _running(rows, months)
    return [(month, figure_of(code, rows.get(month, {}))) for month in months[-MONTHS:]]


def _months(rows: dict[date, Any]) -> Iterator[date]:
    """Every month from the first with rows to this one."""
    if not rows:
        return
    month, last = min(rows), clock.today().replace(day=1)
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _running(rows: dict[date, Any], months: list[date]) -> dict[date, Any]:
    total, found = 0, {}
    for month in months:
        total += rows.get(month, {}).get("agencies", 0)
        found[month] = {"agencies": total}
    return found


def _rows(code: str) -> QuerySet[Any, dict[str, Any]]:
    if code == "agencies":
        return _by_month(entered(), "activated_at").annotate(agencies=Count("id"))
    if code == "test_groups":
        return _by_month(TestBatch.objects.all(), "received_at").annotate(groups=Sum("groups"))
    if code == "satisfaction":
        return _by_month(revealed(), "revealed_at").annotate(**RATING_SUMS)
    moment = "placed_at" if code == "orders" else "approved_at"
    return _by_month(Order.objects.all(), moment).annotate(**ORDER_SUMS)


def _by_month(rows: QuerySet[Any], moment: str) -> QuerySet[Any, dict[str, Any]]:
    return rows.order_by().values(month=TruncMonth(moment, tzinfo=clock.CHINA))
