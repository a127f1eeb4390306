"""An agency's record as pictures take it: published scores over time, grades by category, days on which work ended.

All of it is public; it is kept for a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import BooleanField, ExpressionWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Agency
from agencies.selectors.regions import ServiceArea, service_area
from credit.selectors.history import Published, published_scores, trend, trend_from
from kernel import clock
from kernel.ui import format
from market.selectors.offers import Standing, standing_of
from orders.models import Order
from orders.selectors.lateness import LATE, TIMED

KEEP_S = 60
MONTHS_DAYS = 183
"""The calendar looks half a year back."""
LEAST_DAYS = 3


@dataclass(frozen=True)
class Scores:
    """``history``: the overview's published lines, oldest first, the unrated among them. ``latest``: category id (None:
    the overview) → what the last ranking of that scope grades the agency, where it does."""

    history: list[Published] = field(default_factory=list)
    latest: dict[int | None, Standing] = field(default_factory=dict)

    @property
    def drawn(self) -> bool:
        """Whether there is a line to draw."""
        return sum(row.rated for row in self.history) > 1

    def points(self) -> list[dict[str, Any]]:
        """As ``ui.trend`` takes them, in thousandths of a point."""
        return trend(self.history)

    @property
    def drawn_from(self) -> int:
        """Where their scale begins: where the pages of credit begin it."""
        return trend_from(self.points())


def scores(agency_id: int) -> Scores:
    """The published scores of an agency; at most one query."""
    return cache.get_or_set(f"market:scores:{agency_id}", lambda: _scores(agency_id), KEEP_S)


def area(agency: Agency) -> ServiceArea:
    """Where the agency works, as its pages say; at most one query. The order form reads it anew."""
    return cache.get_or_set(f"market:area:{agency.pk}", lambda: service_area(agency), KEEP_S)


@dataclass(frozen=True)
class Punctuality:
    """``days`` as ``ui.calendar`` takes them, from ``since`` to ``until``; none while there are too few to be a picture."""

    since: date
    until: date
    days: list[dict[str, Any]]


def punctuality(agency_id: int) -> Punctuality:
    """Days of the last half year on which orders were completed, as ``ui.calendar`` takes them: "good" when all of the
    day were in time (``orders.selectors.lateness``), "bad" when one was not. At most one query."""
    until = clock.today()
    since = until - timedelta(days=MONTHS_DAYS)
    days = cache.get_or_set(f"market:days:{agency_id}:{since}", lambda: _days(agency_id, since), KEEP_S)
    if len(days) < LEAST_DAYS:
        return Punctuality(since, until, [])
    drawn = [{"on": on, "tone": "bad" if late else "good", "text": _on_day(done, late)} for on, done, late in days]
    return Punctuality(since, until, drawn)


def _scores(agency_id: int) -> Scores:
    rows = published_scores(agency_id)
    last = {row.category_id: standing_of(row.graded) for row in rows if row.last and row.rated}
    return Scores([row for row in rows if row.category_id is None], last)


def _days(agency_id: int, since: date) -> list[tuple[date, int, int]]:
    """(day, orders completed on it, how many of them late), oldest first."""
    done = Order.objects.filter(TIMED, agency=agency_id)
    rows = done.filter(completed_at__gte=clock.now() - timedelta(days=MONTHS_DAYS + 1))
    late = ExpressionWrapper(LATE, BooleanField())
    counted: dict[date, list[int]] = {}
    for completed_at, was_late in rows.annotate(late=late).values_list("completed_at", "late"):
        day = format.civil(completed_at)
        if day >= since:
            tally = counted.setdefault(day, [0, 0])
            tally[0] += 1
            tally[1] += was_late
    return [(day, *counted[day]) for day in sorted(counted)]


def _on_day(done: int, late: int) -> str:
    text = ngettext("办结 %(n)s 单", "办结 %(n)s 单", done) % {"n": done}
    if not late:
        return text
    return _("%(done)s，逾期 %(late)s 单") % {"done": text, "late": late}
