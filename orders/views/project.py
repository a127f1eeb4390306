"""Several services in one go (多评合一): one project, an order each; and the page of a project."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agencies.models import Listing
from agencies.selectors import listings
from kernel import access, unsent
from kernel.errors import DomainError, Forbidden
from kernel.models import Organisation
from orders.forms import place as place_forms
from orders.models import Order
from orders.parties import BUYER
from orders.selectors import orders
from orders.selectors.queue import SHOWN, with_due
from orders.views import drafts, queue
from orders.views.place import buyer_of, place_line, project_of, shown_fee, token_of

SESSION_KEY = "project_list"
MAX_LINES = 20
DRAFT = "project_place"


def place(request: HttpRequest) -> HttpResponse:
    """The listings gathered in the session, ordered together or not at all."""
    chosen, here, buyer = gathered(request), reverse("orders:project_place"), buyer_of(request)
    posted = request.method == "POST" and "preview" not in request.POST
    items = [listing.item for listing in chosen]
    people = place_forms.leads_by_agency({listing.agency_id for listing in chosen})
    if posted and chosen:
        form = place_forms.ProjectPlaceForm(request.POST, buyer=buyer, items=items)
        lines = [_line(listing, people, request.POST) for listing in chosen]
        if buyer is None and all(part.is_valid() for part in (form, *lines)):
            unsent.set_aside(request, DRAFT)
            return drafts.register_party(here) if request.user.is_authenticated else drafts.sign_in(request, here)
        made = _place(request, form, list(zip(chosen, lines, strict=True)), buyer) if buyer else None
        if made:
            request.session.pop(SESSION_KEY, None)
            done = ngettext("已提交 %(n)s 份订单。", "已提交 %(n)s 份订单。", len(made)) % {"n": len(made)}
            messages.success(request, done)
            return redirect("orders:project", pk=made[0].project_id)
    else:
        typed = request.POST.dict() if request.method == "POST" else drafts.take(request, DRAFT)
        initial = {**place_forms.terms_initial(buyer), **typed}
        form = place_forms.ProjectPlaceForm(initial=initial, buyer=buyer, items=items)
        lines = [_line(listing, people, None, typed) for listing in chosen]
    shown = [
        {"listing": listing, "form": line, "fee": shown_fee(line, listing.version)}
        for listing, line in zip(chosen, lines, strict=True)
    ]
    fees = [line["fee"].fen for line in shown if line["fee"] is not None]
    context = {
        "form": form,
        "lines": shown,
        "buyer": buyer,
        "twice": [item for item, n in Counter(items).items() if n > 1],
        "total_fen": sum(fees) if len(fees) == len(shown) else None,
    }
    return render(request, "orders/project_place.html", context)


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take one listing off the list."""
    kept = [pk for pk in _ids(request) if str(pk) != request.POST.get("listing", "")]
    request.session[SESSION_KEY] = kept
    return redirect("orders:project_place")


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A project and its orders with their lamps."""
    project = orders.project_for(request.user, pk)
    visible = Order.objects.filter(project=project)
    side = BUYER if access.belongs_to(request.user, project.buyer_id) else ""
    found = with_due(visible.select_related(*SHOWN), side=side).order_by("id")[:200]
    rows = [queue.row(order, side) for order in found]
    context = {"project": project, "rows": rows, "total_fen": sum(row.order.fee_fen for row in rows)}
    return render(request, "orders/project.html", context)


def gathered(request: HttpRequest) -> list[Listing]:
    """The session's listings that may still be shown, in the order in which they were put there."""
    ids = _ids(request)
    shown = listings.public().select_related("item__category", "agency__organisation", "version").in_bulk(ids)
    found = [shown[pk] for pk in ids if pk in shown]
    for listing in found:
        listing.version.listing = listing
    return found


def _ids(request: HttpRequest) -> list[int]:
    return [int(pk) for pk in request.session.get(SESSION_KEY, []) if str(pk).isdigit()][:MAX_LINES]


def _line(
    listing: Listing, people: dict[int, Any], data: Any, typed: dict[str, str] | None = None
) -> place_forms.LineForm:
    prefix = f"line{listing.pk}"
    first = place_forms.line_initial(listing.version)
    for name in list(first):
        if typed and f"{prefix}-{name}" in typed:
            first[name] = typed[f"{prefix}-{name}"]
    return place_forms.LineForm(
        data, prefix=prefix, initial=first, version=listing.version, people=people[listing.agency_id]
    )


def _place(
    request: HttpRequest,
    form: place_forms.ProjectPlaceForm,
    lines: list[tuple[Listing, place_forms.LineForm]],
    buyer: Organisation,
) -> list[Order]:
    """All orders or none: a refusal stands at the line it is about."""
    if not all([form.is_valid(), *(line.is_valid() for _listing, line in lines)]):
        return []
    at, made = form, []
    try:
        with transaction.atomic():
            project = project_of(form, buyer, request.user)
            for listing, line in lines:
                at = line
                token = f"{token_of(request)}-{listing.pk}"
                made.append(place_line(line, form, listing, project=project, token=token, actor=request.user))
    except Forbidden:
        raise
    except DomainError as error:
        home = next((f for f in (at, form) if error.field in f.fields), at)
        home.add_error(error.field if error.field in home.fields else None, str(error))
        return []
    return made
