"""The nearest open deadline of every row of a list, asked in the database; and the borders of ``kernel.lamps`` there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from kernel import clock, lamps, workdays
from kernel.models import Deadline

FIELDS = {"due_pk": "pk", "due_from": "started_at", "due_at": "due_at", "due_days": "limit_days", "due_code": "code"}


def subject(prefix: str, of: str = "pk") -> Concat:
    """The subject of the outer row: ``"order:12"`` for ``prefix`` "order"; ``of``: the field or annotation that holds the
    id, where the subject is another row than the outer one."""
    return Concat(Value(f"{prefix}:"), Cast(OuterRef(of), CharField()), output_field=CharField())


def open_of(prefix: str, *codes: str, of: str = "pk") -> QuerySet[Deadline]:
    """Open deadlines of the outer row (see ``subject``), of these codes only when any are given."""
    rows = Deadline.objects.filter(subject=subject(prefix, of), state=Deadline.State.OPEN)
    return rows.filter(code__in=codes) if codes else rows


def with_due(rows: QuerySet[Any], prefix: str, *codes: str, of: str = "pk", first: Q | None = None) -> QuerySet[Any]:
    """Annotate the nearest open deadline: ``due_pk``, ``due_from``, ``due_at``, ``due_days`` (working days of the limit)
    and ``due_code``; None without one. ``first``: deadlines that go before all others however near these are, and
    ``due_first`` is the one of them that was found."""
    nearest = open_of(prefix, *codes, of=of).order_by("due_at", "id")
    if first is None:
        return rows.annotate(**{name: _value(nearest, field) for name, field in FIELDS.items()})
    leading = nearest.filter(first)
    found = {name: Coalesce(_value(leading, field), _value(nearest, field)) for name, field in FIELDS.items()}
    return rows.annotate(due_first=_value(leading, "pk"), **found)


def _value(rows: QuerySet[Deadline], field: str) -> Subquery:
    output = {"output_field": BigIntegerField()} if field == "limit_days" else {}
    return Subquery(rows.values(field)[:1], **output)


def lamp(row: Any, *, paused: bool = False) -> lamps.Lamp | None:
    """The lamp of a row of ``with_due``; None without a deadline."""
    if row.due_at is None:
        return None
    return lamps.lamp(Deadline(due_at=row.due_at, limit_days=row.due_days, code=row.due_code), paused=paused)


def lit(rows: QuerySet[Any], prefix: str, colour: str) -> QuerySet[Any]:
    """Rows of ``with_due`` whose lamp shows red, amber or green."""
    now = clock.now()
    found = Deadline.objects.filter(state=Deadline.State.OPEN, subject__startswith=f"{prefix}:")
    if colour == "red":
        shining = found.filter(due_at__lt=now)
    else:
        border = _last_moment(clock.civil(now), lamps.NEAR_DAYS)
        near = Q(due_at__lte=border) if colour == "amber" else Q(due_at__gt=border)
        shining = found.filter(near, due_at__gte=now)
    return rows.filter(due_pk__in=shining.values("pk"))


def _last_moment(today: date, left: int) -> datetime:
    """The last moment at which ``left`` working days are left, seen from today."""
    return workdays.close_of(workdays.add(today, left + 1) - timedelta(days=1))
