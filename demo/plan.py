"""What will happen in the five months, decided before anything does: who, what, when, how well. Pure and deterministic.

Shape: months ramp, few agencies hold much of the work, most ratings are good, and the bad things are few and told. How
much of it there is says ``scale.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random

from demo import names
from demo.engine import working_moment
from demo.scale import FULL, Counts, Scale
from kernel import clock, workdays

ENTRY_DAYS = 36
# The last agencies come in so many days before the end.
LATEST_COMER_DAYS = 43
# What firms of a trade usually do besides.
BESIDE = {
    "eia": ["water", "safety"], "cost": ["tender"], "tender": ["cost"], "surveying": ["house-survey"],
    "safety": ["occupational-health"], "consulting": ["energy"], "energy": ["consulting"],
}  # fmt: skip


@dataclass(frozen=True)
class AgencyPlan:
    """One agency: ``quality`` 0…1 steers lateness, first passes and ratings; ``weight`` its share of orders."""

    number: int
    name: str
    uscc: str
    category: str
    categories: tuple[str, ...]
    place: str
    quality: float
    weight: float
    people: int
    enters_on: date
    last_day: date  # of the replay
    role: str = ""  # a part in the story: "breach", "withdrawn", "newcomer", "expired", "expiring", "renewed", "login"


@dataclass(frozen=True)
class BuyerPlan:
    number: int
    name: str
    uscc: str
    public: bool


@dataclass(frozen=True)
class OrderPlan:
    """One order. ``outcome`` names what is unusual about it, if anything."""

    number: int
    category: str
    agency: int
    buyer: int
    placed_at: datetime
    counter: bool
    groups: int
    outcome: str
    seed: str


@dataclass
class Plan:
    scale: Scale
    opening: date
    start: datetime
    until: datetime
    agencies: list[AgencyPlan] = field(default_factory=list)
    buyers: list[BuyerPlan] = field(default_factory=list)
    orders: list[OrderPlan] = field(default_factory=list)


ENDED_CATEGORIES = ("eia", "surveying", "cost", "house-survey", "tender", "audit", "safety")
# An order with samples needs so many days to have them all taken in, one that ends so many to have ended.
TESTS_LAST_DAYS, ENDED_LAST_DAYS = 24, 20
FIRST_BUYER_WEIGHT = 12


def build(until: date, scale: Scale = FULL, seed: str = "chengxuan") -> Plan:
    """The plan whose last day is ``until``; another ``seed`` tells another story of the same size."""
    rng = Random(f"{seed}:plan")  # noqa: S311 (a story, not a secret)
    opening = until - timedelta(days=scale.days)
    start = working_moment(opening - timedelta(days=ENTRY_DAYS), rng)
    plan = Plan(scale, opening, start, workdays.close_of(until))
    _agencies(plan, rng)
    _buyers(plan, rng)
    _orders(plan, rng)
    return plan


def _agencies(plan: Plan, rng: Random) -> None:
    taken: set[str] = set()
    places, weights = zip(*((place, weight) for place, (_, weight) in names.PLACES.items()), strict=True)
    for category, (count, _) in plan.scale.categories.items():
        for position in range(count):
            place = rng.choices(places, weights)[0]
            beside = [c for c in BESIDE.get(category, []) if rng.random() < 0.3]
            people = (
                rng.randint(20, 60)
                if category == "testing"
                else rng.randint(8, 30)
                if category == "audit"
                else rng.randint(6, 15)
            )
            late_comer = position >= count * 0.75
            plan.agencies.append(
                AgencyPlan(
                    number=len(plan.agencies),
                    name=names.agency(rng, category, place, taken),
                    uscc=names.social_code(rng, "12" if rng.random() < 0.04 else "91"),
                    category=category,
                    categories=(category, *beside),
                    place=place,
                    quality=min(max(rng.gauss(0.8, 0.14), 0.25), 0.99),
                    # One or two hold a third of the work, a third of the agencies have none or one.
                    weight=(9.0, 5.0)[position]
                    if position < 2
                    else 0.12
                    if position >= count * 0.67
                    else rng.uniform(0.8, 2.5),
                    people=people,
                    enters_on=plan.opening - timedelta(days=ENTRY_DAYS - rng.randint(0, 16))
                    if not late_comer
                    else plan.opening + timedelta(days=rng.randint(3, plan.scale.days - LATEST_COMER_DAYS)),
                    last_day=clock.civil(plan.until),
                )
            )
    _parts(plan)


def _parts(plan: Plan) -> None:
    """Give agencies their part in the story; a part that nobody can play is left out."""
    parts = {
        "login": ("eia", 0), "breach": ("eia", 1), "withdrawn": ("surveying", 1), "expired": ("surveying", 3),
        "expiring": ("testing", 2), "renewed": ("safety", 1), "newcomer": ("cost", 13),
    }  # fmt: skip
    for role, (category, position) in parts.items():
        trade = [a for a in plan.agencies if a.category == category]
        if position >= len(trade):
            continue
        row = trade[position]
        changes: dict[str, object] = {"role": role}
        if role == "breach":
            changes["quality"] = 0.45
        if role == "login":
            changes["quality"] = 0.93
        if role == "newcomer":
            changes["enters_on"] = clock.civil(plan.until) - timedelta(days=20)
        plan.agencies[row.number] = AgencyPlan(**{**row.__dict__, **changes})


def _buyers(plan: Plan, rng: Random) -> None:
    taken: set[str] = set()
    for _ in range(plan.scale.enterprises):
        plan.buyers.append(BuyerPlan(len(plan.buyers), names.enterprise(rng, taken), names.social_code(rng), False))
    for name in names.PUBLIC_BUYERS:
        plan.buyers.append(BuyerPlan(len(plan.buyers), name, names.social_code(rng, "11"), True))


def _orders(plan: Plan, rng: Random) -> None:
    slots = _slots(plan, rng)
    outcomes = iter(_outcomes(plan.scale.unusual, len(slots), rng))
    counter = [n < plan.scale.counter for n in range(len(slots))]
    rng.shuffle(counter)
    drawn = [
        (moment, category, at_desk, next(outcomes)) for (moment, category), at_desk in zip(slots, counter, strict=True)
    ]
    trades = [category for category in ENDED_CATEGORIES if category in plan.scale.categories]
    for outcome, count in plan.scale.ended:
        for _n in range(count):
            moment = working_moment(
                plan.opening + timedelta(days=rng.randint(5, plan.scale.days - ENDED_LAST_DAYS)), rng
            )
            drawn.append((moment, rng.choice(trades), False, outcome))
    groups = iter(_split(plan.scale.groups, plan.scale.categories["testing"][1], rng))
    for number, (moment, category, at_desk, outcome) in enumerate(sorted(drawn)):
        samples = next(groups) if category == "testing" else 0
        agency, buyer = _pair(plan, rng, category, moment)
        plan.orders.append(
            OrderPlan(number, category, agency, buyer, moment, at_desk, samples, outcome, f"order:{number}")
        )
    _last_days(plan)


def _last_days(plan: Plan) -> None:
    """Two orders with something unusual on the last day: samples that are not taken in yet, an end by agreement."""
    latest = clock.civil(plan.until) - timedelta(days=ENDED_LAST_DAYS)
    samples = max(order.number for order in plan.orders if order.groups)
    agreed = max(
        order.number
        for order in plan.orders
        if order.category in ENDED_CATEGORIES
        and not (order.outcome or plan.buyers[order.buyer].public)
        and clock.civil(order.placed_at) <= latest
    )
    for number, outcome in ((samples, "samples_late"), (agreed, "terminated")):
        plan.orders[number] = replace(plan.orders[number], outcome=outcome)


def _slots(plan: Plan, rng: Random) -> list[tuple[datetime, str]]:
    """When which trade is asked for; tests not in the last weeks, so that every planned group is taken in."""
    moments = sorted(_moments(plan, rng))
    late = clock.civil(plan.until) - timedelta(days=TESTS_LAST_DAYS)
    early = [n for n, moment in enumerate(moments) if clock.civil(moment) < late]
    tests = set(rng.sample(early, plan.scale.categories["testing"][1]))
    others = [
        category
        for category, (_, count) in plan.scale.categories.items()
        if category != "testing"
        for _ in range(count)
    ]
    rng.shuffle(others)
    return [(moment, "testing" if n in tests else others.pop()) for n, moment in enumerate(moments)]


def _pair(plan: Plan, rng: Random, category: str, moment: datetime) -> tuple[int, int]:
    """Which agency by its share of the trade, which buyer by who buys such things."""
    ready = [
        a
        for a in plan.agencies
        if a.category == category
        and workdays.add(a.enters_on, 13) <= clock.civil(moment)
        and not (a.role == "expired" and moment > plan.until - timedelta(days=30))
    ]
    agency = rng.choices(ready, [a.weight for a in ready])[0]
    is_public = (category in ("drawing-review", "cost", "tender") and rng.random() < 0.7) or rng.random() < 0.08
    buyers = [b.number for b in plan.buyers if b.public == is_public]
    # The first of each kind is who visitors sign in as: there must be something on every one of its lists.
    return agency.number, rng.choices(buyers, [FIRST_BUYER_WEIGHT, *[1] * (len(buyers) - 1)])[0]


def _moments(plan: Plan, rng: Random) -> list[datetime]:
    """Times of placing: the months ramp, Thursdays, Fridays and months' ends are busier, nothing on holidays."""
    found: list[datetime] = []
    scale = plan.scale
    parts = len(scale.months)
    for month, count in enumerate(scale.months):
        first = plan.opening + timedelta(days=month * scale.days // parts)
        days = [first + timedelta(days=n) for n in range(scale.days // parts)]
        days = [day for day in days if workdays.is_workday(day) and day < clock.civil(plan.until)]
        weights = [1.5 if day.weekday() in (3, 4) else 1.0 for day in days]
        found += [working_moment(rng.choices(days, weights)[0], rng) for _ in range(count)]
    return found


def _outcomes(unusual: Counts, total: int, rng: Random) -> list[str]:
    found = [name for name, count in unusual for _ in range(count)]
    found += [""] * (total - len(found))
    rng.shuffle(found)
    return found


def _split(total: int, parts: int, rng: Random) -> list[int]:
    """``total`` in ``parts`` uneven whole numbers, each at least 12."""
    weights = [rng.lognormvariate(0, 0.7) for _ in range(parts)]
    shares = [12 + int((total - 12 * parts) * w / sum(weights)) for w in weights]
    shares[0] += total - sum(shares)
    return shares
