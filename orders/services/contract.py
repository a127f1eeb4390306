"""The contract: drafted when the order is accepted, in force when both sides have confirmed the same text."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Attachment, Deadline, User
from orders.access import organisation_of, require_side
from orders.contract_text import contract_text
from orders.locks import lock_order
from orders.models import Contract, Order
from orders.parties import AGENCY
from orders.services.begin import begin_if_ready, begin_paying, pays_first
from orders.services.materials import check_begins
from orders.services.moves import met, note, tell, tell_both


def contract_draft(order: Order) -> Contract:
    """Written by the acceptance, in its transaction."""
    with translation.override("zh-hans"):
        text = contract_text(order)
    return Contract.objects.create(
        order=order, text=text, text_sha256=hashlib.sha256(text.encode()).hexdigest(), created_at=clock.now()
    )


@transaction.atomic
def contract_confirm(*, order: Order, actor: User | None) -> Order:
    """One side confirms the text. With the second confirmation the contract is in force: the buyer's payment and the
    agency's check of the papers become due."""
    order = lock_order(order)
    side = require_side(actor, order)
    contract = _contract(order)
    if order.status != Order.Status.ACCEPTED or contract.in_force_at is not None:
        raise DomainError("contract.state", _("合同现在不需要确认。"), _("请刷新页面查看最新进展。"))
    if getattr(contract, f"{side}_confirmed_at") is not None:
        raise DomainError("contract.confirmed", _("贵方已经确认过合同。"), _("请等待对方确认。"))
    setattr(contract, f"{side}_confirmed_at", clock.now())
    setattr(contract, f"{side}_confirmed_by", actor)
    contract.save(update_fields=[f"{side}_confirmed_at", f"{side}_confirmed_by"])
    note(
        order,
        "contract.confirmed",
        actor=actor,
        on_behalf_of=organisation_of(side, order),
        side=side,
        sha256=contract.text_sha256,
    )
    if contract.in_force_at is None:
        tell(order, "buyer" if side == AGENCY else "agency", _("对方已确认合同，请您核对并确认"))
    else:
        _in_force(order)
    return order


@transaction.atomic
def contract_attach_scan(*, order: Order, scan: Attachment, actor: User | None) -> Order:
    """A signed scan beside the confirmed text; either side, any time after acceptance."""
    order = lock_order(order)
    side = require_side(actor, order)
    contract = _contract(order)
    access.require(scan.subject == order.stream, "order.attachment_foreign")
    contract.scan = scan
    contract.save(update_fields=["scan"])
    note(
        order,
        "contract.scan_attached",
        actor=actor,
        on_behalf_of=organisation_of(side, order),
        attachment=scan.pk,
        sha256=scan.sha256,
    )
    return order


def contract_lapses(deadline: Deadline) -> None:
    """Not confirmed in time: cancelled; the agency's default if only the buyer had confirmed."""
    from orders.services.cancel import order_cancel

    order = lock_order(int(deadline.subject.split(":")[1]))
    if order.status != Order.Status.ACCEPTED:
        return
    contract = order.contract
    agency_late = contract.buyer_confirmed_at is not None and contract.agency_confirmed_at is None
    order_cancel(order=order, reason="agency_did_not_sign" if agency_late else "contract_not_confirmed", actor=None)


def _contract(order: Order) -> Contract:
    contract = Contract.objects.select_for_update().filter(order=order).first()
    if contract is None:
        raise DomainError("contract.none", _("机构受理订单后才有合同。"), _("请等待机构受理。"))
    return contract


def _in_force(order: Order) -> None:
    met(order, "order.contract")
    if pays_first(order):
        begin_paying(order)
    check_begins(order)
    tell_both(order, _("合同已生效"))
    begin_if_ready(order, actor=None)
