"""The replay told small: a few agencies, some weeks, everything else as in the demo."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command

from credit.bundle import bundle_write
from demo import progress, replay
from demo.scale import Scale
from tests import databases

UNTIL = date(2026, 11, 20)
SMALL = Scale(
    categories={"eia": (3, 6), "surveying": (2, 4), "cost": (2, 4), "testing": (1, 3)},
    months=(3, 6, 8),
    days=70,
    counter=10,
    groups=80,
    enterprises=8,
    unusual=(
        ("late_minor", 1), ("proposal", 1), ("extension", 1), ("pause", 1), ("materials", 1), ("changes", 2),
        ("complaint_upheld", 1), ("offline", 2),
    ),
    ended=(("declined", 1), ("cancelled", 1)),
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """``sha256`` of the scores of the last day, written by the product; ``again`` by its program for outsiders."""

    sha256: str
    again: str
    heard: list[float]
    scores: bytes


def tell(folder: Path, *, seed: str = "chengxuan") -> Told:
    """Replay into an empty database; the database keeps it until it is restored."""
    databases.restore()
    cache.clear()
    for command in settings.PREPARE_COMMANDS:
        call_command(command)
    heard: list[float] = []
    replay.run(
        until=UNTIL, scale=SMALL, seed=seed, report=lambda fraction, _moment: heard.append(fraction), breathe=False
    )
    sha256 = bundle_write(folder, UNTIL)
    program = [sys.executable, str(folder / "scoring" / "rescore.py"), str(folder)]
    out = subprocess.run(program, capture_output=True, check=True, text=True).stdout
    return Told(sha256, out.strip(), heard, (folder / "scores.json").read_bytes())


def forget() -> None:
    """Give the database and the folder back as they were."""
    databases.restore()
    cache.clear()
    (Path(settings.VAR_DIR) / "replay.json").unlink(missing_ok=True)
    assert progress.read().state == "absent"
