"""Starting, meeting, moving and sweeping deadlines; pausing a subject's clock."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import clock, workdays
from kernel.errors import DomainError
from kernel.models import Deadline, Organisation, Pause, Reminder
from kernel.registries import deadline_handlers, reminder_handlers, subject_locks

log = logging.getLogger(__name__)


def start(
    *,
    subject: str,
    code: str,
    limit_days: int,
    party: Organisation | None = None,
    reminders: tuple[int, ...] = (),
    from_at: datetime | None = None,
) -> Deadline:
    """Open the deadline ``code`` of ``subject``: ``limit_days`` working days from now (or ``from_at``)."""
    begun = from_at or clock.now()
    due = workdays.due_at(begun, limit_days)
    row = Deadline.objects.create(
        subject=subject, code=code, started_at=begun, limit_days=limit_days, due_at=due, party=party
    )
    Reminder.objects.bulk_create(
        Reminder(deadline=row, days_before=days, due_at=workdays.due_at(begun, limit_days - days))
        for days in reminders
        if days < limit_days
    )
    return row


def meet(*, subject: str, code: str) -> None:
    """What was asked for has happened. No open deadline of that code: nothing to do."""
    _end(subject, [code], Deadline.State.MET)


def cancel(*, subject: str, code: str | None = None) -> None:
    """The deadline no longer matters (all of the subject's when ``code`` is None)."""
    _end(subject, [code] if code else None, Deadline.State.CANCELLED)


def extend(*, subject: str, code: str, days: int) -> Deadline:
    """Push an open deadline ``days`` working days further (an agreed extension)."""
    row = Deadline.objects.select_for_update().get(subject=subject, code=code, state=Deadline.State.OPEN)
    _move(row, days)
    row.limit_days += days
    row.save(update_fields=["due_at", "limit_days"])
    return row


def pause(*, subject: str, cause: str, note: str = "") -> Pause:
    """Stop the subject's clock. DomainError ``pause.open`` when it stands still already."""
    if Pause.objects.filter(subject=subject, ended_at__isnull=True).exists():
        raise DomainError("pause.open", _("计时已经暂停。"), _("请先恢复计时，再登记新的暂停。"))
    return Pause.objects.create(subject=subject, cause=cause, note=note, started_at=clock.now())


def resume(*, subject: str, counts: bool = True) -> Pause:
    """Let the clock run again and move every open deadline of the subject by the working days that passed; without
    ``counts`` the pause had no ground, and it is as if the clock had never stood still."""
    row = Pause.objects.select_for_update().filter(subject=subject, ended_at__isnull=True).first()
    if row is None:
        raise DomainError("pause.none", _("计时没有暂停。"), _("请刷新页面查看最新状态。"))
    row.ended_at = clock.now() if counts else row.started_at
    row.workdays = workdays.between(clock.civil(row.started_at), clock.civil(row.ended_at))
    row.save(update_fields=["ended_at", "workdays"])
    if not counts:
        return row
    for deadline in Deadline.objects.select_for_update().filter(subject=subject, state=Deadline.State.OPEN):
        # A deadline that began inside the pause was computed without it.
        begun = max(clock.civil(deadline.started_at), clock.civil(row.started_at))
        _move(deadline, workdays.between(begun, clock.civil(row.ended_at)))
        deadline.save(update_fields=["due_at"])
    return row


def sweep(*, limit: int = 500) -> int:
    """Send due reminders and run the handlers of deadlines that have passed, each once; returns how many.

    A paused subject's deadlines wait, and a limit without a handler only shows a lamp: neither takes a place among the
    ``limit``. Every handler runs in a transaction of its own together with the claim, so a crash leaves the deadline
    open for the next sweep, and nothing else waits for it.
    """
    moment = clock.now()
    done = _sweep_reminders(moment, limit)
    due = Deadline.objects.filter(
        ~Exists(_paused("subject")), state=Deadline.State.OPEN, due_at__lt=moment, code__in=list(deadline_handlers)
    )
    for pk in due.order_by("due_at").values_list("pk", flat=True)[:limit]:
        done += _fire(pk)
    return done


def _paused(subject: str) -> QuerySet[Pause]:
    """The open pause of the subject that the outer query names by ``subject``."""
    return Pause.objects.filter(subject=OuterRef(subject), ended_at__isnull=True)


def _fire(pk: int) -> int:
    """Its subject is locked first, as by every service that meets, moves or pauses the deadline; what one of them did
    while we waited is seen by the claim."""
    try:
        with transaction.atomic():
            row = Deadline.objects.get(pk=pk)
            _lock(row.subject)
            if not _claim(row):
                return 0
            row.refresh_from_db()
            deadline_handlers[row.code](row)
            return 1
    except Exception:
        log.exception("deadline %s failed", pk)
        return 0


def _lock(subject: str) -> None:
    prefix, _, pk = subject.partition(":")
    if prefix in subject_locks:
        subject_locks[prefix](int(pk))


def _claim(row: Deadline) -> bool:
    """One statement: open still, passed still, and its clock running."""
    moment = clock.now()
    due = Deadline.objects.filter(~Exists(_paused("subject")), pk=row.pk, state=Deadline.State.OPEN, due_at__lt=moment)
    return due.update(state=Deadline.State.FIRED, ended_at=moment) == 1


def _sweep_reminders(moment: datetime, limit: int) -> int:
    due = Reminder.objects.filter(
        ~Exists(_paused("deadline__subject")),
        sent_at__isnull=True,
        due_at__lte=moment,
        deadline__state=Deadline.State.OPEN,
    )
    return sum(_remind(row, moment) for row in due.select_related("deadline__party").order_by("due_at")[:limit])


def _remind(reminder: Reminder, moment: datetime) -> int:
    """One that fails stays unsent for the next sweep; the others go out."""
    try:
        with transaction.atomic():
            claimed = Reminder.objects.filter(pk=reminder.pk, sent_at__isnull=True).update(sent_at=moment)
            handler = reminder_handlers.get(reminder.deadline.code)
            if not claimed or handler is None:
                return 0
            handler(reminder)
            return 1
    except Exception:
        log.exception("reminder %s failed", reminder.pk)
        return 0


def _end(subject: str, codes: list[str] | None, state: str) -> None:
    rows = Deadline.objects.filter(subject=subject, state=Deadline.State.OPEN)
    if codes is not None:
        rows = rows.filter(code__in=codes)
    rows.update(state=state, ended_at=clock.now())


def _move(row: Deadline, days: int) -> None:
    if days:
        row.due_at = workdays.due_at(row.due_at, days)
        for reminder in row.reminders.filter(sent_at__isnull=True):
            reminder.due_at = workdays.due_at(reminder.due_at, days)
            reminder.save(update_fields=["due_at"])
