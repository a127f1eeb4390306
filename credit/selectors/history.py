"""An agency's published scores over time: the months of every scope, which of them is the last word, and the points of
the drawing that shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from credit.models import RankingPublication, RankingRow
from credit.selectors.grades import UNRATED, Grade
from credit.selectors.story import period_name
from kernel.ui.format import points

TOP = 1_000_000
# Points at which the drawing of an agency's scores begins, wherever it is shown.
TREND_FROM = 500


@dataclass(frozen=True)
class Published:
    """One line of a published ranking. Scores in milli-points; they mean nothing where the grade is "NR". ``last``: no
    later ranking of the scope is published, so this is what the agency is graded today."""

    period: str
    category_id: int | None
    grade: str
    score_milli: int
    half_width_milli: int
    last: bool = False

    @property
    def rated(self) -> bool:
        return self.grade != UNRATED

    @property
    def graded(self) -> Grade:
        """What a line says, as everybody else reads a grade."""
        return Grade(self.grade, self.score_milli, self.half_width_milli, self.period) if self.rated else Grade()


def published_scores(agency_id: int) -> list[Published]:
    """Every published line of the agency, the overview's (category None) and each category's, oldest first; one query.

    A scope none of whose lines is ``last`` does not grade the agency today: a later ranking no longer lists it.
    """
    found = published_lines(agency_id).order_by("publication__period", "publication_id")
    wanted = ("publication__period", "publication__category_id", "grade", "score_milli", "half_width_milli", "last")
    return [Published(*row) for row in found.values_list(*wanted)]


def published_lines(agency_id: int) -> QuerySet[RankingRow]:
    """The rows those are made of, each with ``last``; unordered."""
    no_category = Coalesce("category_id", 0)
    later = RankingPublication.objects.annotate(scope=no_category).filter(
        Q(period__gt=OuterRef("publication__period"))
        | Q(period=OuterRef("publication__period"), pk__gt=OuterRef("publication_id")),
        status=RankingPublication.Status.PUBLISHED,
        scope=Coalesce(OuterRef("publication__category_id"), 0),
    )
    rows = RankingRow.objects.filter(agency=agency_id, publication__status=RankingPublication.Status.PUBLISHED)
    return rows.annotate(last=~Exists(later))


def trend(rows: Iterable[Published]) -> list[dict[str, Any]]:
    """Lines of one scope, oldest first, as ``ui.trend`` takes them with ``unit=1000``: thousandths of a point with their
    interval, in words to one decimal; a month without a grade is a gap."""
    return [_point(row) for row in rows]


def trend_from(drawn: Iterable[dict[str, Any]]) -> int:
    """Where the scale of the drawing begins, in points: TREND_FROM, which tells months apart; 0 where an interval reaches
    below that."""
    lows = [point["low"] for point in drawn if point["value"] is not None]
    return TREND_FROM if min(lows, default=TOP) >= TREND_FROM * 1000 else 0


def _point(row: Published) -> dict[str, Any]:
    label = period_name(row.period)
    if not row.rated:
        return {"label": label, "value": None, "text": _("样本不足")}
    low, high = max(row.score_milli - row.half_width_milli, 0), min(row.score_milli + row.half_width_milli, TOP)
    return {
        "label": label,
        "value": row.score_milli,
        "low": low,
        "high": high,
        "text": f"{points(row.score_milli)} {row.grade}",
        "range_text": f"{points(low)}–{points(high)}",
    }
