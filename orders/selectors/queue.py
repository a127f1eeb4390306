"""Lists of orders: narrowed by what a person asks, sorted by what is due."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from kernel import due
from kernel.models import Pause
from orders.machines import SHARED
from orders.models import ExternalReviewRound, Order, Rating
from orders.parties import AGENCY
from orders.selectors.money import AT_THE_DESK

REVIEW = "review.result"  # runs for a round of review, not for its order
SHOWN = ("project", "buyer", "agency__organisation", "item", "category")


def narrow(base: QuerySet[Order], wanted: dict[str, Any], side: str = "", *, user: Any = None) -> QuerySet[Order]:
    """``base`` are the orders the person may see. ``wanted``: q, status, category, channel, due (a code), money (of
    AT_THE_DESK, what ``user`` may decide of it), lamp, sort. ``side``: buyer or agency, whose own turn comes first; of
    others, the nearest limit."""
    of_reviews = wanted.get("due") == REVIEW
    rows = base.select_related(*SHOWN)
    rows = _with_review(rows) if of_reviews else with_due(rows, *filter(None, [wanted.get("due")]), side=side)
    if text := wanted.get("q"):
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(title__icontains=text)
            | Q(project__name__icontains=text)
            | Q(buyer__name__icontains=text)
            | Q(agency__organisation__name__icontains=text)
        )
    for name in ("status", "category", "channel"):
        if name in wanted:
            rows = rows.filter(**{name: wanted[name]})
    if "due" in wanted and not of_reviews:
        rows = rows.filter(due_pk__isnull=False)
    if "money" in wanted:
        rows = rows.filter(AT_THE_DESK[wanted["money"]].exists(user))
    if "lamp" in wanted:
        rows = _lit(rows, wanted["lamp"], "review_round" if of_reviews else "order")
    return rows.order_by(*_order(wanted.get("sort", "due")))


def with_due(rows: QuerySet[Order], *codes: str, side: str = "") -> QuerySet[Order]:
    """Annotate the nearest open deadline (see ``kernel.due``; of these codes only when any are given), whether the clock
    stands still (``stopped``, since ``stopped_at``): every limit of the order waits then, as the sweep has it; and
    ``mine``: it is one on which ``side`` itself still has to act, which goes before nearer ones of others."""
    still = Pause.objects.filter(subject=due.subject("order"), ended_at__isnull=True)
    rows = rows.annotate(stopped=Exists(still), stopped_at=Subquery(still.values("started_at")[:1]))
    if not side:
        return due.with_due(rows, "order", *codes).annotate(mine=Value(False))
    rows = due.with_due(rows.annotate(acted_on=_acted_on(side)), "order", *codes, first=_own(side))
    return rows.annotate(
        mine=Case(When(due_first__isnull=False, stopped=False, then=Value(True)), default=Value(False))
    )


def _own(side: str) -> Q:
    """Limits that run against the side; of those of both at once, the one it has not answered yet."""
    own = OuterRef("agency__organisation" if side == AGENCY else "buyer")
    return Q(party=own) | Q(code__in=SHARED) & ~Q(code=OuterRef("acted_on"))


def _acted_on(side: str) -> Case:
    """The shared limit on which the side has acted: it has confirmed the contract, or rated."""
    confirmed = Q(status=Order.Status.ACCEPTED, **{f"contract__{side}_confirmed_at__isnull": False})
    rated = Exists(Rating.objects.filter(order=OuterRef("pk"), side=side))
    contract, rate = SHARED
    return Case(When(confirmed, then=Value(contract)), When(rated, then=Value(rate)), default=Value(""))


def _with_review(rows: QuerySet[Order]) -> QuerySet[Order]:
    """The same of orders with a round of external review going on, by the limit for its result: that one goes on while
    the order's own clock stands still for it."""
    going_on = ExternalReviewRound.objects.filter(order=OuterRef("pk"), result=ExternalReviewRound.Result.PENDING)
    rows = rows.annotate(review_round=Subquery(going_on.values("pk")[:1]))
    lit = due.with_due(rows, "review_round", REVIEW, of="review_round").filter(due_pk__isnull=False)
    return lit.annotate(stopped=Value(False), stopped_at=Value(None, output_field=DateTimeField()), mine=Value(False))


def _order(sort: str) -> list[Any]:
    """By what is due: what the reader's own side has to do, running limits of others, those that stand still, then orders
    without one."""
    running = Case(
        When(due_at__isnull=True, then=Value(3)),
        When(stopped=True, then=Value(2)),
        When(mine=True, then=Value(0)),
        default=Value(1),
    )
    return {
        "new": ["-id"],
        "old": ["id"],
        "fee": ["-fee_fen", "-id"],
    }.get(sort, [running, F("due_at").asc(nulls_last=True), "-id"])


def _lit(rows: QuerySet[Order], colour: str, subject: str) -> QuerySet[Order]:
    if colour == "grey":
        return rows.filter(Q(due_at__isnull=True) | Q(stopped=True))
    return due.lit(rows.filter(stopped=False), subject, colour)
