"""Which cases and lists may take their next step because a period has ended, asked in the database."""

from __future__ import annotations

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat

from credit.models import Case
from kernel import clock
from kernel.models import AuditDetail, AuditEntry, Deadline

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


def unanswered_since() -> Subquery:
    """When the oldest comment on the outer ranking that has no answer was made (None: none waits for one)."""
    stream = Concat(Value("ranking:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    answers = AuditDetail.objects.filter(entry__stream=OuterRef("stream"), entry__action="ranking.answered")
    answered = answers.annotate(to=Cast(KT("data__to"), CharField())).filter(to=Cast(OuterRef("seq"), CharField()))
    open_ = AuditEntry.objects.filter(~Exists(answered), stream=stream, action="ranking.commented")
    return Subquery(open_.order_by("seq").values("at")[:1])
