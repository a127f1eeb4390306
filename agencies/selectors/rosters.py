"""What the roster desk needs to know."""

from __future__ import annotations

from kernel.models import Organisation, Region


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
