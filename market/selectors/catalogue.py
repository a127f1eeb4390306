"""Categories and items with how much stands behind them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Min, Q

from agencies.models import Category, ServiceItem
from agencies.selectors import listings as agency_listings


@dataclass(frozen=True)
class Shelf:
    """A category or item with the number of public listings and agencies, and the lowest price among them."""

    thing: Category | ServiceItem
    listings: int
    agencies: int
    from_fen: int | None = None


def categories() -> list[Shelf]:
    """All active categories in order, counted in two queries."""
    counts = _counts("item__category_id")
    return [_shelf(row, counts) for row in Category.objects.filter(active=True)]


def items_of(category: Category) -> list[Shelf]:
    """The active items of a category, counted in two queries."""
    counts = _counts("item_id", item__category=category)
    return [_shelf(row, counts) for row in ServiceItem.objects.filter(active=True, category=category)]


def _counts(key: str, **narrowed: object) -> dict[int, dict[str, int]]:
    rows = agency_listings.public().filter(**narrowed).order_by().values(key)
    summed = rows.annotate(
        listings=Count("id", distinct=True),
        agencies=Count("agency", distinct=True),
        from_fen=Min("version__unit_price_fen", filter=Q(status="published")),
    )
    return {row[key]: row for row in summed}


def _shelf(thing: Category | ServiceItem, counts: dict[int, dict[str, int]]) -> Shelf:
    row = counts.get(thing.pk, {})
    return Shelf(thing, row.get("listings", 0), row.get("agencies", 0), row.get("from_fen"))
