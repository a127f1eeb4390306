"""An offer: a listing with all that a buyer weighs, from every room, read for a whole page at once.

Listing and version from agencies, the last *published* grade from credit, the record of finished orders from orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency, Listing, ListingVersion
from agencies.selectors import listings as agency_listings
from agencies.selectors.storefronts import mark_url
from credit.selectors.grades import Grade, published_grades
from credit.selectors.story import period_name
from kernel.money import yuan
from market.models import Favourite
from market.selectors.session import BASKET, COMPARE
from orders.models import Order
from orders.selectors.lateness import ON_TIME, TIMED


@dataclass(frozen=True)
class Standing:
    """An agency's last published grade and its record. Scores in milli-points (0…1,000,000), None while not rated.

    ``orders`` without declined and cancelled ones, ``closed`` those approved; on time is as orders says
    (``orders.selectors.lateness``); the rate is rounded half up.
    """

    grade: str | None = None
    score: int | None = None
    low: int | None = None
    high: int | None = None
    period: str = ""
    orders: int = 0
    closed: int = 0
    on_time_permille: int | None = None

    @property
    def newcomer(self) -> bool:
        return self.grade is None

    @property
    def published_in(self) -> str:
        """The month in the reader's words; "" if never published."""
        return period_name(self.period)


@dataclass
class Offer:
    """One listing as pages show it. ``marks`` and ``why`` are filled by search."""

    listing: Listing
    version: ListingVersion
    standing: Standing
    trade: Standing | None = None
    """The grade in the category asked for, where a page knows one and the agency is rated in it."""
    favourite: bool = False
    compared: bool = False
    listed: bool = False
    marks: dict[str, Any] = field(default_factory=dict)
    why: list[str] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.listing.pk

    @property
    def agency(self) -> Agency:
        return self.listing.agency

    @property
    def open(self) -> bool:
        """Whether an order can be placed now, as far as the page knows; placing asks again."""
        return not self.closed_because

    @property
    def closed_because(self) -> str:
        """Why no order can be placed now, in a few words; empty when one can."""
        if not self.listing.item.orderable:
            return _("本事项不在网上下单")
        if self.agency.status != Agency.Status.ACTIVE:
            return self.agency.get_status_display()
        if self.listing.status != Listing.Status.PUBLISHED:
            return self.listing.get_status_display()
        storefront = getattr(self.agency, "storefront", None)
        if storefront and storefront.paused_at:
            return _("店铺暂停接单")
        if self.listing.taken >= self.listing.capacity:
            return _("接单已满")
        return ""

    @property
    def price(self) -> str:
        return price_text(self.version)

    @property
    def includes(self) -> str:
        """What the price includes, in words."""
        return includes_text(self.version.includes)

    @property
    def mark(self) -> str | None:
        """Address of the shop's own mark; None when the page draws one from the name."""
        return mark_url(getattr(self.agency, "storefront", None))


def price_text(version: ListingVersion) -> str:
    """The price as a buyer reads it: ``¥15,000.00/份``, ``¥1.20/平方米起``."""
    # In English a unit begins with a capital where it stands alone.
    text = f"{yuan(version.unit_price_fen)}/{str(version.get_unit_display()).lower()}"
    return _("%(price)s 起") % {"price": text} if version.tiers else text


INCLUDED = ("tax", "expert_review", "monitoring", "travel")


def included(includes: dict[str, Any]) -> list[tuple[str, bool]]:
    """What a price may include, each with whether it does."""
    names = {
        "tax": _("税费"),
        "expert_review": _("专家评审费"),
        "monitoring": _("监测费"),
        "travel": _("差旅费"),
    }
    return [(names[name], bool(includes.get(name))) for name in INCLUDED]


def includes_text(includes: dict[str, Any]) -> str:
    """What a price includes, in words."""
    held = [name for name, inside in included(includes) if inside]
    return _("、").join(held) if held else _("仅服务本身")


def with_parts(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """Listings with everything an offer shows, in one query."""
    return listings.select_related(
        "version", "item__category", "agency__organisation__region", "agency__storefront__mark"
    )


def standings(agency_ids: Iterable[int]) -> dict[int, Standing]:
    """Grade and record of each agency, in two queries; an agency nothing is known of is a newcomer."""
    ids = list(dict.fromkeys(agency_ids))
    grades, records = published_grades(ids), _records(ids)
    return {pk: standing_of(grades[pk], records.get(pk, {})) for pk in ids}


def trade_standings(agency_ids: Iterable[int], category_id: int) -> dict[int, Standing]:
    """The published grade in one category of those agencies that are rated in it; one query."""
    found = published_grades(agency_ids, category_id)
    return {pk: standing_of(grade) for pk, grade in found.items() if grade.rated}


def _records(agency_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    rows = Order.objects.filter(agency__in=agency_ids).exclude(status__in=Order.DROPPED).order_by().values("agency_id")
    counted = rows.annotate(
        orders=Count("id"),
        closed=Count("id", filter=Q(status__in=Order.DONE)),
        timed=Count("id", filter=TIMED),
        on_time=Count("id", filter=ON_TIME),
    )
    return {row["agency_id"]: row for row in counted}


def standing_of(grade: Grade, record: Mapping[str, int] | None = None) -> Standing:
    """A published grade, and a record if one is asked for, as pages read them."""
    numbers, record = {}, record or {}
    if grade.rated and grade.score_milli is not None and grade.half_width_milli is not None:
        numbers = {
            "grade": grade.grade,
            "score": grade.score_milli,
            "low": max(0, grade.score_milli - grade.half_width_milli),
            "high": min(1_000_000, grade.score_milli + grade.half_width_milli),
            "period": grade.period,
        }
    timed = record.get("timed", 0)
    return Standing(
        **numbers,
        orders=record.get("orders", 0),
        closed=record.get("closed", 0),
        on_time_permille=(record["on_time"] * 1000 + timed // 2) // timed if timed else None,
    )


def offers(
    listings: Sequence[Listing], user: Any = None, session: Any = None, category_id: int | None = None
) -> list[Offer]:
    """Offers of listings read by `with_parts`; marked as the person and the session have them.

    With ``category_id``, also the grade in that category (one query more).
    """
    known = standings(listing.agency_id for listing in listings)
    trades = trade_standings([listing.agency_id for listing in listings], category_id) if category_id else {}
    liked = favourite_ids(user, [listing.pk for listing in listings])
    compared, listed = (set(session.get(name, ())) if session is not None else set() for name in (COMPARE, BASKET))
    return [
        Offer(
            listing=listing,
            version=listing.version,
            standing=known[listing.agency_id],
            trade=trades.get(listing.agency_id),
            favourite=listing.pk in liked,
            compared=listing.pk in compared,
            listed=listing.pk in listed,
        )
        for listing in listings
        if listing.version is not None
    ]


def offers_by_id(
    listing_ids: Sequence[int], user: Any = None, session: Any = None, category_id: int | None = None
) -> list[Offer]:
    """Public offers in the order of the ids; what is no longer public is left out."""
    rows = {row.pk: row for row in with_parts(agency_listings.public().filter(pk__in=listing_ids))}
    return offers([rows[pk] for pk in listing_ids if pk in rows], user, session, category_id)


def favourite_ids(user: Any, listing_ids: Sequence[int]) -> set[int]:
    """Which of the listings the person marked; nobody who is not signed in has any."""
    if not getattr(user, "is_authenticated", False) or not listing_ids:
        return set()
    return set(Favourite.objects.filter(user=user, listing__in=listing_ids).values_list("listing_id", flat=True))
