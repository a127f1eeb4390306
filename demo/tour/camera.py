"""Pictures of the visits, each in its guises, and what is wrong at a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.tour import crew
from demo.tour.browser import Window
from demo.tour.guises import HEIGHTS, Guise, loads
from demo.tour.visits import Visit

TALLEST = 12_000


@dataclass
class Shot:
    """One picture, and the faults seen while taking it."""

    visit: Visit
    guise: Guise
    faults: list[str] = field(default_factory=list)

    @property
    def file(self) -> str:
        return f"{self.visit.stop.name}.{self.guise.label}.png"


def shoot(
    outfits: Sequence[tuple[Visit, list[Guise]]], base: str, folder: Path, seen: Callable[[list[Shot]], None]
) -> list[Shot]:
    """Walk through the visits at ``base``; pictures go into ``folder``, ``seen`` hears of the pictures of each visit."""

    def take(browser: Any, outfit: tuple[Visit, list[Guise]]) -> list[Shot]:
        taken = list(_visit(browser, *outfit, base, folder))
        seen(taken)
        return taken

    return [shot for taken in crew.shared(outfits, take) for shot in taken]


def _visit(browser: Any, visit: Visit, guises: list[Guise], base: str, folder: Path) -> Iterator[Shot]:
    with Window(browser, visit, base) as window:
        for group in loads(guises):
            window.load(group[0])
            for guise in group:
                shot = Shot(visit, guise, window.dress(guise))
                picture(window, guise, folder / shot.file)
                yield shot


def picture(window: Window, guise: Guise, path: Path, *, whole: bool = True) -> None:
    """The whole page, or what fits the window."""
    height = HEIGHTS[guise.width]
    tall = min(max(window.size()[1], height), TALLEST) if whole else height
    clip = {"x": 0, "y": 0, "width": guise.width, "height": tall}
    window.page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")
