"""The published order of results. Payment plays no part in it; nobody can buy a place.

**Best match** goes by two steps:

1. *Text.* Listings in whose names (title, service item, agency) every word of the question is found come first; then
   those where category, certificates or district are needed too; then those where the description is needed. Only if
   nothing is found that way are near misses shown, and they are called so: first those with the most words of the
   question in the title or the service item, then those that sound or are spelt like it there, then the rest.
2. *Merit* within a step: see `merit`.

Of every five places of a step at least one goes to an agency that is not yet rated, if there is one
(`with_newcomers`). Within a page an agency that holds two places in a row lets the next one of another agency pass
(`spread_out`). Every other order (price, days, grade, on time) is what its name says, equal ones by merit.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from market.search.document import ListingDocument

GRADE_WEIGHT, ON_TIME_WEIGHT, FRESH_WEIGHT = 6, 3, 1
NEUTRAL_SCORE, NEUTRAL_ON_TIME = 600, 850
"""What an agency without evidence is taken for, in permille. The score, like everybody's, is a lower end: above those
who are known to be bad, below those who are known to be good, whatever their freshness."""
ON_TIME_PRIOR = 10
"""Finished orders that the neutral rate counts for, so that one order on time is not worth a hundred."""
FRESH_DAYS = 180
NEWCOMER_EVERY = 5
IN_A_ROW = 2
"""Places an agency may hold one after the other while others of the same page could stand there."""

GRADES = ("AAA", "AA", "A", "B", "C", "D", "NR")
"""Best first; not yet rated stands apart, at the end."""
SORTS = ("best", "price", "price_desc", "days", "grade", "on_time", "newest")

_PRICE_CAP = 2**34 - 1
_TIE_BITS = 19
# Odd, and the golden section of 2^19: neighbouring ids, mostly of one agency, end up far apart.
_SPREAD = 324_019


def merit(*, score_low: int | None, on_time_permille: int | None, finished: int, age_days: int) -> int:
    """Merit of a listing, 0…1000: six tenths its agency's grade, three tenths on-time, one tenth freshness.

    ``score_low`` is the *lower* end of the published score's interval in milli-points: who is good and proven stands
    before who is merely lucky. ``on_time_permille`` is the share of the ``finished`` orders that were in
    time; ``ON_TIME_PRIOR`` orders at the neutral rate are weighed in. Freshness falls from 1000 on the day
    the listing was last confirmed to 0 after 180 days.
    """
    grade = NEUTRAL_SCORE if score_low is None else min(max(score_low // 1000, 0), 1000)
    known = 0 if on_time_permille is None else max(finished, 0)
    share = min(max(on_time_permille or 0, 0), 1000)
    on_time = (known * share + ON_TIME_PRIOR * NEUTRAL_ON_TIME) // (known + ON_TIME_PRIOR)
    fresh = 1000 * (FRESH_DAYS - min(max(age_days, 0), FRESH_DAYS)) // FRESH_DAYS
    total = GRADE_WEIGHT * grade + ON_TIME_WEIGHT * on_time + FRESH_WEIGHT * fresh
    return total // (GRADE_WEIGHT + ON_TIME_WEIGHT + FRESH_WEIGHT)


def sort_keys(document: ListingDocument, worth: int) -> dict[str, int]:
    """One number per order, smallest first, so that either engine sorts by a single field and agrees.

    Upper bits: the order's own value; then merit; then the listing's id, scrambled one-to-one so that the oldest
    listing does not win every tie.
    """
    tie = document.listing_id * _SPREAD % 2**_TIE_BITS
    rest = (1000 - worth) << _TIE_BITS | tie
    shift = 10 + _TIE_BITS
    price = _PRICE_CAP if document.price_fen is None else min(document.price_fen, _PRICE_CAP - 1)
    falling = _PRICE_CAP if document.price_fen is None else _PRICE_CAP - 1 - price
    score = 0 if document.score_low is None else min(max(document.score_low, 0), 1_000_000)
    on_time = -1 if document.on_time_permille is None else min(max(document.on_time_permille, 0), 1000)
    own = {
        "best": 0,
        "price": price,
        "price_desc": falling,
        "days": min(max(document.days, 0), 2**20),
        "grade": GRADES.index(document.grade) << 20 | (1_000_000 - score),
        "on_time": 1000 - on_time,
        "newest": 2**22 - document.updated_on.toordinal(),
    }
    return {f"by_{name}": value << shift | rest for name, value in own.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A listing's place in the order; ``reserved`` when it was given as the newcomers' share."""

    listing_id: int
    newcomer: bool
    reserved: bool = False


def with_newcomers(ranked: Sequence[Place], newcomers: Sequence[Place], every: int = NEWCOMER_EVERY) -> list[Place]:
    """``ranked`` with the last place of each block of ``every`` given to the next newcomer, if the block has none.

    Needs the first n of all, and of the newcomers n // every more than are among those, to get the first n right: a
    page can be computed from its beginning alone. Nobody appears twice.
    """
    placed: set[int] = set()
    order: list[Place] = []
    regular, waiting = iter(ranked), iter(newcomers)
    for position in range(len(ranked)):
        block = order[position - position % every :]
        place = None
        if position % every == every - 1 and not any(p.newcomer for p in block):
            found = next((p for p in waiting if p.listing_id not in placed), None)
            place = Place(found.listing_id, True, True) if found else None
        place = place or next(p for p in regular if p.listing_id not in placed)
        placed.add(place.listing_id)
        order.append(place)
    return order


def spread_out(agencies: Sequence[int], kinds: Sequence[Hashable]) -> list[int]:
    """A page's rows (by number from 0) in the order in which an agency with ``IN_A_ROW`` places lets the next one pass.

    ``agencies`` and ``kinds`` are those of the rows as ranked. Only rows of the same kind are exchanged, so steps and
    the newcomers' share stay where they are; else the order is kept, also where there is nobody to let pass.
    """
    waiting = list(range(len(agencies)))
    order: list[int] = []
    for kind in kinds:
        last = {agencies[i] for i in order[-IN_A_ROW:]}
        full = next(iter(last)) if len(order) >= IN_A_ROW and len(last) == 1 else None
        able = [i for i in waiting if kinds[i] == kind]
        place = next((i for i in able if agencies[i] != full), able[0])
        waiting.remove(place)
        order.append(place)
    return order
