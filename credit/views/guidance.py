"""The guidance desk: who is listed, entering, renewing, removing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from credit.forms.guidance import EnterForm, RemoveForm, RenewForm
from credit.models import GuidanceEntry
from credit.selectors.guidance import grounds
from credit.selectors.rules import rules_on
from credit.selectors.story import told
from credit.services.guidance import guidance_enter, guidance_remove, guidance_renew
from credit.views.door import desk, is_officer
from kernel import clock, export
from kernel.forms import attempt

PAGE_SIZE = 30


@desk
def directory(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _enter(request)
    if kind := request.GET.get("export"):
        return _file(kind, request)
    return _page(request)


@desk
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Renew or remove one entry."""
    kinds: dict[str, tuple[Any, Any, Any]] = {
        "renew": (RenewForm, guidance_renew, _("已续期。")),
        "remove": (RemoveForm, guidance_remove, _("已移出名录。")),
    }
    entry = _rows().filter(pk=pk).first()
    if act not in kinds or entry is None:
        raise Http404
    kind, service, done = kinds[act]
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(form, service, entry=entry, **form.cleaned_data, actor=request.user)
        if form.is_valid():
            messages.success(request, done)
            return redirect("credit:desk_guidance")
    context = {"entry": entry, "ground": grounds([entry])[entry.pk], "form": form, "act": act}
    return render(request, "credit/guidance_act.html", context)


def _enter(request: HttpRequest) -> HttpResponse:
    form = EnterForm(request.POST)
    if form.is_valid():
        attempt(form, guidance_enter, **form.cleaned_data, actor=request.user)
    if not form.is_valid():
        return _page(request, form)
    messages.success(request, _("已列入指导名录。"))
    return redirect("credit:desk_guidance")


def _rows() -> Any:
    return GuidanceEntry.objects.select_related("agency__organisation", "category", "entered_by", "removed_by")


def _found(request: HttpRequest) -> Any:
    rows = _rows().order_by("expires_on", "pk")
    gone = request.GET.get("show") == "removed"
    rows = (
        rows.filter(removed_on__isnull=False).order_by("-removed_on", "-pk") if gone else rows.filter(removed_on=None)
    )
    if text := request.GET.get("q", "").replace("\0", "").strip()[:60]:
        rows = rows.filter(Q(agency__organisation__name__icontains=text) | Q(agency__organisation__uscc__iexact=text))
    return rows


def _page(request: HttpRequest, form: EnterForm | None = None) -> HttpResponse:
    page = Paginator(_found(request), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "grounds": grounds(page.object_list),
        "told": told,
        "form": form or EnterForm(),
        "officer": is_officer(request),
        "gone": request.GET.get("show") == "removed",
        "q": request.GET.get("q", ""),
        "counts": GuidanceEntry.objects.aggregate(
            listed=Count("pk", filter=Q(removed_on=None)), removed=Count("pk", filter=Q(removed_on__isnull=False))
        ),
        "rules": rules_on().content["guidance"],
        "today": clock.today(),
    }
    return render(request, "credit/guidance.html", context)


def _file(kind: str, request: HttpRequest) -> HttpResponseBase:
    if kind not in export.KINDS:
        raise Http404
    heads = [
        _("机构"),
        _("统一社会信用代码"),
        _("服务类别"),
        _("列入日期"),
        _("有效期至"),
        _("列入理由"),
        _("移出日期"),
        _("移出理由"),
    ]
    lines = (
        [
            row.agency.organisation.name,
            row.agency.organisation.uscc,
            str(row.category),
            row.entered_on,
            row.expires_on,
            row.reason,
            row.removed_on,
            row.removal_reason,
        ]
        for row in _found(request).iterator(chunk_size=500)
    )
    return export.table(kind, f"guidance-{clock.today():%Y%m%d}", heads, lines)
