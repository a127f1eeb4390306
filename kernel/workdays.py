"""Working days of mainland China: the State Council's calendar (with make-up days) and the county's own overrides.

A time limit of *n* working days that starts on day *d* ends at the close (24:00, China) of the *n*-th working day after
*d*: the day itself does not count (民法典 §201). "Received in time" is ``moment <= due_at``.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from functools import lru_cache

import holidays

from kernel import clock

_TTL_S = 5.0
_overrides: tuple[float, dict[date, bool]] | None = None


def is_workday(day: date) -> bool:
    override = overrides().get(day)
    return _statutory(day) if override is None else override


def add(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; with 0, ``day`` itself or the next working day."""
    if count < 0:
        raise ValueError("working days are counted forward")
    if count == 0:
        while not is_workday(day):
            day += timedelta(days=1)
        return day
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def between(start: date, end: date) -> int:
    """How many working days lie after ``start`` up to and including ``end``; negative when ``end`` comes first."""
    if end < start:
        return -between(end, start)
    return sum(is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def due_at(start: datetime, count: int) -> datetime:
    """The last moment of a limit of ``count`` working days that began at ``start``."""
    return close_of(add(clock.civil(start), count))


def close_of(day: date) -> datetime:
    """The last moment of a civil day in China (a limit expires at 24:00)."""
    return datetime.combine(day + timedelta(days=1), clock_time(), clock.CHINA) - timedelta(microseconds=1)


def overrides() -> dict[date, bool]:
    """Editable exceptions, kept for a few seconds a process."""
    global _overrides
    tick = time.monotonic()
    if _overrides is None or tick - _overrides[0] > _TTL_S:
        from kernel.models import CalendarDay

        _overrides = (tick, dict(CalendarDay.objects.values_list("day", "is_workday")))
    return _overrides[1]


def forget_overrides() -> None:
    global _overrides
    _overrides = None


@lru_cache(maxsize=8192)
def _statutory(day: date) -> bool:
    return _china(day.year).is_working_day(day)


@lru_cache(maxsize=64)
def _china(year: int) -> holidays.HolidayBase:
    # The neighbours matter: New Year's bridge days are published with the other year.
    return holidays.country_holidays("CN", years=[year - 1, year, year + 1])


def knows_make_up_days(year: int) -> bool:
    """Whether the library already has the year's make-up days (they are published in the autumn before)."""
    return any(day.year == year for day in _china(year).weekend_workdays)
