"""Working days against a slow oracle, the published calendar, and the county's own overrides."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import clock, workdays
from kernel.models import CalendarDay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_overrides():
    workdays.forget_overrides()
    yield
    workdays.forget_overrides()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False), (date(2026, 10, 10), True), (date(2026, 10, 11), False), (date(2026, 2, 17), False),
        (date(2026, 2, 14), True), (date(2026, 11, 20), True), (date(2026, 11, 21), False),
    ],
)  # fmt: skip
def test_the_published_calendar_of_2026(day, works):
    """国务院办公厅 2026 年节假日安排: national day, its make-up Saturday, Spring Festival and its make-up Saturday."""
    assert workdays.is_workday(day) is works


def test_an_override_wins():
    CalendarDay.objects.create(day=date(2026, 11, 21), is_workday=True, note="调休")
    workdays.forget_overrides()
    assert workdays.is_workday(date(2026, 11, 21))
    assert workdays.add(date(2026, 11, 20), 1) == date(2026, 11, 21)


@settings(deadline=None, max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2028, 12, 31)), st.integers(0, 60))
def test_add_and_between_against_counting_by_hand(day, count):
    end = workdays.add(day, count)
    by_hand = sum(workdays.is_workday(day + timedelta(days=n)) for n in range(1, (end - day).days + 1))
    assert workdays.is_workday(end)
    if count:
        assert by_hand == count == workdays.between(day, end)
        assert workdays.between(end, day) == -count


def test_a_limit_ends_at_midnight_in_china():
    begun = datetime(2026, 11, 20, 15, 0, tzinfo=clock.CHINA)  # a Friday
    due = workdays.due_at(begun, 1)
    assert due == datetime(2026, 11, 23, 23, 59, 59, 999999, tzinfo=clock.CHINA)


def test_refuses_to_count_backwards():
    with pytest.raises(ValueError, match="forward"):
        workdays.add(date(2026, 1, 1), -1)


@pytest.mark.parametrize(
    ("day", "known", "warned"),
    [
        (date(2026, 12, 1), False, 1),
        (date(2026, 12, 1), True, 0),
        (date(2026, 12, 2), False, 0),
        (date(2026, 11, 1), False, 0),
    ],
)
def test_administrators_are_warned_when_next_years_make_up_days_are_missing(monkeypatch, day, known, warned):
    from kernel.models import Notification
    from kernel.services.schedule import calendar_warning
    from tests.factories import make_staff

    administrator = make_staff("administrator")
    monkeypatch.setattr(workdays, "knows_make_up_days", lambda year: known)
    with clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=clock.CHINA)):
        calendar_warning()
    assert Notification.objects.filter(user=administrator, kind="calendar").count() == warned


def test_the_warning_comes_thrice(monkeypatch):
    from kernel.models import Notification
    from kernel.services.schedule import calendar_warning
    from tests.factories import make_staff

    make_staff("administrator")
    monkeypatch.setattr(workdays, "knows_make_up_days", lambda year: False)
    for day in range(1, 32):
        with clock.at(datetime(2026, 12, day, 9, tzinfo=clock.CHINA)):
            calendar_warning()
    assert Notification.objects.filter(kind="calendar").count() == 3
