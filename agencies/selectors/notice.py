"""A public notice of entry: what the desk had before it when the notice began, whatever the agency changes meanwhile."""

from __future__ import annotations

from typing import Any

from agencies.models import Agency, Practitioner, Qualification, Review
from agencies.selectors import certificates, overview, people


def examined(agency: Agency) -> dict[str, Any]:
    """What ``Review.notice`` keeps of the parts of a file that stay open to the agency: the address, and the rows of
    certificates and people, which are never rewritten. The rest of the file is locked until the notice is over."""
    return {
        "address": agency.organisation.address,
        "papers": [row.pk for row in certificates.held_by([agency.pk])[agency.pk]],
        "people": list(people.active(agency).values_list("pk", flat=True)),
    }


def shown(review: Review) -> dict[str, Any]:
    """``facts``, ``papers`` and ``people`` of an entry in publicity."""
    agency, kept = review.agency, review.notice
    return {
        "facts": overview.public(agency, kept["address"]),
        "papers": Qualification.objects.filter(agency=agency, pk__in=kept["papers"]).select_related("type"),
        "people": Practitioner.objects.filter(agency=agency, pk__in=kept["people"]).order_by("id"),
    }
