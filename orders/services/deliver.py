"""Delivering, sending back, approving (交付、修改、验收) and the first opening (送达)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import ServiceItem
from agencies.services.capacity import listing_release
from kernel import access, clock, workdays
from kernel.access import Role
from kernel.clock import civil
from kernel.errors import DomainError
from kernel.models import Attachment, Deadline, Organisation, Pause, User
from kernel.services import deadlines, notify
from kernel.wording import filled
from orders import machines
from orders.access import require_agency, require_buyer, require_unconcerned
from orders.locks import lock_order
from orders.models import Deliverable, Order, TestBatch
from orders.selectors.duration import days_used, service_limit
from orders.selectors.reviews import rounds
from orders.services.approval import CODES, approval_begins, approves_itself, awaits_review
from orders.services.begin import begin_paying, is_paid, pays_first
from orders.services.close import close_if_ready
from orders.services.credit import work_report
from orders.services.moves import (
    announce,
    begin,
    born,
    drop_asked,
    met,
    move,
    note,
    order_move,
    order_url,
    service_name,
    tell,
    tell_both,
)
from orders.services.release import release_if_due


@transaction.atomic
def order_deliver(
    *, order: Order, file: Attachment, note: str = "", express_number: str = "", actor: User | None
) -> Order:
    """The agency hands in a result: a file already stored under the order, with an express number when stamped copies
    are on their way. Test orders first need a report on every batch; a paused clock must run again. What must pass an
    external review first waits for it, and the buyer's time with it."""
    order = lock_order(order)
    agency = require_agency(actor, order)
    machines.ORDER.check("deliver", order.status)
    access.require(file.subject == order.stream, "order.attachment_foreign")
    _check_running(order)
    _check_batches(order)
    moment = clock.now()
    row = Deliverable.objects.create(
        order=order,
        number=Deliverable.objects.filter(order=order).count() + 1,
        file=file,
        note=note.strip(),
        express_number=express_number.strip(),
        delivered_at=moment,
        delivered_by=actor,
    )
    born(
        row,
        machines.DELIVERABLE,
        order=order,
        action="deliverable.submitted",
        actor=actor,
        on_behalf_of=agency,
        data={"number": row.number, "sha256": file.sha256},
    )
    order_move(order, "deliver", action="order.delivered", actor=actor, on_behalf_of=agency)
    met(order, "order.service")
    approval_begins(order)
    if awaits_review(order):
        tell(order, "buyer", _("机构已交付成果，送审通过后请您验收"), body=service_name(order))
    else:
        tell(order, "buyer", _("机构已交付成果，请在 5 个工作日内验收"), body=service_name(order), sms=True)
    return order


@transaction.atomic
def deliverable_open(*, deliverable: Deliverable, actor: User) -> Deliverable:
    """The buyer opens a result for the first time; of the approved one this is the 送达. Others' reading is not."""
    order = lock_order(deliverable.order_id)
    row = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    if row.opened_at is not None or not access.belongs_to(actor, order.buyer_id):
        return row
    _received(order, row)
    note(order, "deliverable.opened", actor=actor, on_behalf_of=order.buyer, deliverable=row.pk)
    return row


@transaction.atomic
def deliverable_hand_over(*, deliverable: Deliverable, actor: User) -> Deliverable:
    """At the counter: an operator hands the result to the enterprise and has its receipt (送达回证)."""
    order = lock_order(deliverable.order_id)
    row = Deliverable.objects.select_for_update().get(pk=deliverable.pk)
    access.require_role(actor, Role.OPERATOR)
    require_unconcerned(order, actor)
    access.require(order.channel == Order.Channel.COUNTER, "order.not_counter")
    if row.opened_at is None:
        _received(order, row)
        note(order, "deliverable.handed_over", actor=actor, on_behalf_of=order.buyer, deliverable=row.pk)
    return row


def _received(order: Order, row: Deliverable) -> None:
    row.opened_at = clock.now()
    row.save(update_fields=["opened_at"])
    if row.status == Deliverable.Status.APPROVED and order.received_at is None:
        order.received_at = row.opened_at
        order.save(update_fields=["received_at"])


@transaction.atomic
def order_request_changes(*, order: Order, text: str, actor: User | None) -> Order:
    """The buyer sends the result back, saying what to change. The days it lay with the buyer are not the agency's, and
    for the changes it has ``REWORK_DAYS`` at least."""
    order = lock_order(order)
    buyer = require_buyer(actor, order)
    machines.ORDER.check("request_changes", order.status)
    if not text.strip():
        raise DomainError("order.changes", _("请写明需要修改的内容。"), field="text")
    _check_running(order)
    moment = clock.now()
    row = _open_deliverable(order)
    move(
        row,
        machines.DELIVERABLE,
        "send_back",
        action="deliverable.sent_back",
        stream=order.stream,
        actor=actor,
        on_behalf_of=buyer,
        changes_requested=text.strip()[:1000],
        decided_at=moment,
        decided_by=actor,
    )
    order_move(order, "request_changes", action="order.changes_requested", actor=actor, on_behalf_of=buyer)
    met(order, *CODES)
    _service_again(order)
    tell(order, "agency", _("业主要求修改成果"), body=text.strip(), sms=True)
    return order


def returned_by_review(order: Order, *, actor: User | None) -> None:
    """Under the order's lock, its clock running again: the authority has returned what was delivered, so the work is not
    done. The days since the delivery are the agency's own, but for the review itself; for the rework it has
    ``REWORK_DAYS`` at least."""
    _revise(order, "returned", actor)


def revision_due(order: Order, *, actor: User | None) -> None:
    """The same after a review that passed on condition of a revision: what was delivered is not what has passed."""
    _revise(order, "revision_due", actor)


def unrevised(order: Order) -> bool:
    """Was what lies with the buyer handed in before anybody reviewed it? A version delivered after a round is the
    revised one."""
    first = rounds(order).values_list("submitted_at", flat=True).first()
    return first is not None and _open_deliverable(order).delivered_at <= first


def _revise(order: Order, what: str, actor: User | None) -> None:
    row = _open_deliverable(order)
    move(
        row,
        machines.DELIVERABLE,
        "return",
        action=f"deliverable.{what}",
        stream=order.stream,
        actor=actor,
        decided_at=clock.now(),
        decided_by=actor,
    )
    order_move(order, "return", action=f"order.{what}", actor=actor)
    _service_again(order)


@transaction.atomic
def order_approve(*, order: Order, paper_received: bool = False, actor: User | None) -> Order:
    """The buyer approves what it has opened, or has received on paper as it says (``paper_received``, which is the 送达
    then); ``actor`` None: five working days without a word, which never counts for a public buyer nor where an external
    review is due. Completes the order (办结 is the delivery's time), releases held money, frees the slot, reports to
    credit, opens the rating window."""
    order = lock_order(order)
    buyer = _require_approver(order, actor)
    machines.ORDER.check("approve", order.status)
    _check_reviewed(order)
    _check_running(order)
    moment = clock.now()
    row = _open_deliverable(order)
    if actor is not None and row.opened_at is None:
        _take_paper(order, row, paper_received, actor, buyer)
    move(
        row,
        machines.DELIVERABLE,
        "approve",
        action="deliverable.approved",
        stream=order.stream,
        actor=actor,
        on_behalf_of=buyer,
        decided_at=moment,
        decided_by=actor,
    )
    order_move(
        order,
        "approve",
        action="order.approved",
        actor=actor,
        on_behalf_of=buyer,
        data={"deliverable": row.pk, "automatic": actor is None},
        approved_at=moment,
        completed_at=row.delivered_at,
        received_at=row.opened_at,
        days_used=days_used(order, row.delivered_at),
    )
    _after_approval(order)
    return order


def approve_in_silence(deadline: Deadline) -> None:
    order = lock_order(int(deadline.subject.split(":")[1]))
    if order.status == Order.Status.DELIVERED:
        order_approve(order=order, actor=None)


def _after_approval(order: Order) -> None:
    met(order, *CODES)
    drop_asked(order, None)
    work_report(order)
    announce(order)
    begin("order.rate", subject=order.stream, party=None)
    if order.payer == Order.Payer.AUTHORITY:
        _authority_pays(order)
    elif not pays_first(order):
        begin_paying(order)
    tell_both(order, _("成果已验收，请在 10 个工作日内互相评价"))
    release_if_due(order, actor=None)
    close_if_ready(order)
    listing_release(listing=order.listing, actor=None)


def _authority_pays(order: Order) -> None:
    """The applicant owes nothing; the centre's operators pay for the authority, unless the fee has arrived already."""
    if is_paid(order):
        return
    begin_paying(order)
    title = filled(_("成果已验收，请办理审批部门承担的服务费（%(number)s）"), number=order.number)
    notify.role(role=Role.OPERATOR, kind="order", title=title, subject=order.stream, url=order_url(order))


def _take_paper(order: Order, row: Deliverable, received: bool, actor: User, buyer: Organisation | None) -> None:
    """Nobody approves unseen."""
    if not received:
        raise DomainError(
            "order.unopened",
            _("还没有人打开过交付的成果。"),
            _("请先打开成果文件核对；已收到纸质成果的，请勾选说明后再验收。"),
            field="received",
        )
    _received(order, row)
    note(order, "deliverable.received", actor=actor, on_behalf_of=buyer, deliverable=row.pk)


def _require_approver(order: Order, actor: User | None) -> Organisation | None:
    if actor is not None:
        return require_buyer(actor, order)
    if not approves_itself(order):
        raise DomainError("order.no_silence", _("该订单须由业主确认验收。"))
    return None


def _check_running(order: Order) -> None:
    if Pause.objects.filter(subject=order.stream, ended_at__isnull=True).exists():
        raise DomainError("order.paused", _("计时暂停中，不能办理此事项。"), _("请先恢复计时，或登记送审结果。"))


def _check_batches(order: Order) -> None:
    """A test order is delivered when every group ordered has its report (retests come on top)."""
    if order.unit != ServiceItem.Unit.TEST_GROUP:
        return
    batches = TestBatch.objects.filter(order=order)
    if batches.filter(status=TestBatch.Status.RECEIVED).exists():
        raise DomainError("order.batches_open", _("还有委托单没有出具报告。"), _("请先登记每份委托单的报告。"))
    tested = sum(batches.filter(retest_of__isnull=True).values_list("groups", flat=True))
    ordered = order.quantity_milli // 1000
    if tested != ordered:
        raise DomainError(
            "order.batches_short",
            filled(_("订单为 %(ordered)s 组，委托单共 %(tested)s 组。"), ordered=ordered, tested=tested),
            _("请补登记委托单；组数有变化的，请与业主协商后另行下单或申请终止。"),
        )


def _check_reviewed(order: Order) -> None:
    if awaits_review(order):
        raise DomainError("order.not_reviewed", _("该事项须通过送审后才能验收。"), _("请由机构登记送审结果后再验收。"))


def _open_deliverable(order: Order) -> Deliverable:
    return Deliverable.objects.select_for_update().get(order=order, status=Deliverable.Status.SUBMITTED)


def _service_again(order: Order) -> None:
    """The limit goes on where it stood: the contract's days plus everything that does not count so far; less than the
    days for rework it never is."""
    now = clock.now()
    limit = service_limit(order, now)
    left = workdays.between(civil(now), civil(workdays.due_at(order.started_at, limit)))
    deadlines.start(
        subject=order.stream,
        code="order.service",
        limit_days=limit,
        party=order.agency.organisation,
        reminders=tuple(n for n in machines.LIMITS["order.service"].reminders if n < left),
        from_at=order.started_at,
    )
