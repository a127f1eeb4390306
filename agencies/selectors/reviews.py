"""The review desk's queue and cases."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from agencies.models import Objection, Review
from kernel import clock, due, lamps

OPEN = (Review.Status.PENDING, Review.Status.PUBLICITY)
SORTS = {
    "due": (F("due_at").asc(nulls_last=True), "-id"),
    "new": ("-submitted_at", "-id"),
    "old": ("submitted_at", "id"),
}


def queue() -> QuerySet[Review]:
    """All reviews with what their line shows, the open deadline (``due_from``, ``due_at``, ``due_days``) and open
    objections."""
    objections = Objection.objects.filter(review=OuterRef("pk"), status=Objection.Status.OPEN)
    rows = Review.objects.select_related("agency__organisation__region", "listing_version__listing__item", "decided_by")
    return due.with_due(rows, "review").annotate(objected=Exists(objections))


def narrow(rows: QuerySet[Review], wanted: dict[str, Any]) -> QuerySet[Review]:
    """``wanted``: q (name, code or contact), kind, status ("open" for all that wait), lamp, sort."""
    if text := wanted.get("q"):
        rows = rows.filter(
            Q(agency__organisation__name__icontains=text)
            | Q(agency__organisation__uscc__iexact=text)
            | Q(agency__contact_name__icontains=text)
            | Q(listing_version__title__icontains=text)
        )
    if kind := wanted.get("kind"):
        rows = rows.filter(kind=kind)
    status = wanted.get("status") or "open"
    if status == "open":
        rows = rows.filter(status__in=OPEN)
    elif status != "all":
        rows = rows.filter(status=status)
    if colour := wanted.get("lamp"):
        rows = due.lit(rows, "review", colour)
    return rows.order_by(*SORTS.get(wanted.get("sort", ""), SORTS["due"]))


def counts() -> dict[str, int]:
    """How many reviews stand in each status; one query."""
    return dict(Review.objects.order_by().values_list("status").annotate(n=Count("pk")))


def lamp(review: Any) -> lamps.Lamp | None:
    """The lamp of a row of ``queue()``; None once it is decided."""
    return due.lamp(review)


def ready(review: Any) -> bool:
    """In publicity, its period over: a decision is due."""
    return review.status == Review.Status.PUBLICITY and (review.due_at is None or review.due_at < clock.now())


def case(pk: int) -> Review:
    """One review with what its page needs, and when the agency's one before of its kind was decided
    (``decided_before``); for staff, whom the view has checked."""
    before = Review.objects.filter(agency=OuterRef("agency"), kind=OuterRef("kind"), pk__lt=OuterRef("pk"))
    last = Subquery(before.order_by("-pk").values("decided_at")[:1])
    rows = (
        queue()
        .annotate(decided_before=last)
        .select_related("agency__parent__organisation", "agency__affiliated_with", "submitted_by")
    )
    review = rows.filter(pk=pk).first()
    if review is None:
        raise Http404
    return review


def neighbours(review: Review) -> tuple[int | None, int | None]:
    """The case before and the one after among those that wait, in the order in which they fall due; one query. Of a
    case that is decided, the first that waits comes next."""
    waiting = list(narrow(queue(), {}).values_list("pk", flat=True))
    if review.pk not in waiting:
        return None, next(iter(waiting), None)
    place = waiting.index(review.pk)
    return (waiting[place - 1] if place else None), (waiting[place + 1] if place + 1 < len(waiting) else None)


def in_publicity() -> QuerySet[Review]:
    """Entries that anybody may object to now, with the end of their period."""
    rows = queue().filter(kind=Review.Kind.ENTRY, status=Review.Status.PUBLICITY, due_at__gte=clock.now())
    return rows.prefetch_related("agency__categories").order_by("submitted_at", "id")


def public_case(pk: int) -> Review:
    """An entry in publicity for anybody; 404 when it is not."""
    review = in_publicity().filter(pk=pk).first()
    if review is None:
        raise Http404
    return review
