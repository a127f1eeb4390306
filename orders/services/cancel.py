"""Ending an order before its work is approved: cancelled before work began, terminated after."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.services.capacity import listing_release
from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Deadline, Organisation, Pause, User
from kernel.services import deadlines, outbox
from kernel.wording import filled
from orders import machines, reasons
from orders.access import organisation_of, require_side, require_unconcerned
from orders.locks import lock_order
from orders.models import ExternalReviewRound, Order, PauseConsent, Payment
from orders.selectors.money import balance
from orders.services.credit import incident_report
from orders.services.moves import drop, drop_asked, order_move, tell_both
from orders.services.refund import propose, refund_of_ended
from orders.services.release import release_if_due


@transaction.atomic
def order_cancel(*, order: Order, reason: str, note: str = "", actor: User | None) -> Order:
    """Before work began; what has been paid goes back in full. ``actor`` None: a limit has passed.

    The reason decides what is recorded (orders.reasons.CANCEL)."""
    order = lock_order(order)
    who, party = _who(order, actor)
    if reason not in reasons.CANCEL or who not in reasons.CANCEL[reason].who:
        raise DomainError("order.reason", _("请选择取消的原因。"), field="reason")
    if reason == "agency_gives_up" and order.status == Order.Status.PLACED:
        raise DomainError("order.not_accepted", _("尚未受理的订单请选择“不接单”。"))
    _end(order, "cancel", "order.cancelled", reason, note, actor, party)
    refund_of_ended(order, actor=actor)
    return order


@transaction.atomic
def order_terminate(*, order: Order, reason: str, note: str, refund_fen: int | None = None, actor: User) -> Order:
    """The centre ends an order in work after hearing both sides. ``refund_fen`` goes back to the buyer (default: all
    that is held), the rest of the custody to the agency."""
    order = lock_order(order)
    access.require_role(actor, Role.OPERATOR)
    require_unconcerned(order, actor)
    if reason not in reasons.TERMINATE:
        raise DomainError("order.reason", _("请选择终止的原因。"), field="reason")
    if not note.strip():
        raise DomainError("order.note", _("请写明终止的经过和理由。"), field="note")
    now = balance(order)
    amount = now.refundable if refund_fen is None else refund_fen
    if not 0 <= amount <= now.refundable:
        raise DomainError("refund.amount", _("退款金额超过可退余额。"), _("请核对台账。"), field="refund")
    _end(order, "terminate", "order.terminated", reason, note, actor, None)
    if amount:
        propose(order, amount_fen=amount, reason=reason, actor=actor)
    release_if_due(order, actor=actor)
    return order


def payment_lapses(deadline: Deadline) -> None:
    """Not paid in time: cancelled."""
    order = lock_order(int(deadline.subject.split(":")[1]))
    if order.status == Order.Status.ACCEPTED:
        order_cancel(order=order, reason="not_paid", actor=None)


def _end(
    order: Order,
    transition: str,
    action: str,
    reason: str,
    note: str,
    actor: User | None,
    party: Organisation | None,
) -> None:
    order_move(
        order,
        transition,
        action=action,
        actor=actor,
        on_behalf_of=party,
        data={"reason": reason},
        end_reason=reason,
        end_note=note.strip(),
    )
    _drop_what_is_open(order, actor)
    found = reasons.TERMINATE if transition == "terminate" else reasons.CANCEL
    if found[reason].incident:
        incident_report(order, found[reason].incident, ref="end", facts=found[reason].label)
    tell_both(order, filled(_("订单已结束：%(reason)s"), reason=found[reason].label))
    listing_release(listing=order.listing, actor=actor)


def _drop_what_is_open(order: Order, actor: User | None) -> None:
    if Pause.objects.filter(subject=order.stream, ended_at__isnull=True).exists():
        deadlines.resume(subject=order.stream)
    deadlines.cancel(subject=order.stream)
    for payment in Payment.objects.filter(Payment.OPEN, order=order):
        outbox.announce(topic="payment_withdraw", payload={"payment": payment.pk})
    for row in PauseConsent.objects.select_for_update().filter(order=order, status__in=["asked", "running"]):
        deadlines.cancel(subject=f"pause:{row.pk}")
        running = row.status == PauseConsent.Status.RUNNING
        drop(row, machines.PAUSE, "end" if running else "refuse", order=order, actor=actor)
    for row in ExternalReviewRound.objects.select_for_update().filter(order=order, result="pending"):
        deadlines.cancel(subject=f"review_round:{row.pk}")
        drop(row, machines.REVIEW_ROUND, "drop", order=order, actor=actor, decided_at=clock.now())
    drop_asked(order, actor)


def _who(order: Order, actor: User | None) -> tuple[str, Organisation | None]:
    if actor is None:
        return reasons.SYSTEM, None
    side = require_side(actor, order)
    return side, organisation_of(side, order)
