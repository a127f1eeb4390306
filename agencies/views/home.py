"""The agency's back room: where things stand and what to do next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies import trail
from agencies.forms.profile import ChangeForm, ContactForm, ExitForm
from agencies.models import Agency, Listing, Review
from agencies.selectors import home as rows
from agencies.selectors import overview
from agencies.selectors.agencies import my_agency
from agencies.selectors.listings import orders_in_work
from agencies.selectors.registration import PURPOSES, earliest_entry, papers
from agencies.services import directory, registration, reviews
from agencies.views.door import back_room, may_own
from kernel import access
from kernel.errors import DomainError
from kernel.forms import attempt
from kernel.services.attachments import attachment_taken

Status = Agency.Status


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Before there is a file: what entry takes, and one button."""
    agency = my_agency(request.user, request.party or None)
    if agency is not None:
        return redirect("agencies:home")
    if request.method == "POST":
        registration.agency_start(organisation=request.party, actor=request.user)
        messages.success(request, _("已为贵单位建立入驻资料，请按步骤填写，随时可以保存。"))
        return redirect("agencies:application", step="profile")
    return render(request, "agencies/start.html", {"party": request.party, "earliest": earliest_entry()})


@back_room
def home(request: HttpRequest, agency: Agency) -> HttpResponse:
    context: dict[str, Any] = rows.home(agency)
    context |= {"agency": agency, "owner": may_own(request, agency), "trail": trail.entries(agency.stream, limit=5)}
    return render(request, "agencies/home.html", context)


@back_room
def profile(request: HttpRequest, agency: Agency) -> HttpResponse:
    """The file once in the market: contacts change at once, the rest asks for a review."""
    if agency.status in (Status.DRAFT, Status.RETURNED):
        return redirect("agencies:application", step="profile")
    form = ContactForm(request.POST or None, agency=agency, owner=may_own(request, agency))
    if request.method == "POST" and form.is_valid():
        attempt(form, registration.agency_contact_update, agency=agency, data=form.plain(), actor=request.user)
        if form.is_valid():
            messages.success(request, _("联系方式已更新。"))
            return redirect("agencies:profile")
    change = Review.objects.filter(agency=agency, kind=Review.Kind.CHANGE).order_by("-id").first()
    context = {
        "agency": agency,
        "form": form,
        "change": change,
        "papers": papers(agency),
        "purposes": PURPOSES,
        "facts": overview.registered(agency),
    }
    return render(request, "agencies/profile.html", context)


@back_room
def change(request: HttpRequest, agency: Agency) -> HttpResponse:
    form = ChangeForm(request.POST or None, request.FILES or None, agency=agency, owner=True)
    if request.method == "POST" and form.is_valid():
        proof = form.cleaned_data["proof"]
        attempt(form, _ask, agency=agency, changes=form.plain(), file=proof, actor=request.user)
        if form.is_valid():
            messages.success(request, _("信息变更已提交，审查通过后生效。"))
            return redirect("agencies:profile")
    return render(request, "agencies/change.html", {"agency": agency, "form": form})


def _ask(*, file: Any, **arguments: Any) -> Review:
    """The change with its paper, or without."""
    if not file:
        return reviews.change_request(**arguments)
    try:
        with attachment_taken(file=file, name=file.name) as kept:
            return reviews.change_request(proof=kept, **arguments)
    except DomainError as error:
        if error.code.startswith("attachment."):
            error.field = "proof"
        raise


@back_room
def confirm_data(request: HttpRequest, agency: Agency) -> HttpResponse:
    if request.method == "POST":
        directory.agency_confirm_data(agency=agency, actor=request.user)
        messages.success(request, _("已确认，半年后再请您确认一次。"))
        return redirect("agencies:home")
    facts, blanks = overview.file(agency)
    return render(request, "agencies/confirm.html", {"agency": agency, "facts": facts, "blanks": blanks})


@back_room
def leave(request: HttpRequest, agency: Agency) -> HttpResponse:
    form = ExitForm(request.POST or None)
    access.require(may_own(request, agency), "agency.owner")
    if request.method == "POST" and form.is_valid():
        attempt(form, directory.agency_exit, agency=agency, reason=form.cleaned_data["reason"], actor=request.user)
        if form.is_valid():
            messages.success(request, _("已退出市场。以后可以随时重新申请。"))
            return redirect("agencies:home")
    listings = Listing.objects.filter(agency=agency, status__in=[Listing.Status.PUBLISHED, Listing.Status.PAUSED])
    context = {"agency": agency, "form": form, "listings": listings.count(), "busy": orders_in_work(agency)}
    return render(request, "agencies/exit.html", context)


@back_room
def restart(request: HttpRequest, agency: Agency) -> HttpResponse:
    if request.method == "POST":
        registration.agency_restart(agency=agency, actor=request.user)
        return redirect("agencies:application", step="profile")
    return redirect("agencies:home")
