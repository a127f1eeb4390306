"""External review (送审): rounds before the authority's experts. The clock stands still meanwhile."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import User
from kernel.services import deadlines
from orders import machines
from orders.access import is_agency, require_agency
from orders.locks import lock_order
from orders.models import ExternalReviewRound, Order
from orders.reasons import EXTERNAL_REVIEW
from orders.services.moves import born, move, tell, tell_both

Result = ExternalReviewRound.Result


@transaction.atomic
def review_round_submit(*, order: Order, actor: User | None) -> ExternalReviewRound:
    """The agency submits to the reviewing authority, before or after delivery; stops the clock."""
    order = lock_order(order)
    agency = require_agency(actor, order)
    if not order.external_review:
        raise DomainError("review.not_needed", _("该事项不需要送审。"))
    if order.status not in (Order.Status.IN_SERVICE, Order.Status.DELIVERED):
        raise DomainError("review.state", _("服务中或待验收时才能送审。"), _("请刷新页面查看最新进展。"))
    rounds = ExternalReviewRound.objects.filter(order=order)
    if rounds.filter(result__in=[Result.FIRST_PASS, Result.PASSED_REVISED]).exists():
        raise DomainError("review.passed", _("送审已经通过，无需再次送审。"))
    deadlines.pause(subject=order.stream, cause=EXTERNAL_REVIEW)
    row = ExternalReviewRound.objects.create(
        order=order, number=rounds.count() + 1, submitted_at=clock.now(), submitted_by=actor
    )
    born(
        row,
        machines.REVIEW_ROUND,
        order=order,
        action="review_round.submitted",
        actor=actor,
        on_behalf_of=agency,
        data={"number": row.number},
    )
    tell(order, "buyer", _("成果已送审，送审期间暂停计时"))
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
    """Enter the result (by the agency or an operator): ``first_pass`` only in round 1, ``passed_revised`` or
    ``returned``; a pass carries the approval number (批复文号). The clock runs again."""
    order = lock_order(order)
    access.require(
        actor is not None and (is_agency(actor, order) or access.holds(actor, Role.OPERATOR)), "review.decider"
    )
    row = ExternalReviewRound.objects.select_for_update().filter(order=order, result=Result.PENDING).first()
    if row is None:
        raise DomainError("review.none", _("没有正在进行的送审。"), _("请先登记送审。"))
    if result not in (Result.FIRST_PASS, Result.PASSED_REVISED, Result.RETURNED):
        raise DomainError("review.result", _("请选择送审结果。"), field="result")
    if result == Result.FIRST_PASS and row.number != 1:
        raise DomainError(
            "review.not_first", _("第二轮起不能登记为一次通过。"), _("请选择“修改后通过”。"), field="result"
        )
    if result != Result.RETURNED and not approval_number.strip():
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
    deadlines.resume(subject=order.stream)
    tell_both(order, _("送审结果已登记，恢复计时"))
    return row
