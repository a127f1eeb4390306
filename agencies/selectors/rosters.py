"""What the roster desk needs to know."""

from __future__ import annotations

from kernel.models import AuditEntry, Organisation, Region


def default_region() -> Region | None:
    """Where agencies without a region go: the county of the service centre, that is of the first authority; without
    one, the only county there is."""
    centre = (
        Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY, region__level=Region.Level.COUNTY)
        .select_related("region")
        .order_by("pk")
        .first()
    )
    if centre:
        return centre.region
    counties = list(Region.objects.filter(level=Region.Level.COUNTY)[:2])
    return counties[0] if len(counties) == 1 else None


def past_imports(limit: int = 10) -> list[AuditEntry]:
    """The latest imports, newest first, with who and what."""
    rows = AuditEntry.objects.filter(stream="roster:1", action="roster.imported")
    return list(rows.select_related("actor", "detail").order_by("-seq")[:limit])
