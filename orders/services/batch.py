"""Test batches (委托单): received with groups, works part and witness; reported with number and result."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import ServiceItem
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Attachment, User
from kernel.wording import filled
from orders import machines
from orders.access import require_agency
from orders.locks import lock_order
from orders.models import Order, TestBatch
from orders.services.moves import born, move, tell


@transaction.atomic
def batch_receive(
    *,
    order: Order,
    number: str,
    groups: int,
    works_part: str,
    witness: str,
    sampled_on: date,
    strength_grade: str = "",
    retest_of: TestBatch | None = None,
    actor: User | None,
) -> TestBatch:
    """The agency takes in samples while in service. All batches (retests apart) add up to the groups ordered."""
    order = lock_order(order)
    agency = require_agency(actor, order)
    _check(order, number, groups, works_part, witness, sampled_on)
    if retest_of is None:
        _check_room(order, groups)
    elif retest_of.order_id != order.pk or not retest_of.failed_groups:
        raise DomainError("batch.retest", _("只能对本订单中有不合格组的委托单安排复检。"), field="retest_of")
    batch = TestBatch.objects.create(
        order=order,
        number=number.strip(),
        groups=groups,
        works_part=works_part.strip(),
        witness=witness.strip(),
        sampled_on=sampled_on,
        strength_grade=strength_grade.strip(),
        retest_of=retest_of,
        received_at=clock.now(),
        received_by=actor,
    )
    born(
        batch,
        machines.BATCH,
        order=order,
        action="batch.received",
        actor=actor,
        on_behalf_of=agency,
        data={"number": batch.number, "groups": groups},
    )
    return batch


@transaction.atomic
def batch_report(
    *,
    batch: TestBatch,
    report_number: str,
    failed_groups: int = 0,
    report: Attachment | None = None,
    actor: User | None,
) -> TestBatch:
    """The report of one batch; failed groups are told to the buyer at once (within 24 hours by the rules)."""
    order = lock_order(batch.order_id)
    agency = require_agency(actor, order)
    batch = TestBatch.objects.select_for_update().get(pk=batch.pk)
    if not report_number.strip():
        raise DomainError("batch.report_number", _("请填写报告编号。"), field="report_number")
    if not 0 <= failed_groups <= batch.groups:
        raise DomainError("batch.failed", _("不合格组数不能超过委托组数。"), field="failed_groups")
    if report is not None:
        access.require(report.subject == order.stream, "order.attachment_foreign")
    move(
        batch,
        machines.BATCH,
        "report",
        action="batch.reported",
        stream=order.stream,
        actor=actor,
        on_behalf_of=agency,
        data={"report_number": report_number.strip(), "failed_groups": failed_groups},
        report_number=report_number.strip(),
        failed_groups=failed_groups,
        report=report,
        reported_at=clock.now(),
    )
    if failed_groups:
        title = filled(_("委托单 %(number)s 有 %(n)s 组不合格"), number=batch.number, n=failed_groups)
        tell(order, "buyer", title, body=batch.works_part, sms=True)
    return batch


def _check(order: Order, number: str, groups: int, works_part: str, witness: str, sampled_on: date) -> None:
    if order.unit != ServiceItem.Unit.TEST_GROUP:
        raise DomainError("batch.no_tests", _("这不是检测订单，无需登记委托单。"))
    if order.status != Order.Status.IN_SERVICE:
        raise DomainError("batch.state", _("服务开始后、交付前才能登记委托单。"), _("请刷新页面查看最新进展。"))
    for name, value in (("number", number), ("works_part", works_part), ("witness", witness)):
        if not value.strip():
            raise DomainError("batch.missing", _("请填写委托单号、工程部位和见证人。"), field=name)
    if groups < 1:
        raise DomainError("batch.groups", _("组数至少为 1。"), field="groups")
    if sampled_on > clock.today():
        raise DomainError("batch.sampled_on", _("取样日期不能晚于今天。"), field="sampled_on")
    if TestBatch.objects.filter(order=order, number=number.strip()).exists():
        raise DomainError("batch.number", _("这个委托单号已经登记。"), field="number")


def _check_room(order: Order, groups: int) -> None:
    taken = sum(TestBatch.objects.filter(order=order, retest_of__isnull=True).values_list("groups", flat=True))
    room = order.quantity_milli // 1000 - taken
    if groups > room:
        raise DomainError(
            "batch.too_many",
            filled(_("订单还可登记 %(room)s 组。"), room=room),
            _("超出的组数请业主另行下单。"),
            field="groups",
        )
