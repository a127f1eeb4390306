"""The directory (入驻名录): who is in the market, for how long, and how one leaves it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.machines import CONFIRM, CONFIRM_AGAIN_DAYS, CONFIRM_DAYS
from agencies.models import Agency, DirectoryEntry, Review, Storefront
from agencies.selectors import listings
from agencies.services.steps import WARDENS, agency_step, announce_agency, lock_agency, lock_review, note, review_step
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Deadline, Membership, User
from kernel.registries import deadline_handlers, reminder_handlers
from kernel.services import deadlines, notify
from kernel.services.counters import monthly_reference
from kernel.wording import filled


def entry_open(*, agency: Agency, actor: User | None) -> DirectoryEntry:
    """Open a stay for an agency just approved, with its storefront; inside the approval's transaction."""
    entry = DirectoryEntry.objects.create(agency=agency, number=monthly_reference(prefix="RZ"), opened_at=clock.now())
    Storefront.objects.get_or_create(agency=agency)
    agency.confirmed_at = clock.now()
    agency.save(update_fields=["confirmed_at"])
    _ask_confirmation(agency, CONFIRM_DAYS)
    note(agency, "directory.opened", actor=actor, number=entry.number)
    return entry


@transaction.atomic
def agency_suspend(*, agency: Agency, reason: str, actor: User | None) -> Agency:
    """Take the agency off the market for a time: it disappears from search and takes no orders; running ones go on."""
    row = _for_warden(agency, actor)
    agency_step(row, "suspend", actor=actor, reason=_reason(reason))
    _tell(row, _("机构已被暂停服务"), reason)
    return row


@transaction.atomic
def agency_resume(*, agency: Agency, reason: str = "", actor: User | None) -> Agency:
    row = _for_warden(agency, actor)
    agency_step(row, "resume", actor=actor, reason=reason)
    _tell(row, _("机构已恢复服务"), reason)
    return row


@transaction.atomic
def agency_exit(*, agency: Agency, reason: str, actor: User | None) -> Agency:
    """Leave of one's own will: the agency's administrator, with no order in work."""
    row = lock_agency(agency)
    access.require(actor is None or access.owns(actor, row.organisation), "agency.owner")
    busy = listings.orders_in_work(row)
    if busy:
        raise DomainError(
            "agency.busy",
            ngettext("还有 %(n)s 个订单在办，暂不能退出。", "还有 %(n)s 个订单在办，暂不能退出。", busy) % {"n": busy},
            _("请先办结或与业主协商终止订单。"),
        )
    agency_step(row, "exit", actor=actor, reason=_reason(reason))
    _leave(row, reason)
    return row


@transaction.atomic
def agency_remove(*, agency: Agency, reason: str, actor: User | None) -> Agency:
    """Take the agency out of the market for good: a named person's decision with reasons. Orders in work stay."""
    row = _for_warden(agency, actor)
    agency_step(row, "remove", actor=actor, reason=_reason(reason))
    _leave(row, reason)
    _tell(row, _("机构已被移出市场"), reason)
    return row


@transaction.atomic
def agency_confirm_data(*, agency: Agency, actor: User | None) -> Agency:
    """The half-yearly word that the file is still right (E4)."""
    row = lock_agency(agency)
    access.require_member(actor, row.organisation)
    if row.status not in (Agency.Status.ACTIVE, Agency.Status.SUSPENDED):
        raise DomainError("agency.not_in", _("入驻后才需要确认资料。"), _("请先完成入驻。"))
    row.confirmed_at = clock.now()
    row.save(update_fields=["confirmed_at"])
    note(row, "agency.confirmed", actor=actor)
    deadlines.meet(subject=row.stream, code=CONFIRM)
    _ask_confirmation(row, CONFIRM_DAYS)
    return row


@reminder_handlers.register(CONFIRM)
def _remind_confirmation(reminder: object) -> None:
    _confirmation_due(reminder.deadline, _("请在期限前确认机构资料仍然有效"))  # type: ignore[attr-defined]


@deadline_handlers.register(CONFIRM)
def _confirmation_overdue(deadline: Deadline) -> None:
    """Nobody answered: say so to the agency and the centre, and ask again in two weeks."""
    agency = _confirmation_due(deadline, _("机构资料的半年确认已逾期"))
    if agency is not None:
        notify.role(
            role=Membership.Role.OPERATOR,
            kind="agency.confirm",
            title=filled(_("机构未按期确认资料：%(agency)s"), agency=agency),
            subject=agency.stream,
            url=f"/desk/agencies/{agency.pk}/",
        )
        _ask_confirmation(agency, CONFIRM_AGAIN_DAYS)


def _confirmation_due(deadline: Deadline, title: object) -> Agency | None:
    pk = int(deadline.subject.partition(":")[2])
    agency = Agency.objects.select_related("organisation").filter(pk=pk, entries__closed_at__isnull=True).first()
    if agency is not None:
        _tell(agency, title, "", url="/agency/confirm/")
    return agency


def _ask_confirmation(agency: Agency, days: int) -> None:
    deadlines.start(subject=agency.stream, code=CONFIRM, limit_days=days, party=agency.organisation, reminders=(20, 5))


def _for_warden(agency: Agency, actor: User | None) -> Agency:
    row = lock_agency(agency)
    access.require_role(actor, *WARDENS)
    access.require(actor is None or not access.belongs_to(actor, row.organisation_id), "review.recusal")
    return row


def _leave(row: Agency, reason: str) -> None:
    """Close the stay and whatever waits for a desk."""
    DirectoryEntry.objects.filter(agency=row, closed_at__isnull=True).update(
        closed_at=clock.now(), closing_reason=reason.strip()[:200]
    )
    deadlines.cancel(subject=row.stream)
    for review in Review.objects.filter(agency=row, status__in=[Review.Status.PENDING, Review.Status.PUBLICITY]):
        locked = lock_review(review)
        locked.decided_at = clock.now()
        review_step(locked, "withdraw", actor=None)
        deadlines.cancel(subject=locked.stream)
    announce_agency(row)


def _reason(text: str) -> str:
    if not text.strip():
        raise DomainError("directory.reason", _("请写明原因。"), field="reason")
    return text.strip()


def _tell(row: Agency, title: object, body: str, url: str = "/agency/") -> None:
    notify.organisation(
        to=row.organisation, kind="agency.directory", title=title, body=body, subject=row.stream, url=url
    )
