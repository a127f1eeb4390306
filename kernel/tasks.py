"""What beat and the worker run. Every task is safe to run twice, late, or not at all until the next time."""

from __future__ import annotations

from celery import shared_task

from kernel.services import deadlines, outbox, schedule


@shared_task(name="kernel.drain_outbox")
def drain_outbox() -> None:
    outbox.drain()


@shared_task(name="kernel.sweep_deadlines")
def sweep_deadlines() -> None:
    if not schedule.held():
        deadlines.sweep()


@shared_task(name="kernel.nightly")
def nightly() -> None:
    if not schedule.held():
        schedule.run_nightly()
