"""The replay: the plan's lives through the real services on the accelerated clock, ending on its last day."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.conf import settings

from demo import plan as plans
from demo import progress
from demo.engine import Engine
from demo.lives import agency, centre, editor, order
from demo.scale import FULL, Scale
from demo.world import World, settle
from kernel import clock
from kernel.services import outbox, schedule

Report = Callable[[float, datetime], None]


def run(
    *,
    until: date,
    scale: Scale = FULL,
    seed: str = "chengxuan",
    report: Report | None = None,
    breathe: bool = True,
) -> World:
    """Seed an empty, prepared database. Scheduled sweeps rest meanwhile; the engine runs them itself."""
    plan = plans.build(until, scale, seed)
    progress.write(progress.Progress("running"))
    with _alone():
        world = settle(plan, plan.start)
        editor.identify()
        engine = Engine(plan.start, plan.until, progress=_reporter(report))
        for row in plan.agencies:
            engine.add(agency.life(world, row))
        for row in plan.orders:
            engine.add(order.life(world, row), row.placed_at)
        for life in centre.lives(world):
            engine.add(life)
        engine.add(editor.life(world))
        engine.run(breathe=breathe)
    outbox.drain(limit=1_000_000)
    progress.write(progress.Progress("complete", 1000, until.isoformat()))
    return world


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """No text messages, no scheduled work beside the engine's, and a lazy collector: millions of short-lived rows cost
    a tenth of the time at its usual pace."""
    backend, pace, hold = settings.SMS_BACKEND, gc.get_threshold(), schedule.hold_file()
    settings.SMS_BACKEND = "demo.silence.Silence"
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)
    hold.touch()
    try:
        yield
    finally:
        hold.unlink(missing_ok=True)
        gc.set_threshold(*pace)
        gc.unfreeze()
        settings.SMS_BACKEND = backend


def _reporter(report: Report | None) -> Report:
    def tell(fraction: float, moment: datetime) -> None:
        progress.write(progress.Progress("running", int(fraction * 1000), clock.civil(moment).isoformat()))
        if report:
            report(fraction, moment)

    return tell
