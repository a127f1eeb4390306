"""Engines the search contract is held against. A second engine is added here and nowhere else."""

from collections.abc import Callable
from pathlib import Path

from market.search.embedded import EmbeddedEngine
from market.search.engine import Engine
from market.search.words import Lexicon

LEXICON = Lexicon(
    synonyms=[
        ("环评", "环境影响评价", "EIA", "environmental impact assessment"),
        ("水保", "水土保持"),
        ("能评", "节能评估"),
    ],
    words=("水土保持", "施工图审查", "质量检测"),
)


def embedded(folder: Path) -> Engine:
    return EmbeddedEngine(folder, lambda: LEXICON)


ENGINES: dict[str, Callable[[Path], Engine]] = {"embedded": embedded}
