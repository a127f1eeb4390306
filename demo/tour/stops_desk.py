"""The desks of the service centre."""

from __future__ import annotations

from typing import Any

from agencies.models import Agency, Claim, Review
from agencies.roster.sample import FOLDER
from agencies.services.roster_upload import upload_keep
from demo.tour.rows import Finder, Sight, chinese, of_any, plain
from demo.tour.stops import Stop
from kernel.models import User


def _reviews(kind: str, *statuses: str) -> Finder:
    order = {"pending": 0, "publicity": 1}

    def find(user: User | None) -> Sight | None:
        rows = Review.objects.filter(kind=kind, status__in=statuses or Review.Status.values).order_by("-id")[:500]
        row = min(rows, key=lambda row: order.get(row.status, 2), default=None)
        return Sight(chinese("agencies:review", row.pk), user) if row else None

    return find


def _roster(user: User | None) -> Sight | None:
    """The sample roster, uploaded by the person who looks."""
    if user is None:
        return None
    with (FOLDER / "roster-sample.xlsx").open("rb") as file:
        kept = upload_keep(chunks=[file.read()], name="roster-sample.xlsx", actor=user)
    county = Agency.objects.select_related("organisation__region").first()
    if county is None:
        return None
    return Sight(chinese("agencies:roster_preview", kept.key, county.organisation.region.code), user)


def _claims() -> Any:
    return Claim.objects.order_by("decided_at", "-id")


STOPS = [
    Stop("review-queue", "Review desk", "operator", "agencies:review_queue", plain("agencies:review_queue")),
    Stop("review-entry", "Review desk", "operator", "agencies:review", _reviews("entry")),
    Stop("review-change", "Review desk", "operator", "agencies:review", _reviews("change")),
    Stop("review-listing", "Review desk", "operator", "agencies:review", _reviews("listing")),
    Stop("review-inspector", "Review desk", "inspector", "agencies:review", _reviews("entry")),
    Stop(
        "desk-agency",
        "Review desk",
        "operator",
        "agencies:desk_agency",
        of_any("agencies:desk_agency", lambda: Agency.objects.filter(status=Agency.Status.ACTIVE), "pk"),
    ),
    Stop("claim-queue", "Claims", "operator", "agencies:claim_queue", plain("agencies:claim_queue")),
    Stop("claim-case", "Claims", "operator", "agencies:claim_case", of_any("agencies:claim_case", _claims, "pk")),
    Stop("roster", "Roster desk", "operator", "agencies:roster", plain("agencies:roster")),
    Stop("roster-preview", "Roster desk", "operator", "agencies:roster_preview", _roster),
]
