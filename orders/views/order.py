"""The pages of one order: overview, work, money, messages, ratings, complaints, contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from kernel.ui import format
from orders import rating_scale, reasons
from orders.contract_text import english_terms
from orders.models import Message, Order, Rating, Refund
from orders.selectors import orders
from orders.silence import silence_says
from orders.views import papers, timeline
from orders.views.acts import ACTS, Act, offered
from orders.views.dossier import Dossier, complaint_limits
from orders.views.papers_settled import papers_settled
from orders.views.turn import turn

MESSAGES_SHOWN = 200
WORK_ACTS = (
    "submit-review", "decide-review", "deliver", "add-batch", "approve", "request-changes", "upload-materials",
)  # fmt: skip


def page(template: str) -> Callable[[Callable[[Dossier], dict[str, Any]]], Callable[..., HttpResponse]]:
    """A page of an order: signed in, the order through its one door, the tabs; the function adds what is its own."""

    def wrap(more: Callable[[Dossier], dict[str, Any]]) -> Callable[..., HttpResponse]:
        @login_required
        def view(request: HttpRequest, number: str) -> HttpResponse:
            dossier = Dossier(request, orders.order_for(request.user, number))
            context = {"d": dossier, "order": dossier.order, "tabs": tabs(dossier, more.__name__), **more(dossier)}
            return render(request, template, context)

        return view

    return wrap


def tabs(dossier: Dossier, current: str) -> list[dict[str, Any]]:
    number = dossier.order.number
    names = {
        "order": _("进展"),
        "work": _("资料与成果"),
        "money": _("款项"),
        "messages": _("沟通"),
        "ratings": pgettext("页签", "评价"),
        "complaints": pgettext("页签", "投诉"),
    }
    return [
        {"label": label, "href": reverse(f"orders:{name}", args=[number]), "current": name == current}
        for name, label in names.items()
    ]


@page("orders/order.html")
def order(d: Dossier) -> dict[str, Any]:
    """What is next and who must act, what happened, the frozen terms, money, people, papers."""
    acts = offered(d)
    leading = next((act for act in acts if act.led_by(d)), None)
    pays = d.asked_to_pay
    return {
        "turn": turn(d, leading, pays),
        "steps": timeline.steps(d),
        "silence": silence_says(d.order),
        "leading": leading,
        "leading_says": leading.said(d) if leading else "",
        **inline(d, leading),
        "others": [act for act in acts if act is not leading and not act.beside and act.code not in _elsewhere(d)],
        "besides": [act for act in acts if act is not leading and act.beside],
        "pays": pays,
        "settled": papers_settled(d) if d.order.status in Order.NOT_BEGUN else "",
    }


def _elsewhere(d: Dossier) -> set[str]:
    """Acts that have their own place on the page."""
    listed = d.order.status in Order.NOT_BEGUN and bool(d.wanted_papers)
    return {"message", "upload-materials"} if listed else {"message"}


def inline(d: Dossier, act: Act | None) -> dict[str, Any]:
    """The form of the next step, when it is short enough to stand on the page."""
    if act is None or not act.inline:
        return {"act": None}
    form = act.form(dossier=d)
    return {"act": act, "form": form, "says": act.said(d), "keepsakes": papers.keepsakes(form), "row": None}


@page("orders/work.html")
def work(d: Dossier) -> dict[str, Any]:
    """Deliverables with their digests, test batches, rounds of external review, papers."""
    scan = d.contract.scan if d.contract else None
    document = d.extension.document if d.extension else None
    return {
        "acts": _chosen(d, *WORK_ACTS),
        "settled": papers_settled(d),
        "filed": [paper for paper in (scan, document) if paper is not None],
        "groups": sum(batch.groups for batch in d.batches),
        "failed": sum(batch.failed_groups for batch in d.batches),
    }


@page("orders/money.html")
def money(d: Dossier) -> dict[str, Any]:
    """The ledger of the order, attempts to pay, refunds, the invoice."""
    return {
        "acts": _chosen(d, "confirm-transfer", "cancel-payment", "invoice", "propose-refund"),
        "pays": d.asked_to_pay,
        "why": {refund.pk: _why(d, refund) for refund in d.refunds},
    }


def _why(d: Dossier, refund: Refund) -> str:
    """What a refund is for; what an operator wrote is Chinese for every reader."""
    words = str(reasons.refund_reason(d.order.status, refund.reason))
    return format.chinese(words) if words == refund.reason else words


@page("orders/messages.html")
def messages(d: Dossier) -> dict[str, Any]:
    rows = Message.objects.filter(order=d.order).select_related("author", "organisation", "attachment").order_by("-id")
    own_id = {"agency": d.order.agency.organisation_id, "buyer": d.order.buyer_id}.get(d.side)
    return {
        "rows": list(rows[:MESSAGES_SHOWN]),
        "own_id": own_id,
        **inline(d, ACTS["message"] if d.side != "reader" else None),
    }


@page("orders/ratings.html")
def ratings(d: Dossier) -> dict[str, Any]:
    """Revealed ratings, and of a sealed one only that it is there."""
    acts = _chosen(d, "rate", "rate-officially")
    own = Rating.Side.AGENCY if d.is_agency else Rating.Side.BUYER
    replies = {Rating.Side.BUYER: d.is_agency, Rating.Side.AGENCY: d.is_buyer}
    return {
        "acts": acts,
        "scales": rating_scale.SCALES,
        "own": d.rating_of(own),
        "may_reply": {row.pk: replies[row.side] and row.revealed_at and not row.reply for row in d.ratings},
        "official": list(d.order.official_ratings.select_related("rated_by").order_by("id")),
    }


@page("orders/complaints.html")
def complaints(d: Dossier) -> dict[str, Any]:
    words = {code: row.label for code, row in reasons.COMPLAINT.items()}
    return {
        "words": words,
        "acts": _chosen(d, "answer-complaint", "complain"),
        "withdraw": next(iter(_chosen(d, "withdraw-complaint")), None),
        "open_limits": complaint_limits(d.open_complaint) if d.open_complaint else {},
    }


@page("orders/contract.html")
def contract(d: Dossier) -> dict[str, Any]:
    if d.contract is None:
        raise Http404
    return {
        **inline(d, next(iter(_chosen(d, "confirm-contract")), None)),
        "acts": _chosen(d, "attach-scan"),
        "terms": english_terms(d.order, d.contract.text) if get_language() == "en" else [],
        "silence": silence_says(d.order),
    }


def _chosen(d: Dossier, *codes: str) -> list[Act]:
    """Of the acts named, those offered now."""
    return [ACTS[code] for code in codes if ACTS[code] in offered(d)]
