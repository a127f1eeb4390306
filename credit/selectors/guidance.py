"""The guidance directory as the public reads it. It informs: no list is filtered or ordered by it."""

from __future__ import annotations

from django.db.models import QuerySet

from agencies.models import Agency, Category
from credit.models import GuidanceEntry
from kernel import clock


def guidance_entries(category: Category | None = None) -> QuerySet[GuidanceEntry]:
    """Who is listed today."""
    rows = GuidanceEntry.objects.filter(removed_on__isnull=True, expires_on__gt=clock.today())
    rows = rows.select_related("agency__organisation", "category")
    return rows if category is None else rows.filter(category=category)


def guidance_of(agency: Agency) -> list[GuidanceEntry]:
    """The agency's entries of today with their categories."""
    return list(guidance_entries().filter(agency=agency))
