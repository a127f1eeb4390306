"""An agency's storefront: who they are, what they offer, how good they are and how sure we are, what they may do."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from agencies.models import Agency, Qualification
from agencies.selectors import listings as agency_listings
from agencies.selectors.agencies import IN_DIRECTORY
from kernel import clock
from market.selectors.offers import offers, standings, with_parts
from market.selectors.reputation import guidance, reputation

SERVICES = 100


@require_safe
def storefront(request: HttpRequest, pk: int) -> HttpResponse:
    """Of an agency in the directory; a suspended one is shown as such, with nothing to order."""
    rows = Agency.objects.filter(status__in=IN_DIRECTORY)
    agency = get_object_or_404(
        rows.select_related("organisation__region", "storefront", "parent__organisation", "affiliated_with"), pk=pk
    )
    services = with_parts(agency_listings.public().filter(agency=agency)).order_by("item__category__position", "pk")
    shown = offers(list(services[:SERVICES]), request.user, request.session)
    papers = Qualification.objects.filter(agency=agency, status=Qualification.Status.CONFIRMED).select_related("type")
    context = {
        "agency": agency,
        "shop": getattr(agency, "storefront", None),
        "standing": shown[0].standing if shown else standings([agency.pk])[agency.pk],
        "offers": shown,
        "papers": list(papers),
        "people": list(agency.practitioners.filter(ended_on__isnull=True)[:SERVICES]),
        "reputation": reputation(agency),
        "guidance": guidance(agency),
        "today": clock.today(),
    }
    return render(request, "market/storefront.html", context)


@require_safe
def qr(request: HttpRequest, pk: int) -> HttpResponse:
    """A QR code that leads to the storefront, for windows, cards and reports."""
    agency = get_object_or_404(Agency.objects.filter(status__in=IN_DIRECTORY), pk=pk)
    code = segno.make(settings.PUBLIC_URL.rstrip("/") + reverse("market:storefront", args=[agency.pk]), error="m")
    out = io.BytesIO()
    code.save(out, kind="svg", scale=4, border=2, svgclass=None, lineclass=None, xmldecl=False)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")
