"""What the steps of one order share."""

from __future__ import annotations

from datetime import datetime
from random import Random

from demo import papers
from demo.engine import after_workdays
from demo.plan import OrderPlan
from demo.world import World
from kernel import clock
from orders.models import Order


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
        return Order.objects.get(pk=self.pk)

    def later(self, days: int) -> datetime:
        return after_workdays(clock.now(), days, self.rng)

    def is_(self, *outcomes: str) -> bool:
        return self.plan.outcome in outcomes

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def paper(self, title: str, purpose: str, actor: object) -> object:
        return papers.hand_in(title=title, subject=f"order:{self.pk}", purpose=purpose, actor=actor)
