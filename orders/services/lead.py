"""Change of the registered project lead (项目负责人变更): the buyer consents first."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Practitioner
from kernel import clock
from kernel.errors import DomainError
from kernel.models import Deadline, User
from kernel.wording import filled
from orders import machines
from orders.access import require_agency, require_buyer
from orders.locks import lock_order
from orders.models import LeadChange, Order
from orders.services.moves import begin, born, met, move, tell
from orders.services.place import check_lead


@transaction.atomic
def lead_change_ask(*, order: Order, proposed: Practitioner, reason: str, actor: User | None) -> LeadChange:
    order = lock_order(order)
    agency = require_agency(actor, order)
    if order.status not in Order.RUNNING:
        raise DomainError("lead.state", _("受理后、验收前才能变更项目负责人。"))
    check_lead(proposed, order.agency_id)
    if proposed.pk == order.lead_id:
        raise DomainError("lead.same", _("新的项目负责人与现在的相同。"), field="proposed")
    if not reason.strip():
        raise DomainError("lead.reason", _("请写明变更理由。"), field="reason")
    if LeadChange.objects.filter(order=order, status=LeadChange.Status.ASKED).exists():
        raise DomainError("lead.open", _("已有一项待业主答复的变更。"))
    row = LeadChange.objects.create(
        order=order,
        previous=order.lead,
        proposed=proposed,
        reason=reason.strip()[:300],
        asked_at=clock.now(),
        asked_by=actor,
    )
    born(row, machines.LEAD_CHANGE, order=order, action="lead_change.asked", actor=actor, on_behalf_of=agency)
    begin("order.lead_change", subject=order.stream, party=order.buyer)
    tell(order, "buyer", filled(_("机构申请将项目负责人变更为%(name)s"), name=proposed.name), body=row.reason)
    return row


@transaction.atomic
def lead_change_answer(*, order: Order, granted: bool, actor: User | None) -> LeadChange:
    """The buyer consents or not; ``actor`` None: no answer, which is a refusal."""
    order = lock_order(order)
    buyer = require_buyer(actor, order) if actor is not None else None
    row = (
        LeadChange.objects.select_for_update(of=("self",))
        .select_related("proposed")
        .filter(order=order, status=LeadChange.Status.ASKED)
        .first()
    )
    if row is None or (granted and order.status not in Order.RUNNING):
        raise DomainError("lead.none", _("没有待答复的变更申请。"), _("请刷新页面查看最新进展。"))
    move(
        row,
        machines.LEAD_CHANGE,
        "grant" if granted else "refuse",
        action="lead_change.granted" if granted else "lead_change.refused",
        stream=order.stream,
        actor=actor,
        on_behalf_of=buyer,
        answered_at=clock.now(),
        answered_by=actor,
    )
    met(order, "order.lead_change")
    if granted:
        order.lead = row.proposed
        order.save(update_fields=["lead"])
    tell(order, "agency", _("业主同意变更项目负责人") if granted else _("业主未同意变更项目负责人"))
    return row


def lead_change_lapses(deadline: Deadline) -> None:
    order = lock_order(int(deadline.subject.split(":")[1]))
    if LeadChange.objects.filter(order=order, status=LeadChange.Status.ASKED).exists():
        lead_change_answer(order=order, granted=False, actor=None)
