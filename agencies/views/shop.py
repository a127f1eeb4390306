"""Storefront and listings, from the agency's side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import trail
from agencies.forms.shop import CapacityForm, CaseFormSet, ItemForm, PauseForm, StorefrontForm, VersionForm
from agencies.models import Agency, Listing, ListingVersion, Review, Storefront
from agencies.selectors import listings as rows
from agencies.selectors import storefronts, terms
from agencies.services import offers, reviews, shop, shop_pictures
from agencies.views.door import back_room
from kernel import access
from kernel.forms import attempt

PAGE_SIZE = 30
ACTS = {
    "pause": shop.listing_pause,
    "resume": shop.listing_resume,
    "withdraw": shop.listing_withdraw,
}


@back_room
def storefront(request: HttpRequest, agency: Agency) -> HttpResponse:
    front = Storefront.objects.filter(agency=agency).select_related("banner", "mark").first()
    if front is None:
        return render(request, "agencies/storefront_later.html", {"agency": agency})
    data = request.POST or None
    initial = {"tagline": front.tagline, "opening_hours": front.opening_hours}
    form = StorefrontForm(data, request.FILES or None, initial=initial)
    cases = CaseFormSet(data, initial=front.cases, prefix="case")
    if request.method == "POST" and form.is_valid() and cases.is_valid():
        filled = [case.cleaned_data for case in cases if case.cleaned_data.get("title")]
        _dress(form, front, filled, request.user)
        if form.is_valid():
            messages.success(request, _("店铺已更新。"))
            return redirect("agencies:storefront")
    context = {
        "agency": agency,
        "front": front,
        "banner": storefronts.banner_url(front),
        "mark": storefronts.mark_url(front),
        "form": form,
        "cases": cases,
        "pause": PauseForm(),
    }
    return render(request, "agencies/storefront.html", context)


def _dress(form: StorefrontForm, front: Storefront, cases: list[Any], user: Any) -> None:
    """The words, then each picture that was sent; what is refused becomes its field's error."""
    words = {name: form.cleaned_data[name] for name in ("tagline", "opening_hours")}
    attempt(form, shop.storefront_update, storefront=front, actor=user, cases=cases, **words)
    for kind in storefronts.PICTURES:
        if file := form.cleaned_data.get(kind):
            attempt(form, shop_pictures.storefront_picture_set, storefront=front, kind=kind, file=file, actor=user)


@back_room
@require_POST
def picture_remove(request: HttpRequest, agency: Agency, kind: str) -> HttpResponse:
    if kind not in storefronts.PICTURES:
        raise Http404
    shop_pictures.storefront_picture_remove(storefront=agency.storefront, kind=kind, actor=request.user)
    messages.success(request, _("图片已撤下，店铺改用按店名画的图样。"))
    return redirect("agencies:storefront")


@back_room
@require_POST
def storefront_pause(request: HttpRequest, agency: Agency) -> HttpResponse:
    front = agency.storefront
    if request.POST.get("act") == "resume":
        shop.storefront_resume(storefront=front, actor=request.user)
        messages.success(request, _("已恢复接单。"))
    else:
        form = PauseForm(request.POST)
        note = form.cleaned_data["note"] if form.is_valid() else ""
        shop.storefront_pause(storefront=front, note=note, actor=request.user)
        messages.success(request, _("已暂停接单，在办订单不受影响。"))
    return redirect("agencies:storefront")


@back_room
def listing_list(request: HttpRequest, agency: Agency) -> HttpResponse:
    found = Listing.objects.filter(agency=agency).select_related("item__category", "version")
    page = Paginator(found.prefetch_related("versions").order_by("id"), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "agencies/listings.html", {"agency": agency, "page": page})


@back_room
def listing_new(request: HttpRequest, agency: Agency) -> HttpResponse:
    form = ItemForm(request.POST or None, agency=agency)
    if request.method == "POST" and form.is_valid():
        listing = attempt(form, shop.listing_create, agency=agency, actor=request.user, **form.cleaned_data)
        if form.is_valid():
            return redirect("agencies:listing_edit", pk=listing.pk)
    return render(request, "agencies/listing_new.html", {"agency": agency, "form": form})


@login_required
def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """One listing with its state, versions and capacity; staff may read it."""
    row = rows.listing_for(request.user, pk)
    versions = list(row.versions.order_by("-number"))
    review = Review.objects.filter(listing_version__listing=row).order_by("-id").first()
    context = {
        "listing": row,
        "agency": row.agency,
        "mine": _mine(request, row),
        "versions": versions,
        "open": next((version for version in versions if version.status != ListingVersion.Status.PUBLISHED), None),
        "review": review,
        "capacity": CapacityForm(initial={"capacity": row.capacity}),
        "terms": terms.facts(row.version) if row.version else [],
        "usual": terms.usual(row.version, row.item) if row.version else None,
        "trail": trail.entries(row.stream, limit=6, house=row.agency.organisation),
    }
    return render(request, "agencies/listing.html", context)


@login_required
def listing_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the open version; it is saved as a draft and previewed before it is handed in."""
    row = rows.listing_for(request.user, pk)
    access.require(_mine(request, row), "access.member")
    version = offers.open_or_new(row)
    form = VersionForm(request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        attempt(form, shop.listing_draft, listing=row, actor=request.user, **form.terms())
        if form.is_valid():
            messages.success(request, _("草稿已保存，请核对预览后提交。"))
            return redirect("agencies:listing_preview", pk=pk)
    context = {
        "listing": row,
        "agency": row.agency,
        "version": version,
        "form": form,
        "review": _last_review(version),
        "usual": terms.usual(version, row.item) if row.versions.exists() else None,
        "regions": _("、").join(str(region) for region in row.agency.service_regions.all()),
    }
    return render(request, "agencies/listing_edit.html", context)


@login_required
def listing_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the desk and the buyers will see, what differs from the published version, and what stands in the way."""
    row = rows.listing_for(request.user, pk)
    version = rows.open_version(row)
    if version is None:
        return redirect("agencies:listing", pk=pk)
    if request.method == "POST":
        shop.listing_submit(version=version, actor=request.user)
        messages.success(request, _("已提交审核，2 个工作日内答复。"))
        return redirect("agencies:listing", pk=pk)
    context = {
        "listing": row,
        "agency": row.agency,
        "mine": _mine(request, row),
        "version": version,
        "terms": terms.facts(version),
        "samples": terms.samples(version),
        "ladder": terms.ladder(version),
        "usual": terms.usual(version, row.item),
        "diff": terms.diff(row.version, version) if row.version else [],
        "obstacle": offers.obstacle(version, row),
    }
    return render(request, "agencies/listing_preview.html", context)


@login_required
def listing_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    row = rows.listing_for(request.user, pk)
    version = rows.version_for(request.user, row, number)
    before = row.versions.filter(status="published", number__lt=number).order_by("-number").first()
    context = {
        "listing": row,
        "agency": row.agency,
        "version": version,
        "terms": terms.facts(version),
        "diff": terms.diff(before, version) if before else [],
        "before": before,
    }
    return render(request, "agencies/listing_version.html", context)


@login_required
@require_POST
def listing_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Pause, resume, withdraw, set the capacity, take a version back from the desk."""
    row = rows.listing_for(request.user, pk)
    if act == "capacity":
        form = CapacityForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("同时接单上限应为 1 到 10000 的整数。"))
            return redirect("agencies:listing", pk=pk)
        shop.listing_set_capacity(listing=row, capacity=form.cleaned_data["capacity"], actor=request.user)
    elif act == "take-back":
        review = Review.objects.filter(listing_version__listing=row).order_by("-id").first()
        if review:
            reviews.review_withdraw(review=review, actor=request.user)
    else:
        ACTS[act](listing=row, actor=request.user)
    messages.success(request, _("已办理。"))
    return redirect("agencies:listing", pk=pk)


def _mine(request: HttpRequest, row: Listing) -> bool:
    return access.belongs_to(request.user, row.agency.organisation_id)


def _last_review(version: ListingVersion) -> Any:
    return version.reviews.order_by("-id").first() if version.pk else None
