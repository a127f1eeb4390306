"""The guidance directory as the public reads it. It informs: no list is filtered or ordered by it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from agencies.models import Category
from credit.models import GuidanceEntry
from kernel import clock


def guidance_entries(category: Category | None = None) -> QuerySet[GuidanceEntry]:
    """Who is listed today."""
    rows = GuidanceEntry.objects.filter(removed_on__isnull=True, expires_on__gt=clock.today())
    rows = rows.select_related("agency__organisation", "category")
    return rows if category is None else rows.filter(category=category)


def guidance_of(agency_ids: Iterable[int]) -> dict[int, list[Category]]:
    """{agency id: the categories it is listed in}; one query."""
    found: dict[int, list[Category]] = defaultdict(list)
    for entry in guidance_entries().filter(agency_id__in=list(agency_ids)):
        found[entry.agency_id].append(entry.category)
    return dict(found)
