"""Green, amber, red: how a deadline stands. A lamp always comes with a word (the interface adds a shape)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel import clock, workdays
from kernel.models import Deadline

# Amber with so many working days left or fewer, whatever the length of the limit: of two lamps in a list, and of two pages,
# the one with fewer days is never the greener.
NEAR_DAYS = 2


@dataclass(frozen=True)
class Lamp:
    """``colour`` is green, amber, red or grey; ``days`` are working days left (negative: overdue)."""

    colour: str
    word: Any
    days: int
    due_at: datetime | None


def colour(due_at: datetime, *, moment: datetime | None = None) -> str:
    """Red, amber or green: how a running limit that ends at ``due_at`` stands at ``moment`` (default: now)."""
    at = moment or clock.now()
    if at > due_at:
        return "red"
    return "amber" if workdays.between(clock.civil(at), clock.civil(due_at)) <= NEAR_DAYS else "green"


def lamp(deadline: Deadline | None, *, moment: datetime | None = None, paused: bool = False) -> Lamp:
    """The lamp of an open deadline at ``moment`` (default: now)."""
    if deadline is None:
        return Lamp("grey", _("无期限"), 0, None)
    at = moment or clock.now()
    if paused:
        return Lamp("grey", _("计时暂停"), 0, deadline.due_at)
    left = workdays.between(clock.civil(at), clock.civil(deadline.due_at))
    if at > deadline.due_at:
        late = max(-left, 1)
        return Lamp(
            "red", ngettext("逾期 %(n)s 个工作日", "逾期 %(n)s 个工作日", late) % {"n": late}, -late, deadline.due_at
        )
    if left == 0:
        return Lamp("amber", _("今天到期"), 0, deadline.due_at)
    word = ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left) % {"n": left}
    return Lamp(colour(deadline.due_at, moment=at), word, left, deadline.due_at)
