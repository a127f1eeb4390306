"""Claiming an imported agency, and the desk that checks claims."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.forms.claim import ClaimForm, RefuseForm
from agencies.models import Claim
from agencies.selectors import claims as rows
from agencies.services import claims
from agencies.views.door import desk, may_review
from kernel import clock
from kernel.forms import attempt

PAGE_SIZE = 30


@login_required
def claim(request: HttpRequest) -> HttpResponse:
    """Ask for an agency; below, what became of earlier claims."""
    form = ClaimForm(request.POST or None, request.FILES or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        attempt(
            form,
            claims.agency_claim,
            code=data["code"],
            file=data["letter"],
            file_name=data["letter"].name,
            note=data["note"],
            actor=request.user,
        )
        if form.is_valid():
            messages.success(request, _("认领申请已提交，核实后会通知您。"))
            return redirect("agencies:claim")
    return render(request, "agencies/claim.html", {"form": form, "claims": rows.claims_of(request.user)[:20]})


@desk
def queue(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", Claim.Status.PENDING)
    page = Paginator(rows.queue(status), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "agencies/claim_queue.html", {"page": page, "status": status, "now": clock.now()})


@desk
def case(request: HttpRequest, pk: int) -> HttpResponse:
    return _case(request, rows.claim_for(request.user, pk), RefuseForm())


@desk
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    row = claims.claim_confirm(claim=rows.claim_for(request.user, pk), actor=request.user)
    messages.success(request, _("已确认，%(person)s成为管理员。") % {"person": row.user.name})
    return redirect("agencies:claim_case", pk=pk)


@desk
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    row = rows.claim_for(request.user, pk)
    form = RefuseForm(request.POST)
    if form.is_valid():
        attempt(form, claims.claim_refuse, claim=row, reason=form.cleaned_data["reason"], actor=request.user)
    if not form.is_valid():
        return _case(request, row, form)
    messages.success(request, _("已告知申请人未通过的原因。"))
    return redirect("agencies:claim_case", pk=pk)


def _case(request: HttpRequest, row: Claim, form: RefuseForm) -> HttpResponse:
    context = {
        "claim": row,
        "letters": rows.letters(row),
        "form": form,
        "may": may_review(request, row.agency) and row.user_id != request.user.pk,
    }
    return render(request, "agencies/claim_case.html", context)
