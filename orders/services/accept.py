"""The agency answers an order: it takes it (受理), leaves it, or once proposes another price and number of days."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Practitioner
from agencies.services.capacity import listing_release
from kernel import clock
from kernel.errors import DomainError
from kernel.models import Deadline, Organisation, User
from kernel.money import MAX_FEN
from kernel.wording import filled
from orders import reasons
from orders.access import require_agency, require_buyer
from orders.locks import lock_order
from orders.models import Order, Project
from orders.services.contract import contract_draft
from orders.services.credit import incident_report
from orders.services.moves import begin, met, note, order_move, service_name, tell
from orders.services.place import check_lead, check_public_money

MAX_DAYS = 365


@transaction.atomic
def order_accept(*, order: Order, lead: Practitioner | None = None, actor: User | None) -> Order:
    """The agency takes the order and names its registered project lead, unless the buyer has chosen one."""
    order = lock_order(order)
    agency = require_agency(actor, order)
    lead = _lead(order, lead)
    _take(order, "accept", lead=lead, actor=actor, on_behalf_of=agency)
    tell(order, "buyer", _("机构已受理您的订单，请核对并确认合同"), body=service_name(order))
    return order


@transaction.atomic
def order_decline(*, order: Order, reason: str, note: str = "", actor: User | None) -> Order:
    """The agency does not take it; ``actor`` None: it did not answer in time. The slot is free again."""
    order = lock_order(order)
    agency = require_agency(actor, order) if actor is not None else None
    who = reasons.AGENCY if actor is not None else reasons.SYSTEM
    if reason not in reasons.DECLINE or who not in reasons.DECLINE[reason].who:
        raise DomainError("order.reason", _("请选择不接单的原因。"), field="reason")
    order_move(
        order,
        "decline",
        action="order.declined",
        actor=actor,
        on_behalf_of=agency,
        data={"reason": reason},
        end_reason=reason,
        end_note=note.strip(),
    )
    met(order, "order.accept", "order.proposal")
    if reasons.DECLINE[reason].incident:
        incident_report(order, reasons.DECLINE[reason].incident, ref="accept", facts=_("订单逾期未答复"))
    tell(order, "buyer", _("机构未能接单，您可以另选机构"), body=reasons.DECLINE[reason].label)
    listing_release(listing=order.listing, actor=actor)
    return order


@transaction.atomic
def order_propose(
    *, order: Order, fee_fen: int, days: int, note: str, lead: Practitioner | None = None, actor: User | None
) -> Order:
    """Once, instead of accepting: another total fee (fen) and number of working days, with the reason."""
    order = lock_order(order)
    agency = require_agency(actor, order)
    _check_placed(order)
    if order.proposed_at is not None:
        raise DomainError("order.proposed", _("每个订单只能提出一次报价调整。"), _("请受理订单，或选择不接单。"))
    if not note.strip():
        raise DomainError("order.proposal_note", _("请说明调整的理由。"), field="note")
    if not 0 < fee_fen <= MAX_FEN:
        raise DomainError("order.fee", _("请填写大于零的服务费。"), field="fee")
    if not 1 <= days <= MAX_DAYS:
        raise DomainError("order.days", _("请填写 1 到 365 之间的工作日数。"), field="days")
    if order.project.fund != Project.Fund.PRIVATE:
        check_public_money(fee_fen)
    order.lead = _lead(order, lead)
    order.proposed_fee_fen, order.proposed_days, order.proposed_note = fee_fen, days, note.strip()
    order.proposed_at = clock.now()
    order.save(update_fields=["lead", "proposed_fee_fen", "proposed_days", "proposed_note", "proposed_at"])
    _note_proposal(order, actor, agency)
    met(order, "order.accept")
    begin("order.proposal", subject=order.stream, party=order.buyer)
    tell(order, "buyer", _("机构提出调整价格或时限，请在 2 个工作日内答复"), body=order.proposed_note, sms=True)
    return order


@transaction.atomic
def order_answer_proposal(*, order: Order, agreed: bool, actor: User | None) -> Order:
    """The buyer agrees (the order is accepted on the new terms) or drops the order; ``actor`` None: no answer."""
    order = lock_order(order)
    buyer = require_buyer(actor, order) if actor is not None else None
    _check_placed(order)
    if not _waits_for_answer(order):
        raise DomainError("order.no_proposal", _("机构没有待答复的报价调整。"), _("请刷新页面查看最新进展。"))
    met(order, "order.proposal")
    if agreed:
        fields = {"fee_fen": order.proposed_fee_fen, "days": order.proposed_days}
        _take(order, "agree", lead=order.lead, actor=actor, on_behalf_of=buyer, **fields)
        tell(order, "agency", _("业主同意您的报价调整，请确认合同"))
        return order
    order_move(
        order,
        "cancel",
        action="order.cancelled",
        actor=actor,
        on_behalf_of=buyer,
        data={"reason": "proposal_refused"},
        end_reason="proposal_refused",
    )
    tell(order, "agency", _("业主不同意报价调整，订单已取消"))
    listing_release(listing=order.listing, actor=actor)
    return order


def no_answer(deadline: Deadline) -> None:
    """The working day for accepting has passed: declined, and a lead for the credit desk."""
    order = lock_order(_pk(deadline))
    if order.status != Order.Status.PLACED:
        return
    order = order_decline(order=order, reason="no_answer", actor=None)
    tell(order, "agency", _("订单逾期未受理，已自动取消"))


def proposal_lapses(deadline: Deadline) -> None:
    order = lock_order(_pk(deadline))
    if order.status == Order.Status.PLACED and order.proposed_at is not None:
        order_answer_proposal(order=order, agreed=False, actor=None)


def _take(order: Order, transition: str, *, lead: Practitioner, actor: Any, on_behalf_of: Any, **fields: Any) -> None:
    order_move(
        order,
        transition,
        action="order.accepted",
        actor=actor,
        on_behalf_of=on_behalf_of,
        data={"lead": lead.pk, **fields},
        lead=lead,
        accepted_at=clock.now(),
        **fields,
    )
    met(order, "order.accept", "order.proposal")
    contract_draft(order)
    begin("order.contract", subject=order.stream, party=None)


def _lead(order: Order, lead: Practitioner | None) -> Practitioner:
    chosen = lead or order.lead
    if chosen is None:
        raise DomainError("order.lead_missing", _("请指定在册的项目负责人。"), field="lead")
    check_lead(chosen, order.agency_id)
    return chosen


def _check_placed(order: Order) -> None:
    if order.status != Order.Status.PLACED:
        raise DomainError(
            "order.wrong_state",
            filled(_("订单当前状态为“%(state)s”。"), state=order.get_status_display()),
            _("请刷新页面，查看最新进展后再操作。"),
        )


def _waits_for_answer(order: Order) -> bool:
    return order.proposed_at is not None


def _note_proposal(order: Order, actor: User | None, agency: Organisation) -> None:
    note(
        order,
        "order.proposed",
        actor=actor,
        on_behalf_of=agency,
        fee_fen=order.proposed_fee_fen,
        days=order.proposed_days,
        note=order.proposed_note,
    )


def _pk(deadline: Deadline) -> int:
    return int(deadline.subject.split(":")[1])
