"""When the buyer's time for approving runs: from the delivery, or where an external review (送审) is due from the day it
has passed. Until then it is the agency's turn to submit."""

from __future__ import annotations

from kernel.models import Organisation
from kernel.services import deadlines
from orders.models import ExternalReviewRound, Order
from orders.services.moves import begin

# Exactly one of them runs while a delivery lies with the buyer and no review is going on.
CODES = ("order.approve", "order.inspect", "order.review")


def review_passed(order: Order) -> bool:
    return ExternalReviewRound.objects.filter(order=order, result__in=ExternalReviewRound.PASSED).exists()


def awaits_review(order: Order) -> bool:
    """Must a review still pass before the buyer can approve?"""
    return order.external_review and not review_passed(order)


def approves_itself(order: Order) -> bool:
    """Silence approves, but never for a public buyer nor for an item with external review."""
    return order.buyer.kind != Organisation.Kind.PUBLIC_BODY and not order.external_review


def approval_begins(order: Order) -> None:
    """Of a delivered order whose clock runs: the limit of whoever must act next."""
    approval_ends(order)
    if awaits_review(order):
        begin("order.review", subject=order.stream, party=order.agency.organisation)
    else:
        begin("order.approve" if approves_itself(order) else "order.inspect", subject=order.stream, party=order.buyer)


def approval_ends(order: Order) -> None:
    """Somebody else's turn: a review has begun."""
    for code in CODES:
        deadlines.cancel(subject=order.stream, code=code)
