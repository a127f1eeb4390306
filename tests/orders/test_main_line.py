"""The main line of an order, through the services: from placing to the closing, on custody and on direct transfer."""

import pytest

from credit.models import CreditEvent
from kernel.models import AuditEntry, Deadline
from orders.models import LedgerEntry, Order, Payment
from orders.selectors.money import balance
from tests.orders.lives import ENDS, STATES, Life

pytestmark = pytest.mark.django_db


def test_the_whole_line(rulebook):
    life = Life()
    assert life.order.status == "placed"
    life.until("closed")
    order = life.order
    assert order.status == "closed"
    assert order.placed_at <= order.accepted_at <= order.started_at <= order.completed_at <= order.approved_at
    assert [(e.kind, e.credit, e.debit) for e in LedgerEntry.objects.filter(order=order)] == [
        ("capture", "buyer", "custody"),
        ("release", "custody", "agency"),
    ]
    assert balance(order).held == 0
    codes = set(CreditEvent.objects.filter(agency=order.agency).values_list("code", flat=True))
    assert codes == {"timeliness", "order", "performance", "rating"}
    assert not Deadline.objects.filter(subject=order.stream, state="open").exists()


def test_each_state_is_reached_and_audited(rulebook):
    life = Life()
    life.until("closed")
    states = AuditEntry.objects.filter(stream=life.order.stream, action__startswith="order.").exclude(to_state="")
    assert list(states.values_list("to_state", flat=True)) == [
        "placed", "accepted", "in_service", "delivered", "approved", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize("state", STATES + ENDS)
def test_every_state_can_be_made(rulebook, state):
    order = Life().until(state).order
    assert order.status in Order.Status.values
    if state == "paid":
        assert Payment.objects.get(order=order).status == "settled"
