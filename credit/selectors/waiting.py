"""Which cases and lists may take their next step because a period has ended, asked in the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Aggregate, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from credit.models import Case
from kernel import clock
from kernel.models import AuditEntry, Deadline

DEFENCE = "case.defence"


def periods(prefix: str, code: str) -> QuerySet[Deadline]:
    """The deadlines `code` of the outer row, whose stream begins with ``prefix``; the newest first."""
    subject = Concat(Value(f"{prefix}:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    return Deadline.objects.filter(subject=subject, code=code).order_by("-id")


def over(prefix: str, code: str) -> Exists:
    return Exists(periods(prefix, code).filter(due_at__lt=clock.now()))


def to_decide() -> Q:
    """Cases that somebody (not the proposer) may decide now."""
    return Q(status=Case.Status.DEFENDED) | Q(over("case", DEFENCE), status=Case.Status.NOTICED)


def in_defence() -> Q:
    """Cases whose agency still has time to answer: none of them may be decided yet."""
    return Q(status=Case.Status.NOTICED) & ~Q(over("case", DEFENCE))


def with_due(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Annotate the time to answer: ``due_at``, ``due_days`` (None before the notice)."""
    newest = periods("case", DEFENCE)
    return rows.annotate(
        due_at=Subquery(newest.values("due_at")[:1]), due_days=Subquery(newest.values("limit_days")[:1])
    )


def said(action: str, figure: Aggregate) -> Any:
    """``figure`` over the acts of a name in the audit stream of the outer ranking; a count of none is 0."""
    stream = Concat(Value("ranking:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    rows = AuditEntry.objects.filter(stream=stream, action=action).order_by().values("stream")
    found = Subquery(rows.annotate(figure=figure).values("figure"))
    return Coalesce(found, Value(0)) if isinstance(figure, Count) else found
