"""The work of an order: what happens beside it, test batches, external review, handing over, changes, approval."""

from __future__ import annotations

from datetime import timedelta

from agencies.models import Practitioner
from demo import names
from demo.engine import Life
from demo.lives.story import Story
from kernel import clock
from orders.models import Deliverable, Order, TestBatch
from orders.selectors.duration import contract_days, days_used
from orders.selectors.money import balance
from orders.services import batch, cancel, deliver, extension, lead, message, pause, review_round


def work(story: Story) -> Life:
    yield from _sides(story)
    if story.is_("terminated"):
        yield story.later(3)
        cancel.order_terminate(
            order=story.order,
            reason="agreed",
            note="项目用地调整，双方协商终止，已完成的工作由业主承担，其余费用退回。",
            refund_fen=balance(story.order).refundable // 2,
            actor=story.world.operator,
        )
        return
    if story.plan.groups:
        yield from _batches(story)
    yield from _until_due(story)
    yield from _external_review(story)
    _hand_over(story, "成果（报批稿）" if story.order.external_review else "成果文件")
    if story.is_("changes") or (not story.is_("", "offline") and story.chance(0.2)):
        yield story.later(story.rng.choice((1, 2)))
        deliver.order_request_changes(
            order=story.order, text="附图比例尺与正文不一致，请统一后重新盖章。", actor=story.clerk
        )
        yield story.later(story.rng.choice((1, 2)))
        _hand_over(story, "成果文件（修改稿）")
    yield story.later(story.rng.choice((0, 1, 1, 2)))
    _open(story)
    if deliver.approves_itself(story.order) and story.chance(0.18):
        yield story.later(7)  # silence: the sweep approves
    else:
        yield story.later(story.rng.choice((0, 0, 1, 2)))
        if story.order.status == Order.Status.DELIVERED:
            deliver.order_approve(order=story.order, actor=story.clerk)


def _sides(story: Story) -> Life:
    """One thing beside the main line, where the plan says so, on the first days."""
    rng = story.rng
    if story.is_("extension", "pause", "lead_change"):
        yield story.later(2)
    if story.is_("extension"):
        document = story.paper("延期说明", "extension", story.agent)
        extension.extension_ask(
            order=story.order,
            days=min(rng.randint(2, 5), story.order.days),
            reason="建设方案有调整，部分内容需要重做。",
            document=document,
            actor=story.agent,
        )
        yield story.later(1)
        extension.extension_answer(order=story.order, granted=True, actor=story.clerk)
    elif story.is_("pause"):
        pause.pause_ask(
            order=story.order, cause=rng.choice(("site_not_ready", "weather", "design_change")), actor=story.agent
        )
        yield story.later(1)
        pause.pause_answer(order=story.order, agreed=True, actor=story.clerk)
        yield story.later(rng.randint(3, 8))
        pause.pause_end(order=story.order, actor=story.clerk)
    elif story.is_("lead_change"):
        order = story.order
        others = Practitioner.objects.filter(agency=order.agency, can_lead=True, ended_on__isnull=True).exclude(
            pk=order.lead_id
        )
        proposed = others.order_by("pk").first()
        if proposed:
            lead.lead_change_ask(order=order, proposed=proposed, reason="原负责人病假。", actor=story.agent)
            yield story.later(1)
            lead.lead_change_answer(order=story.order, granted=True, actor=story.clerk)
    elif story.chance(0.3):
        message.message_post(order=story.order, body="请问现在进展怎样？需要我们配合的请提前说。", actor=story.clerk)
        yield story.later(0)
        message.message_post(
            order=story.order, body="正在按计划办理，需要补充的会列好清单一次发给您。", actor=story.agent
        )


def _batches(story: Story) -> Life:
    """Test batches of 3–12 groups, received in one or two visits, each with its report; one or two groups in a hundred fail."""
    rng, left, number = story.rng, story.plan.groups, 0
    parts = ("基础承台", "一层柱", "二层梁板", "地下室外墙", "屋面板", "桩基", "构造柱", "楼梯")
    received: list[TestBatch] = []
    while left:
        number += 1
        if story.is_("samples_late") and left <= 14:
            yield from _wait_for_samples(story)
        groups = min(left, rng.randint(3, 12)) if left > 14 else left
        left -= groups
        received.append(
            batch.batch_receive(
                order=story.order, number=f"WT-{story.plan.number:04d}-{number:03d}", groups=groups, works_part=rng.choice(parts),
                witness=names.person(rng), sampled_on=clock.today() - timedelta(days=1), strength_grade=rng.choice(("C25", "C30", "C35", "HRB400E")),
                actor=story.agent,
            )
        )  # fmt: skip
        if number % 8 == 0:
            yield clock.now() + timedelta(minutes=20)
    yield story.later(min(2, story.order.days - 1))
    for position, row in enumerate(received):
        failed = 1 if rng.random() < 0.1 else 0
        batch.batch_report(batch=row, report_number=f"CH-JC-{row.number[3:]}", failed_groups=failed, actor=story.agent)
        if position % 8 == 7:
            yield clock.now() + timedelta(minutes=10)


def _wait_for_samples(story: Story) -> Life:
    """The last samples are not old enough yet: the clock stands still until they are brought, just before the end."""
    yield story.later(1)
    pause.pause_ask(order=story.order, cause="site_not_ready", note="末批试块未到龄期。", actor=story.agent)
    yield story.later(1)
    pause.pause_answer(order=story.order, agreed=True, actor=story.clerk)
    yield story.world.days_left(0, story.rng)
    pause.pause_end(order=story.order, actor=story.clerk)


def _until_due(story: Story) -> Life:
    """Work until the result is ready: zero to two days before the contract's end, or late where the plan says so."""
    order, rng = story.order, story.rng
    left = contract_days(order) - days_used(order, clock.now())
    early = rng.choice((0, 0, 1, 1, 2)) if story.quality < 0.85 else rng.choice((0, 0, 1, 1, 2, left // 4))
    if story.is_("late_minor"):
        early = -rng.randint(1, 6)
    if story.is_("late_major"):
        early = -rng.randint(11, 14)
    review = REVIEW_DAYS if order.external_review else 0
    yield story.later(max(0, left - early - (1 if review else 0)))


REVIEW_DAYS = 6


def _external_review(story: Story) -> Life:
    """送审稿 → experts → 报批稿: passed at once 60 %, after revision 35 %, returned 5 %."""
    if not story.order.external_review:
        return
    rng, number = story.rng, 0
    good = story.quality > 0.75
    while True:
        number += 1
        paper = story.paper("送审回执", "review_submission", story.agent)
        review_round.review_round_submit(order=story.order, paper=paper, actor=story.agent)
        yield story.later(rng.randint(4, 8))
        roll = rng.random()
        first, returned = (0.66, 0.03) if good else (0.42, 0.12)
        result = (
            "first_pass" if roll < first and number == 1 else "returned" if roll > 1 - returned else "passed_revised"
        )
        review_round.review_round_decide(
            order=story.order, result=result, remarks_count=rng.randint(5, 15),
            approval_number="" if result == "returned" else f"澄审〔{clock.today().year}〕{rng.randint(10, 400)}号", actor=story.agent,
        )  # fmt: skip
        if result != "returned":
            return
        yield story.later(rng.randint(1, 2))


def _hand_over(story: Story, title: str) -> None:
    file = story.paper(title, "deliverable", story.agent)
    express = f"SF1000{story.rng.randint(10**8, 10**9 - 1)}" if story.chance(0.5) else ""
    deliver.order_deliver(order=story.order, file=file, express_number=express, actor=story.agent)


def _open(story: Story) -> None:
    row = Deliverable.objects.filter(order=story.pk).order_by("-number").first()
    if row is not None:
        deliver.deliverable_open(deliverable=row, actor=story.clerk)
