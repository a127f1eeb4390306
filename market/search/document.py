"""What search knows of one listing, and how that becomes fields an engine can hold."""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from market.search.ranking import merit, sort_keys
from market.search.words import Lexicon

FOREVER = 2**31 - 1
"""``valid_until`` of a listing that no certificate ends."""
UNRATED = "NR"
"""Grade code of 样本不足, not yet rated."""
_EPOCH = date(1970, 1, 1)

PRICE_BANDS = MappingProxyType(
    {"p1": 1_000_00, "p2": 5_000_00, "p3": 10_000_00, "p4": 30_000_00, "p5": 100_000_00, "p6": None}
)
"""Band code → upper bound in fen, exclusive. A price on request is in band ``ask``."""
DAYS_BANDS = MappingProxyType({"d1": 6, "d2": 11, "d3": 21, "d4": 31, "d5": None})
"""Band code → upper bound in working days, exclusive."""
ON_TIME_BANDS = MappingProxyType({"t4": 800, "t3": 900, "t2": 980, "t1": None})
"""Band code → upper bound of the on-time rate in permille, exclusive. Nothing finished yet is band ``t0``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDocument:
    """One published listing as search sees it. ``version`` orders writes: a lower one than stored is ignored.

    Money is in fen per ``unit``, ``days`` in working days, ``on_time_permille`` of the ``finished`` orders,
    scores in milli-points (0…1,000,000) as last *published*. ``aliases`` are other names of the item, ``short_name`` is
    the agency's. ``region_codes`` holds the agency's region and all above it.
    ``valid_until`` is the last day on which every certificate the item needs is valid.
    """

    listing_id: int
    agency_id: int
    version: int
    title: str
    agency: str
    item_code: str
    item: str
    category_code: str
    category: str
    updated_on: date
    indexed_on: date
    title_en: str = ""
    agency_en: str = ""
    item_en: str = ""
    category_en: str = ""
    aliases: tuple[str, ...] = ()
    short_name: str = ""
    body: str = ""
    region_codes: tuple[str, ...] = ()
    region_names: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    certificate_names: tuple[str, ...] = ()
    grade: str = UNRATED
    score: int | None = None
    score_low: int | None = None
    score_high: int | None = None
    price_fen: int | None = None
    unit: str = ""
    days: int = 0
    on_time_permille: int | None = None
    finished: int = 0
    taking_orders: bool = True
    valid_until: date | None = None

    @property
    def newcomer(self) -> bool:
        """Whether the agency has no published grade yet (样本不足)."""
        return self.grade == UNRATED


@dataclass(frozen=True, slots=True)
class Removal:
    """Takes a listing out of search, unless a newer version is stored."""

    listing_id: int
    version: int


def unix_day(day: date | None) -> int:
    """Days since 1970-01-01; ``None`` is for ever, days before are 0."""
    return FOREVER if day is None else max(0, (day - _EPOCH).days)


def band(value: int, bands: MappingProxyType[str, int | None]) -> str:
    """Code of the band that holds ``value``; bands are ordered and the last has no end."""
    return next(code for code, end in bands.items() if end is None or value < end)


def price_band(price_fen: int | None) -> str:
    return "ask" if price_fen is None else band(price_fen, PRICE_BANDS)


def on_time_band(permille: int | None) -> str:
    return "t0" if permille is None else band(permille, ON_TIME_BANDS)


def keywords(document: ListingDocument) -> dict[str, tuple[str, ...]]:
    """Exact values by field: what filters select and facets count. Names are those of `SearchQuery`."""
    return {
        "category": (document.category_code,),
        "item": (document.item_code,),
        "agency": (str(document.agency_id),),
        "district": document.region_codes,
        "grade": (document.grade,),
        "price": (price_band(document.price_fen),),
        "days": (band(document.days, DAYS_BANDS),),
        "certificate": document.certificates,
        "on_time": (on_time_band(document.on_time_permille),),
        "unit": (document.unit,) if document.unit else (),
        "taking": ("1" if document.taking_orders else "0",),
    }


def token_fields(document: ListingDocument, lexicon: Lexicon) -> dict[str, str]:
    """The four texts, pre-cut, each holding the one before: ``works`` ⊂ ``names`` ⊂ ``kind`` ⊂ ``text``.

    A question is first held against names, then kind, then text: these are the steps of the published order. ``works``
    (what is offered, whoever offers it) orders near misses.
    """
    works = " ".join((document.title, document.title_en, document.item, document.item_en, *document.aliases))
    names = " ".join((document.agency, document.agency_en, document.short_name))
    kind = " ".join((document.category, document.category_en, *document.certificate_names, *document.region_names))
    sounds = " ".join((document.title, document.item, *document.aliases))
    offered = dict.fromkeys((*lexicon.text_tokens(works), *lexicon.sound_tokens(sounds)))
    others = " ".join((document.agency, document.category, document.short_name))
    first = dict.fromkeys((*offered, *lexicon.text_tokens(names), *lexicon.sound_tokens(others)))
    second = dict.fromkeys((*first, *lexicon.text_tokens(kind)))
    third = dict.fromkeys((*second, *lexicon.text_tokens(document.body)))
    return {"works": " ".join(offered), "names": " ".join(first), "kind": " ".join(second), "text": " ".join(third)}


def number_fields(document: ListingDocument) -> dict[str, int]:
    """Numbers an engine filters and sorts by, all non-negative and below 2^63."""
    worth = merit(
        score_low=document.score_low,
        on_time_permille=document.on_time_permille,
        finished=document.finished,
        age_days=(document.indexed_on - document.updated_on).days,
    )
    return {
        "listing_id": document.listing_id,
        "version": document.version,
        "valid_until": unix_day(document.valid_until),
        "newcomer": int(document.newcomer),
        **sort_keys(document, worth),
    }
