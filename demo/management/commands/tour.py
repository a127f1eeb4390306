"""Take pictures of every page type."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.logins import logins
from demo.tour import album, camera, site
from demo.tour.stops import every
from demo.tour.visits import signed_in

FOLDER = settings.BASE_DIR / "tour"


class Command(BaseCommand):
    help = "Walk through every page type as the right role and write pictures (390 and 1280 px, Chinese and English)"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--base", help="address of a site that already runs over this database")
        parser.add_argument(
            "--only", nargs="+", default=[], metavar="NAME", help="stops whose name begins with one of these"
        )
        parser.add_argument("--into", type=Path, default=FOLDER, help="folder for the pictures")

    def handle(self, *, base: str | None, only: list[str], into: Path, **options: Any) -> None:
        stops = [stop for stop in every() if not only or stop.name.startswith(tuple(only))]
        if not stops:
            raise CommandError("No stop has such a name. There are: " + ", ".join(stop.name for stop in every()))
        people = {row.role: row.user for row in logins()}
        if not people:
            raise CommandError("There are no demo logins in this database: run ./run once, until the demo is complete.")
        into.mkdir(parents=True, exist_ok=True)
        try:
            camera.program()
            with signed_in(stops, people) as (visits, absent), contextlib.ExitStack() as stack:
                at = base.rstrip("/") if base else stack.enter_context(site.running())
                shots = camera.shoot(visits, at, into, self._seen)
        except (camera.NoBrowser, site.NotStarted) as error:
            raise CommandError(str(error)) from error
        page = album.write(into, shots, absent)
        for stop in absent:
            self.stdout.write(f"nothing to see: {stop.name} ({stop.role or 'visitor'})")
        self.stdout.write(f"{len(shots)} pictures: {page}")
        if any(shot.faults for shot in shots):
            raise CommandError("Some pages are not as they should be; the lines above name them.")

    def _seen(self, shot: camera.Shot) -> None:
        for fault in shot.faults:
            self.stdout.write(f"{shot.file}: {fault}")
