"""The life of one order, from the day it is placed; what is not finished on the last day stays as it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from agencies.models import Listing, Practitioner
from demo import names, papers
from demo.engine import Life, after_workdays
from demo.plan import OrderPlan
from demo.world import World
from kernel import clock
from kernel.money import round_div
from orders.gateways import bank
from orders.models import Deliverable, Order, Payment, Project, TestBatch
from orders.selectors.duration import contract_days, days_used
from orders.services import (
    accept,
    batch,
    cancel,
    complaint,
    contract,
    deliver,
    extension,
    invoice,
    lead,
    materials,
    message,
    pause,
    pay,
    place,
    projects,
    rate,
    review_round,
)  # fmt: skip


class Story:
    """What the steps of one order share; reads the order afresh for every step."""

    def __init__(self, world: World, plan: OrderPlan) -> None:
        self.world, self.plan = world, plan
        self.rng = Random(plan.seed)  # noqa: S311
        self.buyer = world.buyers[plan.buyer]
        self.clerk = world.clerks[plan.buyer]
        self.agent = world.agents[plan.agency]
        self.quality = world.plan.agencies[plan.agency].quality
        self.public = world.plan.buyers[plan.buyer].public
        self.pk = 0

    @property
    def order(self) -> Order:
        return Order.objects.select_related("agency__organisation", "buyer", "listing", "item").get(pk=self.pk)

    def later(self, days: int) -> datetime:
        return after_workdays(clock.now(), days, self.rng)

    def is_(self, *outcomes: str) -> bool:
        return self.plan.outcome in outcomes

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def paper(self, title: str, purpose: str, actor: object) -> object:
        return papers.hand_in(title=title, subject=f"order:{self.pk}", purpose=purpose, actor=actor)


def life(world: World, plan: OrderPlan) -> Life:
    yield plan.placed_at
    story = Story(world, plan)
    if not _place(story):
        return
    yield from _before_work(story)
    if story.order.status != Order.Status.IN_SERVICE:
        return
    yield from _work(story)
    if story.order.status != Order.Status.APPROVED:
        return
    yield from _after(story)


# --- placing ----------------------------------------------------------------------------------------------------------
def _place(story: Story) -> bool:
    """Choose a listing of the agency and place; an agency that has nothing free is passed over for another."""
    world, plan, rng = story.world, story.plan, story.rng
    listing = _choose(story)
    if listing is None:
        return False
    name = names.project(rng, story.buyer.name, story.public)
    # Whoever places pays: public bodies spend public money.
    fund = Project.Fund.PUBLIC if story.public else Project.Fund.PRIVATE
    actor = world.operator if plan.counter else story.clerk
    project = projects.project_create(
        buyer=story.buyer,
        name=name,
        region=world.county,
        fund=fund,
        actor=actor,
        code=names.project_code(rng, clock.today().strftime("%y%m")),
    )
    authorisation = None
    if plan.counter:
        authorisation = papers.hand_in(
            title="代办授权书", subject=f"organisation:{story.buyer.pk}", purpose="authorisation", actor=actor
        )
    payer = Order.Payer.AUTHORITY if listing.item.who_pays == "authority" else Order.Payer.BUYER
    order = place.order_place(
        project=project,
        listing=listing,
        version=listing.version,
        quantity_milli=_quantity(story, listing),
        token=f"replay-{plan.number}",
        matter=listing.item.matter_served,
        payer=payer,
        not_secret=True,
        invoice_title=story.buyer.name,
        invoice_tax_number=story.buyer.uscc or "",
        channel=Order.Channel.COUNTER if plan.counter else Order.Channel.ONLINE,
        authorisation=authorisation,
        actor=actor,
    )
    story.pk = order.pk
    return True


def _choose(story: Story) -> Listing | None:
    rng = story.rng
    mine = [
        listing
        for (agency, _code), listing in sorted(story.world.listings.items())
        if agency == story.plan.agency and listing.item.category.code == story.plan.category
    ]
    if story.plan.groups:
        mine = [listing for listing in mine if listing.item.fee_unit == "test_group"]
    rng.shuffle(mine)
    for listing in mine:
        fresh = Listing.objects.select_related("version", "item__category", "agency__organisation").get(pk=listing.pk)
        if fresh.status == Listing.Status.PUBLISHED and fresh.taken < fresh.capacity:
            return fresh
    return None


# Usual quantities by unit: (low, high, step)
QUANTITIES = {
    "m2": (1500, 28000, 1), "mu": (8, 120, 1), "building": (1, 6, 1), "metre": (150, 900, 10), "point": (12, 90, 1),
    "permille": (1500, 12000, 100), "item": (1, 1, 1), "parcel": (1, 2, 1), "year": (1, 1, 1), "pile": (5, 60, 1),
    "hour": (4, 40, 1), "report": (1, 1, 1),
}  # fmt: skip


def _quantity(story: Story, listing: Listing) -> int:
    if story.plan.groups:
        return story.plan.groups * 1000
    low, high, step = QUANTITIES.get(listing.version.unit, (1, 1, 1))
    # Small jobs are the usual ones.
    span = (high - low) // step
    return (low + step * int(span * story.rng.random() ** 2)) * 1000


# --- until work begins ------------------------------------------------------------------------------------------------
def _before_work(story: Story) -> Life:
    rng = story.rng
    if story.is_("no_answer"):
        return
    yield story.later(0 if story.chance(0.7) else 1)
    order = story.order
    if order.status != Order.Status.PLACED:
        return
    if story.is_("declined"):
        accept.order_decline(order=order, reason=rng.choice(("busy", "out_of_scope", "terms")), actor=story.agent)
        return
    chosen = _lead(story)
    if story.is_("proposal"):
        fee = max(1, round_div(order.fee_fen * rng.randint(96, 108), 100))
        accept.order_propose(
            order=order, fee_fen=fee, days=order.days + rng.randint(0, 3), note="现场条件较复杂，需增加一次踏勘。",
            lead=chosen, actor=story.agent,
        )  # fmt: skip
        yield story.later(1)
        accept.order_answer_proposal(order=story.order, agreed=True, actor=story.clerk)
    else:
        accept.order_accept(order=order, lead=chosen, actor=story.agent)
    yield story.later(rng.choice((0, 0, 1)))
    contract.contract_confirm(order=story.order, actor=story.agent)
    if story.is_("cancelled"):
        yield story.later(1)
        cancel.order_cancel(order=story.order, reason="project_dropped", note="项目推迟", actor=story.clerk)
        return
    yield story.later(rng.choice((0, 1, 1)))
    contract.contract_confirm(order=story.order, actor=story.clerk)
    if not story.public and story.order.payer == Order.Payer.BUYER:
        yield from _pay(story)
    if story.is_("materials"):
        materials.materials_request(
            order=story.order, missing=["总平面图（最新版）", "土地使用权证复印件"], actor=story.agent
        )
        yield story.later(rng.randint(1, 3))
        materials.materials_answer(order=story.order, actor=story.clerk)
    if story.order.status == Order.Status.ACCEPTED:
        yield story.later(rng.choice((0, 0, 1)))
        if story.order.materials_complete_at is None and story.order.status == Order.Status.ACCEPTED:
            materials.materials_complete(order=story.order, actor=story.agent)


def _lead(story: Story) -> Practitioner | None:
    leads = list(
        Practitioner.objects.filter(agency=story.order.agency, can_lead=True, ended_on__isnull=True).order_by("pk")
    )
    return story.rng.choice(leads) if leads else None


def _pay(story: Story) -> Life:
    """Through the custodian mostly; some prefer a direct transfer that both sides confirm."""
    offline = story.is_("offline") or (story.public and story.chance(0.6))
    yield story.later(story.rng.choice((0, 1, 2)))
    gateway = Payment.Gateway.OFFLINE if offline else Payment.Gateway.SANDBOX
    payer = story.world.operator if story.order.payer == Order.Payer.AUTHORITY else story.clerk
    payment = pay.payment_start(order=story.order, gateway=gateway, actor=payer)
    if not offline:
        yield clock.now() + timedelta(minutes=story.rng.randint(2, 9))
        bank.deposit_decide(reference=payment.reference, pay=True)
        pay.payment_check(payment=payment)
        return
    slip = story.paper("转账凭证", "slip", payer)
    pay.payment_offline_confirm(payment=payment, slip=slip, actor=payer)
    yield story.later(story.rng.choice((0, 1)))
    pay.payment_offline_confirm(payment=payment, actor=story.agent)


# --- the work ---------------------------------------------------------------------------------------------------------
def _work(story: Story) -> Life:
    yield from _sides(story)
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
            days=rng.randint(3, 6),
            reason="建设单位调整总平面布置，需重新核算。",
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
        message.message_post(order=story.order, body="请问踏勘定在哪天？我们安排人陪同。", actor=story.clerk)
        yield story.later(0)
        message.message_post(order=story.order, body="明天上午九点半到厂区，麻烦准备平面图。", actor=story.agent)


def _batches(story: Story) -> Life:
    """Test batches of 3–12 groups, received in one or two visits, each with its report; one or two groups in a hundred fail."""
    rng, left, number = story.rng, story.plan.groups, 0
    parts = ("基础承台", "一层柱", "二层梁板", "地下室外墙", "屋面板", "桩基", "构造柱", "楼梯")
    received: list[TestBatch] = []
    while left:
        number += 1
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
        review_round.review_round_submit(order=story.order, actor=story.agent)
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


# --- after approval ---------------------------------------------------------------------------------------------------
def _after(story: Story) -> Life:
    if not Payment.objects.filter(order=story.pk, status=Payment.Status.SETTLED).exists():
        yield from _pay(story)
    if story.is_("complaint_upheld", "complaint_rejected"):
        yield from _complain(story)
    yield story.later(story.rng.choice((0, 1, 2)))
    if story.order.status in (Order.Status.APPROVED, Order.Status.CLOSED) and story.chance(0.8):
        order = story.order
        file = story.paper("电子发票", "invoice", story.agent)
        invoice.invoice_upload(
            order=order,
            number=f"{story.rng.randint(10**19, 10**20 - 1)}",
            amount_fen=order.fee_fen,
            file=file,
            issued_on=clock.today(),
            actor=story.agent,
        )
    yield from _rate(story)


def _complain(story: Story) -> Life:
    code, body = story.rng.choice(names.COMPLAINTS)
    filed = complaint.complaint_file(order=story.order, subject_code=code, body=body, actor=story.clerk)
    yield story.later(2)
    complaint.complaint_accept(complaint=filed, actor=story.world.operator)
    yield story.later(3)
    complaint.complaint_respond(complaint=filed, text=story.rng.choice(names.REPLIES), actor=story.agent)
    yield story.later(story.rng.randint(4, 9))
    upheld = story.is_("complaint_upheld")
    complaint.complaint_decide(
        complaint=filed,
        upheld=upheld,
        actor=story.world.operator,
        answer="经核实情况属实，责令机构限期整改并向业主书面说明。"
        if upheld
        else "经核查往来函件和合同，机构按约履行，投诉不成立。",
    )


def _rate(story: Story) -> Life:
    """Seven in ten buyers rate; nine of ten give five stars; two thirds write nothing. Bad work is rated as such."""
    rng = story.rng
    yield story.later(rng.randint(0, 4))
    order = story.order
    if order.status != Order.Status.APPROVED:
        return
    bad = story.is_("late_major", "complaint_upheld") or (story.is_("late_minor") and story.chance(0.5))
    if bad or story.chance(0.7):
        base = rng.choice((1, 2, 3)) if bad else rng.choices((5, 4, 3), (90 if story.quality > 0.7 else 76, 8, 2))[0]
        stars = {name: max(1, min(5, base + (rng.choice((0, 0, -1)) if base > 1 else 0))) for name in DIMENSIONS}
        remark = (
            rng.choice({5: names.FIVE, 4: names.FOUR, 3: names.THREE}.get(base, names.LOW))
            if bad or story.chance(0.34)
            else ""
        )
        needs_fact = any(value in (1, 5) for value in stars.values())
        rate.rating_submit(
            order=order,
            side="buyer",
            remark=remark,
            fact=_fact(story, base) if needs_fact else "",
            actor=story.clerk,
            **stars,
        )
    if story.chance(0.6):
        yield story.later(rng.randint(0, 3))
        order = story.order
        if order.status == Order.Status.APPROVED and order.ratings_revealed_at is None:
            stars = dict.fromkeys(DIMENSIONS, 4)
            rate.rating_submit(
                order=order,
                side="agency",
                remark=rng.choice(names.ABOUT_BUYER) if story.chance(0.3) else "",
                actor=story.agent,
                **stars,
            )


DIMENSIONS = ("quality", "timeliness", "attitude", "charging", "compliance")


def _fact(story: Story, base: int) -> str:
    order = story.order
    if base <= 2:
        return f"合同 {order.days} 个工作日，实际用时 {order.days_used} 个工作日。"
    return f"约定 {order.days} 个工作日，{order.days_used} 个工作日交付，成果验收合格。"
