"""The façade: how a question is answered, given the few things every engine can do.

An engine counts, gives the first of an order, counts values, and fetches stored texts. Everything a person could
notice (steps, the newcomers' share, facets, near misses, marks) is decided here, once, so engines cannot differ in it.
Which engine answers is chosen in `market.selectors.engine`.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from market.search.document import UNRATED, ListingDocument, Removal
from market.search.plan import Condition, Every, OneOf, every_word, filters, near_steps, near_words, steps
from market.search.query import DEPTH, FACETS, Facet, FacetValue, Hit, SearchQuery, SearchResult
from market.search.ranking import NEWCOMER_EVERY, Place, spread_out, with_newcomers
from market.search.words import Lexicon, mark

MARKED = ("title", "title_en", "item", "item_en", "agency", "agency_en")


@dataclass(frozen=True, slots=True)
class Stored:
    """What an engine gives back of a document."""

    listing_id: int
    agency_id: int
    merit: int
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Applied:
    """Outcome of a batch: ``stale`` changes met a newer version and were ignored."""

    written: int
    removed: int
    stale: int


class Look(ABC):
    """A fixed view of the index: all numbers of one answer come from the same state."""

    @abstractmethod
    def count(self, condition: Condition) -> int: ...

    @abstractmethod
    def first(self, condition: Condition, sort: str, limit: int) -> list[Place]:
        """The first ``limit`` by the sort's key (``by_<sort>``, ascending)."""

    @abstractmethod
    def values(self, condition: Condition, names: Sequence[str]) -> dict[str, dict[str, int]]:
        """For each field its values with the number of documents."""

    @abstractmethod
    def stored(self, listing_ids: Sequence[int]) -> dict[int, Stored]: ...


class Engine(ABC):
    """One index of listings. ``lexicon`` is a callable because synonyms and words are edited while it runs."""

    def __init__(self, lexicon: Callable[[], Lexicon]) -> None:
        self.lexicon = lexicon

    @abstractmethod
    def look(self) -> AbstractContextManager[Look]: ...

    @abstractmethod
    def apply(self, changes: Sequence[ListingDocument | Removal]) -> Applied:
        """Writes a batch; visible to every reader's next question when it returns."""

    @abstractmethod
    def rebuild(self, documents: Iterable[ListingDocument]) -> int:
        """Builds a new index aside and switches to it at once; changes applied meanwhile are not lost."""

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is an index that this version can read."""

    @abstractmethod
    def listing_ids(self) -> set[int]:
        """All listings held, valid today or not: for comparison with the database."""

    def search(self, query: SearchQuery) -> SearchResult:
        """Answers ``query``; never raises for anything a person can type."""
        started = time.perf_counter_ns()
        lexicon = self.lexicon()
        words = lexicon.query_words(query.text)
        with self.look() as look:
            condition = every_word(words, "text") if words else None
            ways = steps(words)
            total = look.count(_all_of(query, condition))
            near = total == 0 and bool(words)
            if near:
                sounds = lexicon.query_sounds(query.text)
                condition = near_words(words, sounds)
                ways = [("near", part) for part in near_steps(words, sounds, condition)]
                total = look.count(_all_of(query, condition))
            places = _page(look, query, condition, ways) if total else []
            facets = _facets(look, query, condition)
            stored = look.stored([place.listing_id for place, _ in places])
        places = [(place, way) for place, way in places if place.listing_id in stored]
        if query.sort == "best":
            agencies = [stored[place.listing_id].agency_id for place, _ in places]
            # The number of the way, not its name: all near misses are called so, yet they go by steps of their own.
            kinds = [(way, place.newcomer, place.reserved) for place, way in places]
            places = [places[row] for row in spread_out(agencies, kinds)]
        surfaces = tuple(dict.fromkeys(s for word in words for s in word.surfaces))
        return SearchResult(
            hits=tuple(_hit(place, "" if way is None else ways[way][0], stored, surfaces) for place, way in places),
            total=total,
            facets=facets,
            page=query.page,
            pages=max(1, -(-min(total, DEPTH) // query.size)),
            near=near,
            surfaces=surfaces,
            suggestions=lexicon.suggestions(query.text) if near else (),
            took_us=(time.perf_counter_ns() - started) // 1000,
        )


def _all_of(query: SearchQuery, condition: Condition | None) -> Condition:
    base = filters(query)
    return base if condition is None else Every((*base.parts, condition))


def _page(
    look: Look, query: SearchQuery, condition: Condition | None, ways: Sequence[tuple[str, Condition | None]]
) -> list[tuple[Place, int | None]]:
    """The places of one page with the number of the way each was found by; only best match goes by ways."""
    wanted = min(query.size, DEPTH - query.offset)
    if query.sort != "best":
        ranked = look.first(_all_of(query, condition), query.sort, query.offset + wanted)
        return [(place, None) for place in ranked[query.offset :]]
    found: list[tuple[Place, int | None]] = []
    offset = query.offset
    for way, (_step, part) in enumerate(ways):
        within = _all_of(query, part)
        size = look.count(within)
        if offset < size:
            need = min(offset + wanted - len(found), size)
            found += [(place, way) for place in _best(look, within, need)[offset:]]
        offset = max(0, offset - size)
        if len(found) >= wanted:
            break
    return found


def _best(look: Look, within: Condition, need: int) -> list[Place]:
    """The first ``need`` of one step by merit, with the newcomers' share."""
    ranked = look.first(within, "best", need)
    newcomers = Every((within, OneOf("grade", (UNRATED,))))
    enough = need // NEWCOMER_EVERY + sum(place.newcomer for place in ranked)
    return with_newcomers(ranked, look.first(newcomers, "best", enough))


def _facets(look: Look, query: SearchQuery, condition: Condition | None) -> dict[str, Facet]:
    """Each facet counted under all choices but its own: one count for all untouched ones, one for each chosen."""
    free = [name for name in FACETS if name not in query.filters]
    counts = look.values(_all_of(query, condition), free)
    for name in FACETS:
        if name in query.filters:
            counts |= look.values(_all_of(query.without(name), condition), [name])
    return {name: _facet(name, counts[name], query.filters.get(name, ())) for name in FACETS}


def _facet(name: str, counts: Mapping[str, int], chosen: Sequence[str]) -> Facet:
    """Most frequent first; what is chosen is listed even when nothing is left of it."""
    everything = {**dict.fromkeys(chosen, 0), **counts}
    ordered = sorted(everything.items(), key=lambda pair: (-pair[1], pair[0]))
    return Facet(name, tuple(FacetValue(code, count, code in chosen) for code, count in ordered))


def _hit(place: Place, step: str, stored: Mapping[int, Stored], surfaces: Sequence[str]) -> Hit:
    document = stored[place.listing_id]
    marks = {name: mark(text, surfaces) for name, text in document.texts.items() if text}
    return Hit(
        listing_id=place.listing_id,
        agency_id=document.agency_id,
        step=step,
        reserved=place.reserved,
        merit=document.merit,
        marks={name: pieces for name, pieces in marks.items() if any(matched for _, matched in pieces)},
    )
