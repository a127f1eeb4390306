"""Take pictures of every page type, or look for faults instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.tour import album, browser, camera, findings, inspection, pace, postcards, site
from demo.tour.guises import MODES, outfits
from demo.tour.stops import Stop, every
from demo.tour.visits import Visit
from demo.tour.walk import NobodyThere, walk

FOLDER = settings.BASE_DIR / "tour"
README = settings.BASE_DIR / "docs" / "images"


class Command(BaseCommand):
    help = "Walk through every page type as the right role and write pictures, with an index page; --check looks for faults"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--base", help="address of a site that already runs over this database")
        parser.add_argument(
            "--only", nargs="+", default=[], metavar="NAME", help="stops whose name begins with one of these"
        )
        parser.add_argument("--first", action="store_true", help="the first stop of each kind only: a quick look")
        parser.add_argument("--into", type=Path, default=FOLDER, help="folder for the pictures")
        parser.add_argument("--mode", nargs="+", default=list(MODES), choices=MODES, help="these modes only")
        parser.add_argument(
            "--every",
            action="store_true",
            help="every stop in every mode, not one of each kind; with --check: axe in every guise",
        )
        parser.add_argument(
            "--check", action="store_true", help="no pictures: axe, inline code, unused style, bytes; into check.json"
        )
        parser.add_argument("--readme", action="store_true", help="only renew the four pictures in docs/images")

    def handle(self, *, base: str | None, only: list[str], into: Path, **options: Any) -> None:
        stops = [stop for stop in every() if not only or stop.name.startswith(tuple(only))]
        if not stops:
            raise CommandError("No stop has such a name. There are: " + ", ".join(stop.name for stop in every()))
        if options["first"]:
            kinds = {stop.kind: stop for stop in reversed(stops)}
            stops = [stop for stop in stops if kinds[stop.kind] is stop]
        if options["readme"]:
            into, stops = README, postcards.wanted(stops)
        into.mkdir(parents=True, exist_ok=True)
        try:
            browser.program()
            with walk(stops, base) as (visits, absent, at):
                if options["readme"]:
                    self._postcards(visits, absent, at, into)
                elif options["check"]:
                    self._check(visits, at, into, options["every"])
                else:
                    self._pictures(visits, absent, at, into, options["mode"], options["every"])
        except (browser.NoBrowser, NobodyThere, postcards.Unfit, site.NotStarted) as error:
            raise CommandError(str(error)) from error

    def _pictures(
        self, visits: list[Visit], absent: list[Stop], base: str, into: Path, modes: list[str], every: bool
    ) -> None:
        worn = list(outfits(visits, modes, every=every))
        with pace.shown(len(worn)) as (step, say):

            def seen(shots: list[camera.Shot]) -> None:
                for shot in shots:
                    for fault in shot.faults:
                        say(f"{shot.file}: {fault}")
                step(shots[0].visit.stop.name)

            shots = camera.shoot(worn, base, into, seen)
        page = album.write(into, shots, absent)
        for stop in absent:
            self.stdout.write(f"nothing to see: {stop.name} ({stop.role or 'visitor'})")
        self.stdout.write(f"{len(shots)} pictures: {page}")
        if any(shot.faults for shot in shots):
            raise CommandError("Some pages are not as they should be; the lines above name them.")

    def _postcards(self, visits: list[Visit], absent: list[Stop], base: str, into: Path) -> None:
        if absent:
            raise CommandError("There is nothing to see at " + ", ".join(stop.name for stop in absent))
        for path in postcards.renew(visits, base, into):
            self.stdout.write(f"{path} {path.stat().st_size >> 10} KB")

    def _check(self, visits: list[Visit], base: str, into: Path, every: bool) -> None:
        with pace.shown(len(visits)) as (step, say):

            def seen(visit: Visit, found: list[inspection.Finding]) -> None:
                for one in found:
                    say(f"{one.stop} {one.guise}: {one.check}: {one.words[:200]}")
                step(visit.stop.name)

            report = inspection.inspect(visits, base, seen, inspection.ALL_AXE if every else inspection.AXE)
        findings.write(report, into / "check.json")
        self.stdout.write(findings.text(report))
        if missed := findings.missed(report):
            raise CommandError("; ".join(missed))
