"""Listings as a person may see them, and what may be shown to all."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet, Sum
from django.http import Http404

from agencies.models import Agency, Listing, ListingVersion, ServiceItem
from agencies.selectors.agencies import IN_DIRECTORY
from kernel import access
from kernel.models import User

SHOWN = (Listing.Status.PUBLISHED, Listing.Status.PAUSED)


def public() -> QuerySet[Listing]:
    """Listings that may be shown: published or paused (shown as not taking orders), of agencies in good standing with
    the directory. Withdrawn, hidden and suspended ones are not in it."""
    return Listing.objects.filter(
        status__in=SHOWN, agency__status=Agency.Status.ACTIVE, version__isnull=False, item__active=True
    )


def orders_in_work(agency: Agency) -> int:
    """How many orders hold a slot of the agency's listings, withdrawn and hidden ones included: what keeps it from leaving."""
    return Listing.objects.filter(agency=agency).aggregate(n=Sum("taken"))["n"] or 0


def once_public() -> QuerySet[Listing]:
    """Also those that were shown once and are hidden, withdrawn or of a suspended agency now."""
    return ever_public().filter(agency__status__in=IN_DIRECTORY)


def ever_public() -> QuerySet[Listing]:
    """Whatever everybody could see at some time, also of agencies that have left."""
    rows = Listing.objects.filter(version__isnull=False)
    return rows.exclude(status__in=(Listing.Status.DRAFT, Listing.Status.IN_REVIEW))


def open_for(item: ServiceItem) -> QuerySet[Listing]:
    """Listings of the item that take orders, as far as can be told without asking the order service."""
    return public().filter(
        item=item,
        item__orderable=True,
        status=Listing.Status.PUBLISHED,
        taken__lt=F("capacity"),
        agency__storefront__paused_at__isnull=True,
    )


def listing_for(user: User | Any, pk: int) -> Listing:
    """A listing for the members of its agency and the staff of an authority, whatever its state; 404 otherwise."""
    rows = Listing.objects.select_related("agency__organisation", "item__category", "version").filter(pk=pk)
    listing = rows.first()
    if listing is None or not (access.belongs_to(user, listing.agency.organisation_id) or access.is_staff(user)):
        raise Http404
    return listing


def version_for(user: User | Any, listing: Listing, number: int) -> ListingVersion:
    """One version of a listing the person already has; 404 when there is none of that number."""
    version = ListingVersion.objects.filter(listing=listing, number=number).first()
    if version is None:
        raise Http404
    return version


def open_version(listing: Listing) -> ListingVersion | None:
    """The version that is being written, in review or returned, if any."""
    return listing.versions.exclude(status=ListingVersion.Status.PUBLISHED).first()
