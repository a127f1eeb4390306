"""The records of one agency: read by itself and by the desk; honours and voiding by credit officers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.selectors.agencies import agency_for
from credit.forms.record import HonourForm, VoidForm
from credit.models import CreditEvent
from credit.selectors.rules import Rulebooks, clause_on, rules_on, shown, words
from credit.selectors.story import order_of, story
from credit.services.events import event_void, honour_award
from credit.views.door import desk, is_officer
from kernel import access, clock, export
from kernel.forms import attempt

PAGE_SIZE = 50


def record_list(request: HttpRequest, agency: Agency, *, at_desk: bool = False) -> HttpResponseBase:
    """The caller has checked who reads."""
    rows = (
        CreditEvent.objects.filter(agency=agency).select_related("category", "target", "case").prefetch_related("acts")
    )
    kind = request.GET.get("kind", "")
    if kind in CreditEvent.Kind.values:
        rows = rows.filter(kind=kind)
    rows = rows.order_by("-occurred_on", "-id")
    books = Rulebooks()
    names = books.names()
    if wanted := request.GET.get("export"):
        return _file(wanted, agency, rows, names)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "agency": agency,
        "page": page,
        "rows": [(row, story(row), order_of(row.evidence), _shown(row, books)) for row in page.object_list],
        "names": names,
        "kind": kind,
        "kinds": CreditEvent.Kind.choices,
        "desk": at_desk,
        "officer": at_desk and is_officer(request),
    }
    return render(request, "credit/records.html", context)


def _shown(row: CreditEvent, books: Rulebooks) -> bool:
    """Whether the public reads of a decision; everything else is told without saying so."""
    if row.kind != CreditEvent.Kind.INCIDENT:
        return False
    case = getattr(row, "case", None)
    return shown(books.decided(row.code, row.occurred_on, case.occurred_on if case else None))


@desk
def desk_records(request: HttpRequest, pk: int) -> HttpResponseBase:
    return record_list(request, agency_for(request.user, pk), at_desk=True)


@desk
def honour(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an honour with the document it rests on."""
    access.require(is_officer(request), "access.role")
    agency = agency_for(request.user, pk)
    form = HonourForm(request.POST if request.method == "POST" else None, rules=rules_on())
    if request.method == "POST" and form.is_valid():
        attempt(form, honour_award, agency=agency, **form.cleaned_data, actor=request.user)
        if form.is_valid():
            messages.success(request, _("加分已登记，即日起计入实时分。"))
            return redirect("credit:desk_records", pk=pk)
    bonus = rules_on().content["bonus"]
    context = {"agency": agency, "form": form, "bonus": bonus, "worth": bonus["unit_milli"] // 1000}
    return render(request, "credit/honour.html", context)


@desk
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a record back, by somebody else than who made it."""
    access.require(is_officer(request), "access.role")
    event = CreditEvent.objects.select_related("agency__organisation", "category", "case").filter(pk=pk).first()
    if event is None:
        raise Http404
    form = VoidForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        attempt(form, event_void, event=event, **form.cleaned_data, actor=request.user)
        if form.is_valid():
            messages.success(request, _("记录已撤销，原记录保留并注明。"))
            return redirect("credit:desk_records", pk=event.agency_id)
    # By the rules of its own day: a later rulebook may have dropped the clause.
    case = getattr(event, "case", None)
    days = [event.occurred_on, case.occurred_on] if case else [event.occurred_on]
    name = words(clause_on(event.code, *days)["name"])
    context = {"event": event, "name": name, "form": form, "said": story(event), "order": order_of(event.evidence)}
    return render(request, "credit/void.html", context)


def _file(kind: str, agency: Agency, rows: QuerySet[CreditEvent], names: dict[str, str]) -> HttpResponseBase:
    if kind not in export.KINDS:
        raise Http404
    heads: list[Any] = [
        _("日期"),
        _("类别"),
        _("事项"),
        _("来源"),
        _("服务类别"),
        _("评价方"),
        _("得分"),
        _("展示或计分至"),
        _("指纹"),
    ]
    lines = (
        [
            row.occurred_on,
            row.get_kind_display(),
            names.get(row.code, row.code),
            row.source_ref,
            str(row.category or ""),
            row.get_party_display() if row.code == "rating" else "",
            row.x,
            row.expires_on,
            row.digest,
        ]
        for row in rows.iterator(chunk_size=500)
    )
    return export.table(kind, f"credit-{agency.pk}-{clock.today():%Y%m%d}", heads, lines)
