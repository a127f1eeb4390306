"""How much happens: Pinghu's first five months (May–September 2014) by default, a few weeks for a test."""

from __future__ import annotations

from dataclasses import dataclass

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Scale:
    """``categories``: code → (agencies, orders); ``months``: orders of each equal part of the ``days``; ``counter`` of
    the orders are placed at the counter; ``unusual``: (outcome, how many) among them; ``ended``: orders that came to
    nothing, beside them. "testing" is among the categories: the ``groups`` of samples are its."""

    categories: dict[str, tuple[int, int]]
    months: tuple[int, ...]
    days: int
    counter: int
    groups: int
    enterprises: int
    unusual: Counts
    ended: Counts


# 124 agencies in 15 categories, 436 orders, 4,352 groups; unusual orders as often as a practitioner would believe.
FULL = Scale(
    categories={
        "eia": (14, 62), "consulting": (10, 25), "water": (6, 20), "surveying": (9, 48), "audit": (13, 25),
        "geotech": (7, 19), "testing": (9, 44), "drawing-review": (4, 24), "energy": (7, 18), "cost": (14, 38),
        "safety": (6, 23), "occupational-health": (4, 12), "house-survey": (5, 31), "lightning": (4, 21),
        "tender": (12, 26),
    },
    months=(41, 68, 92, 108, 127),
    days=153,
    counter=300,
    groups=4352,
    enterprises=150,
    unusual=(
        ("late_minor", 9), ("late_major", 2), ("proposal", 14), ("extension", 6), ("pause", 7), ("lead_change", 4),
        ("materials", 40), ("changes", 34), ("complaint_upheld", 3), ("complaint_rejected", 4), ("offline", 60),
    ),
    ended=(("declined", 6), ("no_answer", 1), ("cancelled", 7)),
)  # fmt: skip
