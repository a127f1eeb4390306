"""How good and how light are the public pages on a phone? Lighthouse over a site with the settings of production.

    ./run bench lighthouse [--base URL] [--only NAME …] [--print]

Writes the table into docs/look.md (not with --only or --print) and names what keeps a page from its aim. Needs npm and
Chromium; a page takes a quarter of a minute. Speed is Lighthouse's model of a middling phone on a slow line: it moves by
a few points with the load of the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from npm import fetched  # noqa: E402

from demo.tour.browser import program  # noqa: E402
from demo.tour.stops import every  # noqa: E402
from demo.tour.walk import NobodyThere, walk  # noqa: E402
from kernel import clock  # noqa: E402

# Not "search": narrowed results ask search engines not to keep them, which costs points meant for pages to be found.
STOPS = ("home", "category", "search-all", "listing", "storefront", "ranking", "login")
CATEGORIES = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}
"""The aims, of 100 points."""
CLS_AIM, WHOLE_AIM, SCRIPT_AIM = 0.02, 120, 20
"""Layout shift; kilobytes (1024) on the line with an empty cache, whole and of script."""
INTO = settings.BASE_DIR / "docs" / "look.md"
BEGIN, END = "<!-- lighthouse: begin -->", "<!-- lighthouse: end -->"


@dataclass(frozen=True)
class Result:
    """What Lighthouse said of one page."""

    stop: str
    answer: dict[str, Any]

    def points(self, category: str) -> int:
        return round((self.answer["categories"][category]["score"] or 0) * 100)

    @property
    def shift(self) -> float:
        return float(self.answer["audits"]["cumulative-layout-shift"]["numericValue"])

    def kilobytes(self, kind: str = "") -> float:
        rows = self.answer["audits"]["network-requests"]["details"]["items"]
        return sum(row["transferSize"] for row in rows if not kind or row.get("resourceType") == kind) / 1024

    def missed(self) -> Iterator[str]:
        for category, aim in CATEGORIES.items():
            if self.points(category) < aim:
                yield f"{category} {self.points(category)}: {'; '.join(self._causes(category))}"
        if self.shift > CLS_AIM:
            yield f"layout shift {self.shift:.3f}"
        if self.kilobytes() > WHOLE_AIM:
            yield f"{self.kilobytes():.0f} KB"
        if self.kilobytes("Script") > SCRIPT_AIM:
            yield f"{self.kilobytes('Script'):.0f} KB of script"

    def _causes(self, category: str) -> Iterator[str]:
        for row in self.answer["categories"][category]["auditRefs"]:
            audit = self.answer["audits"][row["id"]]
            if row["weight"] and audit["score"] is not None and audit["score"] < 0.95:
                yield f"{audit['title']} {audit.get('displayValue', '')}".strip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench lighthouse", description=__doc__)
    parser.add_argument("--base", help="address of a site that already runs over this database")
    parser.add_argument("--only", nargs="+", default=STOPS, choices=STOPS, metavar="NAME", help=", ".join(STOPS))
    parser.add_argument("--print", action="store_true", dest="only_print", help="leave docs/look.md alone")
    options = parser.parse_args()
    if settings.DEBUG:
        sys.exit("DEBUG is on: measured is what readers get.")
    stops = [stop for stop in every() if stop.name in options.only]
    with (
        fetched("lighthouse@12", "lighthouse/cli/index.js") as script,
        walk(stops, options.base) as (visits, absent, base),
    ):
        results = []
        for visit in visits:
            results.append(Result(visit.stop.name, look(script, base + visit.path("zh"))))
            print(row(results[-1]), flush=True)
    for result in results:
        for words in result.missed():
            print(f"{result.stop}: {words}")
    for stop in absent:
        print(f"nothing to see: {stop.name}")
    if tuple(options.only) == STOPS and not options.only_print and not absent:
        write(table(results))


def look(script: Path, address: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder, "answer.json")
        command = ["node", str(script), address, "--quiet", "--output=json", f"--output-path={into}"]
        command += [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless --no-sandbox"]
        environment = {**os.environ, "CHROME_PATH": program()}
        for _attempt in range(3):
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            # The trace came without its beginning, now and then: Lighthouse itself says to run it again.
            if "NO_NAVSTART" not in done.stderr:
                break
        if done.returncode:
            sys.exit(f"Lighthouse failed at {address}:\n{done.stderr[-2000:]}")
        return json.loads(into.read_text("utf-8"))


def row(result: Result) -> str:
    points = " | ".join(str(result.points(category)) for category in CATEGORIES)
    sizes = f"{result.kilobytes():.0f} | {result.kilobytes('Script'):.0f}"
    return f"| {result.stop} | {points} | {result.shift:.3f} | {sizes} |"


def table(results: list[Result]) -> str:
    version = results[0].answer["lighthouseVersion"]
    aims = " | ".join(f"≥ {aim}" if aim < 100 else str(aim) for aim in CATEGORIES.values())
    return "\n".join(
        [
            "| page | accessibility | best practices | SEO | performance | layout shift | KB in all | KB of script |",
            "|---|--:|--:|--:|--:|--:|--:|--:|",
            *map(row, results),
            f"| *aim* | {aims} | ≤ {CLS_AIM} | ≤ {WHOLE_AIM} | ≤ {SCRIPT_AIM} |",
            "",
            f"Lighthouse {version}, its phone, {clock.today():%Y-%m-%d}; {os.cpu_count()} cores, Python {platform.python_version()}, demo database.",
        ]
    )


def write(text: str) -> None:
    whole = INTO.read_text("utf-8")
    head, _mark, rest = whole.partition(BEGIN)
    _old, _mark, tail = rest.partition(END)
    INTO.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}", "utf-8")
    print(f"written: {INTO}")


if __name__ == "__main__":
    try:
        main()
    except NobodyThere as error:
        sys.exit(str(error))
