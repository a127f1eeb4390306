"""The plan of the demo: its scale, its shape, and that it is the same every time."""

from bisect import bisect_right
from collections import Counter
from datetime import date, timedelta

import pytest
from stdnum.cn import uscc

from demo import plan as plans
from demo.scale import FULL
from kernel import clock, workdays

pytestmark = pytest.mark.django_db
UNTIL = date(2026, 11, 22)


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return plans.build(UNTIL)


def test_the_scale_of_the_first_five_months(plan):
    real = [order for order in plan.orders if order.outcome not in dict(FULL.ended)]
    assert len(plan.agencies) == 124
    assert len({a.category for a in plan.agencies}) == 15
    assert len(real) == 436
    assert sum(order.groups for order in real) == 4352
    assert sum(order.counter for order in real) == 300
    assert Counter(o.category for o in real) == {category: orders for category, (_n, orders) in FULL.categories.items()}


def test_months_ramp_and_nothing_happens_on_holidays(plan):
    firsts = [plan.opening + timedelta(days=month * FULL.days // 5) for month in range(1, 5)]
    real = [order for order in plan.orders if order.outcome not in dict(FULL.ended)]
    by_month = Counter(bisect_right(firsts, clock.civil(order.placed_at)) for order in real)
    assert tuple(by_month[month] for month in range(5)) == FULL.months == tuple(sorted(FULL.months))
    assert all(workdays.is_workday(clock.civil(order.placed_at)) for order in plan.orders)


def test_few_hold_much_and_many_hold_little(plan):
    orders = Counter(order.agency for order in plan.orders)
    held = sorted((orders[a.number] for a in plan.agencies), reverse=True)
    assert sum(held[:30]) > sum(held) // 2
    assert sum(count <= 1 for count in held) >= len(held) // 4


def test_nobody_is_asked_before_the_doors_are_open(plan):
    for order in plan.orders:
        assert workdays.add(plan.agencies[order.agency].enters_on, 13) <= clock.civil(order.placed_at)


def test_codes_are_right_and_belong_to_nobody(plan):
    codes = [row.uscc for row in [*plan.agencies, *plan.buyers]]
    assert all(uscc.is_valid(code) for code in codes)
    assert len(set(codes)) == len(codes)
    assert all(code[2:8] == "330499" for code in codes)


def test_the_same_day_gives_the_same_plan_and_another_day_another(plan):
    again = plans.build(UNTIL)
    assert (again.agencies, again.buyers, again.orders) == (plan.agencies, plan.buyers, plan.orders)
    assert plans.build(date(2026, 10, 30)).orders != plan.orders
