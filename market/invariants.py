"""What must always hold of the market (`manage.py check_invariants`)."""

from __future__ import annotations

from collections.abc import Iterator

from kernel.models import OutboxMessage
from market.selectors.documents import public_ids
from market.selectors.engine import search_engine

TOPICS = ("listing_changed", "agency_changed", "ranking_published")


def search_matches_rows() -> Iterator[str]:
    """Search holds exactly the public listings, unless news of a change is still on its way."""
    if OutboxMessage.objects.filter(topic__in=TOPICS, done_at__isnull=True).exists():
        return
    rows, held = set(public_ids()), search_engine().listing_ids()
    for pk in sorted(rows - held):
        yield f"listing {pk} is public but not in search"
    for pk in sorted(held - rows):
        yield f"listing {pk} is in search but not public"
