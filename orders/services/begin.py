"""The start of the service clock (起算): contract in force, papers complete, and paid where the buyer pays first."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Organisation, User
from orders.models import Contract, Order, Payment
from orders.services.moves import begin, order_move, tell_both


def pays_first(order: Order) -> bool:
    """Private buyers pay (into custody or directly) before work; public buyers, and an authority that pays for the
    applicant, pay after approval."""
    return order.buyer.kind != Organisation.Kind.PUBLIC_BODY and order.payer == Order.Payer.BUYER


def in_force(order: Order) -> bool:
    """Have both sides confirmed the contract?"""
    contract = Contract.objects.filter(order=order).first()
    return contract is not None and contract.in_force_at is not None


def is_paid(order: Order) -> bool:
    return Payment.objects.filter(order=order, status=Payment.Status.SETTLED).exists()


def still_owed(order: Order) -> bool:
    """Is the fee not paid yet, of an order that has not ended early?"""
    return order.status not in Order.ENDED and not is_paid(order)


def begin_paying(order: Order) -> None:
    """The limit for paying the fee: before the work for who pays first, after it for the others; that of an authority
    runs against the centre."""
    if order.payer == Order.Payer.AUTHORITY:
        begin("order.authority_payment", subject=order.stream, party=None)
    else:
        begin("order.pay" if pays_first(order) else "order.payment", subject=order.stream, party=order.buyer)


def begin_if_ready(order: Order, *, actor: User | None) -> None:
    """Called under the order's lock by everything that may complete the conditions; does nothing until all hold."""
    if order.status != Order.Status.ACCEPTED or order.materials_complete_at is None:
        return
    if not in_force(order) or (pays_first(order) and not is_paid(order)):
        return
    moment = clock.now()
    order_move(order, "begin", action="order.begun", actor=actor, data={"days": order.days}, started_at=moment)
    begin("order.service", subject=order.stream, party=order.agency.organisation, days=order.days, from_at=moment)
    tell_both(order, _("合同生效、资料齐全，服务开始计时"))
