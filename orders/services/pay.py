"""Paying an order.

The attempt is committed before the custodian is called; webhook, return page and check all end in ``payment_settle``,
which books the money once whoever comes first, and however often.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Attachment, Organisation, User
from kernel.services import notify, outbox
from orders import machines
from orders.access import AGENCY, organisation_of, require_buyer, require_side
from orders.gateways import PAID, REFUSED, UNKNOWN, WITHDRAWN, GatewayDown, Report
from orders.gateways import gateway as adapter
from orders.locks import lock_order
from orders.models import Contract, LedgerEntry, Order, Payment
from orders.services import ledger
from orders.services.begin import begin_if_ready, pays_first
from orders.services.close import close_if_ready
from orders.services.moves import born, met, move, note, order_url, tell, tell_both
from orders.services.refund import refund_of_ended
from orders.services.release import release_if_due

Status = Payment.Status
OPEN_STATES = (Status.CREATED, Status.UNKNOWN)


def payment_start(*, order: Order, gateway: str, actor: User | None) -> Payment:
    """Open an attempt to pay the whole fee and tell the custodian. An open attempt of the same kind is returned again.

    Two steps on purpose: the row is committed, then the custodian is called; if it does not answer, the attempt is
    ``unknown`` and asked for again later.
    """
    payment, fresh = _payment_row(order, gateway, actor)
    if fresh or payment.provider_ref is None:
        _open_at_gateway(payment)
    return Payment.objects.select_related("order").get(pk=payment.pk)


@transaction.atomic
def _payment_row(order: Order, gateway: str, actor: User | None) -> tuple[Payment, bool]:
    order = lock_order(order)
    payer = _require_payer(order, actor)
    if gateway not in Payment.Gateway.values or (gateway == Payment.Gateway.SANDBOX and not settings.DEMO):
        raise DomainError("payment.gateway", _("请选择支付方式。"), field="gateway")
    _check_due(order)
    earlier = Payment.objects.filter(order=order, status__in=OPEN_STATES).first()
    if earlier is not None:
        if earlier.gateway != gateway:
            raise DomainError("payment.open", _("已有一笔用其他方式发起的支付。"), _("请先完成或撤销那笔支付。"))
        return earlier, False
    payment = Payment.objects.create(
        order=order,
        gateway=gateway,
        amount_fen=order.fee_fen,
        reference=f"{order.number}-{secrets.token_hex(8)}",
        created_at=clock.now(),
        created_by=actor,
    )
    born(
        payment,
        machines.PAYMENT,
        order=order,
        action="payment.started",
        actor=actor,
        on_behalf_of=payer,
        data={"gateway": gateway, "amount_fen": payment.amount_fen},
    )
    if gateway == Payment.Gateway.OFFLINE:
        tell(order, "agency", _("业主选择线下转账，到账后请确认收款"))
    return payment, True


def _open_at_gateway(payment: Payment) -> None:
    try:
        report = adapter(payment.gateway).open(payment)
    except GatewayDown:
        _doubt(payment, "no answer")
        return
    if report.provider_ref:
        Payment.objects.filter(pk=payment.pk, provider_ref__isnull=True).update(provider_ref=report.provider_ref)


@transaction.atomic
def payment_settle(*, payment: Payment, provider_ref: str, amount_fen: int, actor: User | None = None) -> Payment:
    """The money has arrived: one booking, whoever says so first. Another amount than asked for is not booked; the
    attempt becomes ``unknown`` and the operators are told."""
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.status == Status.SETTLED:
        return payment
    if amount_fen != payment.amount_fen:
        _doubt_locked(payment, order, f"amount {amount_fen}")
        return payment
    if Payment.objects.filter(order=order, status=Status.SETTLED).exists():
        _doubt_locked(payment, order, "paid twice")
        return payment
    fields = {"provider_ref": provider_ref} if provider_ref else {}
    move(
        payment,
        machines.PAYMENT,
        "settle",
        action="payment.settled",
        stream=order.stream,
        actor=actor,
        data={"amount_fen": amount_fen},
        settled_at=clock.now(),
        failure="",
        **fields,
    )
    custody = adapter(payment.gateway).custody
    kind = LedgerEntry.Kind.CAPTURE if custody else LedgerEntry.Kind.DIRECT
    ledger.book(order, kind, payment.amount_fen, cause=f"payment:{payment.pk}")
    _after_settling(order)
    return payment


def _after_settling(order: Order) -> None:
    if order.status in (Order.Status.CANCELLED, Order.Status.DECLINED, Order.Status.TERMINATED):
        # Paid while the order was being ended: it goes back.
        refund_of_ended(order, actor=None)
        return
    met(order, "order.pay", "order.payment")
    tell_both(order, _("服务费已支付"))
    begin_if_ready(order, actor=None)
    release_if_due(order, actor=None)
    close_if_ready(order)


@transaction.atomic
def payment_fail(*, payment: Payment, failure: str) -> Payment:
    """The custodian says that it was not paid; the buyer may try again."""
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.status in OPEN_STATES:
        move(
            payment,
            machines.PAYMENT,
            "fail",
            action="payment.failed",
            stream=order.stream,
            actor=None,
            failure=failure[:200],
        )
        tell(order, "buyer", _("支付未成功，可以重新支付"))
    return payment


def payment_check(*, payment: Payment) -> Payment:
    """Ask the custodian how an attempt stands and act on the answer: the return page and the retry of doubtful ones.
    Raises GatewayDown when there is no answer."""
    report = adapter(payment.gateway).retrieve(payment.reference)
    return _act_on(payment, report)


@transaction.atomic
def payment_cancel(*, payment: Payment, actor: User | None) -> Payment:
    """The buyer takes an open attempt back to choose another way; too late if the custodian says it is paid."""
    order = lock_order(payment.order_id)
    payer = _require_payer(order, actor) if actor is not None else None
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.status not in OPEN_STATES:
        machines.PAYMENT.check("cancel", payment.status)
    if actor is not None and (payment.buyer_confirmed_at or payment.agency_confirmed_at):
        raise DomainError("payment.confirmed", _("已有一方确认了这笔转账，不能撤销。"), _("请联系对方确认到账情况。"))
    report = adapter(payment.gateway).withdraw(payment.reference)
    if report.state == PAID:
        return payment_settle(payment=payment, provider_ref=report.provider_ref, amount_fen=report.amount_fen)
    move(
        payment,
        machines.PAYMENT,
        "cancel",
        action="payment.cancelled",
        stream=order.stream,
        actor=actor,
        on_behalf_of=payer,
    )
    return payment


@transaction.atomic
def payment_offline_confirm(*, payment: Payment, slip: Attachment | None = None, actor: User | None) -> Payment:
    """One side confirms a direct transfer (the buyer with the slip); with the second it counts as paid."""
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.gateway != Payment.Gateway.OFFLINE or payment.status not in OPEN_STATES:
        raise DomainError("payment.not_offline", _("没有待确认的线下转账。"), _("请刷新页面查看最新进展。"))
    side, party = _offline_side(order, actor)
    if side != AGENCY and slip is None and payment.slip_id is None:
        raise DomainError("payment.slip", _("请上传转账凭证。"), field="slip")
    if slip is not None:
        access.require(slip.subject == order.stream, "order.attachment_foreign")
        payment.slip = slip
    if getattr(payment, f"{side}_confirmed_at") is None:
        setattr(payment, f"{side}_confirmed_at", clock.now())
        payment.save(update_fields=[f"{side}_confirmed_at", "slip"])
        note(order, "payment.confirmed", actor=actor, on_behalf_of=party, side=side, payment=payment.pk)
    if payment.buyer_confirmed_at and payment.agency_confirmed_at:
        return payment_settle(payment=payment, provider_ref="", amount_fen=payment.amount_fen, actor=actor)
    tell(order, "buyer" if side == AGENCY else "agency", _("对方已确认线下转账，请您确认"))
    return payment


def _offline_side(order: Order, actor: User | None) -> tuple[str, Organisation]:
    if order.payer == Order.Payer.AUTHORITY and actor is not None and access.holds(actor, Role.OPERATOR):
        return "buyer", order.buyer
    side = require_side(actor, order)
    return side, organisation_of(side, order)


def _require_payer(order: Order, actor: User | None) -> Organisation:
    """Who may pay: the buyer's side; for a fee the authority owes, the centre's operators."""
    if order.payer == Order.Payer.AUTHORITY and actor is not None and access.holds(actor, Role.OPERATOR):
        return order.buyer
    return require_buyer(actor, order)


def _check_due(order: Order) -> None:
    if Payment.objects.filter(order=order, status=Status.SETTLED).exists():
        raise DomainError("payment.paid", _("服务费已经支付。"), _("请刷新页面查看最新进展。"))
    if pays_first(order):
        contract = Contract.objects.filter(order=order).first()
        ready = order.status == Order.Status.ACCEPTED and contract is not None and contract.in_force_at is not None
        remedy = _("双方确认合同后即可支付。")
    else:
        ready, remedy = order.status == Order.Status.APPROVED, _("验收通过后即可支付。")
    if not ready:
        raise DomainError("payment.not_due", _("现在还不到支付的时候。"), remedy)


def _act_on(payment: Payment, report: Report) -> Payment:
    if report.state == PAID:
        return payment_settle(payment=payment, provider_ref=report.provider_ref, amount_fen=report.amount_fen)
    if report.state in (REFUSED, UNKNOWN, WITHDRAWN):
        return payment_fail(payment=payment, failure=report.state)
    return _clarify(payment, report)


@transaction.atomic
def _clarify(payment: Payment, report: Report) -> Payment:
    """The custodian knows of the request and waits for the payer: nothing is in doubt any more."""
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.status == Status.UNKNOWN:
        fields = {"failure": "", "provider_ref": payment.provider_ref or report.provider_ref or None}
        move(
            payment, machines.PAYMENT, "clarify", action="payment.clarified", stream=order.stream, actor=None, **fields
        )
    return payment


@transaction.atomic
def _doubt(payment: Payment, failure: str) -> None:
    order = lock_order(payment.order_id)
    _doubt_locked(Payment.objects.select_for_update().get(pk=payment.pk), order, failure)
    outbox.announce(topic="payment_check", payload={"payment": payment.pk})


def _doubt_locked(payment: Payment, order: Order, failure: str) -> None:
    if payment.status == Status.UNKNOWN and payment.failure == failure:
        return
    move(
        payment,
        machines.PAYMENT,
        "doubt",
        action="payment.doubted",
        stream=order.stream,
        actor=None,
        failure=failure[:200],
    )
    notify.role(
        role=Role.OPERATOR,
        kind="order",
        title=_("一笔支付的结果需要核对"),
        subject=order.stream,
        url=order_url(order),
    )
