"""The index page of the pictures: ``index.html`` with thumbnails, by kind of page and role. It opens from the disk."""

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
    context = {"kinds": kinds, "shots": shots, "absent": absent, "at": clock.now()}
    page = folder / "index.html"
    page.write_text(render_to_string("demo/tour.html", context), encoding="utf-8")
    shutil.copyfile(STYLE, folder / "album.css")
    return page
