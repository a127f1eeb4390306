"""The work home ("今天要办的"): each room registers what waits for a person; the kernel shows it in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import clock, workdays


@dataclass(frozen=True)
class WorkQueue:
    """One line of the work home: so many things of a kind wait for this person, the most urgent due at ``due_at``.

    ``since``: when the oldest of them began to wait; said where there is no limit. ``watched``: the duty is another's;
    counted apart from one's own. Where this person may press for it, the label says so.
    """

    section: Any
    label: Any
    url: str
    count: int
    due_at: datetime | None = None
    overdue: int = 0
    since: datetime | None = None
    watched: bool = False

    def waited(self, today: date | None = None) -> str:
        """How long the oldest has waited, in working days; in days when only days of rest have passed."""
        if self.since is None:
            return ""
        day, today = clock.civil(self.since), today or clock.today()
        if day >= today:
            return _("今天收到")
        if n := workdays.between(day, today):
            return ngettext("已等 %(n)s 个工作日", "已等 %(n)s 个工作日", n) % {"n": n}
        n = (today - day).days
        return ngettext("已等 %(n)s 天", "已等 %(n)s 天", n) % {"n": n}


@dataclass(frozen=True)
class Summary:
    """What waits for a person: ``own`` to do, and ``watched``, which another has to do; each most urgent first."""

    own: list[WorkQueue]
    watched: list[WorkQueue]

    @property
    def count(self) -> int:
        return sum(queue.count for queue in self.own)

    @property
    def overdue(self) -> int:
        return sum(queue.overdue for queue in self.own)

    @property
    def with_others(self) -> int:
        return sum(queue.count for queue in self.watched)


# Functions (user, party) → queues; each at most two queries. Rooms append theirs in ``AppConfig.ready``.
SOURCES: list[Callable[[Any, Any], list[WorkQueue]]] = []


def summary(user: Any, party: Any) -> Summary:
    """Everything that waits for the person acting for ``party``, the nearest limit first, then the longest wait; empty
    queues left out."""
    party = party or None  # a request's is lazy: for a person without an organisation it is falsy, not None itself
    found = sorted((queue for source in SOURCES for queue in source(user, party) if queue.count), key=_urgency)
    return Summary([queue for queue in found if not queue.watched], [queue for queue in found if queue.watched])


def _urgency(queue: WorkQueue) -> tuple[bool, bool, float]:
    moment = queue.due_at or queue.since
    return queue.due_at is None, moment is None, moment.timestamp() if moment else 0.0
