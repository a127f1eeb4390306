"""Rounds of external review (送审) that took place: in an annulled one nothing was submitted."""

from __future__ import annotations

from django.db.models import QuerySet

from orders.models import ExternalReviewRound, Order


def rounds(order: Order) -> QuerySet[ExternalReviewRound]:
    """Oldest first, the one going on included."""
    return order.review_rounds.exclude(result=ExternalReviewRound.Result.ANNULLED).order_by("number")


def is_first(order: Order) -> bool:
    """Whether the round going on is the first: only that one passes at once (一次通过)."""
    return rounds(order).count() == 1
