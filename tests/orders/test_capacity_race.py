"""Fifty buyers reach for the last slot at once, on PostgreSQL, each on a connection of their own: one order. The same
race with the guard taken off must go wrong, else this file proves nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from agencies.models import Listing
from agencies.services import capacity
from kernel.errors import DomainError
from kernel.registries import invariants
from orders.models import Order
from orders.services import place, projects
from tests import factories
from tests.orders.lives import place_order

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.django_db(transaction=True)]

BUYERS = 50


@pytest.fixture
def last_slot():
    call_command("load_rulebook", verbosity=0)
    return factories.make_listing(capacity=1)


@pytest.fixture
def buyers():
    """(project, person) of fifty enterprises."""
    found = []
    for n in range(BUYERS):
        organisation = factories.make_organisation(name=f"抢单企业{n}有限公司")
        person = factories.owner_of(organisation)
        project = projects.project_create(buyer=organisation, name=f"项目{n}", region=organisation.region, actor=person)
        found.append((project, person))
    return found


def race(arguments, act) -> list[str]:
    """Run ``act(*a)`` for all at once; "ok" or the code of the refusal, in order."""
    start = threading.Barrier(len(arguments))

    def run(given) -> str:
        try:
            start.wait(timeout=60)
            act(*given)
            return "ok"
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


def test_one_order_for_the_last_slot(last_slot, buyers):
    outcomes = race(buyers, lambda project, person: place_order(project, last_slot, person))
    assert sorted(outcomes) == ["listing.full"] * (BUYERS - 1) + ["ok"]
    assert Order.objects.count() == 1
    assert Listing.objects.get(pk=last_slot.pk).taken == 1
    assert not list(invariants["orders.capacity"]())


def test_control_without_the_guard_it_is_sold_many_times(last_slot, buyers, monkeypatch):
    """The guard is the one conditional UPDATE; look first and write afterwards, and the slot is sold again and again."""
    looked = threading.Barrier(BUYERS)

    def look_then_write(*, listing, actor):
        row = Listing.objects.select_related("agency__organisation", "item", "version").get(pk=listing.pk)
        if row.taken >= row.capacity:
            raise DomainError("listing.full", "full")
        looked.wait(timeout=60)
        row.taken += 1
        row.save(update_fields=["taken"])
        return row

    monkeypatch.setattr(place, "listing_take", look_then_write)
    outcomes = race(buyers, lambda project, person: place_order(project, last_slot, person))
    assert outcomes.count("ok") > 1
    assert list(invariants["orders.capacity"]())


def test_one_order_for_one_token(last_slot, buyers):
    """The same form from many tabs: all get the same order, and one slot is taken."""
    Listing.objects.filter(pk=last_slot.pk).update(capacity=BUYERS)
    project, person = buyers[0]
    outcomes = race([(project, person)] * 20, lambda p, who: place_order(p, last_slot, who, token="same"))
    assert outcomes == ["ok"] * 20
    assert Order.objects.count() == 1
    assert Listing.objects.get(pk=last_slot.pk).taken == 1


def test_the_last_slot_comes_back(last_slot, buyers):
    """Taken and given back in turns by many hands, the count never drifts."""
    from orders.services import accept

    Listing.objects.filter(pk=last_slot.pk).update(capacity=BUYERS)
    agency = factories.owner_of(last_slot.agency.organisation)

    def place_and_decline(project, person):
        order = place_order(project, last_slot, person)
        accept.order_decline(order=order, reason="busy", actor=agency)

    outcomes = race(buyers[:20], place_and_decline)
    assert outcomes == ["ok"] * 20
    assert Listing.objects.get(pk=last_slot.pk).taken == 0
    assert capacity.listing_take(listing=last_slot, actor=None).taken == 1
