"""The accelerated clock: what runs when, what the sweeps have done before, and what a replay keeps quiet about."""

import gc
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from demo import progress, replay
from demo.engine import Engine, after_workdays, last_workday, office
from kernel import clock, registries, workdays
from kernel.models import Deadline
from kernel.services import deadlines, schedule

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 9, tzinfo=clock.CHINA)


def hours(count: float) -> datetime:
    return MONDAY + timedelta(hours=count)


def written(log: list, name: str, *wishes: float):
    """A life that writes down when it acts; ``wishes`` in hours after the start."""
    for wish in wishes:
        yield hours(wish)
        log.append((name, clock.now()))


def run(*lives, until: float = 100, **options) -> Engine:
    engine = Engine(MONDAY, hours(until), **options)
    for life in lives:
        engine.add(life)
    engine.run(breathe=False)
    return engine


def test_everybody_acts_at_the_moment_wished_for_whoever_was_added_first():
    log: list = []
    run(written(log, "a", 1, 30, 31), written(log, "b", 2, 3, 40), written(log, "c", 2))
    assert log == [
        ("a", hours(1)), ("b", hours(2)), ("c", hours(2)), ("b", hours(3)), ("a", hours(30)), ("a", hours(31)), ("b", hours(40)),
    ]  # fmt: skip


def test_the_clock_never_goes_back():
    log: list = []
    run(written(log, "a", 5, 4, 5), written(log, "b", -20))
    second = timedelta(seconds=1)
    assert log == [("b", MONDAY), ("a", hours(5)), ("a", hours(5) + second), ("a", hours(5) + 2 * second)]


def test_nothing_happens_after_the_last_moment():
    log: list = []
    engine = run(written(log, "a", 1, 9, 10), written(log, "b", 11), until=9)
    assert [name for name, _at in log] == ["a", "a"]
    assert engine.steps == 2


def test_a_refusal_stops_the_story():
    log: list = []

    def refused():
        yield hours(2)
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        run(written(log, "a", 1, 3), refused())
    assert [at for _name, at in log] == [hours(1)]


@pytest.fixture
def fired(monkeypatch):
    """The moments at which the limit "story.limit" ran out."""
    found: list = []
    monkeypatch.setitem(registries.deadline_handlers, "story.limit", lambda _row: found.append(clock.now()))
    return found


@pytest.mark.parametrize(("wakes_at", "state"), [(39.2, "open"), (39.3, "fired"), (48, "fired")])
def test_what_was_due_is_done_before_the_next_act(fired, wakes_at, state):
    """One working day from Monday ends on Tuesday at 24:00, hour 39; the night's sweep is a quarter of an hour later."""
    seen: list = []

    def life():
        yield hours(1)
        deadlines.start(subject="story:1", code="story.limit", limit_days=1)
        yield hours(wakes_at)
        seen.append(Deadline.objects.get(subject="story:1").state)

    run(life())
    assert seen == [state]
    assert fired == [hours(39.25)]


def test_sweeps_go_on_when_nobody_acts_any_more(fired):
    def life():
        yield hours(1)
        deadlines.start(subject="story:1", code="story.limit", limit_days=3)

    run(life(), until=24 * 6)
    assert len(fired) == 1


def test_progress_is_told_every_twenty_steps_and_grows():
    told: list = []
    run(written([], "a", *range(1, 91)), progress=lambda fraction, moment: told.append((fraction, moment)))
    assert [moment for _fraction, moment in told] == [hours(n) for n in (20, 40, 60, 80)]
    assert [round(fraction * 100) for fraction, _moment in told] == [20, 40, 60, 80]


def test_progress_survives_a_file_that_is_not_one(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert progress.read() == progress.Progress()
    progress.write(progress.Progress("running", 375, "2026-11-02"))
    assert progress.read() == progress.Progress("running", 375, "2026-11-02")
    for text in ("", "[]", '{"state": "running", "speed": 9}', "\x00"):
        (tmp_path / "replay.json").write_text(text)
        assert progress.read().state == "absent"


def test_text_messages_are_dropped_while_a_replay_runs_and_only_then(capsys):
    def send() -> str:
        import_string(settings.SMS_BACKEND)().send(mobile="+8610000000000", text="一条短信")
        heard = capsys.readouterr()
        return heard.out + heard.err

    usual = settings.SMS_BACKEND
    assert usual != "demo.silence.Silence"
    with replay._alone():
        assert settings.SMS_BACKEND == "demo.silence.Silence"
        assert send() == ""
    assert usual == settings.SMS_BACKEND


def test_a_replay_that_breaks_off_leaves_nothing_switched():
    before = settings.SMS_BACKEND, gc.get_threshold()
    with pytest.raises(ValueError, match="broken"), replay._alone():
        assert schedule.held()
        raise ValueError("broken")
    assert (settings.SMS_BACKEND, gc.get_threshold()) == before
    assert not schedule.held()


def test_people_work_in_working_hours():
    from random import Random

    rng = Random(1)
    saturday = MONDAY + timedelta(days=5)
    for start in (MONDAY.replace(hour=3), MONDAY.replace(hour=12), MONDAY.replace(hour=22), saturday):
        for moment in (office(start, rng), after_workdays(start, 2, rng)):
            local = moment.astimezone(clock.CHINA)
            assert workdays.is_workday(local.date()) and 9 <= local.hour <= 17
    assert office(MONDAY, rng) == MONDAY
    assert workdays.between(clock.civil(MONDAY), clock.civil(after_workdays(MONDAY, 4, rng))) == 4
    assert last_workday(saturday.date()) == saturday.date() - timedelta(days=1)
    assert last_workday(MONDAY.date()) == MONDAY.date()
