"""What a person marked."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from agencies.models import Listing
from agencies.selectors import listings as agency_listings
from market.models import Favourite
from market.selectors.offers import offers_by_id
from market.services.favourites import favourite_set
from market.views.returning import back, posted_change

PAGE = 20


@require_safe
@login_required
def favourites(request: HttpRequest) -> HttpResponse:
    """Marked listings that are still public; how many are gone is said."""
    rows = Favourite.objects.filter(user=request.user)
    page = Paginator(rows.filter(listing__in=agency_listings.public()), PAGE).get_page(request.GET.get("page"))
    offers = offers_by_id([row.listing_id for row in page.object_list], request.user, request.session)
    gone = rows.count() - page.paginator.count
    return render(request, "market/favourites.html", {"offers": offers, "page": page, "gone": gone})


@require_POST
@login_required
def change(request: HttpRequest) -> HttpResponse:
    """``action`` add or remove; a listing that is no longer public can still be unmarked."""
    action, pk = posted_change(request)
    wanted = action == "add"
    rows = agency_listings.public() if wanted else Listing.objects.filter(favourites__user=request.user)
    listing = rows.filter(pk=pk).first() if pk is not None else None
    if listing is None:
        raise Http404
    favourite_set(listing=listing, wanted=wanted, actor=request.user)
    return back(request, "market:favourites")
