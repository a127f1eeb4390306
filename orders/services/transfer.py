"""A direct transfer from the payer to the agency: each side confirms, and a person of the centre where one of them is
silent."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Attachment, Deadline, Organisation, User
from orders import machines
from orders.access import is_agency, organisation_of, require_payer, require_unconcerned
from orders.locks import lock_order
from orders.models import Order, Payment
from orders.parties import AGENCY, BUYER
from orders.selectors.money import confirmed_as_payer
from orders.services.begin import begin_paying, still_owed
from orders.services.moves import begin, met, move, note, tell, tell_both
from orders.services.pay import ask_operators, payment_settle, transfer_confirmed

OWN_TRANSFER = _("您已代付款方确认这笔转账，不能再由您核实。")


@transaction.atomic
def payment_offline_confirm(*, payment: Payment, slip: Attachment | None = None, actor: User | None) -> Payment:
    """One side confirms a direct transfer; with the second it counts as paid. The slip is the payer's to give, and the
    payer's confirmation needs one; the agency has its account to look at."""
    order = lock_order(payment.order_id)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if payment.gateway != Payment.Gateway.OFFLINE or not payment.is_open:
        raise DomainError("payment.not_offline", _("没有待确认的线下转账。"), _("请刷新页面查看最新进展。"))
    side, party = _offline_side(order, actor)
    if side == AGENCY and slip is not None:
        raise DomainError(
            "payment.slip_side", _("转账凭证由付款方上传。"), _("请核对账户后直接确认收款。"), field="slip"
        )
    if side != AGENCY and slip is None and payment.slip_id is None:
        raise DomainError("payment.slip", _("请上传转账凭证。"), field="slip")
    if slip is not None:
        access.require(slip.subject == order.stream, "order.attachment_foreign")
        payment.slip = slip
        payment.save(update_fields=["slip"])
        note(order, "payment.slip_added", actor=actor, on_behalf_of=party, payment=payment.pk, attachment=slip.pk)
    if getattr(payment, f"{side}_confirmed_at") is None:
        if not transfer_confirmed(payment):
            _other_side_confirms(order, side)
        setattr(payment, f"{side}_confirmed_at", clock.now())
        payment.save(update_fields=[f"{side}_confirmed_at"])
        note(order, "payment.confirmed", actor=actor, on_behalf_of=party, side=side, payment=payment.pk)
    if payment.buyer_confirmed_at and payment.agency_confirmed_at:
        return payment_settle(payment=payment, provider_ref="", amount_fen=payment.amount_fen, actor=actor)
    if not _operators_confirm(order, side):
        tell(order, "buyer" if side == AGENCY else "agency", _("对方已确认线下转账，请您确认"))
    return payment


@transaction.atomic
def payment_verify(*, payment: Payment, arrived: bool, finding: str, actor: User) -> Payment:
    """An operator ends what the two sides left open: one has confirmed a direct transfer, the other is silent. With
    ``arrived`` it counts as paid; else the attempt is cancelled, and the payer has the days for paying anew: neither is for
    an operator who has confirmed it as payer. ``finding`` says on what this rests (account statement, slip, statements of
    both sides)."""
    order = lock_order(payment.order_id)
    access.require_role(actor, Role.OPERATOR)
    require_unconcerned(order, actor)
    payment = Payment.objects.select_for_update().get(pk=payment.pk)
    if not payment.is_open or not transfer_confirmed(payment):
        raise DomainError("payment.not_offline", _("没有待核实的线下转账。"), _("请刷新页面查看最新进展。"))
    if Payment.objects.filter(confirmed_as_payer(actor), pk=payment.pk).exists():
        raise DomainError("payment.same_person", OWN_TRANSFER, _("请转交其他工作人员核实。"))
    if not finding.strip():
        raise DomainError("payment.finding", _("请写明核实的依据。"), field="finding")
    details = {"payment": payment.pk, "arrived": arrived, "finding": finding.strip()[:500]}
    note(order, "payment.verified", actor=actor, on_behalf_of=None, **details)
    if arrived:
        moment = clock.now()
        payment.buyer_confirmed_at = payment.buyer_confirmed_at or moment
        payment.agency_confirmed_at = payment.agency_confirmed_at or moment
        payment.save(update_fields=["buyer_confirmed_at", "agency_confirmed_at"])
        return payment_settle(payment=payment, provider_ref="", amount_fen=payment.amount_fen, actor=actor)
    move(payment, machines.PAYMENT, "cancel", action="payment.cancelled", stream=order.stream, actor=actor)
    met(order, "order.transfer")
    if still_owed(order) and not _limit_runs(order):
        begin_paying(order)
    tell_both(order, _("经核实，线下转账未到账"), body=details["finding"])
    return payment


def transfer_unconfirmed(deadline: Deadline) -> None:
    """The other side has said nothing: neither counted as paid nor lost, a person looks into it."""
    order = lock_order(int(deadline.subject.split(":")[1]))
    if Payment.objects.filter(Payment.OPEN, order=order, gateway=Payment.Gateway.OFFLINE).exists():
        ask_operators(order)


def _other_side_confirms(order: Order, side: str) -> None:
    """Whoever says first that money has moved stops the limit for paying, before the work or after it; the other side's
    limit begins. What the authority owes runs on until its own operators have confirmed."""
    if order.status in Order.ENDED or _operators_confirm(order, side):
        ask_operators(order)
        return
    met(order, *machines.PAYING)
    begin("order.transfer", subject=order.stream, party=organisation_of(BUYER if side == AGENCY else AGENCY, order))


def _limit_runs(order: Order) -> bool:
    rows = Deadline.objects.filter(subject=order.stream, code__in=machines.PAYING)
    return rows.filter(state=Deadline.State.OPEN).exists()


def _operators_confirm(order: Order, side: str) -> bool:
    """The agency has confirmed a fee that the authority bears: the centre answers, not the applicant."""
    return side == AGENCY and order.payer == Order.Payer.AUTHORITY


def _offline_side(order: Order, actor: User | None) -> tuple[str, Organisation | None]:
    """The agency, or whoever owes the fee: the buyer's place is the operators' where an authority bears it."""
    if actor is not None and is_agency(actor, order):
        return AGENCY, order.agency.organisation
    return BUYER, require_payer(actor, order)
