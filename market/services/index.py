"""Keeping search the same as the public rows: after each message, and all of it every night."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from agencies.models import Listing
from kernel import clock
from market.search import ListingDocument, Removal
from market.selectors.documents import documents, public_ids
from market.selectors.engine import search_engine


def listings_index(listing_ids: Iterable[int]) -> None:
    """Bring these listings in search to what the rows say now; what is no longer public is removed. Idempotent."""
    ids = sorted(set(listing_ids))
    if not ids:
        return
    version = int(clock.now().timestamp() * 1_000_000)
    fresh = list(documents(ids))
    found = {document.listing_id for document in fresh}
    search_engine().apply([*fresh, *(Removal(pk, version) for pk in ids if pk not in found)])


def agencies_index(agency_ids: Iterable[int]) -> None:
    """As `listings_index` for all listings of these agencies."""
    listings_index(Listing.objects.filter(agency__in=set(agency_ids)).values_list("pk", flat=True))


def index_rebuild(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Build the whole index anew beside the one in use and switch; ``progress`` is told (done, total)."""
    ids = public_ids()

    def counted() -> Iterator[ListingDocument]:
        for done, document in enumerate(documents(ids), start=1):
            yield document
            progress(done, len(ids))

    return search_engine().rebuild(counted())


def index_ensure() -> int:
    """Build the index when there is none that this version can read: after an upgrade, or a restore without it. Gives
    the number of listings it then has, 0 when nothing was to do. The tables must be those of this version."""
    return index_rebuild() if not search_engine().exists() and public_ids() else 0


# --- outbox ----------------------------------------------------------------------------------------------------------
def on_listing_changed(payloads: list[dict[str, Any]]) -> None:
    listings_index(payload["listing"] for payload in payloads)


def on_agency_changed(payloads: list[dict[str, Any]]) -> None:
    agencies_index(payload["agency"] for payload in payloads)


def on_ranking_published(payloads: list[dict[str, Any]]) -> None:
    """Grades of many agencies may have changed: everything is read again."""
    index_rebuild()
