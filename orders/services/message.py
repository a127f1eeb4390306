"""Messages between the sides of an order; the centre's operators and the supervisors take part."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Attachment, Organisation, User
from orders.access import is_agency, is_buyer
from orders.locks import lock_order
from orders.models import Message, Order
from orders.services.moves import tell

MAX_LENGTH = 2000


@transaction.atomic
def message_post(*, order: Order, body: str, attachment: Attachment | None = None, actor: User) -> Message:
    order = lock_order(order)
    on_a_side = is_buyer(actor, order) or is_agency(actor, order)
    access.require(on_a_side or access.holds(actor, Role.OPERATOR, Role.SUPERVISOR), "message.author")
    if not body.strip():
        raise DomainError("message.empty", _("请填写留言内容。"), field="body")
    if len(body.strip()) > MAX_LENGTH:
        raise DomainError("message.long", _("留言不超过 2000 字。"), _("请分几条发送，或作为附件上传。"), field="body")
    if attachment is not None:
        access.require(attachment.subject == order.stream, "order.attachment_foreign")
    row = Message.objects.create(
        order=order,
        author=actor,
        organisation=_speaks_for(order, actor),
        body=body.strip(),
        attachment=attachment,
        at=clock.now(),
    )
    for side, is_side in (("buyer", is_buyer), ("agency", is_agency)):
        if not is_side(actor, order):
            tell(order, side, _("订单有新留言"), body=row.body[:200])
    return row


def _speaks_for(order: Order, actor: User) -> Organisation:
    if is_agency(actor, order):
        return order.agency.organisation
    if access.belongs_to(actor, order.buyer_id):
        return order.buyer
    staff = [m for m in access.live_memberships(actor) if m.organisation.kind == Organisation.Kind.AUTHORITY]
    return staff[0].organisation
