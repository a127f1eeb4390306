"""What the live blocks of the home page show; asked from the owners of the facts, kept for a minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language

from agencies.models import Category
from cms.models import NewsPage, RankingPage
from credit.models import RankingPublication
from market.selectors.headline import headline

KEEP_S = 60
ON_HOME = ("agencies", "orders", "test_groups", "fee_saved", "time_saved", "on_time", "satisfaction")
NEWS_COUNT = 6
RANKING_COUNT = 8


def figures(request: HttpRequest | None) -> list[Any]:
    """The headline figures, each with its definition."""
    found = _kept("figures", headline)
    return sorted((f for f in found if f.code in ON_HOME), key=lambda f: ON_HOME.index(f.code))


def categories(request: HttpRequest | None) -> list[Category]:
    """The trades of the market in their order."""
    return _kept("categories", lambda: list(Category.objects.filter(active=True)))


def news(request: HttpRequest | None) -> list[NewsPage]:
    """The newest notices."""
    return list(NewsPage.objects.live().order_by("-published_on", "-id")[:NEWS_COUNT])


def ranking(request: HttpRequest | None) -> dict[str, Any] | None:
    """The newest published overview and its first rows; None before the first publication."""
    page = (
        RankingPage.objects.live()
        .filter(publication__category__isnull=True, publication__status=RankingPublication.Status.PUBLISHED)
        .select_related("publication")
        .order_by("-publication__period")
        .first()
    )
    if page is None:
        return None
    rows = page.publication.rows.filter(best__isnull=False).select_related("agency__organisation")
    return {"page": page, "rows": list(rows[:RANKING_COUNT])}


def _kept(name: str, make: Callable[[], Any]) -> Any:
    return cache.get_or_set(f"home:{name}:{get_language()}", make, KEEP_S)
