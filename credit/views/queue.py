"""The desk's queue of cases, and taking a lead in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from credit.forms.case import IntakeForm, QueueForm
from credit.models import Case
from credit.selectors.cases import OPEN, cases_for
from credit.selectors.rules import Rulebooks
from credit.selectors.story import order_of
from credit.selectors.waiting import in_defence, to_decide, with_due
from credit.services.cases import case_open
from credit.views.door import desk
from kernel import access, clock, export, lamps
from kernel.forms import attempt
from kernel.models import Deadline, Membership
from kernel.ui.format import days

PAGE_SIZE = 30
# How long a matter may lie before its lamp turns amber and red, in days. The desk's own measure: no law sets one.
AMBER_DAYS, RED_DAYS = 10, 30
OPENERS = (Membership.Role.CREDIT_OFFICER, Membership.Role.OPERATOR, Membership.Role.SUPERVISOR)


@desk
def queue(request: HttpRequest) -> HttpResponseBase:
    form = QueueForm(request.GET)
    base = cases_for(request.user)
    found = narrow(base, form.wanted())
    names = clauses()
    if kind := request.GET.get("export"):
        return _file(kind, found, names)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = base.order_by().aggregate(
        open=Count("pk", filter=Q(status__in=OPEN)),
        intake=Count("pk", filter=Q(status=Case.Status.INTAKE)),
        alleged=Count("pk", filter=Q(status=Case.Status.ALLEGED)),
        noticed=Count("pk", filter=in_defence()),
        decide=Count("pk", filter=to_decide()),
        in_effect=Count("pk", filter=Q(status=Case.Status.IN_EFFECT)),
        all=Count("pk"),
    )
    context = {
        "form": form,
        "page": page,
        "rows": [
            (row, lamp_of(row), names.get(row.event_code, ""), age_lamp(row), order_of(row.evidence))
            for row in page.object_list
        ],
        "counts": counts,
        "now": clock.now(),
        "status": request.GET.get("status", ""),
        "amber": AMBER_DAYS,
        "red": RED_DAYS,
        "may_open": access.holds(request.user, *OPENERS),
    }
    return render(request, "credit/queue.html", context)


@desk
def intake(request: HttpRequest) -> HttpResponseBase:
    access.require(access.holds(request.user, *OPENERS), "access.role")
    form = IntakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        case = attempt(form, case_open, **form.cleaned_data, actor=request.user)
        if form.is_valid():
            messages.success(request, _("线索已登记，案号 %(number)s。") % {"number": case.number})
            return redirect("credit:case", number=case.number)
    return render(request, "credit/intake.html", {"form": form})


def narrow(base: QuerySet[Case], wanted: dict[str, Any]) -> QuerySet[Case]:
    rows = with_due(base)
    status = wanted.get("status", "open")
    if status == "open":
        rows = rows.filter(status__in=OPEN)
    elif status == "decide":
        rows = rows.filter(to_decide())
    elif status == Case.Status.NOTICED:
        rows = rows.filter(in_defence())
    elif status != "all":
        rows = rows.filter(status=status)
    if "source" in wanted:
        rows = rows.filter(source=wanted["source"])
    if text := wanted.get("q"):
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(agency__organisation__name__icontains=text)
            | Q(agency__organisation__uscc__iexact=text)
            | Q(source_ref__icontains=text)
        )
    order = {"new": ["-pk"], "due": [F("due_at").asc(nulls_last=True), "pk"]}
    # What is closed is looked up, what is open is worked off: the oldest first.
    usual = ["-pk"] if status in ("in_effect", "all") else ["pk"]
    return rows.order_by(*order.get(wanted.get("sort", ""), usual))


def lamp_of(row: Any) -> lamps.Lamp | None:
    """How the time to answer stands; None once it is over: the case waits for a decision and nothing is late."""
    if row.status != Case.Status.NOTICED or row.due_at is None or clock.now() > row.due_at:
        return None
    return lamps.lamp(Deadline(due_at=row.due_at, limit_days=row.due_days))


def age_lamp(row: Case) -> lamps.Lamp | None:
    """How long the matter has been with the desk; None once it is closed."""
    if row.status not in OPEN:
        return None
    lain = (clock.now() - row.opened_at).days
    colour = "red" if lain >= RED_DAYS else "amber" if lain >= AMBER_DAYS else "green"
    return lamps.Lamp(colour, days(lain), lain, None)


def clauses() -> dict[str, str]:
    """{event code: its name in the reader's language}; one query."""
    return Rulebooks().names()


def _file(kind: str, found: QuerySet[Case], names: dict[str, str]) -> HttpResponseBase:
    if kind not in export.KINDS:
        raise Http404
    heads = [
        _("案号"),
        _("机构"),
        _("统一社会信用代码"),
        _("状态"),
        _("线索来源"),
        _("关联编号"),
        _("适用条款"),
        _("登记时间"),
        _("告知时间"),
        _("申辩期至"),
        _("决定时间"),
        _("展示或计分至"),
    ]
    lines = (
        [
            row.number,
            row.agency.organisation.name,
            row.agency.organisation.uscc,
            row.get_status_display(),
            row.get_source_display(),
            row.source_ref,
            names.get(row.event_code, ""),
            row.opened_at,
            row.noticed_at,
            row.due_at,
            row.decided_at,
            row.event.expires_on if row.event else None,
        ]
        for row in found.iterator(chunk_size=500)
    )
    return export.table(kind, f"cases-{clock.today():%Y%m%d}", heads, lines)
