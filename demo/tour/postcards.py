"""The four pictures of the README, renewed in one go: what fits a desk's window, in a palette that keeps them small."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from demo.tour.browser import Window, chromium
from demo.tour.camera import picture
from demo.tour.guises import Guise
from demo.tour.stops import Stop
from demo.tour.visits import Visit

CARDS = {
    "home": "home.png",
    "compare": "compare.png",
    "order-delivered-buyer": "order.png",
    "ranking": "ranking.png",
}
"""Stop → file."""
LARGEST_BYTES = 150_000
PALETTES = (256, 128, 64, 32)


class Unfit(RuntimeError):
    """A picture of a faulty page, or one that no palette makes small enough."""


def wanted(stops: Sequence[Stop]) -> list[Stop]:
    return [stop for stop in stops if stop.name in CARDS]


def renew(visits: Sequence[Visit], base: str, folder: Path) -> list[Path]:
    """Take the pictures into ``folder``."""
    taken = []
    with chromium() as browser:
        for visit in visits:
            path, guise = folder / CARDS[visit.stop.name], Guise()
            with Window(browser, visit, base) as window:
                window.load(guise)
                if faults := window.dress(guise):
                    raise Unfit(f"{visit.stop.name}: {'; '.join(faults)}")
                picture(window, guise, path, whole=False)
            squeeze(path)
            taken.append(path)
    return taken


def squeeze(path: Path, largest: int = LARGEST_BYTES) -> None:
    """Replace a picture by one with the largest palette that fits."""
    with Image.open(path) as opened:
        original = opened.convert("RGB")
    for colours in PALETTES:
        original.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= largest:
            return
    raise Unfit(f"{path.name} has {path.stat().st_size} bytes with {PALETTES[-1]} colours")
