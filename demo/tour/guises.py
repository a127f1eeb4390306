"""The guises in which a page is looked at: light and dark, elder version, on paper, on a very narrow phone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from demo.tour.visits import Visit

LANGUAGES = ("zh", "en")
HEIGHTS = {320: 640, 390: 844, 673: 986, 1280: 800}
"""Width and height of the window in CSS pixels: WCAG's reflow width, a phone, the text of an A4
sheet inside our margins (178 mm at 96 dpi), a desk."""


@dataclass(frozen=True)
class Guise:
    mode: str = "light"
    language: str = "zh"
    width: int = 1280

    @property
    def label(self) -> str:
        return f"{self.mode}.{self.language}.{self.width}"

    @property
    def load(self) -> tuple[str, bool]:
        """Guises that agree in this are the same HTML: the rest is the browser's affair."""
        return self.language, self.mode == "elder"


def _all(mode: str, languages: Sequence[str], *widths: int) -> tuple[Guise, ...]:
    return tuple(Guise(mode, language, width) for language in languages for width in widths)


MODES = {
    "light": _all("light", LANGUAGES, 1280, 390),
    "dark": _all("dark", ["zh"], 1280, 390),
    "elder": _all("elder", ["zh"], 1280, 390),
    "print": _all("print", LANGUAGES, 673),
    "narrow": _all("narrow", LANGUAGES, 320),
}
THOROUGH = ("light",)
"""Modes that take every stop; the others take the first of each kind."""


def outfits(
    visits: Sequence[Visit], modes: Iterable[str], *, every: bool = False
) -> Iterator[tuple[Visit, list[Guise]]]:
    """Each visit with its guises, those of one load together."""
    kinds: set[str] = set()
    for visit in visits:
        first = visit.stop.kind not in kinds
        kinds.add(visit.stop.kind)
        guises = [guise for mode in modes if every or first or mode in THOROUGH for guise in MODES[mode]]
        if guises:
            yield visit, sorted(guises, key=lambda guise: (LANGUAGES.index(guise.language), guise.mode == "elder"))


def loads(guises: Sequence[Guise]) -> Iterator[list[Guise]]:
    """``guises`` in the groups that need one load of the page each."""
    for _load, group in groupby(guises, key=lambda guise: guise.load):
        yield list(group)
