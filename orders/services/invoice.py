"""The agency's own tax invoice, uploaded (票款分离: an invoice never moves money)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Attachment, User
from orders.access import require_agency
from orders.locks import lock_order
from orders.models import Invoice, Order
from orders.services.moves import note, tell

BEFORE = (Order.Status.PLACED, Order.Status.DECLINED)


@transaction.atomic
def invoice_upload(
    *, order: Order, number: str, amount_fen: int, file: Attachment, issued_on: date, actor: User | None
) -> Invoice:
    """Once an order; a correction replaces it and both stay in the audit trail. At most the fee."""
    order = lock_order(order)
    agency = require_agency(actor, order)
    if order.status in BEFORE:
        raise DomainError("invoice.state", _("受理订单后才能上传发票。"))
    if not number.strip():
        raise DomainError("invoice.number", _("请填写发票号码。"), field="number")
    if not 0 < amount_fen <= order.fee_fen:
        raise DomainError("invoice.amount", _("发票金额应大于零且不超过服务费。"), field="amount")
    if issued_on > clock.today():
        raise DomainError("invoice.issued_on", _("开票日期不能晚于今天。"), field="issued_on")
    access.require(file.subject == order.stream, "order.attachment_foreign")
    row, fresh = Invoice.objects.update_or_create(
        order=order,
        defaults={
            "number": number.strip()[:30],
            "amount_fen": amount_fen,
            "file": file,
            "issued_on": issued_on,
            "uploaded_at": clock.now(),
            "uploaded_by": actor,
        },
    )
    note(
        order,
        "invoice.uploaded" if fresh else "invoice.replaced",
        actor=actor,
        on_behalf_of=agency,
        number=row.number,
        amount_fen=amount_fen,
        sha256=file.sha256,
    )
    tell(order, "buyer", _("机构已上传发票"))
    return row
