"""Seed the demo: five months of a fictional county through the real services."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from demo import progress
from demo.replay import run
from kernel import append_only, clock
from kernel.models import Organisation


class Command(BaseCommand):
    help = "Replay the demo's five months (DEMO=1 only); an interrupted replay begins again from an empty database"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--until", type=date.fromisoformat, help="last day (default: today)")

    def handle(self, *, until: date | None, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo installation: set DEMO=1.")
        if progress.read().state == "complete":
            self.stdout.write("the demo is complete")
            return
        if Organisation.objects.exists():
            self._empty()
        bar = Progress(
            TextColumn("demo {task.fields[day]}"), BarColumn(), "{task.percentage:3.0f} %", TimeElapsedColumn()
        )
        with bar:
            task = bar.add_task("", total=1.0, day="")

            def report(fraction: float, moment: datetime) -> None:
                bar.update(task, completed=fraction, day=clock.civil(moment).isoformat())

            run(until=until or clock.today(), report=report)
        self.stdout.write("the demo is complete")

    def _empty(self) -> None:
        """What an interrupted replay left behind: the story has no middle to begin from."""
        self.stdout.write("an interrupted replay was found; beginning again")
        append_only.remove()
        call_command("flush", interactive=False, verbosity=0)
        append_only.install()
        call_command("prepare")
