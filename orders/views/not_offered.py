"""A service that was offered once and is not offered now: the page says so and leads to others of the same item."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from agencies.selectors import listings

OTHERS = 10


def not_offered(request: HttpRequest, listing_id: int) -> HttpResponse:
    """410 with a way on for a listing that everybody could see once; 404 for any other number."""
    rows = listings.ever_public().select_related("item__category", "version")
    listing = get_object_or_404(rows, pk=listing_id)
    others = listings.open_for(listing.item).exclude(pk=listing.pk).select_related("agency__organisation", "version")
    context = {
        "listing": listing,
        "item": listing.item,
        "others": others.order_by("version__unit_price_fen", "pk")[:OTHERS],
    }
    return render(request, "orders/not_offered.html", context, status=410)
