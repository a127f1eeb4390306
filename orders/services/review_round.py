"""External review (送审): rounds before the authority's experts. The clock stands still meanwhile."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Attachment, User
from kernel.services import deadlines, notify
from orders import machines
from orders.access import is_agency, require_agency, require_buyer, require_unconcerned
from orders.locks import lock_order
from orders.models import ExternalReviewRound, Order
from orders.reasons import EXTERNAL_REVIEW
from orders.selectors.reviews import is_first
from orders.services.approval import approval_begins, approval_ends
from orders.services.deliver import returned_by_review, revision_due, unrevised
from orders.services.moves import begin, born, move, note, order_url, service_name, tell, tell_both

Result = ExternalReviewRound.Result
# What a person may enter; "dropped" comes with the end of the order.
FOUND = (*ExternalReviewRound.PASSED, Result.RETURNED, Result.ANNULLED)


@transaction.atomic
def review_round_submit(*, order: Order, paper: Attachment, actor: User | None) -> ExternalReviewRound:
    """The agency submits to the reviewing authority, before or after delivery, and files what it was given for it
    (送审回执); stops the clock. The centre watches how long that lasts."""
    order = lock_order(order)
    agency = require_agency(actor, order)
    access.require(paper.subject == order.stream, "order.attachment_foreign")
    if not order.external_review:
        raise DomainError("review.not_needed", _("该事项不需要送审。"))
    if order.status not in Order.AT_WORK:
        raise DomainError("review.state", _("服务中或待验收时才能送审。"), _("请刷新页面查看最新进展。"))
    rounds = ExternalReviewRound.objects.filter(order=order)
    if rounds.filter(result__in=ExternalReviewRound.PASSED).exists():
        raise DomainError("review.passed", _("送审已经通过，无需再次送审。"))
    deadlines.pause(subject=order.stream, cause=EXTERNAL_REVIEW)
    row = ExternalReviewRound.objects.create(
        order=order, number=rounds.count() + 1, paper=paper, submitted_at=clock.now(), submitted_by=actor
    )
    born(
        row,
        machines.REVIEW_ROUND,
        order=order,
        action="review_round.submitted",
        actor=actor,
        on_behalf_of=agency,
        data={"number": row.number, "sha256": paper.sha256},
    )
    approval_ends(order)
    begin("review.result", subject=_stream(row), party=None)
    tell(order, "buyer", _("成果已送审，送审期间暂停计时；对送审有异议的，可以提出"))
    return row


@transaction.atomic
def review_round_object(*, order: Order, text: str, actor: User | None) -> ExternalReviewRound:
    """The buyer doubts a submission that stops the clock; from then on an operator enters its result."""
    order = lock_order(order)
    buyer = require_buyer(actor, order)
    row = _pending(order)
    if not text.strip():
        raise DomainError("review.objection", _("请写明异议。"), field="text")
    if row.objection:
        raise DomainError("review.objected", _("异议已经提出。"), _("请等待中心核实。"))
    row.objection = text.strip()[:500]
    row.save(update_fields=["objection"])
    details = {"review_round": row.pk, "objection": row.objection}
    note(order, "review_round.objected", actor=actor, on_behalf_of=buyer, **details)
    tell(order, "agency", _("业主对送审提出异议，由中心核实后登记结果"), body=row.objection)
    title = _("业主对送审提出异议，请核实")
    notify.role(role=Role.OPERATOR, kind="order", title=title, subject=order.stream, url=order_url(order))
    return row


@transaction.atomic
def review_round_decide(
    *,
    order: Order,
    result: str,
    remarks_count: int | None = None,
    approval_number: str = "",
    actor: User | None,
) -> ExternalReviewRound:
    """Enter the result (by the agency or an operator, after an objection by an operator alone): ``first_pass`` only in
    the first that was not annulled, ``passed_revised`` or ``returned``; a pass carries the approval number (批复文号). The clock runs again, and
    what was delivered and returned, or passed on condition of a revision that is not handed in yet, goes back into
    service: it is handed in anew before anybody approves.
    ``annulled`` (an operator) says that nothing was submitted: the days count as the agency's."""
    order = lock_order(order)
    at_desk = actor is not None and access.holds(actor, Role.OPERATOR)
    by_agency = actor is not None and is_agency(actor, order)
    access.require(by_agency or at_desk, "review.decider")
    row = _pending(order)
    if row.objection and not at_desk:
        raise DomainError("review.objected", _("业主对这次送审有异议，结果由中心登记。"), _("请向中心提供评审材料。"))
    if row.objection or not by_agency:
        require_unconcerned(order, actor)
    if result not in FOUND or (result == Result.ANNULLED and not at_desk):
        raise DomainError("review.result", _("请选择送审结果。"), field="result")
    if result == Result.FIRST_PASS and not is_first(order):
        raise DomainError(
            "review.not_first", _("第二轮起不能登记为一次通过。"), _("请选择“修改后通过”。"), field="result"
        )
    if result in ExternalReviewRound.PASSED and not approval_number.strip():
        raise DomainError("review.approval_number", _("通过送审的，请填写批复文号。"), field="approval_number")
    move(
        row,
        machines.REVIEW_ROUND,
        result,
        action="review_round.decided",
        stream=order.stream,
        actor=actor,
        state_field="result",
        remarks_count=remarks_count,
        approval_number=approval_number.strip()[:60],
        decided_at=clock.now(),
    )
    deadlines.meet(subject=_stream(row), code="review.result")
    deadlines.resume(subject=order.stream, counts=result != Result.ANNULLED)
    if order.status == Order.Status.DELIVERED:
        if result == Result.RETURNED:
            returned_by_review(order, actor=actor)
        elif result == Result.PASSED_REVISED and unrevised(order):
            revision_due(order, actor=actor)
        else:
            approval_begins(order)
    _tell_result(order, result)
    return row


def _tell_result(order: Order, result: str) -> None:
    delivered = order.status == Order.Status.DELIVERED
    if result not in ExternalReviewRound.PASSED:
        tell(order, "buyer", _("送审没有通过，机构修改后重新送审"))
        tell(order, "agency", _("送审没有通过，请修改后重新送审"))
    elif result == Result.PASSED_REVISED and order.status == Order.Status.IN_SERVICE and order.deliverables.exists():
        tell(order, "agency", _("送审修改后通过，请交付修改后的成果"), body=service_name(order), sms=True)
        tell(order, "buyer", _("送审修改后通过，机构交付修改后的成果后请您验收"), body=service_name(order))
    elif delivered:
        tell(order, "buyer", _("送审已通过，请在 5 个工作日内验收"), body=service_name(order), sms=True)
        tell(order, "agency", _("送审已通过，等待业主验收"))
    else:
        tell_both(order, _("送审已通过，恢复计时；机构交付后即可验收"))


def _pending(order: Order) -> ExternalReviewRound:
    """The round going on, of an order at work: one that has ended has no use for a result."""
    row = ExternalReviewRound.objects.select_for_update().filter(order=order, result=Result.PENDING).first()
    if row is None or order.status not in Order.AT_WORK:
        raise DomainError("review.none", _("没有正在进行的送审。"), _("请先登记送审。"))
    return row


def _stream(row: ExternalReviewRound) -> str:
    return f"review_round:{row.pk}"
