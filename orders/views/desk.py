"""The centre's desks: complaints, ratings by the department and the centre. And a person's own complaints."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kernel import access, due
from kernel.access import Role
from kernel.forms import attempt
from kernel.wording import sentences
from orders import reasons
from orders.access import at_desk
from orders.forms.desk import ComplaintDecisionForm
from orders.forms.rating import party_of
from orders.models import Complaint, OfficialRating, Order
from orders.selectors import orders
from orders.selectors.lateness import timed
from orders.selectors.money import Balance, balance
from orders.services.complaint import complaint_accept, complaint_decide
from orders.views.dossier import complaint_limits

PAGE_SIZE = 30
Status = Complaint.Status
OPEN = (Status.FILED, Status.ACCEPTED)


@login_required
def complaints(request: HttpRequest) -> HttpResponse:
    """Every complaint with its lamp, the open ones first."""
    access.require(access.is_staff(request.user), "access.role")
    return _list(request, orders.complaints_of(request.user), _("投诉处理"), "orders:desk_complaint")


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Complaints about orders of the person's own organisations, filed by either side."""
    return _list(request, orders.complaints_of(request.user), _("我的投诉"), "")


def _list(request: HttpRequest, base: QuerySet[Complaint], title: str, detail: str) -> HttpResponse:
    rows = with_due(base.select_related("order__buyer", "order__agency__organisation"))
    show = request.GET.get("show", "open")
    if show == "open":
        rows = rows.filter(status__in=OPEN)
    page = Paginator(rows.order_by(F("due_at").asc(nulls_last=True), "-id"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    shown = [{"row": row, "lamp": due.lamp(row)} for row in page.object_list]
    words = {code: row.label for code, row in reasons.COMPLAINT.items()}
    context = {"page": page, "rows": shown, "title": title, "detail": detail, "words": words, "show": show}
    return render(request, "orders/complaint_list.html", context)


def with_due(rows: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """Annotate the deadline of the centre's own next step."""
    return due.with_due(rows, "complaint", "complaint.accept", "complaint.decide")


@login_required
def complaint(request: HttpRequest, number: str) -> HttpResponse:
    """One complaint at the desk: accept it, then decide it with reasons."""
    access.require(access.is_staff(request.user), "access.role")
    known = orders.complaint_for(request.user, number)
    found: Any = with_due(Complaint.objects.select_related("filed_by", "decided_by", "paper")).get(pk=known.pk)
    found.order = known.order
    form = ComplaintDecisionForm(request.POST if "decide" in request.POST else None)
    if request.method == "POST":
        access.require_role(request.user, Role.OPERATOR)
        if _handled(request, found, form):
            return redirect("orders:desk_complaint", number=number)
    money = balance(found.order)
    context = {
        "row": found,
        "order": found.order,
        "lamp": due.lamp(found),
        "limits": complaint_limits(found) if found.status in OPEN else {},
        "form": form,
        "balance": money,
        "follows": _follows(found, money),
        "words": {code: reason.label for code, reason in reasons.COMPLAINT.items()},
        "acts": at_desk(request.user, found.order, Role.OPERATOR),
    }
    return render(request, "orders/complaint_desk.html", context)


def _follows(row: Complaint, money: Balance) -> str:
    """What the decision sets off at once."""
    told = [_("双方立即收到决定和处理意见。")]
    if money.held and row.order.status in Order.RELEASABLE:
        told.append(_("资金随即解除冻结：退款全部办结后，托管中剩余的款项放给机构，放款不能撤回。"))
    elif money.held or money.open_refunds:
        told.append(_("资金随即解除冻结：不须两人批准的退款随即办理，其余款项按订单进展处理。"))
    if not row.by_agency and row.subject_code in reasons.AGENCY_AT_FAULT:
        told.append(_("投诉成立的，作为机构失信线索转信用管理员核查。"))
    return str(sentences(*told))


def _handled(request: HttpRequest, row: Complaint, form: ComplaintDecisionForm) -> bool:
    if "decide" not in request.POST:
        complaint_accept(complaint=row, actor=request.user)
        messages.success(request, _("已受理，请在 30 个工作日内决定。"))
        return True
    if not form.is_valid():
        return False
    data = form.cleaned_data
    attempt(
        form,
        complaint_decide,
        complaint=row,
        upheld=data["upheld"],
        answer=data["answer"],
        refund_fen=data["refund"],
        actor=request.user,
    )
    if form.is_valid():
        messages.success(request, _("决定已送达双方。"))
    return form.is_valid()


@login_required
def ratings(request: HttpRequest) -> HttpResponse:
    """Approved orders which the person's authority has not rated yet."""
    access.require(access.holds(request.user, Role.OPERATOR, Role.SUPERVISOR), "access.role")
    party = party_of(request.user)
    rated = OfficialRating.objects.filter(order=OuterRef("pk"), party=party)
    waiting = Order.objects.filter(~Exists(rated), status__in=Order.DONE)
    found = waiting.select_related("buyer", "agency__organisation", "item").order_by("-approved_at", "-id")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": timed(page.object_list), "party": OfficialRating.Party(party).label}
    return render(request, "orders/rating_desk.html", context)
