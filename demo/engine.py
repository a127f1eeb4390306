"""An accelerated clock: lives are generators that say when they want to go on, and the engine takes them in order.

Every step runs the real services at its own moment (``clock.at``); between steps the engine runs the sweeps that beat
would have run. A step that raises stops the replay: a demo that hides a refusal would show what the product cannot do.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Generator, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from random import Random

from kernel import clock, workdays
from kernel.services import deadlines, outbox, schedule

Life = Generator[datetime, None, None]
# SQLite has one writer: a breath after every step lets the website write in between.
BREATH_S = 0.002
SWEEP_HOURS = (0.25, 12.2, 17.6)
# The nightly jobs run once a week, and every night of the last days, when what they do is still to be seen. The index
# is kept by the outbox; its nightly rebuild would only be undone by the next day's news.
NIGHTLY_EVERY_DAYS, NIGHTLY_LAST_DAYS = 7, 10
NOT_REPLAYED = frozenset({"market.reindex"})
# The search index follows every so many days of the replay; money and mail move with every sweep.
INDEX_TOPICS, INDEX_EVERY_DAYS = frozenset({"listing_changed", "agency_changed"}), 12


class Engine:
    """Runs lives from ``start`` to ``until`` (aware moments)."""

    def __init__(self, start: datetime, until: datetime, *, progress: Callable[[float, datetime], None] | None = None):
        self.start, self.until = start, until
        self._heap: list[tuple[datetime, int, Life]] = []
        self._born = 0
        self._progress = progress
        self.steps = 0

    def add(self, life: Life, first: datetime | None = None) -> None:
        """Begin a life; it runs to its first wish at once, or at ``first``."""
        if first is None:
            with clock.at(self.start):
                first = next(life, None)
            if first is None:
                return
        self._born += 1
        heapq.heappush(self._heap, (max(first, self.start), self._born, life))

    def run(self, *, breathe: bool = True) -> None:
        sweeps = self._sweep_moments()
        next_sweep = next(sweeps)
        while True:
            wish = self._heap[0][0] if self._heap else self.until
            while next_sweep <= min(wish, self.until):
                self._sweep(next_sweep)
                next_sweep = next(sweeps)
            if not self._heap or wish > self.until:
                break
            moment, born, life = heapq.heappop(self._heap)
            with clock.at(moment):
                again = next(life, None)
            if again is not None:
                heapq.heappush(self._heap, (max(again, moment + timedelta(seconds=1)), born, life))
            self.steps += 1
            if breathe:
                time.sleep(BREATH_S)
            if self._progress and self.steps % 20 == 0:
                self._progress((moment - self.start) / (self.until - self.start), moment)
        with clock.at(self.until):
            outbox.drain(limit=1_000_000)

    def _sweep_moments(self) -> Iterator[datetime]:
        day = clock.civil(self.start)
        while True:
            for hour in SWEEP_HOURS:
                moment = datetime.combine(day, clock_time(), clock.CHINA) + timedelta(hours=hour)
                if moment >= self.start:
                    yield moment
            day += timedelta(days=1)

    def _sweep(self, moment: datetime) -> None:
        with clock.at(moment):
            deadlines.sweep(limit=100_000)
            outbox.drain(limit=1_000_000, skip=INDEX_TOPICS)
            left = (self.until - moment).days
            if moment.astimezone(clock.CHINA).hour == 0 and (
                left < NIGHTLY_LAST_DAYS or left % NIGHTLY_EVERY_DAYS == 0
            ):
                schedule.run_nightly(skip=NOT_REPLAYED)
            if moment.astimezone(clock.CHINA).hour == 0 and left % INDEX_EVERY_DAYS == 0:
                outbox.drain(limit=1_000_000)


def office(moment: datetime, rng: Random) -> datetime:
    """The moment moved into working hours (9:00–11:30, 13:30–17:00 of a working day), if it is not there yet."""
    local = moment.astimezone(clock.CHINA)
    day = local.date()
    if not workdays.is_workday(day) or local.time() > clock_time(17, 0):
        day = workdays.add(day, 1)
        return _at_work(day, rng)
    if local.time() < clock_time(9, 0) or clock_time(11, 30) < local.time() < clock_time(13, 30):
        return _at_work(day, rng, afternoon=local.time() > clock_time(11, 0))
    return moment


def after_workdays(moment: datetime, days: int, rng: Random) -> datetime:
    """Some time in working hours of the ``days``-th working day after ``moment``; with 0, a little later."""
    if days <= 0:
        return office(moment + timedelta(minutes=rng.randint(20, 150)), rng)
    return _at_work(workdays.add(clock.civil(moment), days), rng)


def working_moment(day: date, rng: Random) -> datetime:
    """Some time in working hours of a day, or of the next working day."""
    return _at_work(workdays.add(day, 0), rng)


def last_workday(day: date) -> date:
    """The day itself, or the last working day before it."""
    while not workdays.is_workday(day):
        day -= timedelta(days=1)
    return day


def _at_work(day: date, rng: Random, *, afternoon: bool | None = None) -> datetime:
    late = rng.random() < 0.55 if afternoon is None else afternoon
    minutes = rng.randint(13 * 60 + 30, 17 * 60) if late else rng.randint(9 * 60, 11 * 60 + 30)
    base = datetime.combine(day, clock_time(), clock.CHINA)
    return base + timedelta(minutes=minutes, seconds=rng.randint(0, 59))
