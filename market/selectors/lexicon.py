"""The lexicon search uses: synonyms, names of the catalogue, short names of agencies; fresh within half a minute."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any

from django.db.models import Count, Max

from agencies.models import Agency, Category, ServiceItem
from market.models import Synonym
from market.search.words import Lexicon

FRESH_SECONDS = 30
_lock = Lock()
_held: tuple[float, tuple[Any, ...], Lexicon] | None = None


def current_lexicon() -> Lexicon:
    """The lexicon of this process; built anew only when the words behind it changed."""
    global _held
    with _lock:
        tick = time.monotonic()
        if _held and tick - _held[0] < FRESH_SECONDS:
            return _held[2]
        signature = _signature()
        lexicon = _held[2] if _held and _held[1] == signature else _build()
        _held = (tick, signature, lexicon)
        return lexicon


def forget_lexicon() -> None:
    """Read the words again at the next question (this process; others follow within half a minute)."""
    global _held
    with _lock:
        _held = None


def _signature() -> tuple[Any, ...]:
    synonyms = Synonym.objects.aggregate(Count("id"), Max("updated_at"))
    catalogue = ServiceItem.objects.filter(active=True).aggregate(Count("id"), Max("id"))
    return (*synonyms.values(), *catalogue.values(), Agency.objects.count())


def _build() -> Lexicon:
    items = list(ServiceItem.objects.filter(active=True).values_list("name_zh", "synonyms"))
    groups = [row.group for row in Synonym.objects.filter(active=True)]
    # Other names of an item lead to that item (they are indexed with it) but are no synonyms: 报告表 is not 环评.
    words = [word for name, other in items for word in (name, *map(str, other))]
    words += Category.objects.filter(active=True).values_list("name_zh", flat=True)
    words += Agency.objects.exclude(short_name="").values_list("short_name", flat=True)
    return Lexicon(groups, words)
