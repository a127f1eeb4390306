"""The one clock. Nobody else asks the time: not ``timezone.now``, not ``auto_now``, not the database's ``Now()``.

System time on SQLite, ``clock_timestamp()`` on PostgreSQL (so that several hosts agree), plus the offset row that a
demo's operator may move forward. Inside ``at(moment)`` the clock stands still at that moment: the replay and the tests
use it. Inside ``pinned()`` the first reading is kept: a page shows one moment and asks the database once.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

CHINA = ZoneInfo("Asia/Shanghai")
_OFFSET_TTL_S = 5.0

_still: ContextVar[datetime | None] = ContextVar("clock_still", default=None)
_pin: ContextVar[list[datetime] | None] = ContextVar("clock_pin", default=None)
_offset: tuple[float, timedelta] | None = None


def now() -> datetime:
    """The present moment, aware, UTC, to the microsecond."""
    if (still := _still.get()) is not None:
        return still
    pin = _pin.get()
    if pin:
        return pin[0]
    moment = _database_now() + demo_offset()
    if pin is not None:
        pin.append(moment)
    return moment


def today() -> date:
    """The civil day in China on which ``now()`` falls; all dates of the business are such days."""
    return now().astimezone(CHINA).date()


def civil(moment: datetime) -> date:
    """The day in China on which ``moment`` falls."""
    return moment.astimezone(CHINA).date()


@contextlib.contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock of this thread still at ``moment`` (aware)."""
    if moment.tzinfo is None:
        raise ValueError("the clock takes aware datetimes only")
    token = _still.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _still.reset(token)


@contextlib.contextmanager
def pinned() -> Iterator[None]:
    """Keep the first reading for the whole block."""
    token = _pin.set([])
    try:
        yield
    finally:
        _pin.reset(token)


def demo_offset() -> timedelta:
    """How far a demo's clock has been moved forward; always zero outside a demo."""
    global _offset
    if not settings.DEMO:
        return timedelta(0)
    tick = time.monotonic()
    if _offset is None or tick - _offset[0] > _OFFSET_TTL_S:
        from kernel.models import ClockOffset

        seconds = ClockOffset.objects.values_list("seconds", flat=True).first() or 0
        _offset = (tick, timedelta(seconds=seconds))
    return _offset[1]


def demo_advance(seconds: int) -> None:
    """Move the demo's clock forward. Backwards would break every order of events, so it is refused."""
    global _offset
    if not settings.DEMO:
        raise RuntimeError("the clock can be moved in a demo only")
    if seconds <= 0:
        raise ValueError("the clock only moves forward")
    from django.db.models import F

    from kernel.models import ClockOffset

    row, _ = ClockOffset.objects.get_or_create(pk=1)
    ClockOffset.objects.filter(pk=row.pk).update(seconds=F("seconds") + seconds)
    _offset = None


def _database_now() -> datetime:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0].astimezone(UTC)
    return datetime.now(UTC)
