"""The index page of the pictures: ``index.html`` with thumbnails, by kind of page and role. It opens from the disk, and
its filters are tick boxes that the style sheet reads."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from django.template.loader import render_to_string

from demo.tour.camera import Shot
from demo.tour.stops import Stop
from kernel import clock

STYLE = Path(__file__).with_name("album.css")


def write(folder: Path, shots: Sequence[Shot], absent: Sequence[Stop]) -> Path:
    """Stops keep the order of the tour; kinds come in the order of their first stop."""
    kinds: dict[str, list[tuple[Stop, list[Shot]]]] = {}
    for stop, taken in groupby(shots, key=lambda shot: shot.visit.stop):
        kinds.setdefault(stop.kind, []).append((stop, list(taken)))
    context = {"kinds": kinds, "shots": shots, "absent": absent, "at": clock.now(), "faults": faults(shots)}
    context["filters"] = [
        sorted({shot.guise.mode for shot in shots}, key=lambda mode: (mode != "light", mode)),
        sorted({shot.guise.language for shot in shots}, reverse=True),
        sorted({f"w{shot.guise.width}" for shot in shots}),
    ]
    page = folder / "index.html"
    page.write_text(render_to_string("demo/tour.html", context), encoding="utf-8")
    shutil.copyfile(STYLE, folder / "album.css")
    return page


def faults(shots: Sequence[Shot]) -> dict[tuple[str, str], list[Shot]]:
    """(stop, fault) → the pictures that show it."""
    found: dict[tuple[str, str], list[Shot]] = {}
    for shot in shots:
        for fault in shot.faults:
            found.setdefault((shot.visit.stop.name, fault), []).append(shot)
    return found
