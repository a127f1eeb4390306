"""What must always be true of agencies and their shops; `manage.py check_invariants` asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, Q

from agencies.machines import AGENCY, FORM_CHECK, LISTING, PUBLICITY, REVIEW
from agencies.models import Agency, DirectoryEntry, Listing, ListingVersion, Practitioner, Qualification, Review
from agencies.selectors import certificates
from agencies.selectors.agencies import IN_DIRECTORY
from kernel import clock
from kernel.machine import Machine
from kernel.models import AuditEntry, Deadline
from kernel.registries import invariants

L, V, R = Listing.Status, ListingVersion.Status, Review.Status


@invariants.register("agencies.directory")
def directory_matches_status() -> Iterator[str]:
    """A stay in the directory is open exactly while the agency is active or suspended."""
    opened = set(DirectoryEntry.objects.filter(closed_at__isnull=True).values_list("agency_id", flat=True))
    inside = set(Agency.objects.filter(status__in=IN_DIRECTORY).values_list("pk", flat=True))
    for pk in sorted(opened ^ inside):
        yield f"agency {pk}: directory entry and status disagree"


@invariants.register("agencies.storefront")
def active_has_storefront() -> Iterator[str]:
    for pk in Agency.objects.filter(status__in=IN_DIRECTORY, storefront__isnull=True).values_list("pk", flat=True):
        yield f"agency {pk} is in the directory without a storefront"


@invariants.register("agencies.capacity")
def capacity_kept() -> Iterator[str]:
    """``taken`` lies within ``capacity`` (a constraint as well: this finds rows from before it)."""
    for pk in Listing.objects.filter(Q(taken__gt=F("capacity")) | Q(taken__lt=0)).values_list("pk", flat=True):
        yield f"listing {pk}: more slots taken than it has"


@invariants.register("agencies.published_version")
def shown_version_is_its_own_and_published() -> Iterator[str]:
    """The version buyers see belongs to the listing, is published and is the newest that is."""
    rows = Listing.objects.filter(version__isnull=False)
    for pk in rows.exclude(version__listing=F("pk"), version__status=V.PUBLISHED).values_list("pk", flat=True):
        yield f"listing {pk} shows a version that is not published or not its own"
    later = ListingVersion.objects.filter(status=V.PUBLISHED, number__gt=F("listing__version__number"))
    for pk in later.values_list("listing_id", flat=True).distinct():
        yield f"listing {pk} shows an old version"


@invariants.register("agencies.frozen_versions")
def published_terms_unchanged() -> Iterator[str]:
    """What stands in a published version is what went through the desk (the review keeps the terms it saw)."""
    reviews = Review.objects.filter(kind=Review.Kind.LISTING, status=R.APPROVED).select_related("listing_version")
    for review in reviews.iterator(chunk_size=1000):
        version = review.listing_version
        changed = [name for name, pair in review.changes.items() if getattr(version, name) != pair[1]]
        if changed:
            yield f"version {version.pk} differs from what was approved: {', '.join(sorted(changed))}"


@invariants.register("agencies.certificates")
def shown_listings_have_certificates() -> Iterator[str]:
    """No listing is open for orders whose item demands a certificate the agency cannot show. The hour after midnight
    belongs to the nightly sweep, so papers that were valid yesterday are forgiven until it has run."""
    day = clock.today() - timedelta(days=1)
    rows = list(Listing.objects.filter(status__in=[L.PUBLISHED, L.PAUSED]).select_related("item"))
    held, known = certificates.held_by({row.agency_id for row in rows}), certificates.types()
    for row in rows:
        if certificates.unmet(row.item, held[row.agency_id], day, known) and certificates.unmet(
            row.item, held[row.agency_id], clock.today(), known
        ):
            yield f"listing {row.pk} is shown without a valid certificate"


@invariants.register("agencies.renewals")
def renewed_is_superseded() -> Iterator[str]:
    """A certificate is superseded exactly when a renewal of it was confirmed."""
    S = Qualification.Status
    done = Qualification.objects.filter(renewals__status__in=[S.CONFIRMED, S.SUPERSEDED])
    for pk in done.exclude(status=S.SUPERSEDED).values_list("pk", flat=True):
        yield f"qualification {pk} was renewed but still counts"
    superseded = Qualification.objects.filter(status=S.SUPERSEDED)
    for pk in superseded.exclude(pk__in=done.values("pk")).values_list("pk", flat=True):
        yield f"qualification {pk} is superseded by nothing"


@invariants.register("agencies.people")
def one_person_one_agency() -> Iterator[str]:
    rows = Practitioner.objects.filter(ended_on__isnull=True).values("identity_fingerprint").annotate(n=Count("pk"))
    for row in rows.filter(n__gt=1):
        yield f"one person is registered {row['n']} times"


@invariants.register("agencies.open_reviews")
def reviews_match_what_they_review() -> Iterator[str]:
    """An open entry review stands beside an agency that waits for it; a listing's beside a version in review; and every
    open review has the deadline of its state."""
    pairs = {R.PENDING: Agency.Status.SUBMITTED, R.PUBLICITY: Agency.Status.PUBLICITY}
    for status, expected in pairs.items():
        rows = Review.objects.filter(kind=Review.Kind.ENTRY, status=status).exclude(agency__status=expected)
        for pk in rows.values_list("pk", flat=True):
            yield f"review {pk} and its agency disagree"
    rows = Review.objects.filter(kind=Review.Kind.LISTING, status=R.PENDING)
    for pk in rows.exclude(listing_version__status=V.IN_REVIEW).values_list("pk", flat=True):
        yield f"review {pk} and its version disagree"
    codes = {R.PENDING: FORM_CHECK, R.PUBLICITY: PUBLICITY}
    timed = set(Deadline.objects.filter(code__in=codes.values()).values_list("subject", "code"))
    for pk, status in Review.objects.filter(status__in=codes).values_list("pk", "status"):
        if (f"review:{pk}", codes[R(status)]) not in timed:
            yield f"review {pk} has no deadline"


@invariants.register("agencies.histories")
def histories_replay() -> Iterator[str]:
    """Replaying the status changes of a stream through its table ends in the status of the row."""
    for prefix, machine, model in (
        ("agency", AGENCY, Agency),
        ("listing", LISTING, Listing),
        ("review", REVIEW, Review),
    ):
        yield from _replay(prefix, machine, dict(model.objects.values_list("pk", "status")))


def _replay(prefix: str, machine: Machine, status: dict[int, str]) -> Iterator[str]:
    last: dict[int, str] = {}
    rows = AuditEntry.objects.filter(stream__startswith=f"{prefix}:").exclude(to_state="").order_by("stream", "seq")
    for stream, before, after in rows.values_list("stream", "from_state", "to_state").iterator(chunk_size=2000):
        pk = int(stream.partition(":")[2])
        if pk in last and last[pk] != before:
            yield f"{stream}: a step begins at {before}, the one before ended at {last[pk]}"
        if (before, after) not in machine.steps:
            yield f"{stream}: {before} → {after} is not in the table"
        last[pk] = after
    for pk, state in last.items():
        if status.get(pk) != state:
            yield f"{prefix}:{pk} is {status.get(pk)}, its history ends at {state}"
