"""The search engine, with the lexicon of this installation."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from market.search import Engine
from market.search.embedded import EmbeddedEngine
from market.selectors.lexicon import current_lexicon


def search_engine() -> Engine:
    """One engine a process and folder: the embedded one. Another engine behind the façade is chosen here."""
    return _embedded(str(settings.SEARCH_INDEX_DIR))


@lru_cache(maxsize=4)
def _embedded(folder: str) -> Engine:
    return EmbeddedEngine(Path(folder), current_lexicon)
