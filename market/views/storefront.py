"""An agency's storefront: who they are, what they offer, how good they are and how sure we are, what they may do."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from agencies.models import Agency, Category, Qualification
from agencies.selectors import listings as agency_listings
from agencies.selectors.agencies import IN_DIRECTORY
from agencies.selectors.storefronts import banner_url, mark_url
from credit.selectors.guidance import guidance_of
from kernel import clock
from market.selectors.offers import Offer, Standing, offers, standings, with_parts
from market.selectors.record import area, punctuality, scores
from market.selectors.reputation import reputation

SERVICES = 100


@require_safe
def storefront(request: HttpRequest, pk: int) -> HttpResponse:
    """Of an agency in the directory; a suspended one is shown as such, with nothing to order."""
    rows = Agency.objects.filter(status__in=IN_DIRECTORY)
    agency = get_object_or_404(
        rows.select_related(
            "organisation__region",
            "storefront__banner",
            "storefront__mark",
            "parent__organisation",
            "affiliated_with",
        ),
        pk=pk,
    )
    services = with_parts(agency_listings.public().filter(agency=agency)).order_by("item__category__position", "pk")
    shown = offers(list(services[:SERVICES]), request.user, request.session)
    papers = Qualification.objects.filter(agency=agency, status=Qualification.Status.CONFIRMED).select_related("type")
    shop = getattr(agency, "storefront", None)
    context = {
        "agency": agency,
        "area": area(agency),
        "shop": shop,
        "standing": shown[0].standing if shown else standings([agency.pk])[agency.pk],
        "offers": shown,
        "papers": list(papers),
        "people": list(agency.practitioners.filter(ended_on__isnull=True)[:SERVICES]),
        "reputation": reputation(agency),
        "guidance": guidance_of(agency),
        "scores": scores(agency.pk),
        "days": punctuality(agency.pk),
        "trades": _trades(agency, shown),
        "banner": banner_url(shop),
        "mark": mark_url(shop),
        "today": clock.today(),
    }
    return render(request, "market/storefront.html", context)


def _trades(agency: Agency, shown: list[Offer]) -> list[tuple[Category, Standing]]:
    """The categories of the agency's services in which the last ranking rates it, with that grade."""
    latest = scores(agency.pk).latest
    categories = {offer.listing.item.category_id: offer.listing.item.category for offer in shown}
    return [(category, latest[pk]) for pk, category in categories.items() if pk in latest]


@require_safe
def qr(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A QR code that leads to the storefront, for windows, cards and reports: ``svg`` or ``png``."""
    agency = get_object_or_404(Agency.objects.filter(status__in=IN_DIRECTORY), pk=pk)
    out = io.BytesIO()
    if kind == "svg":
        _code(agency).save(out, kind="svg", scale=4, border=2, svgclass=None, lineclass=None, xmldecl=False)
        return HttpResponse(out.getvalue(), content_type="image/svg+xml")
    _code(agency).save(out, kind="png", scale=12, border=3)
    return HttpResponse(out.getvalue(), content_type="image/png")


@require_safe
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """The shop's card to print or send: name, mark, published grade, address as a QR code. One drawing, no script."""
    rows = Agency.objects.filter(status__in=IN_DIRECTORY).select_related("organisation__region", "storefront")
    agency = get_object_or_404(rows, pk=pk)
    context = {
        "agency": agency,
        "shop": getattr(agency, "storefront", None),
        "standing": standings([agency.pk])[agency.pk],
        "code": Markup(_code(agency).svg_inline(scale=8, border=0, svgclass=None, lineclass=None)),  # noqa: S704 (drawn here, of an address of our own)
        "code_size": _code(agency).symbol_size(scale=8, border=0)[0],
    }
    return render(request, "market/card.xml", context, content_type="image/svg+xml")


def _code(agency: Agency) -> segno.QRCode:
    return segno.make(settings.PUBLIC_URL.rstrip("/") + reverse("market:storefront", args=[agency.pk]), error="m")
