"""Where the lines of a chart and the picture of a shop go. Pure integer geometry: the same input is drawn the same
way on every machine, and prints without a script. The templates in ``jinja2/ui`` turn it into SVG."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import segno
from markupsafe import Markup

WIDTH, HEIGHT = 1000, 100
"""A line chart's own units; the drawing is stretched to its box."""
CELL = 16
"""One day of the calendar, in pixels with its gap."""
MONTH_ROW = 20
SHOP_COLOURS, SHOP_SHAPES = 6, 5


@dataclass(frozen=True)
class Trend:
    """Paths in a box of ``WIDTH`` × ``HEIGHT``: the line, its dots, and the band between low and high."""

    line: str
    dots: str
    band: str
    ticks: tuple[tuple[int, int], ...]


def trend(points: Sequence[Mapping[str, Any]], maximum: int, minimum: int = 0) -> Trend:
    """``points``: {value, low, high} integers from ``minimum`` to ``maximum``; a value of None leaves a gap.
    ``ticks`` are (y, number) at the quarters of the scale."""
    span, steps = max(maximum - minimum, 1), max(len(points) - 1, 1)

    def x(place: int) -> int:
        return WIDTH // 2 if len(points) == 1 else place * WIDTH // steps

    def y(number: int) -> int:
        return HEIGHT - (2 * min(max(number - minimum, 0), span) * HEIGHT + span) // (2 * span)  # half up

    line, dots, band, pen = [], [], [], "M"
    for run in _runs(points):
        pen = "M"
        for place, point in run:
            line.append(f"{pen}{x(place)} {y(point['value'])}")
            dots.append(f"M{x(place)} {y(point['value'])}h0")
            pen = "L"
        if len(run) > 1 and all(point.get("low") is not None for _place, point in run):
            high = [f"{x(place)} {y(point['high'])}" for place, point in run]
            low = [f"{x(place)} {y(point['low'])}" for place, point in reversed(run)]
            band.append("M" + "L".join(high + low) + "Z")
    ticks = tuple((y(minimum + span * n // 4), minimum + span * n // 4) for n in range(5))
    return Trend("".join(line), "".join(dots), "".join(band), ticks)


def _runs(points: Sequence[Mapping[str, Any]]) -> list[list[tuple[int, Mapping[str, Any]]]]:
    """Stretches of points that have a value."""
    runs: list[list[tuple[int, Mapping[str, Any]]]] = [[]]
    for place, point in enumerate(points):
        if point.get("value") is None:
            runs.append([])
        else:
            runs[-1].append((place, point))
    return [run for run in runs if run]


@dataclass(frozen=True)
class Day:
    x: int
    y: int
    tone: str


@dataclass(frozen=True)
class Calendar:
    """Squares of ``CELL`` pixels, a column a week (Monday first); ``months`` are (x, month's first day)."""

    width: int
    height: int
    days: tuple[Day, ...]
    months: tuple[tuple[int, date], ...]


def calendar(days: Iterable[Mapping[str, Any]], since: date | None = None, until: date | None = None) -> Calendar:
    """``days``: {on: date, tone}; those between the first and the last that are not named have the tone ``none``.

    ``since`` and ``until`` draw a whole stretch of time even where nothing happened at its ends."""
    tones = {day["on"]: day["tone"] for day in days}
    if not tones:
        return Calendar(0, 0, (), ())
    first, last = min([*tones, *([since] if since else [])]).replace(day=1), max([*tones, *([until] if until else [])])
    monday = first - timedelta(days=first.weekday())
    drawn, months = [], []
    for on in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        x = (on - monday).days // 7 * CELL
        if on.day == 1:
            months.append((x, on))
        drawn.append(Day(x, MONTH_ROW + on.weekday() * CELL, tones.get(on, "none")))
    # The last month's name needs room of its own, even when it has only begun.
    width = max(drawn[-1].x + CELL, months[-1][0] + 3 * CELL)
    return Calendar(width, MONTH_ROW + 7 * CELL, tuple(drawn), tuple(months))


def shop_word(name: str) -> str:
    """What a shop's mark bears where no room above knows more of names: the first two characters."""
    return name.strip()[:2]


@dataclass(frozen=True)
class ShopPicture:
    """``colour`` and ``shape`` number the styles; ``hills`` are paths in a box of 1200 × 240, far to near."""

    colour: int
    shape: int
    hills: tuple[str, ...]


def shop_picture(name: str) -> ShopPicture:
    """A shop's face when none is uploaded, always the same for the same name."""
    seed = hashlib.sha256(name.encode()).digest()
    hills = tuple(_hill(seed[8 * layer : 8 * layer + 8], 96 + 44 * layer) for layer in range(3))
    return ShopPicture(seed[30] % SHOP_COLOURS, seed[31] % SHOP_SHAPES, hills)


def _hill(seed: bytes, level: int) -> str:
    """A ridge of six crests about ``level``, closed at the bottom."""
    crests = [level + (number % 56) - 28 for number in seed[:7]]
    curve = "".join(
        f"C{200 * n + 80} {crests[n]} {200 * n + 120} {crests[n + 1]} {200 * n + 200} {crests[n + 1]}" for n in range(6)
    )
    return f"M0 240V{crests[0]}{curve}V240Z"


def qr(text: str) -> Markup:
    """A QR code of ``text`` as inline SVG in the colour of its surroundings; it says nothing to a screen reader."""
    code = segno.make(text, error="m").svg_inline(omitsize=True, dark="#000", svgclass=None, lineclass=None)
    drawn = code.replace("#000", "currentColor").replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return Markup(drawn)  # noqa: S704 (made of numbers)
