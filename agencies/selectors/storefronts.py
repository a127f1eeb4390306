"""The pictures of shops: their addresses, for one shop and for many."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from django.urls import reverse

from agencies.models import Storefront
from agencies.selectors.agencies import IN_DIRECTORY
from kernel.models import Attachment

PICTURES = ("banner", "mark")
# So much of the digest stands in the address: another picture is another address, so it may be kept for ever.
_DIGEST = 16


def banner_url(front: Storefront | None) -> str | None:
    """Where the banner is read by everybody; None without one. Wants ``select_related("banner")`` on the row."""
    return _url(front, "banner")


def mark_url(front: Storefront | None) -> str | None:
    """As ``banner_url``, of the mark."""
    return _url(front, "mark")


def mark_urls(agency_ids: Iterable[int]) -> dict[int, str]:
    """Agency → address of its mark, for lists; only agencies that have one. One query."""
    rows = Storefront.objects.filter(agency__in=list(agency_ids), mark__isnull=False)
    found = rows.values_list("agency_id", "mark__sha256")
    return {agency: _address(agency, "mark", sha256) for agency, sha256 in found}


def public_picture(agency_id: int, kind: str, digest: str) -> Attachment:
    """The picture that a shop of the directory shows now; 404 for every other, an earlier one as well."""
    fronts = Storefront.objects.filter(agency=agency_id, agency__status__in=IN_DIRECTORY).select_related(*PICTURES)
    front = fronts.first()
    picture: Attachment | None = getattr(front, kind) if front and kind in PICTURES else None
    if picture is None or picture.sha256[:_DIGEST] != digest:
        raise Http404
    return picture


def _url(front: Storefront | None, kind: str) -> str | None:
    picture = getattr(front, kind) if front else None
    return _address(front.agency_id, kind, picture.sha256) if front and picture else None


def _address(agency_id: int, kind: str, sha256: str) -> str:
    return reverse("agencies:shop_picture", args=[agency_id, kind, sha256[:_DIGEST]])
