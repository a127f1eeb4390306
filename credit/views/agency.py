"""An agency about itself: its live score, the cases against it, its records."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.selectors.agencies import my_agency
from credit.models import CreditEvent, RankingPublication
from credit.selectors.cases import cases_for
from credit.selectors.explanation import explanation
from credit.selectors.ranking import publications
from credit.selectors.rules import rules_on, words
from credit.selectors.waiting import with_due
from credit.views.queue import lamp_of
from credit.views.score import published_rows, raises
from kernel import clock, export

PAGE_SIZE = 50


@login_required
def home(request: HttpRequest) -> HttpResponse:
    agency = my_agency(request.user, request.party or None)
    if agency is None:
        return redirect("agencies:start")
    why = explanation(agency, public=True)  # the sums alone: the rows are on the page of the score
    rows = with_due(cases_for(request.user).filter(agency=agency)).order_by("-pk")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    names = {e["code"]: words(e["name"]) for e in why.rules.content["events"]}
    context = {
        "agency": agency,
        "why": why,
        "raises": raises(why)[:4],
        "latest": published_rows(agency).latest,
        "page": page,
        "cases": [(row, lamp_of(row), names.get(row.event_code, "")) for row in page.object_list],
        "previews": publications(published_only=False).filter(
            status=RankingPublication.Status.PREVIEW, category__isnull=True
        ),
    }
    return render(request, "credit/home.html", context)


@login_required
def records(request: HttpRequest) -> HttpResponseBase:
    """Every record of the agency, newest first; the same as a file."""
    agency = my_agency(request.user, request.party or None)
    if agency is None:
        return redirect("agencies:start")
    rows = CreditEvent.objects.filter(agency=agency).select_related("category", "target").prefetch_related("acts")
    kind = request.GET.get("kind", "")
    if kind in CreditEvent.Kind.values:
        rows = rows.filter(kind=kind)
    rows = rows.order_by("-occurred_on", "-id")
    names = {e["code"]: words(e["name"]) for e in rules_on().content["events"]}
    if wanted := request.GET.get("export"):
        return _file(wanted, agency, rows, names)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"agency": agency, "page": page, "names": names, "kind": kind, "kinds": CreditEvent.Kind.choices}
    return render(request, "credit/records.html", context)


def _file(kind: str, agency: Agency, rows: object, names: dict[str, str]) -> HttpResponseBase:
    if kind not in export.KINDS:
        raise Http404
    heads = [
        _("日期"),
        _("类别"),
        _("事项"),
        _("来源"),
        _("服务类别"),
        _("评价方"),
        _("得分"),
        _("展示期至"),
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
        for row in rows.iterator(chunk_size=500)  # type: ignore[attr-defined]
    )
    return export.table(kind, f"credit-{agency.pk}-{clock.today():%Y%m%d}", heads, lines)
