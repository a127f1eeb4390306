"""Money that came and does not fit: another amount than asked for, or the fee a second time. It is not the order's and
never enters its book; an operator sends it back to the payer, and the payer may pay anew."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import User
from kernel.services import outbox
from orders import machines
from orders.access import require_unconcerned
from orders.locks import lock_order
from orders.models import Payment
from orders.services.begin import still_owed
from orders.services.moves import move, note, tell_payer
from orders.services.pay import doubt

Status = Payment.Status
# Before what an order to return is known by: refunds have another
GIVEN_BACK = "B-"


@transaction.atomic
def payment_give_back(*, payment: Payment, reason: str, actor: User) -> Payment:
    """Order the custodian to return the whole of what came; again, if that failed, under a new reference. One person
    decides: neither amount nor payee is open."""
    order = lock_order(payment.order_id)
    access.require_role(actor, Role.OPERATOR)
    require_unconcerned(order, actor)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if not payment.is_stray:
        raise DomainError("payment.fits", _("没有与订单不符的款项。"), _("请刷新页面查看最新进展。"))
    if not reason.strip():
        raise DomainError("payment.finding", _("请写明核实的依据。"), field="finding")
    move(
        payment,
        machines.PAYMENT,
        "give_back",
        action="payment.given_back",
        stream=order.stream,
        actor=actor,
        data={"received_fen": payment.received_fen, "reason": reason.strip()[:500]},
        return_ordered_at=clock.now(),
        return_reference=f"{GIVEN_BACK}{order.number}-{secrets.token_hex(6)}",
    )
    outbox.announce(topic="payment_return", payload={"payment": payment.pk})
    again = _("一笔与订单不符的付款正在退回，可以重新支付")
    tell_payer(order, again if still_owed(order) else _("一笔与订单不符的付款正在退回"))
    return payment


@transaction.atomic
def payment_returned(*, payment: Payment) -> Payment:
    """The custodian says that the payer has it back; however often."""
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.status == Status.RETURNED and payment.returned_at is None:
        payment.returned_at = clock.now()
        payment.save(update_fields=["returned_at"])
        note(order, "payment.returned", actor=None, on_behalf_of=None, payment=payment.pk)
    return payment


@transaction.atomic
def payment_return_failed(*, payment: Payment) -> Payment:
    """The custodian could not return it: in doubt again, and the operators hear of it."""
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.status == Status.RETURNED and payment.returned_at is None:
        doubt(payment, order, "return failed")
    return payment
