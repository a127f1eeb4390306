"""The papers the client owes: filed one by one, checked once; what is missing is asked for once, with a list (补正通知,
一次告知)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Attachment, Deadline, User
from orders.access import require_agency, require_buyer
from orders.locks import lock_order
from orders.models import Material, MaterialRequest, Order
from orders.selectors.materials import missing_papers
from orders.services.begin import begin_if_ready, in_force
from orders.services.moves import begin, filled, met, note, paper_names, tell

MAX_MISSING = 50
# Before the agency has taken the order, while it checks, and while it works
FILED_IN = (Order.Status.PLACED, Order.Status.ACCEPTED, Order.Status.IN_SERVICE)


@transaction.atomic
def materials_file(*, order: Order, papers: list[tuple[str, Attachment]], actor: User | None) -> list[Material]:
    """The buyer files papers, each a line of the list it answers (empty: something else) and a file already stored under
    the order. As often as it likes, from placing the order to the delivery; an open 补正通知 stays open."""
    order = lock_order(order)
    buyer = require_buyer(actor, order)
    if order.status not in FILED_IN:
        raise DomainError(
            "materials.closed", _("现在不能再上传资料。"), _("成果交付之前可以上传；需要补充的请用留言发送。")
        )
    if not papers or len(papers) > MAX_MISSING:
        raise DomainError("materials.none", _("请至少选择一份资料。"))
    for _name, file in papers:
        access.require(file.subject == order.stream, "order.attachment_foreign")
    moment = clock.now()
    rows = [
        Material.objects.create(order=order, name=name.strip()[:200], file=file, filed_at=moment, filed_by=actor)
        for name, file in papers
    ]
    files = [{"material": row.pk, "name": row.name, "sha256": row.file.sha256} for row in rows]
    note(order, "materials.filed", actor=actor, on_behalf_of=buyer, files=files)
    words = ngettext_lazy("业主上传了 %(n)s 份资料", "业主上传了 %(n)s 份资料", len(rows))
    body = paper_names(order, [row.name or row.file.name for row in rows])
    tell(order, "agency", filled(words, n=len(rows)), body=body)
    return rows


@transaction.atomic
def materials_request(*, order: Order, missing: list[str], actor: User | None) -> Order:
    """The agency names everything that is missing; a second request is refused (一次告知)."""
    order = lock_order(order)
    agency = require_agency(actor, order)
    _check_open(order)
    wanted = [line.strip()[:200] for line in missing if line.strip()]
    if not wanted or len(wanted) > MAX_MISSING:
        raise DomainError("materials.list", _("请逐行列出缺少的资料。"), field="missing")
    if MaterialRequest.objects.filter(order=order).exists():
        raise DomainError(
            "materials.once", _("缺少的资料应一次告知，已经发过补正通知。"), _("请用留言与业主沟通，并确认资料齐全。")
        )
    MaterialRequest.objects.create(order=order, missing=wanted, requested_at=clock.now(), requested_by=actor)
    note(order, "materials.requested", actor=actor, on_behalf_of=agency, missing=wanted)
    met(order, "order.materials")
    begin("order.supplement", subject=order.stream, party=order.buyer)
    tell(order, "buyer", _("机构请您补齐资料"), body=paper_names(order, wanted), sms=True)
    return order


@transaction.atomic
def materials_answer(*, order: Order, actor: User | None) -> Order:
    """The buyer says that everything asked for has been handed in; the agency checks again."""
    order = lock_order(order)
    buyer = require_buyer(actor, order)
    _check_open(order)
    request = MaterialRequest.objects.select_for_update().filter(order=order, answered_at__isnull=True).first()
    if request is None:
        raise DomainError("materials.no_request", _("没有待补的资料。"), _("请刷新页面查看最新进展。"))
    request.answered_at = clock.now()
    request.save(update_fields=["answered_at"])
    note(order, "materials.answered", actor=actor, on_behalf_of=buyer)
    met(order, "order.supplement")
    check_begins(order)
    tell(order, "agency", _("业主已补齐资料，请核对"))
    return order


def check_begins(order: Order) -> None:
    """The agency's time for checking the papers: from the contract in force, and not while papers are being asked for."""
    asked = MaterialRequest.objects.filter(order=order, answered_at__isnull=True)
    if order.materials_complete_at is None and in_force(order) and not asked.exists():
        begin("order.materials", subject=order.stream, party=order.agency.organisation)


@transaction.atomic
def materials_complete(*, order: Order, actor: User | None) -> Order:
    """The agency confirms the list complete; ``actor`` None: it said nothing in time, so it counts as complete. Papers
    may have come another way: what is not filed on the platform is written down, not refused."""
    order = lock_order(order)
    agency = require_agency(actor, order) if actor is not None else None
    _check_open(order)
    if order.materials_complete_at is None:
        moment = clock.now()
        order.materials_complete_at = moment
        order.save(update_fields=["materials_complete_at"])
        MaterialRequest.objects.filter(order=order, answered_at__isnull=True).update(answered_at=moment)
        note(order, "materials.completed", actor=actor, on_behalf_of=agency, not_filed=missing_papers(order))
        met(order, "order.materials", "order.supplement")
    begin_if_ready(order, actor=actor)
    return order


def materials_deemed_complete(deadline: Deadline) -> None:
    order = lock_order(int(deadline.subject.split(":")[1]))
    if order.status == Order.Status.ACCEPTED and order.materials_complete_at is None:
        materials_complete(order=order, actor=None)


def supplement_lapses(deadline: Deadline) -> None:
    from orders.services.cancel import order_cancel

    order = lock_order(int(deadline.subject.split(":")[1]))
    if order.status == Order.Status.ACCEPTED and order.materials_complete_at is None:
        order_cancel(order=order, reason="materials_missing", actor=None)


def _check_open(order: Order) -> None:
    if order.status != Order.Status.ACCEPTED:
        raise DomainError(
            "materials.state", _("现在不是核对资料的阶段。"), _("受理之后、开始服务之前可以办理；请刷新页面。")
        )
