"""A complaint about an order (投诉): accepted in 3 working days, answered by the other side in 5, decided in 30.

While it is open, held money is frozen: neither released nor refunded.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Attachment, Deadline, User
from kernel.services import audit, deadlines, notify
from kernel.services.counters import monthly_reference
from kernel.wording import filled
from orders import machines, reasons
from orders.access import organisation_of, require_side, require_unconcerned
from orders.locks import lock_complaint, lock_order
from orders.models import Complaint, Order
from orders.parties import AGENCY, BUYER
from orders.selectors.complaints import subjects
from orders.selectors.duration import ended_at
from orders.selectors.money import balance
from orders.services.close import close_if_ready
from orders.services.credit import incident_report, performance_correct
from orders.services.moves import begin, move, order_url, tell, tell_both
from orders.services.refund import propose, refunds_continue
from orders.services.release import release_if_due

Status = Complaint.Status


@transaction.atomic
def complaint_file(
    *, order: Order, subject_code: str, body: str, paper: Attachment | None = None, actor: User
) -> Complaint:
    """Either side, from the placing until a year after the order ended; ``subject_code`` of
    orders.selectors.complaints; ``paper`` is filed under the order already."""
    order = lock_order(order)
    side = require_side(actor, order)
    _check_subject(order, side, subject_code)
    if not body.strip():
        raise DomainError("complaint.body", _("请写明情况。"), field="body")
    if Complaint.objects.filter(order=order, status__in=[Status.FILED, Status.ACCEPTED]).exists():
        raise DomainError("complaint.open", _("这个订单已有一项未办结的投诉。"), _("请在投诉页面补充情况。"))
    ended = ended_at(order)
    if ended is not None and clock.now() > ended + timedelta(days=machines.COMPLAINT_WINDOW_DAYS):
        raise DomainError("complaint.late", _("订单结束超过一年，平台不再受理投诉。"), _("可依法通过其他途径解决。"))
    if paper is not None:
        access.require(paper.subject == order.stream, "order.attachment_foreign")
    row = Complaint.objects.create(
        number=monthly_reference(prefix="TS"),
        order=order,
        paper=paper,
        by_agency=side == AGENCY,
        subject_code=subject_code,
        body=body.strip()[:3000],
        filed_at=clock.now(),
        filed_by=actor,
    )
    audit.record(
        stream=_stream(row),
        action="complaint.filed",
        actor=actor,
        on_behalf_of=organisation_of(side, order),
        to_state=row.status,
        data={"complaint": row.pk, "order": order.number, "subject": subject_code},
    )
    begin("complaint.accept", subject=_stream(row), party=None)
    title = filled(_("收到投诉 %(number)s，请在 3 个工作日内受理"), number=row.number)
    notify.role(role=Role.OPERATOR, kind="complaint", title=title, subject=_stream(row), url=order_url(order))
    return row


@transaction.atomic
def complaint_accept(*, complaint: Complaint, actor: User | None) -> Complaint:
    """An operator takes it up (``actor`` None: three working days passed, it counts as accepted); the other side has
    five working days to answer."""
    row, order = lock_complaint(complaint)
    access.require_role(actor, Role.OPERATOR)
    require_unconcerned(order, actor)
    _move(row, "accept", "complaint.accepted", actor, accepted_at=clock.now())
    deadlines.meet(subject=_stream(row), code="complaint.accept")
    begin("complaint.decide", subject=_stream(row), party=None)
    other = _other(row)
    begin("complaint.respond", subject=_stream(row), party=organisation_of(other, order))
    tell(order, other, _("您被投诉，请在 5 个工作日内答复"), body=row.body, sms=True)
    tell(order, _filer(row), _("您的投诉已受理"))
    return row


@transaction.atomic
def complaint_respond(*, complaint: Complaint, text: str, actor: User) -> Complaint:
    """The other side's answer, once, while the complaint is open."""
    row, order = lock_complaint(complaint)
    side = require_side(actor, order)
    access.require(side == _other(row), "complaint.other_side")
    if row.status != Status.ACCEPTED or row.responded_at is not None:
        raise DomainError("complaint.responded", _("现在不能答复这项投诉。"), _("请刷新页面查看最新进展。"))
    if not text.strip():
        raise DomainError("complaint.response", _("请填写答复。"), field="text")
    row.response, row.responded_at, row.responded_by = text.strip()[:3000], clock.now(), actor
    row.save(update_fields=["response", "responded_at", "responded_by"])
    audit.record(
        stream=_stream(row),
        action="complaint.responded",
        actor=actor,
        on_behalf_of=organisation_of(side, order),
        data={"complaint": row.pk},
    )
    deadlines.meet(subject=_stream(row), code="complaint.respond")
    tell(order, _filer(row), _("对方已答复您的投诉"))
    return row


@transaction.atomic
def complaint_decide(
    *, complaint: Complaint, upheld: bool, answer: str, refund_fen: int | None = None, actor: User
) -> Complaint:
    """An operator decides with reasons. Upheld against the agency: a lead for the credit desk and a worse report of the
    work (unless it finds nobody at fault, ``reasons.ENDING``), and ``refund_fen`` of the held money proposed for return to the buyer. Then the frozen money moves on."""
    row, order = lock_complaint(complaint)
    access.require_role(actor, Role.OPERATOR)
    require_unconcerned(order, actor)
    if not answer.strip():
        raise DomainError("complaint.answer", _("请写明处理意见。"), field="answer")
    if refund_fen is not None and not (upheld and not row.by_agency and 0 < refund_fen <= balance(order).refundable):
        raise DomainError("refund.amount", _("退款须以投诉成立为前提，且不超过可退余额。"), field="refund")
    _move(
        row,
        "uphold" if upheld else "reject",
        "complaint.decided",
        actor,
        decided_at=clock.now(),
        decided_by=actor,
        answer=answer.strip()[:3000],
    )
    deadlines.cancel(subject=_stream(row), code="complaint.respond")
    deadlines.meet(subject=_stream(row), code="complaint.decide")
    if upheld and not row.by_agency:
        _against_agency(row, order, refund_fen, actor)
    title = _("投诉成立，请查看处理意见") if upheld else _("投诉不成立，请查看处理意见")
    tell_both(order, title, body=row.answer)
    _thaw(order, actor)
    return row


@transaction.atomic
def complaint_withdraw(*, complaint: Complaint, actor: User) -> Complaint:
    """The side that filed it takes it back."""
    row, order = lock_complaint(complaint)
    side = require_side(actor, order)
    access.require(side == _filer(row), "complaint.filer")
    _move(row, "withdraw", "complaint.withdrawn", actor)
    deadlines.cancel(subject=_stream(row))
    tell_both(order, _("投诉已撤回"))
    _thaw(order, None)
    return row


def complaint_unanswered(deadline: Deadline) -> None:
    """Three working days without acceptance: it counts as accepted, and the supervisors hear of it."""
    row = Complaint.objects.get(pk=int(deadline.subject.split(":")[1]))
    if row.status != Status.FILED:
        return
    complaint_accept(complaint=row, actor=None)
    _supervisors(row, _("投诉逾期未受理，已自动受理"))


def response_lapses(deadline: Deadline) -> None:
    """No answer from the other side: decided on the file; an agency's silence is a lead of its own."""
    row, order = lock_complaint(Complaint.objects.get(pk=int(deadline.subject.split(":")[1])))
    if row.status == Status.ACCEPTED and row.responded_at is None and not row.by_agency:
        incident_report(order, "no_answer", ref=f"complaint:{row.number}", facts=_("投诉逾期未答复"))


def decision_overdue(complaint_pk: int) -> None:
    row = Complaint.objects.get(pk=complaint_pk)
    _supervisors(row, _("投诉办理时限今天届满，请督办"))


def _check_subject(order: Order, side: str, code: str) -> None:
    if code in subjects(order, side):
        return
    if code == reasons.ENDING and side == BUYER:
        raise DomainError(
            "complaint.not_at_work",
            _("只有服务中或待验收的订单，才能要求终止。"),
            _("服务开始前请直接取消订单；验收后有异议的，请选择其他事由。"),
            field="subject_code",
        )
    raise DomainError("complaint.subject", _("请选择投诉事由。"), field="subject_code")


def _against_agency(row: Complaint, order: Order, refund_fen: int | None, actor: User) -> None:
    if row.subject_code in reasons.AGENCY_AT_FAULT:
        incident_report(order, "complaint_upheld", ref=f"complaint:{row.number}:upheld", facts=row.answer[:200])
        performance_correct(order, row)
    if refund_fen:
        propose(order, amount_fen=refund_fen, reason=reasons.of_complaint(row.number), actor=actor)


def _thaw(order: Order, actor: User | None) -> None:
    refunds_continue(order)
    release_if_due(order, actor=actor)
    close_if_ready(order)


def _move(row: Complaint, transition: str, action: str, actor: User | None, **fields: Any) -> None:
    move(row, machines.COMPLAINT, transition, action=action, stream=_stream(row), actor=actor, **fields)


def _supervisors(row: Complaint, title: Any) -> None:
    notify.role(
        role=Role.SUPERVISOR,
        kind="complaint",
        title=filled(_("%(title)s（%(number)s）"), title=title, number=row.number),
        subject=_stream(row),
        url=order_url(row.order),
    )


def _filer(row: Complaint) -> str:
    return AGENCY if row.by_agency else BUYER


def _other(row: Complaint) -> str:
    return BUYER if row.by_agency else AGENCY


def _stream(row: Complaint) -> str:
    return f"complaint:{row.pk}"
