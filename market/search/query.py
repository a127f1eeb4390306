"""Question and answer of search: the same two types whichever engine answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from market.search.ranking import SORTS

PAGE_SIZE = 20
MAX_SIZE = 100
DEPTH = 1_000
"""Results beyond this are counted but not paged to: narrow the question instead."""
FACETS = ("category", "district", "grade", "price", "days", "certificate", "on_time", "unit", "taking")
FILTERS = (*FACETS, "item", "agency")
_MAX_VALUES = 50


def _plain(value: object) -> str:
    """A chosen value as text any engine can take: no lone surrogates, no endless ones."""
    return str(value)[:100].encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What somebody looks for. ``on`` is today: listings whose certificates ended before are hidden.

    ``filters``: facet or filter name → chosen values, any of which will do; unknown names are dropped. An unknown sort
    is ``best``; page and size are brought into range. So a query made of anything is a valid query.
    """

    on: date
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "best"
    page: int = 1
    size: int = PAGE_SIZE

    def __post_init__(self) -> None:
        kept = {
            name: tuple(dict.fromkeys(_plain(v) for v in self.filters[name]))[:_MAX_VALUES]
            for name in FILTERS
            if self.filters.get(name)
        }
        size = min(max(self.size, 1), MAX_SIZE)
        object.__setattr__(self, "filters", MappingProxyType(kept))
        object.__setattr__(self, "sort", self.sort if self.sort in SORTS else "best")
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "page", min(max(self.page, 1), -(-DEPTH // size)))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    def without(self, name: str) -> "SearchQuery":
        """The same question with nothing chosen in ``name``."""
        return replace(self, filters={k: v for k, v in self.filters.items() if k != name})


@dataclass(frozen=True, slots=True)
class FacetValue:
    code: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """Values of one field with the number of results each would give, counted without the facet's own choice."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result and why it stands here.

    ``step``: names, kind, text or near (see `ranking`), or "" when there were no words or another order was asked for. ``reserved``: placed as the
    newcomers' share. ``marks``: stored text by field, in pieces (piece, is a match).
    """

    listing_id: int
    agency_id: int
    step: str
    reserved: bool
    merit: int
    marks: Mapping[str, tuple[tuple[str, bool], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """``total`` counts all results; ``pages`` only those that can be turned to. ``near`` tells that nothing held all
    the words and these are near misses. ``surfaces`` are the strings to mark. ``took_us`` is in microseconds."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Facet]
    page: int
    pages: int
    near: bool
    surfaces: tuple[str, ...]
    suggestions: tuple[str, ...]
    took_us: int
