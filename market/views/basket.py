"""The project list (项目清单): several services, perhaps of several agencies, to be ordered in one go (多评合一)."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel.errors import DomainError
from market.selectors import session as lists
from market.selectors.offers import offers_by_id
from market.views.returning import back, posted_change


@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """The list; its button leads to the order page of orders, which reads the same session key."""
    offers = offers_by_id(lists.chosen(request.session, lists.BASKET), request.user, request.session)
    ready = [offer for offer in offers if offer.open]
    context = {
        "offers": offers,
        "ready": ready,
        "twice": [item for item, n in Counter(offer.listing.item for offer in ready).items() if n > 1],
        "place": reverse("orders:project_place") if ready else None,
        "days": max((offer.version.days for offer in ready), default=0),
        "days_in_turn": sum(offer.version.days for offer in ready),
    }
    return render(request, "market/basket.html", context)


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """``action`` add, remove or clear; ``listing`` the offer."""
    action, pk = posted_change(request)
    try:
        if action == "clear":
            lists.clear(request.session, lists.BASKET)
        elif pk is not None and action == "add" and offers_by_id([pk]):
            lists.choose(request.session, lists.BASKET, pk, True)
            messages.success(request, _("已加入项目清单。"))
        elif pk is not None:
            lists.choose(request.session, lists.BASKET, pk, False)
    except DomainError as error:
        messages.error(request, str(error))
    return back(request, "market:basket")
