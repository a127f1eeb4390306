"""Paying an order.

The attempt is committed before the custodian is called; webhook, return page and check all end in ``payment_settle``,
which books the money once whoever comes first, and however often.
"""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import User
from kernel.services import notify, outbox
from orders import machines
from orders.access import require_payer
from orders.gateways import PAID, REFUSED, UNKNOWN, WITHDRAWN, GatewayDown, Report, available
from orders.gateways import gateway as adapter
from orders.locks import lock_order
from orders.models import LedgerEntry, Order, Payment
from orders.services import ledger
from orders.services.begin import begin_if_ready, in_force, is_paid, pays_first, still_owed
from orders.services.close import close_if_ready
from orders.services.moves import born, met, move, order_url, tell, tell_both, tell_payer
from orders.services.refund import refund_of_ended
from orders.services.release import release_if_due

Status = Payment.Status


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
    payer = require_payer(actor, order)
    if gateway not in available():
        raise DomainError("payment.gateway", _("请选择支付方式。"), field="gateway")
    _check_due(order)
    earlier = Payment.objects.filter(Payment.OPEN, order=order).first()
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
        tell(order, "agency", _("付款方选择线下转账，到账后请确认收款"))
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
    if payment.status in (Status.SETTLED, Status.RETURNED):
        return payment
    if amount_fen != payment.amount_fen:
        doubt(payment, order, f"amount {amount_fen}", received_fen=amount_fen)
        return payment
    if is_paid(order):
        doubt(payment, order, "paid twice", received_fen=amount_fen)
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
    if order.status in Order.ENDED:
        # Paid while the order was being ended: it goes back.
        refund_of_ended(order, actor=None)
        return
    met(order, *machines.PAYING, "order.transfer")
    tell_both(order, _("服务费已支付"))
    begin_if_ready(order, actor=None)
    release_if_due(order, actor=None)
    close_if_ready(order)


@transaction.atomic
def payment_fail(*, payment: Payment, failure: str) -> Payment:
    """The custodian says that it was not paid; while the order lives it may be tried again."""
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.is_open:
        move(
            payment,
            machines.PAYMENT,
            "fail",
            action="payment.failed",
            stream=order.stream,
            actor=None,
            failure=failure[:200],
        )
        _tell_failed(order)
    return payment


def _tell_failed(order: Order) -> None:
    """Whoever owes the fee hears of it, and is asked to pay anew only where there is still something to pay."""
    again = _("支付未成功，可以重新支付")
    tell_payer(order, again if still_owed(order) else _("一笔支付未成功；该订单已无需付款"))


def payment_check(*, payment: Payment) -> Payment:
    """Ask the custodian how an attempt stands and act on the answer: the return page and the retry of doubtful ones.
    Raises GatewayDown when there is no answer."""
    report = adapter(payment.gateway).retrieve(payment.reference)
    return _act_on(payment, report)


def payment_cancel(*, payment: Payment, actor: User | None) -> Payment:
    """Whoever owes the fee takes an open attempt back to choose another way (``actor`` None: its order has ended); too
    late if the custodian says it is paid. A transfer that one side has confirmed is not taken back but looked into.

    The custodian is called between two transactions, with nothing locked; whatever it says is acted on under the lock.
    """
    payment = _cancellable(payment, actor)
    if transfer_confirmed(payment):
        return payment
    try:
        report = adapter(payment.gateway).withdraw(payment.reference)
    except GatewayDown:
        if actor is None:
            raise  # the outbox asks again
        raise DomainError("payment.no_answer", _("托管银行没有答复。"), _("请稍后再试。")) from None
    if report.state == PAID:
        return payment_settle(payment=payment, provider_ref=report.provider_ref, amount_fen=report.amount_fen)
    return _withdrawn(payment, actor)


@transaction.atomic
def _cancellable(payment: Payment, actor: User | None) -> Payment:
    order = lock_order(payment.order_id)
    if actor is not None:
        require_payer(actor, order)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    machines.PAYMENT.check("cancel", payment.status)
    if payment.is_stray:
        raise DomainError("payment.stray", _("托管银行收到的款项与订单不符，由服务中心退回。"), _("不需要撤销。"))
    if transfer_confirmed(payment):
        if actor is not None:
            raise DomainError(
                "payment.confirmed", _("已有一方确认了这笔转账，不能撤销。"), _("请联系对方确认到账情况。")
            )
        ask_operators(order)
    return payment


@transaction.atomic
def _withdrawn(payment: Payment, actor: User | None) -> Payment:
    order = lock_order(payment.order_id)
    payer = require_payer(actor, order) if actor is not None else None
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if not payment.is_open or transfer_confirmed(payment):
        return payment  # settled, failed or confirmed while the custodian was asked
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


def ask_operators(order: Order) -> None:
    title = _("一笔线下转账只有一方确认，请核实")
    notify.role(role=Role.OPERATOR, kind="order", title=title, subject=order.stream, url=order_url(order))


def transfer_confirmed(payment: Payment) -> bool:
    """Has one side said that a direct transfer was made or has come?"""
    return payment.buyer_confirmed_at is not None or payment.agency_confirmed_at is not None


def _check_due(order: Order) -> None:
    if is_paid(order):
        raise DomainError("payment.paid", _("服务费已经支付。"), _("请刷新页面查看最新进展。"))
    if order.status in Order.ENDED:
        raise DomainError("payment.ended", _("订单已经结束，不需要付款。"), _("请刷新页面查看最新进展。"))
    if pays_first(order):
        ready = order.status == Order.Status.ACCEPTED and in_force(order)
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
    if payment.is_open and payment.status == Status.UNKNOWN:
        fields = {"failure": "", "provider_ref": payment.provider_ref or report.provider_ref or None}
        move(
            payment, machines.PAYMENT, "clarify", action="payment.clarified", stream=order.stream, actor=None, **fields
        )
    return payment


@transaction.atomic
def _doubt(payment: Payment, failure: str) -> None:
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if not payment.is_open:
        return  # taken back while the custodian was called
    doubt(payment, order, failure)
    outbox.announce(topic="payment_check", payload={"payment": payment.pk})


def doubt(payment: Payment, order: Order, failure: str, **fields: int) -> None:
    """Under both locks: the custodian must say how this attempt stands, or an operator send back what came
    (``received_fen``)."""
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
        **fields,
    )
    notify.role(
        role=Role.OPERATOR,
        kind="order",
        title=_("一笔支付的结果需要核对"),
        subject=order.stream,
        url=order_url(order),
    )
