"""Two services that need the same rows take them in one order, so PostgreSQL never has to shoot one of them. Each pair is
brought to the very moment at which it used to wait in a circle; with the old order planted, it does again."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from agencies.models import Agency, Listing
from agencies.services import shop
from kernel import clock
from kernel.errors import DomainError
from kernel.models import Deadline
from kernel.services import deadlines
from orders.models import Order
from orders.services import cancel, materials, place
from tests.orders.lives import Life, place_order

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.django_db(transaction=True)]

# How long one waits for the other to come to its lock; where the guard holds, it cannot come and we go on.
PATIENCE_S = 2


@pytest.fixture
def life(db):
    call_command("load_rulebook", verbosity=0)
    return Life()


@pytest.fixture
def meet(monkeypatch):
    """``meet(where, name, …)``: the function (or ``act`` in its place) tells one event when it is done, and waits for
    another."""

    def met(where, name, *, wait=None, tell=None, act=None):
        real = act or getattr(where, name)

        def stopped(*args, **kwargs):
            found = real(*args, **kwargs)
            if tell is not None:
                tell.set()
            if wait is not None:
                wait.wait(PATIENCE_S)
            return found

        monkeypatch.setattr(where, name, stopped)

    return met


def together(*acts) -> list[str]:
    """Each act on a connection of its own; "done", the code of a refusal, or "deadlock"."""

    def run(act) -> str:
        try:
            act()
            return "done"
        except DomainError as error:
            return error.code
        except OperationalError as error:
            assert "deadlock" in str(error)
            return "deadlock"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


# --- placing, while the agency changes the listing --------------------------------------------------------------------
def place_while_pausing(life, meet, lock_agency=None) -> list[str]:
    slot_taken, agency_locked = threading.Event(), threading.Event()
    meet(place, "listing_take", tell=slot_taken, wait=agency_locked)
    meet(shop, "lock_agency", tell=agency_locked, act=lock_agency)

    def pause():
        slot_taken.wait(PATIENCE_S)
        shop.listing_pause(listing=life.listing, actor=life.by_agency)

    return together(lambda: place_order(life.project, life.listing, life.by_buyer), pause)


def test_placing_while_the_listing_is_paused(life, meet):
    assert place_while_pausing(life, meet) == ["done", "done"]
    assert Listing.objects.get(pk=life.listing.pk).status == "paused"


def test_control_an_agency_locked_with_its_key(life, meet):
    def with_key(agency):
        return Agency.objects.select_for_update(of=("self",)).select_related("organisation__region").get(pk=agency.pk)

    assert place_while_pausing(life, meet, with_key) == ["deadlock", "done"]


# --- an end that leaves a lead, while the agency changes the listing ---------------------------------------------------
def give_up_while_pausing(life, meet, first: str) -> list[str]:
    life.until("accepted")
    under_way, agency_locked = threading.Event(), threading.Event()
    meet(cancel, first, tell=under_way, wait=agency_locked)
    meet(shop, "lock_agency", tell=agency_locked)

    def pause():
        under_way.wait(PATIENCE_S)
        shop.listing_pause(listing=life.listing, actor=life.by_agency)

    def give_up():
        cancel.order_cancel(order=life.order, reason="agency_gives_up", actor=life.by_agency)

    return together(give_up, pause)


@pytest.mark.parametrize("first", ("incident_report", "listing_release"))
def test_giving_up_while_the_listing_is_paused(life, meet, first):
    assert give_up_while_pausing(life, meet, first) == ["done", "done"]
    assert Order.objects.get(pk=life.order.pk).status == "cancelled"


def test_control_the_slot_given_back_before_the_lead(life, meet, monkeypatch):
    report, release = cancel.incident_report, cancel.listing_release
    monkeypatch.setattr(cancel, "listing_release", lambda **_: None)

    def slot_first(order, code, **facts):
        give_back(listing=order.listing, actor=None)
        report(order, code, **facts)

    monkeypatch.setattr(cancel, "incident_report", slot_first)
    under_way, agency_locked = threading.Event(), threading.Event()

    def give_back(**arguments):
        release(**arguments)
        under_way.set()
        agency_locked.wait(PATIENCE_S)

    life.until("accepted")
    meet(shop, "lock_agency", tell=agency_locked)

    def pause():
        under_way.wait(PATIENCE_S)
        shop.listing_pause(listing=life.listing, actor=life.by_agency)

    outcomes = together(
        lambda: cancel.order_cancel(order=life.order, reason="agency_gives_up", actor=life.by_agency), pause
    )
    assert outcomes == ["deadlock", "done"]


# --- the sweep, while somebody does what the deadline asks for ---------------------------------------------------------
def sweep_while_answering(life, meet) -> list[str]:
    life.until("paid")
    deadline = Deadline.objects.get(subject=life.order.stream, code="order.materials", state="open")
    late = deadline.due_at + timedelta(seconds=1)
    order_locked, claimed = threading.Event(), threading.Event()
    meet(materials, "lock_order", tell=order_locked, wait=claimed)
    meet(deadlines, "_claim", tell=claimed)
    failures: list[str] = []
    meet(deadlines.log, "exception", act=lambda *_: failures.append("deadlock"))

    def sweep():
        order_locked.wait(PATIENCE_S)
        with clock.at(late):
            deadlines._fire(deadline.pk)

    def answer():
        materials.materials_complete(order=life.order, actor=life.by_agency)

    return sorted([*together(sweep, answer), *failures])


def test_answering_while_the_limit_passes(life, meet):
    assert sweep_while_answering(life, meet) == ["done", "done"]
    assert Order.objects.get(pk=life.order.pk).status == "in_service"
    assert Deadline.objects.get(subject=life.order.stream, code="order.materials").state == "met"


def test_control_a_deadline_claimed_before_its_order(life, meet, monkeypatch):
    monkeypatch.setattr(deadlines, "_lock", lambda subject: None)
    assert "deadlock" in sweep_while_answering(life, meet)
