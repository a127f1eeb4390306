"""One step in a declared life: take the lock, ask the table, write the status, leave the trail, tell upward."""

from __future__ import annotations

from typing import Any

from agencies.machines import AGENCY, LISTING, REVIEW
from agencies.models import Agency, Listing, Review
from kernel import access
from kernel.models import Membership, User
from kernel.services import audit, outbox

Role = Membership.Role
# Who may run the review desk, and who may take an agency out of the market.
REVIEWERS = (Role.OPERATOR, Role.ADMINISTRATOR)
WARDENS = (Role.OPERATOR, Role.CREDIT_OFFICER, Role.ADMINISTRATOR)


def lock_agency(agency: Agency) -> Agency:
    """Without its key: rows that refer to the agency (an order being placed, which holds a slot that we may want next)
    need not wait for us."""
    rows = Agency.objects.select_for_update(of=("self",), no_key=True).select_related("organisation__region")
    return rows.get(pk=agency.pk)


def lock_listing(listing: Listing) -> Listing:
    """The listing under its agency's lock: reviews, certificates and capacity all meet there."""
    rows = Listing.objects.select_for_update(of=("self",), no_key=True).select_related(
        "agency__organisation", "item", "version"
    )
    return rows.get(pk=listing.pk)


def lock_review(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("agency__organisation")
    return rows.get(pk=review.pk)


def require_reviewer(actor: User | None, agency: Agency) -> None:
    """An officer of the centre who does not belong to the agency (回避); None is the system."""
    access.require_role(actor, *REVIEWERS)
    access.require(actor is None or not access.belongs_to(actor, agency.organisation_id), "review.recusal")


def agency_step(row: Agency, name: str, *, actor: User | None, **data: Any) -> Agency:
    """Move a locked agency along; the caller has checked permission and rules. Saves the whole row."""
    before, row.status = row.status, AGENCY.check(name, row.status)
    row.save()
    _record(row.stream, f"agency.{name}", actor, row, before, row.status, data)
    announce_agency(row)
    return row


def listing_step(row: Listing, name: str, *, actor: User | None, **data: Any) -> Listing:
    """Move a locked listing along. Only the fields of its state are written: ``taken`` belongs to orders."""
    before, row.status = row.status, LISTING.check(name, row.status)
    row.hidden_paused = row.status == Listing.Status.HIDDEN and before == Listing.Status.PAUSED
    row.save(update_fields=["status", "version", "hidden_paused"])
    _record(row.stream, f"listing.{name}", actor, row.agency, before, row.status, data)
    announce_listing(row)
    return row


def review_step(row: Review, name: str, *, actor: User | None, **data: Any) -> Review:
    before, row.status = row.status, REVIEW.check(name, row.status)
    row.save()
    _record(row.stream, f"review.{name}", actor, row.agency, before, row.status, data)
    return row


def note(row: Agency | Listing | Review, action: str, *, actor: User | None, **data: Any) -> None:
    """An act that changes no status."""
    _record(row.stream, action, actor, row if isinstance(row, Agency) else row.agency, "", "", data)


def announce_agency(row: Agency) -> None:
    """What the public sees of the agency, or may order from it, has changed."""
    outbox.announce(topic="agency_changed", payload={"agency": row.pk})


def announce_listing(row: Listing) -> None:
    outbox.announce(topic="listing_changed", payload={"listing": row.pk})


def _record(
    stream: str, action: str, actor: User | None, agency: Agency, before: str, after: str, data: dict[str, Any]
) -> None:
    audit.record(
        stream=stream,
        action=action,
        actor=actor,
        on_behalf_of=agency.organisation if actor and access.belongs_to(actor, agency.organisation_id) else None,
        from_state=before,
        to_state=after,
        data=data,
    )
