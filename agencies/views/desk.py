"""The review desk: queue, case, acts; and the file of an agency as the desk sees it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import trail
from agencies.forms.review import AnswerForm, QueueForm, ReasonForm, ReturnForm
from agencies.models import Agency, Listing, Objection, Qualification, Review
from agencies.phrases import spoken
from agencies.selectors import cases, overview, people
from agencies.selectors import reviews as rows
from agencies.selectors.agencies import agency_for
from agencies.selectors.registration import papers as papers_of
from agencies.services import directory, objections, papers, reviews
from agencies.services.steps import WARDENS
from agencies.views.door import desk, may_review
from kernel import access, clock, export
from kernel.forms import attempt

PAGE_SIZE = 30


@desk
def queue(request: HttpRequest) -> HttpResponseBase:
    form = QueueForm(request.GET)
    found = rows.narrow(rows.queue(), form.wanted())
    if kind := request.GET.get("export"):
        return _file(kind, found)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = rows.counts()
    context = {
        "form": form,
        "page": page,
        "rows": [(row, rows.lamp(row), rows.ready(row)) for row in page.object_list],
        "counts": counts,
        "open": sum(counts.get(status, 0) for status in rows.OPEN),
        "now": clock.now(),
    }
    return render(request, "agencies/review_queue.html", context)


@desk
def case(request: HttpRequest, pk: int) -> HttpResponse:
    review = rows.case(pk)
    return _case(request, review)


@desk
def neighbour(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """On to the case before or after; back to the queue when there is none."""
    before, after = rows.neighbours(rows.case(pk))
    other = before if way == "previous" else after
    if other is None:
        messages.info(request, _("这个方向没有等待审查的申请了。"))
        return redirect("agencies:review_queue")
    return redirect("agencies:review", pk=other)


@desk
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Publicise, approve, or return with reasons. A refusal shows the case again with the sentence."""
    review = rows.case(pk)
    form = ReturnForm(request.POST if act == "return" else None, kind=review.kind)
    if act == "return":
        if form.is_valid():
            attempt(form, reviews.review_return, review=review, reasons=form.reasons(), actor=request.user)
        if not form.is_valid():
            return _case(request, review, form)
    else:
        {"publicise": reviews.review_publicise, "approve": reviews.review_approve}[act](
            review=review, actor=request.user
        )
    messages.success(request, _("已办理。"))
    return redirect("agencies:review", pk=pk)


@desk
@require_POST
def certificate(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Confirm or refuse a certificate; back to where the officer was."""
    paper = Qualification.objects.select_related("agency__organisation", "type").filter(pk=pk).first()
    if paper is None:
        raise Http404
    if act == "confirm":
        papers.qualification_confirm(qualification=paper, actor=request.user)
        messages.success(request, _("证书已核验。"))
    else:
        form = ReasonForm(request.POST)
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        papers.qualification_reject(qualification=paper, reason=reason, actor=request.user)
        messages.success(request, _("已告知机构未通过的原因。"))
    waiting = Review.objects.filter(agency=paper.agency, status__in=rows.OPEN).order_by("-id").first()
    if waiting and request.POST.get("from") == "review":
        return redirect("agencies:review", pk=waiting.pk)
    return redirect("agencies:desk_agency", pk=paper.agency_id)


@desk
@require_POST
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    row = Objection.objects.select_related("review__agency__organisation").filter(pk=pk).first()
    if row is None:
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        upheld = form.cleaned_data["upheld"] == "yes"
        objections.objection_decide(
            objection=row, upheld=upheld, answer=form.cleaned_data["answer"], actor=request.user
        )
        messages.success(request, _("已答复异议人。"))
    else:
        messages.error(request, _("请选择核实结论并填写答复。"))
    return redirect("agencies:review", pk=row.review_id)


@desk
def agency(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of one agency: everything the desk may read, and suspension, resumption, removal."""
    row = agency_for(request.user, pk)
    facts, blanks = overview.file(row)
    context = _file_context(row) | {
        "agency": row,
        "facts": facts,
        "blanks": blanks,
        "listings": Listing.objects.filter(agency=row).select_related("item", "version"),
        "reviews": Review.objects.filter(agency=row).select_related("decided_by").order_by("-id")[:20],
        "may": access.holds(request.user, *WARDENS) and not access.belongs_to(request.user, row.organisation_id),
        "may_review": may_review(request, row),
        "trail": trail.entries(row.stream, limit=20),
        "reason": ReasonForm(),
    }
    return render(request, "agencies/desk_agency.html", context)


@desk
@require_POST
def agency_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    row = agency_for(request.user, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    verbs: dict[str, Any] = {
        "suspend": directory.agency_suspend,
        "resume": directory.agency_resume,
        "remove": directory.agency_remove,
    }
    verbs[act](agency=row, reason=reason, actor=request.user)
    messages.success(request, _("已办理，机构已收到通知。"))
    return redirect("agencies:desk_agency", pk=pk)


def _case(request: HttpRequest, review: Review, form: ReturnForm | None = None) -> HttpResponse:
    context = _file_context(review.agency, with_people=review.kind == Review.Kind.ENTRY)
    if review.kind == Review.Kind.ENTRY:
        certificates = [paper for paper, _lamp in context["certificates"]]
        context["checks"] = cases.checks(review, context["kept"], certificates, context["active"])
    came = cases.brought(review, context["kept"])
    context |= {
        "came": cases.files(came),
        "papers": cases.files([paper for paper in context["kept"] if paper not in came]),
        "review": review,
        "agency": review.agency,
        "lamp": rows.lamp(review),
        "ready": rows.ready(review),
        "open": review.status in rows.OPEN,
        "may": may_review(request, review.agency),
        "form": form or ReturnForm(kind=review.kind),
        "reason": ReasonForm(),
        "answer": AnswerForm(),
        "objections": review.objections.select_related("raised_by", "decided_by"),
        "trail": trail.entries(review.stream, limit=20),
        **cases.content(review, came),
    }
    return render(request, "agencies/review.html", context)


def _file_context(row: Agency, *, with_people: bool = True) -> dict[str, Any]:
    certificates = Qualification.objects.filter(agency=row).select_related("type", "scan")
    kept, active = papers_of(row), list(people.active(row)) if with_people else []
    return {
        "kept": kept,
        "active": active,
        "papers": cases.files(kept),
        "certificates": [(paper, overview.certificate_lamp(paper)) for paper in certificates],
        "people": [(person, people.masked_identity(person)) for person in active],
    }


def _file(kind: str, found: Any) -> HttpResponseBase:
    if kind not in export.KINDS:
        raise Http404
    heads = [
        _("类别"),
        _("机构"),
        _("统一社会信用代码"),
        _("状态"),
        _("内容"),
        _("提交时间"),
        _("到期时间"),
        _("经办人"),
    ]
    lines = (
        [
            row.get_kind_display(),
            row.agency.organisation.name,
            row.agency.organisation.uscc,
            row.get_status_display(),
            spoken(row.listing_version.title) if row.listing_version else "",
            row.submitted_at,
            row.due_at,
            str(row.decided_by or ""),
        ]
        for row in found.iterator(chunk_size=500)
    )
    return export.table(kind, f"reviews-{clock.today():%Y%m%d}", heads, lines)
