"""An agency's score and why it is that: the published one for everybody, the live one for its members and officers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.models import Agency, Category
from agencies.selectors.agencies import IN_DIRECTORY
from credit.forms.case import CLASSES
from credit.models import RankingRow
from credit.scoring.integers import add_months
from credit.selectors.cases import READERS, public_decisions
from credit.selectors.explanation import Explanation, explanation
from credit.selectors.history import Published as Line
from credit.selectors.history import published_lines, trend, trend_from
from credit.selectors.rules import words
from credit.selectors.story import period_name
from credit.views.advice import raises
from kernel import access

HISTORY = 24


@dataclass(frozen=True)
class Published:
    """The published rows of an agency: all of one scope (newest first), and the newest of each scope."""

    history: list[RankingRow]
    scopes: list[RankingRow]

    @property
    def latest(self) -> RankingRow | None:
        """What the agency is graded by today: none where a later ranking of the scope does not list it."""
        return self.history[0] if self.history and self.history[0].last else None

    def trend(self) -> list[dict[str, Any]]:
        """As ``ui.trend`` takes them, the oldest first."""
        return trend(
            Line(row.publication.period, row.publication.category_id, row.grade, row.score_milli, row.half_width_milli)
            for row in reversed(self.history)
        )


def score(request: HttpRequest, pk: int) -> HttpResponse:
    agency = Agency.objects.select_related("organisation__region").filter(pk=pk).first()
    if agency is None:
        raise Http404
    inside = access.belongs_to(request.user, agency.organisation_id) or access.holds(request.user, *READERS)
    if agency.status not in IN_DIRECTORY and not inside:
        raise Http404
    published = published_rows(agency, request.GET.get("category", ""))
    live = inside and request.GET.get("view") != "public"
    category = published.history[0].publication.category if published.history else None
    why = _why(agency, published.latest, category, live)
    drawn = published.trend()
    context = {
        "agency": agency,
        "inside": inside,
        "officer": access.holds(request.user, *READERS),
        "live": live,
        "category": category,
        "published": published,
        "latest": published.latest,
        "why": why,
        "classes": CLASSES,
        "incidents": incidents(agency),
        "raises": raises(why) if why and live else [],
        "trend": drawn,
        "trend_from": trend_from(drawn),
        "period_name": period_name,
    }
    return render(request, "credit/score.html", context)


def published_rows(agency: Agency, code: str = "") -> Published:
    """One query: every published row of the agency, the overview first."""
    rows = list(
        published_lines(agency.pk)
        .select_related("publication__category")
        .defer("publication__content")
        .order_by("-publication__period", "-publication_id")
    )
    newest: dict[str, RankingRow] = {}
    for row in rows:
        newest.setdefault(_code(row), row)
    scopes = sorted(newest.values(), key=lambda row: (_code(row) != "", _code(row)))
    return Published([row for row in rows if _code(row) == code][:HISTORY], scopes)


def _code(row: RankingRow) -> str:
    category: Category | None = row.publication.category
    return category.code if category else ""


def _why(agency: Agency, latest: RankingRow | None, category: Category | None, live: bool) -> Explanation | None:
    """The public reads why the published number is what it is, from the events it was made of."""
    if live:
        return explanation(agency, category=category)
    if latest is None or latest.grade == "NR":
        return None
    publication = latest.publication
    return explanation(agency, publication.as_of, category, public=True, through=publication.events_through)


def incidents(agency: Agency) -> list[dict[str, Any]]:
    """The decisions on display, in words."""
    return [
        {
            "case": decision.event.case,
            "rule": decision.clause,
            "name": words(decision.clause["name"]),
            "serious": decision.serious,
            "repair_from": add_months(decision.event.occurred_on, decision.clause["display"]["min"] or 0),
        }
        for decision in public_decisions(agency)
    ]
