"""What beat and the worker run. Every task is safe to run twice, late, or not at all until the next time."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from kernel import clock
from kernel.services import deadlines, outbox, schedule

# While a demo replays its past, the worker sees to what visitors do now and leaves older messages to the replay.
REPLAY_MARGIN = timedelta(minutes=10)


@shared_task(name="kernel.drain_outbox")
def drain_outbox() -> None:
    outbox.drain(since=clock.now() - REPLAY_MARGIN if schedule.held() else None)


@shared_task(name="kernel.sweep_deadlines")
def sweep_deadlines() -> None:
    if not schedule.held():
        deadlines.sweep()


@shared_task(name="kernel.nightly")
def nightly() -> None:
    if not schedule.held():
        schedule.run_nightly()
