"""Clock, deadlines, reminders, pauses, lamps: what falls due, when, and once."""

from datetime import datetime, timedelta

import pytest

from kernel import clock, lamps, workdays
from kernel.errors import DomainError
from kernel.models import Deadline, Pause, Reminder
from kernel.registries import deadline_handlers, reminder_handlers
from kernel.services import deadlines

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=clock.CHINA)
TICK = timedelta(milliseconds=1)


@pytest.fixture
def calls(monkeypatch):
    seen = []
    monkeypatch.setitem(deadline_handlers, "test.limit", lambda row: seen.append(("due", row.subject)))
    monkeypatch.setitem(reminder_handlers, "test.limit", lambda row: seen.append(("remind", row.days_before)))
    return seen


def _start(limit=5, reminders=(3, 1)):
    with clock.at(MONDAY):
        return deadlines.start(subject="thing:1", code="test.limit", limit_days=limit, reminders=reminders)


def _sweep(moment):
    with clock.at(moment):
        return deadlines.sweep()


def test_fires_once_and_only_after_the_last_moment(calls):
    row = _start(reminders=())
    assert _sweep(row.due_at - TICK) == 0
    assert _sweep(row.due_at) == 0, "a thing received at the last moment is in time"
    assert _sweep(row.due_at + TICK) == 1
    assert _sweep(row.due_at + timedelta(days=9)) == 0
    assert calls == [("due", "thing:1")]
    row.refresh_from_db()
    assert row.state == Deadline.State.FIRED


def test_reminds_before_and_once(calls):
    row = _start()
    _sweep(row.due_at - timedelta(days=1, hours=1))
    _sweep(row.due_at - timedelta(hours=1))
    assert [call for call in calls if call[0] == "remind"] == [("remind", 3), ("remind", 1)]


def test_what_was_met_or_cancelled_never_fires(calls):
    row = _start()
    with clock.at(MONDAY + timedelta(days=1)):
        deadlines.meet(subject="thing:1", code="test.limit")
    _sweep(row.due_at + timedelta(days=3))
    assert calls == []


def test_one_open_deadline_of_a_kind():
    from django.db import IntegrityError, transaction

    _start()
    with pytest.raises(IntegrityError), transaction.atomic():
        _start()


def test_a_pause_moves_the_deadline_by_its_working_days(calls):
    row = _start()
    with clock.at(MONDAY + timedelta(days=1)):
        deadlines.pause(subject="thing:1", cause="weather")
    assert _sweep(row.due_at + timedelta(days=30)) == 0, "a paused subject waits"
    with clock.at(MONDAY + timedelta(days=8)):  # Tuesday → Tuesday: five working days
        pause = deadlines.resume(subject="thing:1")
    assert pause.workdays == 5
    moved = Deadline.objects.get(pk=row.pk)
    assert moved.due_at == workdays.due_at(row.due_at, 5)
    assert list(Reminder.objects.filter(deadline=row).order_by("days_before").values_list("due_at", flat=True)) == [
        workdays.due_at(MONDAY, 4 + 5), workdays.due_at(MONDAY, 2 + 5)
    ]  # fmt: skip


def test_pausing_twice_and_resuming_nothing_are_refused():
    deadlines.pause(subject="thing:1", cause="weather")
    with pytest.raises(DomainError, match="暂停"):
        deadlines.pause(subject="thing:1", cause="weather")
    deadlines.resume(subject="thing:1")
    with pytest.raises(DomainError, match="没有暂停"):
        deadlines.resume(subject="thing:1")
    assert Pause.objects.count() == 1


def test_a_handler_that_fails_leaves_the_deadline_for_the_next_sweep(monkeypatch):
    row = _start(reminders=())
    attempts = []

    def handler(deadline):
        attempts.append(deadline.pk)
        if len(attempts) == 1:
            raise RuntimeError("the first time")

    monkeypatch.setitem(deadline_handlers, "test.limit", handler)
    assert _sweep(row.due_at + TICK) == 0
    assert Deadline.objects.get(pk=row.pk).state == Deadline.State.OPEN
    assert _sweep(row.due_at + TICK) == 1
    assert len(attempts) == 2


def test_limits_without_a_handler_and_paused_ones_take_nobodys_place(calls):
    with clock.at(MONDAY):
        deadlines.start(subject="lamp:1", code="test.lamp", limit_days=1)
        deadlines.start(subject="still:1", code="test.limit", limit_days=1)
        deadlines.pause(subject="still:1", cause="weather")
        row = deadlines.start(subject="thing:1", code="test.limit", limit_days=2)
    with clock.at(row.due_at + TICK):
        assert deadlines.sweep(limit=1) == 1
    assert calls == [("due", "thing:1")]


def test_reminders_of_a_paused_subject_take_nobodys_place(calls):
    with clock.at(MONDAY):
        deadlines.start(subject="still:1", code="test.limit", limit_days=4, reminders=(3,))
        deadlines.pause(subject="still:1", cause="weather")
        deadlines.start(subject="thing:1", code="test.limit", limit_days=4, reminders=(2,))
    with clock.at(MONDAY + timedelta(days=3)):
        assert deadlines.sweep(limit=1) == 1
    assert calls == [("remind", 2)]


def test_a_reminder_that_fails_stops_no_other_and_comes_again(monkeypatch, calls):
    broken = ["order of things"]

    def handler(reminder):
        if broken:
            raise RuntimeError(broken.pop())
        calls.append(("late", reminder.deadline.subject))

    monkeypatch.setitem(reminder_handlers, "test.broken", handler)
    with clock.at(MONDAY):
        deadlines.start(subject="broken:1", code="test.broken", limit_days=9, reminders=(8,))
    row = _start(limit=3, reminders=(1,))
    with clock.at(MONDAY):
        due = deadlines.start(subject="thing:2", code="test.limit", limit_days=1)
    assert _sweep(due.due_at + timedelta(days=1)) == 2
    assert calls == [("remind", 1), ("due", "thing:2")]
    assert _sweep(row.due_at - TICK) == 1
    assert calls[-1] == ("late", "broken:1")


@pytest.mark.parametrize(
    ("days_later", "colour", "left"),
    [(0, "green", 10), (8, "green", 4), (10, "amber", 2), (11, "amber", 1), (14, "amber", 0), (15, "red", -1)],
)
def test_lamps(days_later, colour, left):
    with clock.at(MONDAY):
        row = deadlines.start(subject="thing:1", code="test.limit", limit_days=10)
    lamp = lamps.lamp(row, moment=MONDAY + timedelta(days=days_later))
    assert (lamp.colour, lamp.days) == (colour, left)
    assert str(lamp.word)


def test_the_same_days_left_shine_alike_whatever_the_limit():
    """Of a list and of the work home: nearness is counted in days left alone, and the last working day is never green."""
    for left, expected in ((3, "green"), (2, "amber"), (1, "amber")):
        with clock.at(MONDAY):
            rows = [
                deadlines.start(subject=f"thing:{left}{limit}", code="test.limit", limit_days=limit)
                for limit in (3, 12)
            ]
        for row in rows:
            seen = workdays.close_of(workdays.add(clock.civil(MONDAY), row.limit_days - left))
            assert (lamps.lamp(row, moment=seen).days, lamps.lamp(row, moment=seen).colour) == (left, expected)
            assert lamps.colour(row.due_at, moment=seen) == expected


def test_a_still_clock_and_a_pinned_clock():
    with clock.at(MONDAY):
        assert clock.now() == MONDAY
        assert clock.today() == MONDAY.date()
    with clock.pinned():
        assert clock.now() == clock.now()
    with pytest.raises(ValueError, match="aware"), clock.at(datetime(2026, 1, 1)):
        pass


def test_the_demo_clock_moves_forward_only_and_only_in_a_demo(settings):
    settings.DEMO = True
    before = clock.now()
    clock.demo_advance(3600)
    assert clock.now() - before >= timedelta(hours=1)
    with pytest.raises(ValueError, match="forward"):
        clock.demo_advance(0)
    settings.DEMO = False
    with pytest.raises(RuntimeError, match="demo"):
        clock.demo_advance(60)
    assert clock.now() - before < timedelta(minutes=10)
