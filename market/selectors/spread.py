"""How an item's prices are spread over the market, and how long it has usually taken: what one offer is held against.

Both are facts of the public; they are kept for a minute, so that a page of an offer asks for neither again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from agencies.selectors import listings as agency_listings
from orders.models import Order

KEEP_S = 60
LEAST_PRICES, LEAST_ORDERS = 5, 3
"""Fewer prices make no picture; fewer durations say nothing, and would point at single agencies."""
BINS = 5
NEWEST = 400
"""Durations are read of the newest finished orders only: what was usual years ago no longer is."""


@dataclass(frozen=True)
class Usual:
    """How long finished orders of an item took: the middle half and the median, in working days, of ``orders`` orders."""

    orders: int
    low: int
    median: int
    high: int


@dataclass(frozen=True)
class Spread:
    """``bins`` as ``ui.distribution`` takes them, of ``offers`` prices by the same unit; no bins below five prices."""

    offers: int
    bins: list[dict[str, Any]]
    cheaper: int | None = None
    """How many offers are cheaper than the one looked at; None when none is looked at."""


def usual_duration(item_id: int) -> Usual | None:
    """None below three finished orders. At most one query."""
    return cache.get_or_set(f"market:usual:{item_id}", lambda: (_usual(item_id),), KEEP_S)[0]


def price_spread(item_id: int, unit: str, here_fen: int | None = None) -> Spread:
    """The unit prices of all public offers of the item by ``unit``; ``here_fen`` marks the bin of one price.

    At most one query.
    """
    prices = cache.get_or_set(f"market:prices:{item_id}:{unit}", lambda: _prices(item_id, unit), KEEP_S)
    cheaper = sum(price < here_fen for price in prices) if here_fen is not None else None
    if len(prices) < LEAST_PRICES or prices[0] == prices[-1]:
        return Spread(len(prices), [], cheaper)
    edges = _edges(prices[0], prices[-1])
    bins = []
    for low, high in zip(edges, edges[1:], strict=False):
        here = here_fen is not None and low <= here_fen < high
        bins.append(
            {
                "label": f"{_yuan(low)}–{_yuan(high)}",
                "count": sum(low <= price < high for price in prices),
                "here": _("本报价") if here else False,
            }
        )
    return Spread(len(prices), bins, cheaper)


def _usual(item_id: int) -> Usual | None:
    rows = Order.objects.filter(item=item_id, status__in=Order.DONE, days_used__isnull=False).order_by("-id")
    taken = sorted(rows.values_list("days_used", flat=True)[:NEWEST])
    if len(taken) < LEAST_ORDERS:
        return None
    last = len(taken) - 1
    return Usual(len(taken), taken[last // 4], taken[last // 2], taken[(3 * last + 3) // 4])


def _prices(item_id: int, unit: str) -> list[int]:
    rows = agency_listings.public().filter(item=item_id, version__unit=unit).order_by()
    return sorted(rows.values_list("version__unit_price_fen", flat=True))


def _edges(lowest: int, highest: int) -> Sequence[int]:
    """Round edges, at most ``BINS`` + 1 steps apart, that hold both ends; the upper edge of a bin is not in it."""
    step = _round_step(highest - lowest)
    first = lowest // step * step
    return range(first, highest + step + 1, step)


def _round_step(span: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, … fen of which ``BINS`` cover the span."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if size * factor * BINS >= span:
                return size * factor
        size *= 10


def _yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"¥{whole:,}.{rest:02d}" if rest else f"¥{whole:,}"
