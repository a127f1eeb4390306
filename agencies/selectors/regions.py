"""Where an agency works: the regions it named, each with everything inside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import Agency
from kernel.models import Region


@dataclass(frozen=True)
class ServiceArea:
    """``regions`` as registered; an agency that named none works everywhere. ``str`` gives the names in the reader's
    language."""

    regions: tuple[Region, ...]

    def covers(self, place: Region | None) -> bool:
        """Whether the agency works at ``place``: in a region it named, or in a part of one. An unknown place is covered."""
        served = {region.pk for region in self.regions}
        if not served or place is None:
            return True
        while place is not None:
            if place.pk in served:
                return True
            place = place.parent
        return False

    def __str__(self) -> str:
        return _("、").join(str(region) for region in self.regions) or _("不限")


def service_area(agency: Agency) -> ServiceArea:
    """The agency's service area; one query."""
    return ServiceArea(tuple(agency.service_regions.order_by("code")))
