"""The work home ("今天要办的"): each room registers what waits for a person; the kernel shows it in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class WorkQueue:
    """One line of the work home: so many things of a kind wait for this person, the most urgent due at ``due_at``."""

    section: Any
    label: Any
    url: str
    count: int
    due_at: datetime | None = None
    overdue: int = 0


# Functions (user, party) → queues; each at most two queries. Rooms append theirs in ``AppConfig.ready``.
SOURCES: list[Callable[[Any, Any], list[WorkQueue]]] = []


def queues(user: Any, party: Any) -> list[WorkQueue]:
    """Everything that waits for the person acting for ``party``, most urgent first, empty queues left out."""
    found = [queue for source in SOURCES for queue in source(user, party) if queue.count]
    return sorted(found, key=lambda q: (q.due_at is None, q.due_at.timestamp() if q.due_at else 0.0))
