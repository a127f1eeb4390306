"""Categories in the order in which a project meets them, for pages that show all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from market.selectors.catalogue import Shelf

# A category of a county's own that is named nowhere here stands with the last stage.
STAGES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        _("立项与评估"),
        ("consulting", "energy", "eia", "water", "social-risk", "safety", "occupational-health", "traffic"),
    ),
    (_("用地、测绘与勘察"), ("land", "forestry-relics", "surveying", "house-survey", "geotech")),
    (_("设计与审图"), ("design", "drawing-review", "civil-defence", "fire")),
    (_("招标、造价与审计"), ("tender", "cost", "audit", "legal-agent")),
    (_("施工、检测与验收"), ("supervision", "testing", "environment-testing", "lightning", "equipment")),
)


@dataclass(frozen=True)
class Stage:
    """A stage of a project and its categories that have something on offer."""

    label: str
    shelves: list[Shelf]

    @property
    def listings(self) -> int:
        return sum(shelf.listings for shelf in self.shelves)


@dataclass(frozen=True)
class Stages:
    """``filled``: stages with the categories that have listings; ``bare``: the categories that have none yet."""

    filled: list[Stage]
    bare: list[Shelf]


def by_stage(shelves: Sequence[Shelf]) -> Stages:
    """Categories grouped by stage; inside a stage as the catalogue orders them."""
    place = {code: n for n, (_label, codes) in enumerate(STAGES) for code in codes}
    grouped: list[list[Shelf]] = [[] for _stage in STAGES]
    for shelf in shelves:
        if shelf.listings:
            grouped[place.get(shelf.thing.code, len(STAGES) - 1)].append(shelf)
    filled = [Stage(str(STAGES[n][0]), found) for n, found in enumerate(grouped) if found]
    return Stages(filled, [shelf for shelf in shelves if not shelf.listings])
