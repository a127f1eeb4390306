"""What the live blocks of the home page show; asked from the owners of the facts, kept for a minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import get_language

from agencies.selectors.storefronts import mark_urls
from cms.models import NewsPage, RankingPage
from credit.models import RankingPublication
from credit.selectors import grade_rows, order_notes, period_name, rules_on, scale_from
from market.selectors import catalogue
from market.selectors.directory import districts
from market.selectors.headline import headline
from market.selectors.stages import by_stage

KEEP_S = 60
BIG = ("orders", "fee_saved", "time_saved", "on_time")
SMALL = ("agencies", "test_groups", "satisfaction")
NEWS_COUNT = 5
RANKING_COUNT = 6


def figures(request: HttpRequest | None) -> dict[str, list[Any]]:
    """The headline figures, each with its definition: four ``big`` ones, the others ``small``."""
    found = {figure.code: figure for figure in _kept("figures", headline)}
    return {"big": [found[code] for code in BIG], "small": [found[code] for code in SMALL]}


def categories(request: HttpRequest | None) -> dict[str, Any]:
    """The trades by stage of a project, and where the agencies sit; each with its numbers."""
    return _kept("trades", lambda: {"stages": by_stage(catalogue.categories()), "districts": districts()})


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
    rated = page.publication.rows.filter(best__isnull=False).select_related("agency__organisation").order_by("position")
    rows = list(rated[:RANKING_COUNT])
    return {
        "page": page,
        "period": period_name(page.publication.period),
        "rows": rows,
        "scale_from": scale_from([row.score_milli - row.half_width_milli for row in rows]),
        "marks": mark_urls(row.agency_id for row in rows),
    }


def grades(request: HttpRequest | None) -> dict[str, Any]:
    """The grades of the rulebook in force, and what it says of effective orders."""
    content = rules_on().content
    return {"rows": grade_rows(content), "order_notes": order_notes(content)}


def _kept(name: str, make: Callable[[], Any]) -> Any:
    return cache.get_or_set(f"home:{name}:{get_language()}", make, KEEP_S)
