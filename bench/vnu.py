"""Is it HTML? Every stop of the tour, in both languages, held against the W3C checker (vnu).

    ./run bench vnu [--base URL] [--only NAME …]

Prints the errors, grouped by message, with the stops that have them; ends with 1 when there is one. Needs Java and npm.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from npm import fetched  # noqa: E402

from demo.tour.guises import LANGUAGES  # noqa: E402
from demo.tour.inspection import NOT_OURS  # noqa: E402
from demo.tour.stops import every  # noqa: E402
from demo.tour.visits import Visit  # noqa: E402
from demo.tour.walk import NobodyThere, walk  # noqa: E402

SHOWN = 8
QUOTED = re.compile(r"“[^”]*”")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench vnu", description=__doc__)
    parser.add_argument("--base", help="address of a site that already runs over this database")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="stops whose name begins with one of these"
    )
    options = parser.parse_args()
    if not shutil.which("java"):
        sys.exit("The checker needs Java. On Debian: apt-get install default-jre-headless")
    chosen = [stop for stop in every() if not options.only or stop.name.startswith(tuple(options.only))]
    stops = [stop for stop in chosen if stop.name not in NOT_OURS]
    with (
        fetched("vnu-jar", "vnu-jar/build/dist/vnu.jar") as jar,
        tempfile.TemporaryDirectory() as folder,
        walk(stops, options.base) as (visits, _absent, base),
    ):
        wrong: list[dict[str, Any]] = []
        for visit in visits:
            for language in LANGUAGES:
                status, html = page(visit, language, base)
                name = f"{visit.stop.name}.{language}.html"
                Path(folder, name).write_bytes(html)
                if status != visit.stop.status:
                    wrong.append({"url": name, "message": f"answered {status}, not {visit.stop.status}"})
        return report([*wrong, *check(jar, folder)], len(visits) * len(LANGUAGES))


def page(visit: Visit, language: str, base: str) -> tuple[int, bytes]:
    """Status and HTML."""
    request = urllib.request.Request(base + visit.path(language))
    request.add_header("Cookie", f"{settings.SESSION_COOKIE_NAME}={visit.cookie}")
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.read()


def check(jar: Path, folder: str) -> list[dict[str, Any]]:
    command = ["java", "-jar", str(jar), "--format", "json", "--exit-zero-always", "--errors-only", folder]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return json.loads(words)["messages"]


def report(messages: Sequence[dict[str, Any]], pages: int) -> int:
    groups: dict[str, list[dict[str, Any]]] = {}
    for message in messages:
        groups.setdefault(QUOTED.sub("“…”", message["message"]), []).append(message)
    print(f"{pages} pages, {len(messages)} errors")
    for found in sorted(groups.values(), key=len, reverse=True):
        stops = list(dict.fromkeys(Path(one["url"]).name.removesuffix(".html") for one in found))
        print(f"\n{len(found)} × {found[0]['message']}")
        for extract in list(dict.fromkeys(" ".join(one.get("extract", "").split()) for one in found))[:3]:
            print(f"    {extract}")
        print(f"    on {', '.join(stops[:SHOWN])}{f' and {len(stops) - SHOWN} more' if stops[SHOWN:] else ''}")
    return 1 if messages else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NobodyThere as error:
        sys.exit(str(error))
