"""One extension an order: asked by the agency with a document before the limit passes, granted by the buyer."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Attachment, Deadline, User
from kernel.services import deadlines
from orders import machines
from orders.access import require_agency, require_buyer
from orders.locks import lock_order
from orders.models import Extension, Order
from orders.services.moves import begin, born, met, move, tell

MAX_DAYS = 60


@transaction.atomic
def extension_ask(*, order: Order, days: int, reason: str, document: Attachment, actor: User | None) -> Extension:
    """``days`` working days, at most the contract's own and 60; refused once the limit has passed."""
    order = lock_order(order)
    agency = require_agency(actor, order)
    if order.status != Order.Status.IN_SERVICE:
        raise DomainError("extension.state", _("服务中的订单才能申请延期。"), _("请刷新页面查看最新进展。"))
    if Extension.objects.filter(order=order).exists():
        raise DomainError("extension.once", _("每个订单只能申请一次延期。"), _("请与业主协商，或由中心协调处理。"))
    if not 1 <= days <= min(MAX_DAYS, order.days):
        raise DomainError(
            "extension.days",
            _("延期天数须在 1 到 %(n)s 个工作日之间。") % {"n": min(MAX_DAYS, order.days)},
            field="days",
        )
    if not reason.strip():
        raise DomainError("extension.reason", _("请写明延期理由。"), field="reason")
    access.require(document.subject == order.stream, "order.attachment_foreign")
    service = Deadline.objects.filter(subject=order.stream, code="order.service", state=Deadline.State.OPEN).first()
    if service is None or service.due_at < clock.now():
        raise DomainError("extension.late", _("时限已过，不能再申请延期。"), _("请尽快交付成果。"))
    row = Extension.objects.create(
        order=order, days=days, reason=reason.strip()[:500], document=document, asked_at=clock.now(), asked_by=actor
    )
    born(
        row,
        machines.EXTENSION,
        order=order,
        action="extension.asked",
        actor=actor,
        on_behalf_of=agency,
        data={"days": days},
    )
    begin("order.extension", subject=order.stream, party=order.buyer)
    tell(order, "buyer", _("机构申请延期，请在 2 个工作日内答复"), body=row.reason)
    return row


@transaction.atomic
def extension_answer(*, order: Order, granted: bool, actor: User | None) -> Extension:
    """The buyer decides; ``actor`` None: no answer in time, which is a refusal."""
    order = lock_order(order)
    buyer = require_buyer(actor, order) if actor is not None else None
    row = Extension.objects.select_for_update().filter(order=order).first()
    if row is None or (granted and order.status not in Order.AT_WORK):
        raise DomainError("extension.none", _("没有待答复的延期申请。"), _("请刷新页面查看最新进展。"))
    move(
        row,
        machines.EXTENSION,
        "grant" if granted else "refuse",
        action="extension.granted" if granted else "extension.refused",
        stream=order.stream,
        actor=actor,
        on_behalf_of=buyer,
        answered_at=clock.now(),
        answered_by=actor,
    )
    met(order, "order.extension")
    service = Deadline.objects.filter(subject=order.stream, code="order.service", state=Deadline.State.OPEN)
    if granted and service.exists():
        deadlines.extend(subject=order.stream, code="order.service", days=row.days)
    tell(order, "agency", _("业主同意延期") if granted else _("业主未同意延期"))
    return row


def extension_lapses(deadline: Deadline) -> None:
    order = lock_order(int(deadline.subject.split(":")[1]))
    if Extension.objects.filter(order=order, status=Extension.Status.ASKED).exists():
        extension_answer(order=order, granted=False, actor=None)
