"""The life of one order, from the day it is placed; what is not finished on the last day stays as it is."""

from __future__ import annotations

from agencies.models import Practitioner
from demo.engine import Life
from demo.lives.paying import pay as pay_fee
from demo.lives.placing import place as place_order
from demo.lives.settling import settle
from demo.lives.story import Story
from demo.lives.working import work
from demo.plan import OrderPlan
from demo.world import World
from kernel.money import round_div
from orders.models import Order
from orders.services import accept, cancel, contract, materials


def life(world: World, plan: OrderPlan) -> Life:
    yield plan.placed_at
    story = Story(world, plan)
    if not place_order(story):
        return
    yield from _before_work(story)
    if story.order.status != Order.Status.IN_SERVICE:
        return
    yield from work(story)
    if story.order.status != Order.Status.APPROVED:
        return
    yield from settle(story)


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
        fee = max(10_000, round_div(order.fee_fen * rng.randint(96, 108), 1_000_000) * 10_000)  # whole hundreds of yuan
        accept.order_propose(
            order=order, fee_fen=fee, days=order.days + rng.randint(0, 3), note="工作量比下单时估计的多，请按实际工作量调整。",
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
    _file_papers(story)
    if not story.public and story.order.payer == Order.Payer.BUYER:
        yield from pay_fee(story)
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


def _file_papers(story: Story) -> None:
    """Every other buyer files the papers of the list, two in three of them all; the rest hands them over by hand."""
    names = [paper["zh"] for paper in story.order.papers]
    if story.plan.number % 2 or not names:
        return
    kept = names if story.plan.number % 3 else names[:-1] or names
    filed = [(name, story.paper(name[:40], "material", story.clerk)) for name in kept]
    materials.materials_file(order=story.order, papers=filed, actor=story.clerk)


def _lead(story: Story) -> Practitioner | None:
    leads = list(
        Practitioner.objects.filter(agency=story.order.agency, can_lead=True, ended_on__isnull=True).order_by("pk")
    )
    return story.rng.choice(leads) if leads else None
