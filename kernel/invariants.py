"""What must always be true of the kernel's rows (design: reliability, "Tenancy, audit, sync")."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kernel import clock
from kernel.models import Attachment, AuditEntry, Deadline, Membership, Organisation, OutboxMessage
from kernel.registries import invariants
from kernel.services.attachments import attachment_path
from kernel.services.audit import detail_digest, link

OUTBOX_LATE_S = 60


@invariants.register("audit.chain")
def audit_chain() -> Iterator[str]:
    """Every stream is gap-free, chained, and its details match their digests (unless erased)."""
    rows = AuditEntry.objects.select_related("detail").order_by("stream", "seq").iterator(chunk_size=2000)
    stream, seq, chain = "", 0, ""
    for row in rows:
        if row.stream != stream:
            stream, seq, chain = row.stream, 0, ""
        if row.seq != seq + 1:
            yield f"{row.stream}: entry {seq + 1} is missing"
        expected = link(chain, row.stream, row.seq, row.at.isoformat(), row.actor_id or "", row.action, row.digest)
        if row.seq == seq + 1 and row.chain != expected:
            yield f"{row.stream}#{row.seq}: chain is broken"
        detail = getattr(row, "detail", None)
        if detail and detail_digest(detail.salt, detail.data) != row.digest:
            yield f"{row.stream}#{row.seq}: details do not match their digest"
        seq, chain = row.seq, row.chain


@invariants.register("organisation.owner")
def organisation_has_owner() -> Iterator[str]:
    """Every organisation that has members has an owner."""
    live = Membership.objects.filter(ended_at__isnull=True)
    owned = live.filter(role=Membership.Role.OWNER).values("organisation_id")
    for pk in (
        Organisation.objects.filter(memberships__in=live).exclude(pk__in=owned).values_list("pk", flat=True).distinct()
    ):
        yield f"organisation {pk} has members and no owner"


@invariants.register("outbox.late")
def outbox_is_drained() -> Iterator[str]:
    """No message waits longer than a minute after it was due."""
    late = clock.now() - timedelta(seconds=OUTBOX_LATE_S)
    for topic in (
        OutboxMessage.objects.filter(done_at__isnull=True, created_at__lt=late)
        .values_list("topic", flat=True)
        .distinct()
    ):
        yield f"outbox messages of {topic} are undelivered"


@invariants.register("attachment.file")
def attachment_has_file() -> Iterator[str]:
    """Every registered file is on disk with its size."""
    for row in Attachment.objects.iterator(chunk_size=2000):
        path = attachment_path(row)
        if not path.is_file() or path.stat().st_size != row.size:
            yield f"attachment {row.pk}: file is missing or of another size"


@invariants.register("deadline.reminders")
def reminders_before_deadline() -> Iterator[str]:
    """A reminder never comes after its deadline."""
    from django.db.models import F

    for pk in Deadline.objects.filter(reminders__due_at__gt=F("due_at")).values_list("pk", flat=True):
        yield f"deadline {pk} has a reminder after it"
