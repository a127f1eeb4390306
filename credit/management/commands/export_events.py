"""Export what a day's scores are made of, for recomputing elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credit.bundle import bundle_write
from credit.scoring.integers import parse_day
from kernel import clock


class Command(BaseCommand):
    help = "Write events.jsonl, rulebook.json, calibration.json, scores.json and the program that recomputes them"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--as-of", default="", help="YYYY-MM-DD, default today")
        parser.add_argument("--out", type=Path, required=True, help="folder to write into")

    def handle(self, *, as_of: str, out: Path, **options: Any) -> None:
        try:
            day: date = parse_day(as_of) if as_of else clock.today()
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(bundle_write(out, day))
        self.stderr.write(f"recompute: python {out / 'scoring' / 'rescore.py'} {out}")
