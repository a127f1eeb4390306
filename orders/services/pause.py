"""Stopping the clock by agreement: one side asks with a cause, the other consents; all pauses of an order are capped."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock, workdays
from kernel.clock import civil
from kernel.errors import DomainError
from kernel.models import Deadline, Pause, User
from kernel.services import deadlines
from orders import machines, reasons
from orders.access import organisation_of, require_side
from orders.locks import lock_order
from orders.models import Order, PauseConsent
from orders.parties import AGENCY, BUYER
from orders.services.moves import begin, born, move, tell, tell_both

Status = PauseConsent.Status


@transaction.atomic
def pause_ask(*, order: Order, cause: str, note: str = "", actor: User | None) -> PauseConsent:
    """``cause`` is a code of orders.reasons.PAUSE; "other" needs a note."""
    order = lock_order(order)
    side = require_side(actor, order)
    if order.status != Order.Status.IN_SERVICE:
        raise DomainError("pause.state", _("服务中的订单才能暂停计时。"), _("请刷新页面查看最新进展。"))
    if cause not in reasons.PAUSE:
        raise DomainError("pause.cause", _("请选择暂停的原因。"), field="cause")
    if cause == "other" and not note.strip():
        raise DomainError("pause.note", _("请说明暂停的原因。"), field="note")
    if PauseConsent.objects.filter(order=order, status__in=[Status.ASKED, Status.RUNNING]).exists():
        raise DomainError("pause.open", _("已有一项未结束的暂停。"), _("请先答复或恢复计时。"))
    if days_left(order) < 1:
        raise DomainError(
            "pause.cap",
            _("暂停累计已达 %(n)s 个工作日的上限。") % {"n": machines.PAUSE_CAP_DAYS},
            _("确需更长时间的，请申请延期或由中心协调。"),
        )
    row = PauseConsent.objects.create(
        order=order,
        cause=cause,
        note=note.strip()[:500],
        asked_at=clock.now(),
        asked_by=actor,
        asked_by_agency=side == AGENCY,
    )
    other = BUYER if side == AGENCY else AGENCY
    born(
        row,
        machines.PAUSE,
        order=order,
        action="pause.asked",
        actor=actor,
        on_behalf_of=organisation_of(side, order),
        data={"cause": cause},
    )
    begin("pause.answer", subject=f"pause:{row.pk}", party=organisation_of(other, order))
    tell(order, other, _("对方申请暂停计时，请在 2 个工作日内答复"), body=reasons.PAUSE[cause].label)
    return row


@transaction.atomic
def pause_answer(*, order: Order, agreed: bool, actor: User | None) -> PauseConsent:
    """The other side consents or not; ``actor`` None: no answer, which is a refusal."""
    order = lock_order(order)
    row = _open(order, Status.ASKED)
    if agreed and order.status != Order.Status.IN_SERVICE:
        raise DomainError("pause.state", _("服务中的订单才能暂停计时。"), _("请刷新页面查看最新进展。"))
    party = None
    if actor is not None:
        side = require_side(actor, order)
        access.require((side == AGENCY) != row.asked_by_agency and actor.pk != row.asked_by_id, "pause.other_side")
        party = organisation_of(side, order)
    move(
        row,
        machines.PAUSE,
        "agree" if agreed else "refuse",
        action="pause.agreed" if agreed else "pause.refused",
        stream=order.stream,
        actor=actor,
        on_behalf_of=party,
        answered_at=clock.now(),
        answered_by=actor,
    )
    deadlines.meet(subject=f"pause:{row.pk}", code="pause.answer")
    if agreed:
        deadlines.pause(subject=order.stream, cause=row.cause, note=row.note)
        begin("pause.cap", subject=f"pause:{row.pk}", party=None, days=days_left(order))
    tell_both(order, _("已暂停计时") if agreed else _("暂停计时的申请未获同意"))
    return row


@transaction.atomic
def pause_end(*, order: Order, actor: User | None) -> PauseConsent:
    """Either side lets the clock run again; ``actor`` None: the cap is reached."""
    order = lock_order(order)
    party = organisation_of(require_side(actor, order), order) if actor is not None else None
    row = _open(order, Status.RUNNING)
    move(
        row,
        machines.PAUSE,
        "end",
        action="pause.ended",
        stream=order.stream,
        actor=actor,
        on_behalf_of=party,
        ended_at=clock.now(),
    )
    deadlines.resume(subject=order.stream)
    deadlines.cancel(subject=f"pause:{row.pk}")
    tell_both(order, _("已恢复计时"))
    return row


def days_left(order: Order) -> int:
    """Working days that pauses by agreement may still last."""
    rows = Pause.objects.filter(subject=order.stream).exclude(cause=reasons.EXTERNAL_REVIEW)
    now = clock.now()
    used = sum(
        workdays.between(civil(begun), civil(ended or now))
        for begun, ended in rows.values_list("started_at", "ended_at")
    )
    return machines.PAUSE_CAP_DAYS - used


def pause_unanswered(deadline: Deadline) -> None:
    row = PauseConsent.objects.get(pk=int(deadline.subject.split(":")[1]))
    order = lock_order(row.order_id)
    if PauseConsent.objects.filter(pk=row.pk, status=Status.ASKED).exists():
        pause_answer(order=order, agreed=False, actor=None)


def pause_cap_reached(deadline: Deadline) -> None:
    row = PauseConsent.objects.get(pk=int(deadline.subject.split(":")[1]))
    order = lock_order(row.order_id)
    if PauseConsent.objects.filter(pk=row.pk, status=Status.RUNNING).exists():
        pause_end(order=order, actor=None)


def _open(order: Order, status: str) -> PauseConsent:
    row = PauseConsent.objects.select_for_update().filter(order=order, status=status).first()
    if row is None:
        raise DomainError("pause.none", _("没有可以办理的暂停事项。"), _("请刷新页面查看最新进展。"))
    return row
