"""What a ranking of a period says, computed from events; and the publications that exist."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Category
from credit.models import RankingPublication
from credit.scoring import Score, rank_list, score_agency
from credit.selectors.facts import agency_labels, facts, facts_sha256
from credit.selectors.grades import UNRATED
from credit.selectors.rules import Rules
from kernel.errors import DomainError

LISTED = (Agency.Status.ACTIVE, Agency.Status.SUSPENDED)


def period_end(period: str) -> date:
    """The last day of a month "2026-10". DomainError ``ranking.period``."""
    try:
        year, month = int(period[:4]), int(period[5:])
        if len(period) != 7 or period[4] != "-" or not period.replace("-", "").isascii():
            raise ValueError(period)
        return date(year, month, calendar.monthrange(year, month)[1])
    except (ValueError, IndexError) as error:
        raise DomainError(
            "ranking.period", _("期间“%(period)s”无法识别。") % {"period": period}, _("请写成 2026-10 这样的年月。")
        ) from error


def scale_from(lows: list[int]) -> int:
    """Where the line of a score begins, in thousandths: the hundred below the lowest interval shown, so that the bands can
    be told apart. The same on every page of one list."""
    return max(min(lows, default=0) // 100_000 * 100_000, 0)


def listed_agencies(category: Category | None) -> QuerySet[Agency]:
    """Who is on the list: in the market now, and (for a category) registered in it."""
    rows = Agency.objects.filter(status__in=LISTED)
    return rows if category is None else rows.filter(categories=category)


def ranking_content(
    *, period: str, category: Category | None, rules: Rules, through: int
) -> tuple[dict[str, Any], dict[str, int]]:
    """(the list, {agency label: id}) for the period's last day, from events up to id `through`. Pure but for reading:
    the same events give the same bytes."""
    as_of = period_end(period)
    labels = agency_labels(listed_agencies(category).values_list("pk", flat=True))
    events = facts(labels, through=through)
    code = category.code if category else None
    terms = rules.terms(code)
    scores = {label: score_agency(label, events[pk], terms, None, as_of) for pk, (label, _name) in labels.items()}
    names = dict(labels.values())
    rated = [(s.agency, s.score_milli, s.variance) for s in scores.values() if s.grade != UNRATED]
    rows = [
        {
            **_line(scores[r.agency], names[r.agency], rules),
            "rank": r.rank,
            "best": r.best,
            "worst": r.worst,
            "group": r.group,
        }
        for r in rank_list(rated, rules.content["interval"]["z_milli"])
    ]
    unrated = [_line(score, names[label], rules) for label, score in sorted(scores.items()) if score.grade == UNRATED]
    content = {
        "v": 1,
        "period": period,
        "category": code,
        "as_of": as_of.isoformat(),
        "rulebook": rules.rulebook.sha256,
        "calibration": rules.calibration.sha256,
        "events": facts_sha256((e for found in events.values() for e in found), as_of),
        "rows": rows,
        "unrated": unrated,
    }
    return content, {label: pk for pk, (label, _name) in labels.items()}


def _line(score: Score, name: str, rules: Rules) -> dict[str, Any]:
    return {
        "agency": score.agency,
        "name": name,
        "grade": score.grade,
        "stars": rules.grade(score.grade)["stars"],
        "score_milli": score.score_milli,
        "half_width_milli": score.half_width_milli,
        "low_milli": score.low_milli,
        "high_milli": score.high_milli,
        "effective_orders_milli": score.effective_orders_milli,
        "clients": score.clients,
        "pillars": {p.code: p.points_milli for p in score.pillars},
    }


def publications(*, published_only: bool = True) -> QuerySet[RankingPublication]:
    """Rankings, newest first, without their (large) content."""
    rows = RankingPublication.objects.select_related("category", "rulebook", "drafted_by", "published_by")
    if published_only:
        rows = rows.filter(status=RankingPublication.Status.PUBLISHED)
    return rows.defer("content", "rulebook__content", "rulebook__source")


def publication_by_number(number: str, *, published_only: bool = True) -> RankingPublication:
    """One ranking with its content; RankingPublication.DoesNotExist for anything the public may not see."""
    rows = RankingPublication.objects.select_related(
        "category", "rulebook", "calibration", "drafted_by", "published_by"
    )
    if published_only:
        rows = rows.filter(status=RankingPublication.Status.PUBLISHED)
    return rows.get(number=number)


def latest_publication(category: Category | None = None) -> RankingPublication | None:
    """The last published ranking of a category, or of the overview."""
    return publications().filter(category=category).order_by("-period", "-id").first()


@dataclass(frozen=True)
class Change:
    """How an agency's line differs from the period before. ``moved`` is places gained (negative: lost); None where it
    was or is not rated. ``grade_before`` "" where it was not on the list at all."""

    moved: int | None
    grade_before: str
    grade: str

    @property
    def regraded(self) -> bool:
        return self.grade_before != self.grade


@dataclass(frozen=True)
class Changes:
    """A list against the one published before it. ``lines`` by agency label; ``gone``: names no longer on it."""

    period: str
    number: str
    lines: dict[str, Change]
    gone: list[str]

    @property
    def up(self) -> int:
        return sum(1 for c in self.lines.values() if c.moved is not None and c.moved > 0)

    @property
    def down(self) -> int:
        return sum(1 for c in self.lines.values() if c.moved is not None and c.moved < 0)


def changes(ranking: RankingPublication) -> Changes | None:
    """What changed against the last list of the same scope published for an earlier period; one query."""
    before = (
        RankingPublication.objects.filter(
            status=RankingPublication.Status.PUBLISHED, category_id=ranking.category_id, period__lt=ranking.period
        )
        .order_by("-period", "-id")
        .only("number", "period", "content")
        .first()
    )
    if before is None:
        return None
    old = {line["agency"]: line for key in ("rows", "unrated") for line in before.content[key]}
    new = {line["agency"]: line for key in ("rows", "unrated") for line in ranking.content[key]}
    lines = {label: _change(old.get(label), line) for label, line in new.items()}
    return Changes(before.period, before.number, lines, [line["name"] for k, line in old.items() if k not in new])


def _change(old: dict[str, Any] | None, new: dict[str, Any]) -> Change:
    moved = old["rank"] - new["rank"] if old and "rank" in old and "rank" in new else None
    return Change(moved, old["grade"] if old else "", new["grade"])
