"""One offer in full: the published version, and older ones by number for those who ordered them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies.models import Listing, ListingVersion
from agencies.selectors import certificates
from agencies.selectors.agencies import IN_DIRECTORY
from kernel import access, clock
from market.selectors.certificate_rules import rule_lines
from market.selectors.offers import Offer, included, offers, with_parts
from market.selectors.record import area, punctuality, scores
from market.selectors.reputation import reputation
from market.selectors.spread import price_spread, usual_duration
from orders.models import Order
from orders.views.not_offered import not_offered

GONE = (Listing.Status.HIDDEN, Listing.Status.WITHDRAWN)


@require_safe
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The current version. A hidden or withdrawn listing still has its page, which says so and takes no order; of
    an agency that has left the market nothing is shown but where else to go."""
    row = _readable().filter(pk=pk).first()
    if row is None:
        return not_offered(request, pk)
    (offer,) = offers([row], request.user, request.session)
    return render(request, "market/listing.html", _context(offer))


@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A published version by number: the current one, or an older one that the person ordered or may oversee."""
    row = get_object_or_404(_readable(), pk=pk)
    wanted = get_object_or_404(row.versions.filter(status=ListingVersion.Status.PUBLISHED), number=number)
    if wanted.pk != row.version_id and not _may_read_old(request, row, wanted):
        raise Http404
    (offer,) = offers([row], request.user, request.session)
    offer.version = wanted
    return render(request, "market/listing.html", {**_context(offer), "old": wanted.pk != row.version_id})


def _readable() -> QuerySet[Listing]:
    rows = Listing.objects.filter(version__isnull=False, agency__status__in=IN_DIRECTORY)
    return with_parts(rows.exclude(status__in=(Listing.Status.DRAFT, Listing.Status.IN_REVIEW)))


def _may_read_old(request: HttpRequest, row: Listing, wanted: ListingVersion) -> bool:
    user = request.user
    if access.is_staff(user) or access.belongs_to(user, row.agency.organisation_id):
        return True
    mine = [membership.organisation_id for membership in access.live_memberships(user)]
    return bool(mine) and Order.objects.filter(version=wanted, buyer__in=mine).exists()


def _context(offer: Offer) -> dict[str, object]:
    today, item = clock.today(), offer.listing.item
    held = certificates.held_by([offer.listing.agency_id])[offer.listing.agency_id]
    return {
        "offer": offer,
        "old": False,
        "area": area(offer.agency),
        "rule": rule_lines(item),
        "papers": [paper for paper in held if paper.expires_on is None or paper.expires_on >= today],
        "includes": included(offer.version.includes),
        "reputation": reputation(offer.agency),
        "spread": price_spread(item.pk, offer.version.unit, offer.version.unit_price_fen),
        "usual": usual_duration(item.pk),
        "days": punctuality(offer.listing.agency_id),
        "trade": scores(offer.listing.agency_id).latest.get(item.category_id),
        "place": reverse("orders:place", args=[offer.id]) if offer.open else None,
        "today": today,
    }
