"""The life of one order, from the day it is placed; what is not finished on the last day stays as it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from agencies.models import Listing, Practitioner
from kernel import clock, workdays
from kernel.errors import DomainError
from orders.models import Order
from orders.services import accept, cancel, complaints, contract, deliver, external_review, extension, lead_change
from orders.services import materials, messages, pause, pay, projects, rate
from orders.services.place import order_place

from demo import names, papers
from demo.engine import Life, after_workdays, office
from demo.lives.money import settle_offline, settle_sandbox
from demo.lives.testing import batches
from demo.plan import OrderPlan
from demo.world import World


class Story:
    """What the steps of one order share."""

    def __init__(self, world: World, plan: OrderPlan) -> None:
        self.world, self.plan = world, plan
        self.rng = Random(plan.seed)  # noqa: S311
        self.buyer = world.buyers[plan.buyer]
        self.clerk = world.clerks[plan.buyer]
        self.agent = world.agents[plan.agency]
        self.quality = world.plan.agencies[plan.agency].quality
        self.public = world.plan.buyers[plan.buyer].public
        self.order: Order

    def later(self, days: int) -> datetime:
        return after_workdays(clock.now(), days, self.rng)

    def is_(self, outcome: str) -> bool:
        return self.plan.outcome == outcome
