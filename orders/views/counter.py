"""The counter (窗口): staff place an order for an enterprise that has authorised them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from agencies.models import Listing
from agencies.selectors import listings
from kernel import access
from kernel.access import Role
from kernel.forms import attempt
from kernel.models import Organisation
from kernel.services.parties import organisation_create
from orders.forms import place as place_forms
from orders.forms.desk import CounterPartyForm, CounterPlaceForm, FindForm, ListingFindForm
from orders.models import Order
from orders.views import papers
from orders.views.place import answer_by, offered_listing, place_line, project_of, shown_fee, token_of

FOUND = 20
BUYERS = (Organisation.Kind.ENTERPRISE, Organisation.Kind.PUBLIC_BODY, Organisation.Kind.PERSON)


@login_required
def find(request: HttpRequest) -> HttpResponse:
    """Step one: for whom."""
    _require_operator(request)
    text = request.GET.get("q", "").strip()[:60].replace("\0", "")
    found: list[Organisation] = []
    total = 0
    if text:
        match = Q(uscc__istartswith=text) | Q(name__icontains=text)
        buyers = Organisation.objects.filter(match, kind__in=BUYERS).select_related("region").order_by("name")
        found, total = list(buyers[:FOUND]), buyers.count()
    context = {"form": FindForm(initial={"q": text}), "found": found, "total": total, "text": text}
    return render(request, "orders/counter_find.html", context)


@login_required
def register(request: HttpRequest) -> HttpResponse:
    """An enterprise that is not there yet; its own people join later by invitation."""
    _require_operator(request)
    form = CounterPartyForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        made = attempt(form, organisation_create, code=data.pop("uscc"), actor=request.user, **data)
        if made is not None:
            messages.success(request, _("“%(name)s”已登记。") % {"name": made.name})
            return redirect("orders:counter_choose", buyer_id=made.pk)
    return render(request, "orders/counter_register.html", {"form": form})


@login_required
def choose(request: HttpRequest, buyer_id: int) -> HttpResponse:
    """Step two: what. The listings that match, by the item's name."""
    _require_operator(request)
    buyer = _buyer(buyer_id)
    text = request.GET.get("item", "").strip()[:60].replace("\0", "")
    rows: list[Listing] = []
    if text:
        match = (
            Q(version__title__icontains=text)
            | Q(item__name_zh__icontains=text)
            | Q(agency__organisation__name__icontains=text)
        )
        shown = listings.public().filter(match, status=Listing.Status.PUBLISHED)
        rows = list(
            shown.select_related("item", "agency__organisation", "version").order_by("item__name_zh", "id")[: FOUND * 2]
        )
    context = {"buyer": buyer, "rows": rows, "text": text, "form": ListingFindForm(initial={"item": text})}
    return render(request, "orders/counter_choose.html", context)


@login_required
def place(request: HttpRequest, buyer_id: int, listing_id: int) -> HttpResponse:
    """Step three: the order with the enterprise's authorisation."""
    _require_operator(request)
    buyer, listing = _buyer(buyer_id), offered_listing(listing_id)
    version = listing.version
    posted = request.method == "POST" and "preview" not in request.POST
    if posted:
        form = CounterPlaceForm(request.POST, request.FILES, version=version, buyer=buyer)
        papers.let_kept_count(request, form)
        order = _place(request, form, buyer, listing)
        if order is not None:
            messages.success(request, _("订单 %(n)s 已代为提交。") % {"n": order.number})
            return redirect("orders:order", number=order.number)
    else:
        typed = request.POST.dict() if request.method == "POST" else {}
        first = {**place_forms.terms_initial(buyer), **place_forms.line_initial(version), **typed}
        form = CounterPlaceForm(initial={**first, "version": version.pk}, version=version, buyer=buyer)
    context: dict[str, Any] = {
        "form": form,
        "buyer": buyer,
        "listing": listing,
        "version": version,
        "item": listing.item,
        "fee": shown_fee(form, version),
        "answer_by": answer_by(),
        "keepsakes": papers.keepsakes(form),
    }
    return render(request, "orders/counter_place.html", context)


def _place(request: HttpRequest, form: CounterPlaceForm, buyer: Organisation, listing: Listing) -> Order | None:
    valid = form.is_valid()
    stored = papers.store(request, form)
    if not valid or not form.is_valid():
        return None

    def both() -> Order:
        with transaction.atomic():
            project = project_of(form, buyer, request.user)
            return place_line(
                form,
                form,
                listing,
                project=project,
                token=token_of(request),
                actor=request.user,
                channel=Order.Channel.COUNTER,
                authorisation=stored.get("authorisation"),
            )

    return attempt(form, both)


def _buyer(buyer_id: int) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("region"), pk=buyer_id, kind__in=BUYERS)


def _require_operator(request: HttpRequest) -> None:
    access.require(access.holds(request.user, Role.OPERATOR), "access.role")
