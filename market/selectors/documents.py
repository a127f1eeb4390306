"""Search documents from rows: a batch of listings with a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from agencies.models import CertificateType, Listing
from agencies.selectors import certificates
from agencies.selectors import listings as agency_listings
from agencies.selectors.certificates import Held
from kernel import clock
from kernel.models import Region
from market.search import ListingDocument
from market.search.document import UNRATED
from market.selectors.offers import Standing, standings, with_parts

BATCH = 500


def public_ids() -> list[int]:
    """Ids of all listings search should hold, in order."""
    return list(agency_listings.public().order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True)
class _Around:
    """What is read once for all listings: regions, certificate types, the moment."""

    regions: dict[int, Region]
    types: dict[str, CertificateType]
    version: int
    today: date


def documents(listing_ids: Sequence[int]) -> Iterator[ListingDocument]:
    """Documents of those listings that are public now, read in batches."""
    regions = {region.pk: region for region in Region.objects.all()}
    types = certificates.types()
    for start in range(0, len(listing_ids), BATCH):
        moment = clock.now()
        around = _Around(regions, types, int(moment.timestamp() * 1_000_000), clock.civil(moment))
        chunk = listing_ids[start : start + BATCH]
        rows = list(with_parts(agency_listings.public().filter(pk__in=chunk)).order_by("pk"))
        known = standings(row.agency_id for row in rows)
        held = certificates.held_by({row.agency_id for row in rows})
        for row in rows:
            yield _document(row, known[row.agency_id], held[row.agency_id], around)


def _document(row: Listing, standing: Standing, held: Held, around: _Around) -> ListingDocument:
    shown, item, agency, today = row.version, row.item, row.agency, around.today
    path = _path(around.regions[agency.organisation.region_id], around.regions)
    valid = [paper for paper in held if paper.expires_on is None or paper.expires_on >= today]
    shown_on = clock.civil(shown.published_at) if shown.published_at else today
    confirmed_on = clock.civil(agency.confirmed_at) if agency.confirmed_at else shown_on
    return ListingDocument(
        listing_id=row.pk,
        agency_id=row.agency_id,
        version=around.version,
        title=shown.title,
        agency=agency.organisation.name,
        item_code=item.code,
        item=item.name_zh,
        item_en=item.name_en,
        category_code=item.category.code,
        category=item.category.name_zh,
        category_en=item.category.name_en,
        aliases=tuple(map(str, item.synonyms)),
        short_name=agency.short_name,
        body="\n".join((shown.summary, item.matter_served, agency.introduction)),
        region_codes=tuple(region.code for region in path),
        region_names=tuple(name for region in path for name in (region.name, region.name_en) if name),
        certificates=tuple(dict.fromkeys(paper.type.code for paper in valid)),
        certificate_names=tuple(dict.fromkeys(f"{paper.type.name_zh}{paper.level}" for paper in valid)),
        grade=standing.grade or UNRATED,
        score=standing.score,
        score_low=standing.low,
        score_high=standing.high,
        price_fen=shown.unit_price_fen,
        unit=shown.unit,
        days=shown.days,
        on_time_permille=standing.on_time_permille,
        finished=standing.closed,
        taking_orders=_taking(row),
        valid_until=_valid_until(row, held, around),
        updated_on=max(shown_on, confirmed_on),
        indexed_on=today,
    )


def _valid_until(row: Listing, held: Held, around: _Around) -> date | None:
    """Last day the listing may be found; a day long gone when a certificate is missing already."""
    if certificates.unmet(row.item, held, around.today, around.types):
        return date.min
    return certificates.valid_until(row.item, held, around.today, around.types)


def _taking(row: Listing) -> bool:
    """Whether the shop is open for this service; whether a place is free is asked of the rows, not of search."""
    storefront = getattr(row.agency, "storefront", None)
    return row.item.orderable and row.status == Listing.Status.PUBLISHED and not (storefront and storefront.paused_at)


def _path(region: Region, regions: dict[int, Region]) -> list[Region]:
    """The region and all above it, widest first."""
    path = [region]
    while path[0].parent_id:
        path.insert(0, regions[path[0].parent_id])
    return path
