"""What an order tells the credit module, in the same transaction. Evidence is self-contained: it outlives the order."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from credit import evidence as measure
from credit.models import CreditEvent
from credit.services.events import event_record, event_void
from kernel import clock
from kernel.clock import civil
from kernel.models import User
from orders.access import related
from orders.models import Complaint, Deliverable, ExternalReviewRound, OfficialRating, Order, Rating
from orders.reasons import AGENCY_AT_FAULT, of_complaint
from orders.selectors.duration import contract_days, days_late
from orders.selectors.money import gives_back
from orders.selectors.reviews import rounds
from orders.terms import terms_of

LATE_MINOR_MAX_DAYS = 10


def facts_of(order: Order) -> dict[str, Any]:
    return {
        "order": order.number,
        "item": order.item.code,
        "placed_on": civil(order.placed_at).isoformat(),
        "fee_fen": order.fee_fen,
    }


def work_report(order: Order) -> None:
    """On approval: how long it took and how the work went; lateness against the contract is a lead of its own."""
    late_report(order)
    if related(order):
        return
    _record(
        order,
        "timeliness",
        x=measure.timeliness_x(order.limit_days, order.days_used or 0),
        more={"limit_days": order.limit_days, "days_used": order.days_used, "contract_days": contract_days(order)},
    )
    performance_report(order)


def performance_correct(order: Order, complaint: Complaint) -> None:
    """A complaint upheld after the report replaces it: the old one is voided, not deleted. Before the approval there is
    nothing to replace, the report will count the complaint."""
    if not _reported(order, "performance").exists():
        return
    for old in _standing(order, "performance"):
        event_void(event=old, reason=of_complaint(complaint.number), actor=None)
    performance_report(order, suffix=f":{complaint.number}")


def performance_report(order: Order, *, suffix: str = "") -> None:
    """First pass, rework, price, and complaints so far that found the agency at fault."""
    reviews = list(rounds(order))
    sent_back = Deliverable.objects.filter(order=order, status=Deliverable.Status.CHANGES).count()
    returned = any(row.result == ExternalReviewRound.Result.RETURNED for row in reviews)
    revised = sum(row.result != ExternalReviewRound.Result.FIRST_PASS for row in reviews)
    first_pass = sent_back == 0 and revised == 0
    upheld = Complaint.objects.filter(order=order, status=Complaint.Status.UPHELD, by_agency=False)
    at_fault = upheld.filter(subject_code__in=AGENCY_AT_FAULT)
    complaints = list(at_fault.order_by("id").values_list("number", flat=True))
    within = order.fee_fen <= terms_of(order.version, order.item, order.quantity_milli).fee_fen
    _record(
        order,
        "performance",
        suffix=suffix,
        x=measure.performance_x(first_pass, sent_back + revised, within, bool(complaints), returned=returned),
        more={
            "first_pass": first_pass,
            "sent_back": sent_back,
            "review_rounds": len(reviews),
            "returned": returned,
            "fee_within_price": within,
            "complaint": ", ".join(complaints),
        },
    )


def late_report(order: Order) -> None:
    """A lead, where a delivery missed its limit (see ``days_late``)."""
    late = days_late(order)
    if late > 0:
        code = "late_minor" if late <= LATE_MINOR_MAX_DAYS else "late_major"
        incident_report(order, code, ref="late", facts=f"超过合同时限 {late} 个工作日", late_days=late)


def rating_report(order: Order, rating: Rating) -> None:
    """The buyer's revealed rating; none between related parties, none of an order whose money went back."""
    if rating.side != Rating.Side.BUYER or related(order) or gives_back(order):
        return
    _record(
        order,
        "rating",
        suffix=":owner",
        party="owner",
        x=measure.rating_x(rating.mean_milli),
        more={"mean_milli": rating.mean_milli},
    )


def official_report(order: Order, rating: OfficialRating) -> None:
    if related(order) or gives_back(order):
        return
    _record(
        order,
        "rating",
        suffix=f":{rating.party}",
        party=rating.party,
        x=measure.rating_x(rating.stars * 1000),
        more={"mean_milli": rating.stars * 1000},
    )


def ratings_withdraw(order: Order, reason: str) -> None:
    """Void the events of the order's ratings (a refund, a fraud)."""
    for event in _standing(order, "rating"):
        event_void(event=event, reason=reason, actor=None)


def incident_report(order: Order, code: str, *, ref: str, facts: Any, **more: Any) -> None:
    """A lead for the credit desk. Nothing is deducted before notice, defence and a person's decision. ``facts`` of ours
    are kept in Chinese whoever acts, and worded anew for each reader (credit.selectors.story)."""
    with translation.override("zh-hans"):
        facts = str(facts)
    event_record(
        agency=order.agency,
        code=code,
        occurred_on=clock.today(),
        source_ref=f"{_ref(order, 'incident')}:{ref}",
        evidence={**facts_of(order), "facts": facts, **more},
        client_key=order.buyer.client_key,
        category=order.category,
        fee_fen=order.fee_fen,
        actor=None,
    )


def _record(
    order: Order,
    code: str,
    *,
    x: int,
    more: dict[str, Any],
    suffix: str = "",
    party: str = "",
    actor: User | None = None,
) -> None:
    event_record(
        agency=order.agency,
        code=code,
        occurred_on=clock.today(),
        source_ref=_ref(order, code) + suffix,
        evidence={**facts_of(order), **more},
        client_key=order.buyer.client_key,
        category=order.category,
        fee_fen=order.fee_fen,
        x=x,
        party=party,
        actor=actor,
    )


def _reported(order: Order, code: str) -> QuerySet[CreditEvent]:
    """What this order has ever reported under a code."""
    return CreditEvent.objects.filter(source_ref__startswith=_ref(order, code))


def _standing(order: Order, code: str) -> QuerySet[CreditEvent]:
    """Of that, what nobody has voided."""
    return _reported(order, code).filter(acts__isnull=True)


def _ref(order: Order, code: str) -> str:
    return f"order:{order.number}:{code}"
