"""Documents of an order for paper: what was ordered, process record, transaction record, sign-off slip, receipt."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kernel import clock, workdays
from orders import action_words, rating_scale
from orders.models import LedgerEntry, OfficialRating, Rating
from orders.selectors import orders
from orders.selectors.lateness import timed
from orders.selectors.reviews import rounds
from orders.views.dossier import Dossier

# The same act as "order.approved" of that moment, which the record says once.
WITHIN_ANOTHER = ("deliverable.approved",)


@login_required
def ordered(request: HttpRequest, number: str) -> HttpResponse:
    """The listing's version as it was when it was ordered, whatever stands there today."""
    d = _dossier(request, number)
    context = {"d": d, "order": d.order, "version": d.order.version, "listing": d.order.listing, "item": d.order.item}
    return render(request, "orders/ordered.html", context)


@login_required
def process_record(request: HttpRequest, number: str) -> HttpResponse:
    """流程记录表 (R15): the item's steps with their days, the four timestamps, and every act from the audit trail."""
    d = _dossier(request, number)
    o = d.order
    stamps = [
        (_("首次申请"), o.placed_at),
        (_("受理"), o.accepted_at),
        (_("办结"), o.completed_at),
        (_("送达"), o.received_at),
    ]
    used = workdays.between(clock.civil(o.placed_at), clock.civil(o.received_at)) if o.received_at else None
    entries = [
        {
            "at": entry.at,
            "by": entry.actor,
            "for": entry.on_behalf_of.name if entry.on_behalf_of else "",
            "what": action_words.label(entry.action),
        }
        for entry in d.audit
        if entry.action not in WITHIN_ANOTHER
    ]
    context = {"d": d, "order": o, "stamps": stamps, "total": used, "entries": entries, "now": clock.now()}
    context["chain"] = d.audit[-1].chain if d.audit else ""
    return render(request, "orders/process_record.html", context)


@login_required
def transaction_record(request: HttpRequest, number: str) -> HttpResponse:
    """一项一评 (R12): one record of the transaction for all five kinds of party."""
    d = _dossier(request, number)
    context = {
        "d": d,
        "order": d.order,
        "buyer_rating": _revealed(d, Rating.Side.BUYER),
        "agency_rating": _revealed(d, Rating.Side.AGENCY),
        "scales": rating_scale.SCALES,
        "official": {row.party: row for row in d.order.official_ratings.select_related("rated_by")},
        "parties": OfficialRating.Party,
        "timed": timed([d.order])[0],
        "submitted": rounds(d.order).count(),
        "now": clock.now(),
    }
    return render(request, "orders/transaction_record.html", context)


@login_required
def sign_off(request: HttpRequest, number: str) -> HttpResponse:
    """服务成果验收单; exists once the work is approved."""
    d = _dossier(request, number)
    if d.approved is None:
        raise Http404
    context = {"d": d, "order": d.order, "approved": d.approved, "now": clock.now()}
    return render(request, "orders/sign_off.html", context)


@login_required
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The paper for the fee, the amount in capital figures; exists once it was paid. The agency's receipt only when the
    agency has the money: before, it says that the custodian has it."""
    d = _dossier(request, number)
    if d.paid is None:
        raise Http404
    release = next((entry for entry in d.ledger if entry.kind == LedgerEntry.Kind.RELEASE), None)
    context = {"d": d, "order": d.order, "paid": d.paid, "release": release, "now": clock.now()}
    return render(request, "orders/receipt.html", context)


@login_required
def transfer_slip(request: HttpRequest, number: str) -> HttpResponse:
    """What the buyer takes to the bank: whom to pay, how much, what to write on it; exists while a transfer is open."""
    d = _dossier(request, number)
    if d.offline_waiting is None:
        raise Http404
    context = {"d": d, "order": d.order, "payment": d.offline_waiting, "due": d.pay_by, "now": clock.now()}
    return render(request, "orders/transfer_slip.html", context)


def _dossier(request: HttpRequest, number: str) -> Dossier:
    return Dossier(request, orders.order_for(request.user, number))


def _revealed(d: Dossier, side: str) -> Any:
    """A rating once it is public; None while it is sealed or missing."""
    row = d.rating_of(side)
    return row if row and row.revealed_at else None
