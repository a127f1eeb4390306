"""Money back. Granted is not yet executed: the custodian carries it out and says so. Above a limit two people decide.
What the custodian could not carry out stays reserved until an operator sends it again or gives it up; where two people
had to grant it, a third gives it up."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import User
from kernel.money import yuan
from kernel.services import notify, outbox
from kernel.wording import filled
from orders import machines
from orders.access import require_payer, require_unconcerned
from orders.locks import lock_order
from orders.models import LedgerEntry, Order, Payment, Refund
from orders.selectors.money import balance, owed_by_rule
from orders.services import ledger
from orders.services.close import close_if_ready
from orders.services.moves import born, move, order_url, tell, tell_both, tell_payer
from orders.services.rate import ratings_void
from orders.services.release import frozen, release_if_due

Status = Refund.Status


@transaction.atomic
def refund_propose(*, order: Order, amount_fen: int, reason: str, actor: User | None) -> Refund:
    """Propose to give ``amount_fen`` back. Up to the limit it is granted at once; above it a second person must.

    ``actor`` None: the rule itself (an order ended before work began); else an operator."""
    order = lock_order(order)
    _require_desk(order, actor)
    return propose(order, amount_fen=amount_fen, reason=reason, actor=actor)


def propose(order: Order, *, amount_fen: int, reason: str, actor: User | None) -> Refund:
    """As above, for services that hold the order's lock and have checked the person."""
    if order.status in Order.NOT_BEGUN:
        raise DomainError(
            "refund.cancel_instead",
            _("服务尚未开始，不单独退款。"),
            _("请由业主或机构取消订单，已付款项随即全额退回。"),
        )
    payment = Payment.objects.filter(order=order, status=Payment.Status.SETTLED).first()
    if payment is None or not 0 < amount_fen <= balance(order).refundable:
        raise DomainError(
            "refund.amount", _("退款金额超过可退余额。"), _("请核对台账，填写不超过余额的金额。"), field="amount"
        )
    refund = Refund.objects.create(
        order=order,
        payment=payment,
        amount_fen=amount_fen,
        reason=reason[:200],
        reference=_reference(order),
        two_people=amount_fen > settings.REFUND_TWO_PEOPLE_FEN,
        proposed_at=clock.now(),
        proposed_by=actor,
    )
    born(
        refund,
        machines.REFUND,
        order=order,
        action="refund.proposed",
        actor=actor,
        data={"amount_fen": amount_fen, "reason": refund.reason},
    )
    if refund.two_people or frozen(order):
        notify.role(
            role=Role.OPERATOR,
            kind="order",
            title=_("一笔退款等待批准"),
            subject=order.stream,
            url=order_url(order),
        )
    else:
        _grant(refund, order, actor)
    return refund


@transaction.atomic
def refund_grant(*, refund: Refund, actor: User) -> Refund:
    """The second person grants; never the one who proposed it."""
    order, refund = _locked(refund)
    _require_desk(order, actor)
    _require_another(refund, actor)
    _grant(refund, order, actor)
    return refund


@transaction.atomic
def refund_retry(*, refund: Refund, actor: User) -> Refund:
    """A refund that failed is sent to the custodian again, under a new reference (the custodian remembers the old one).
    One person decides: amount and payee were granted already."""
    order, refund = _locked(refund)
    _require_desk(order, actor)
    machines.REFUND.check("retry", refund.status)
    _check_thawed(order)
    if balance(order).refundable < 0:
        raise DomainError(
            "refund.amount", _("退款金额超过可退余额。"), _("这笔款项已另行退回的，请选择“不再退款”，并写明依据。")
        )
    data = {"amount_fen": refund.amount_fen, "earlier": refund.reference}
    _send(refund, order, "retry", actor, "refund.retried", data=data, reference=_reference(order))
    return refund


@transaction.atomic
def refund_refuse(*, refund: Refund, reason: str = "", actor: User) -> Refund:
    """Not granted; or, with ``reason``, given up after it failed; a large one by nobody who proposed or granted it, since
    what is held may go to the agency at once. Not for an order that ended before its work began: there what is left goes
    back by the rule."""
    order, refund = _locked(refund)
    _require_desk(order, actor)
    _require_another(refund, actor)
    given_up = refund.status == Status.FAILED
    if owed_by_rule(order, balance(order)):
        remedy = _("请再次退款。") if given_up else _("请批准退款。")
        raise DomainError("refund.by_rule", _("服务开始前结束的订单，已付款项应当退回。"), remedy)
    if given_up and not reason.strip():
        raise DomainError("refund.reason", _("请写明不再退款的依据。"), field="finding")
    data = {"reason": reason.strip()[:500]} if reason.strip() else {}
    move(refund, machines.REFUND, "refuse", action="refund.refused", stream=order.stream, actor=actor, data=data)
    if given_up:
        tell_both(order, _("一笔未成功的退款不再办理"), body=reason.strip()[:500])
    release_if_due(order, actor=actor)
    close_if_ready(order)
    return refund


@transaction.atomic
def refund_settle(*, refund: Refund, actor: User | None = None) -> Refund:
    """The money is back with whoever had paid: one booking, however often it is said."""
    order, refund = _locked(refund)
    if refund.status == Status.EXECUTED:
        return refund
    move(
        refund,
        machines.REFUND,
        "execute",
        action="refund.executed",
        stream=order.stream,
        actor=actor,
        data={"amount_fen": refund.amount_fen},
        executed_at=clock.now(),
    )
    source = LedgerEntry.Account.AGENCY if refund.payment.gateway == Payment.Gateway.OFFLINE else ""
    ledger.book(order, LedgerEntry.Kind.REFUND, refund.amount_fen, cause=f"refund:{refund.pk}", source=source)
    ratings_void(order, reason="订单已退款", actor=actor)
    tell_both(order, _("退款已退回付款方"))
    release_if_due(order, actor=None)
    close_if_ready(order)
    return refund


@transaction.atomic
def refund_offline_confirm(*, refund: Refund, actor: User) -> Refund:
    """After a direct transfer the agency pays back itself; whoever had paid confirms that the money has come."""
    order, refund = _locked(refund)
    require_payer(actor, order)
    if refund.payment.gateway != Payment.Gateway.OFFLINE:
        raise DomainError("refund.not_offline", _("这笔退款由托管银行办理，无需确认。"))
    return refund_settle(refund=refund, actor=actor)


@transaction.atomic
def refund_fail(*, refund: Refund) -> Refund:
    """The custodian could not carry it out: the money stays where it is until an operator, who knows why by then, sends
    it again or gives it up."""
    order, refund = _locked(refund)
    if refund.status == Status.GRANTED:
        move(refund, machines.REFUND, "fail", action="refund.failed", stream=order.stream, actor=None)
        notify.role(
            role=Role.OPERATOR, kind="order", title=_("一笔退款未成功"), subject=order.stream, url=order_url(order)
        )
    return refund


def refund_of_ended(order: Order, *, actor: User | None) -> Refund | None:
    """Everything the buyer has paid for an order that ended before its work was delivered."""
    amount = balance(order).refundable
    return propose(order, amount_fen=amount, reason=order.end_reason, actor=actor) if amount > 0 else None


def refunds_continue(order: Order) -> None:
    """A complaint that froze them is over: granted refunds are carried out, and those that need no second person are
    granted, as they would have been when they were proposed."""
    for pk in Refund.objects.filter(order=order, status=Status.GRANTED).values_list("pk", flat=True):
        outbox.announce(topic="refund_execute", payload={"refund": pk})
    for refund in Refund.objects.select_for_update().filter(order=order, status=Status.PROPOSED, two_people=False):
        _grant(refund, order, None)


def _grant(refund: Refund, order: Order, actor: User | None) -> None:
    _check_thawed(order)
    _send(refund, order, "grant", actor, "refund.granted", granted_at=clock.now(), granted_by=actor)


def _send(refund: Refund, order: Order, transition: str, actor: User | None, action: str, **fields: Any) -> None:
    move(refund, machines.REFUND, transition, action=action, stream=order.stream, actor=actor, **fields)
    outbox.announce(topic="refund_execute", payload={"refund": refund.pk})
    _tell_granted(refund, order)


def _tell_granted(refund: Refund, order: Order) -> None:
    """Whoever gets the money; and the agency where it has to pay it back itself. No limit runs for that, and none is
    named."""
    if refund.payment.gateway != Payment.Gateway.OFFLINE:
        tell_payer(order, _("退款已批准，正在办理"))
        return
    agency, payer = order.agency.organisation.name, order.buyer.name
    if order.payer == Order.Payer.AUTHORITY:
        payer = Order.Payer.AUTHORITY.label
    comes = _(
        "这笔服务费是直接付给机构的，由%(agency)s直接退还 %(sum)s。平台不设退还期限；到账后请在订单的“款项”页确认收到，确认后才记为已退回。"
    )
    owes = _(
        "请尽快把 %(sum)s 直接退还付款方（%(payer)s）。平台不经手这笔款项，也不设退还期限；付款方确认收到后，才记为已退回。"
    )
    words = {"sum": yuan(refund.amount_fen), "agency": agency, "payer": payer}
    tell_payer(order, _("退款已批准，由机构直接退还，到账后请确认"), body=filled(comes, **words))
    tell(order, "agency", _("请贵机构把服务费直接退还付款方"), body=filled(owes, **words))


def _require_desk(order: Order, actor: User | None) -> None:
    access.require_role(actor, Role.OPERATOR)
    require_unconcerned(order, actor)


def _require_another(refund: Refund, actor: User) -> None:
    """What two people must decide is granted or given up by neither of those who proposed and granted it."""
    if refund.two_people and actor.pk in (refund.proposed_by_id, refund.granted_by_id):
        raise DomainError(
            "refund.same_person",
            _("大额退款是否办理，须由提出人、批准人以外的人决定。"),
            _("请转交其他工作人员办理。"),
        )


def _check_thawed(order: Order) -> None:
    if frozen(order):
        raise DomainError("refund.frozen", _("投诉未办结，资金已冻结。"), _("请先办结投诉。"))


def _reference(order: Order) -> str:
    """What the custodian knows one attempt at a refund by."""
    return f"R-{order.number}-{secrets.token_hex(6)}"


def _locked(refund: Refund) -> tuple[Order, Refund]:
    order = lock_order(refund.order_id)
    return order, Refund.objects.select_for_update(of=("self",)).select_related("payment").get(pk=refund.pk)
