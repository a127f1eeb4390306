"""How far the replay is, in a file beside the database: read by pages and by the command that starts everything."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Progress:
    """``state`` is absent, running or complete; ``permille`` how much of the story has happened; ``day`` where it is."""

    state: str = "absent"
    permille: int = 0
    day: str = ""


def _file() -> Path:
    return Path(settings.VAR_DIR) / "replay.json"


def read() -> Progress:
    try:
        return Progress(**json.loads(_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Progress()


def write(progress: Progress) -> None:
    """Replace the file in one move, so that no reader sees half of it."""
    fresh = _file().with_suffix(".new")
    fresh.write_text(json.dumps(asdict(progress)), "utf-8")
    fresh.replace(_file())
