"""Placing one order from a listing."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies import pricing
from agencies.models import Listing, ListingVersion
from agencies.selectors import listings
from kernel import clock, unsent, workdays
from kernel.errors import DomainError
from kernel.forms import attempt
from kernel.middleware import TOKEN_FIELD
from kernel.models import Organisation
from orders.forms import place as place_forms
from orders.machines import LIMITS
from orders.models import Order, Project
from orders.selectors import orders
from orders.services.place import order_place
from orders.services.projects import project_create
from orders.views import drafts
from orders.views.not_offered import not_offered


def place(request: HttpRequest, listing_id: int) -> HttpResponse:
    """Open to everybody; whoever is not signed in, or has no organisation yet, comes back with nothing lost."""
    try:
        listing = offered_listing(listing_id, still=request.method != "POST")
    except Http404:
        return not_offered(request, listing_id)
    version, key, here = listing.version, f"place:{listing.pk}", reverse("orders:place", args=[listing.pk])
    buyer, typed = buyer_of(request), {}
    if request.method == "POST" and "preview" not in request.POST:
        form = place_forms.PlaceForm(request.POST, version=version, buyer=buyer)
        if buyer is None and form.is_valid():
            unsent.set_aside(request, key)
            return drafts.register_party(here) if request.user.is_authenticated else drafts.sign_in(request, here)
        order = _place(request, form, buyer, listing) if buyer else None
        if order is not None:
            messages.success(request, _("订单已提交，机构将在 1 个工作日内答复。"))
            return redirect("orders:order", number=order.number)
    else:
        typed = request.POST.dict() if request.method == "POST" else drafts.take(request, key)
        initial = _usual(request, listing, buyer) | typed | {"version": listing.version_id}
        form = place_forms.PlaceForm(initial=initial, version=version, buyer=buyer)
    context = {
        "form": form,
        "place": form.place,
        "listing": listing,
        "version": version,
        "item": listing.item,
        "buyer": buyer,
        "fee": shown_fee(form, version),
        "answer_by": answer_by(),
        "pays_first": buyer is None or buyer.kind != Organisation.Kind.PUBLIC_BODY,
        "draft": _draft(request, listing, buyer),
        "own": bool(typed),
    }
    return render(request, "orders/place.html", context)


def fee(request: HttpRequest, listing_id: int) -> HttpResponse:
    """The computed fee alone, for the page to put under the quantity as it is typed."""
    listing = offered_listing(listing_id)
    form = place_forms.LineForm(request.GET, version=listing.version)
    form.is_valid()
    context = {"fee": shown_fee(form, listing.version), "errors": form["quantity"].errors}
    return render(request, "orders/fee.html", context)


@login_required
def repeat(request: HttpRequest, number: str) -> HttpResponse:
    """Order the same again, at today's terms of the listing."""
    order = orders.order_for(request.user, number)
    return redirect(f"{reverse('orders:place', args=[order.listing_id])}?from={order.number}")


def offered_listing(listing_id: int, *, still: bool = True) -> Listing:
    """One that may be ordered, else 404. ``still=False`` also finds one that no longer takes orders: who has filled in
    its form is told why by ``order_place``."""
    shown = listings.public() if still else listings.once_public()
    listing = get_object_or_404(
        shown.select_related("item__category", "agency__organisation", "version"), pk=listing_id
    )
    listing.version.listing = listing
    return listing


def buyer_of(request: HttpRequest) -> Organisation | None:
    """For whom the person orders: the organisation chosen now, else the first that may buy."""
    parties: list[Organisation] = list(request.parties)  # type: ignore[attr-defined]
    chosen = getattr(request.party, "pk", None)  # type: ignore[attr-defined]
    return next(iter(sorted((p for p in parties if p.is_buyer), key=lambda p: p.pk != chosen)), None)


def answer_by() -> date:
    """The last day on which an agency may answer an order placed today."""
    return workdays.add(clock.today(), LIMITS["order.accept"].days or 0)


def shown_fee(form: forms.Form, version: ListingVersion) -> pricing.Fee | None:
    """The fee of the quantity in the form, None while it cannot be read."""
    field: Any = form.fields["quantity"]
    try:
        return pricing.fee(version, field.clean(form["quantity"].value()))
    except (DomainError, forms.ValidationError, TypeError):
        return None


def token_of(request: HttpRequest) -> str:
    return (request.POST.get(TOKEN_FIELD) or uuid.uuid4().hex)[:48]


def version_shown(form: forms.Form, listing: Listing) -> ListingVersion:
    """The version the person saw (the service refuses it when there is a newer one)."""
    pk = form.cleaned_data.get("version")
    return listing.versions.filter(pk=pk).first() or listing.version if pk else listing.version


def project_of(form: forms.Form, buyer: Organisation, actor: Any) -> Project:
    """The project chosen, or the new one described."""
    data = form.cleaned_data
    return data.get("project") or project_create(
        buyer=buyer, name=data["name"], region=data["region"], code=data["code"], fund=data["fund"], actor=actor
    )


def place_line(
    line: forms.Form, terms: forms.Form, listing: Listing, *, project: Project, token: str, actor: Any, **more: Any
) -> Order:
    """One order of ``listing`` as the two forms say."""
    data, said = line.cleaned_data, terms.cleaned_data
    return order_place(
        project=project,
        listing=listing,
        version=version_shown(line, listing),
        quantity_milli=data["quantity"],
        token=token,
        matter=data["matter"],
        payer=place_forms.payer_of(terms, listing.item),
        not_secret=said["not_secret"],
        invoice_title=said["invoice_title"],
        invoice_tax_number=said["invoice_tax_number"],
        lead=data["lead"],
        note=data["note"],
        actor=actor,
        **more,
    )


def _place(request: HttpRequest, form: place_forms.PlaceForm, buyer: Organisation, listing: Listing) -> Order | None:
    if not form.is_valid():
        return None

    def both() -> Order:
        # A refused order leaves no project behind.
        with transaction.atomic():
            project = project_of(form, buyer, request.user)
            return place_line(form, form, listing, project=project, token=token_of(request), actor=request.user)

    return attempt(form, both)


def _draft(request: HttpRequest, listing: Listing, buyer: Organisation | None) -> str:
    """The draft of this order: for this buyer, begun from this order or quantity. Another beginning is another draft."""
    begun = [request.GET[name][:30] for name in ("from", "quantity") if request.GET.get(name)]
    return ":".join(["order-place", str(listing.pk), str(buyer.pk if buyer else 0), *begun])


def _usual(request: HttpRequest, listing: Listing, buyer: Organisation | None) -> dict[str, Any]:
    """What the form begins with, before anything is typed."""
    again = request.GET.get("from")
    order = orders.order_for(request.user, again) if again and request.user.is_authenticated else None
    first = {**place_forms.terms_initial(buyer), **place_forms.line_initial(listing.version, order)}
    if order is not None:
        first |= {"project": order.project_id, "payer": order.payer}
    if quantity := request.GET.get("quantity"):
        first["quantity"] = quantity[:30]
    return first
