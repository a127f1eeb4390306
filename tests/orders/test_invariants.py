"""Every invariant of orders and money: clean on lives made by the services, and a violation planted by raw SQL is refused
by the database or found by the check."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from kernel import clock
from kernel.registries import invariants
from orders.services import complaint, pause
from tests import factories
from tests.orders.lives import ENDS, STATES, Life

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

OURS = sorted(name for name in invariants if name.split(".")[0] in ("money", "orders", "ratings", "complaints"))


def violations() -> dict[str, list[str]]:
    return {name: found for name in OURS if (found := list(invariants[name]()))}


def sql(statement: str, *values: object) -> None:
    """Raw SQL past every service; moments as the engine stores them."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(statement, [adapt(v) if isinstance(v, datetime) else v for v in values])


@pytest.fixture
def closed(rulebook):
    return Life().until("closed").order


@pytest.fixture
def serving(rulebook):
    return Life().until("in_service").order


def test_clean_in_every_state(rulebook):
    life = Life()
    for state in STATES:
        life.until(state)
        assert violations() == {}, state
    for state in ENDS:
        Life(buyer=life.buyer, listing=life.listing, lead=life.lead).until(state)
        assert violations() == {}, state


def test_clean_beside_the_main_line(rulebook):
    """Public buyers, direct transfer, tests, pauses, complaints."""
    public = Life(buyer=factories.make_organisation("public_body"), fund="public").until("closed")
    tested = Life(listing=factories.make_listing(item=factories.make_item(fee_unit="test_group"), unit="test_group"),
                  quantity_milli=12_000).until("closed")  # fmt: skip
    paused = Life().until("in_service")
    pause.pause_ask(order=paused.order, cause="weather", actor=paused.by_agency)
    pause.pause_answer(order=paused.order, agreed=True, actor=paused.by_buyer)
    unhappy = Life().until("delivered")
    complaint.complaint_file(order=unhappy.order, subject_code="quality", body="数据有误", actor=unhappy.by_buyer)
    unhappy.approved()
    assert public.order.status == tested.order.status == "closed"
    assert violations() == {}


# --- found ------------------------------------------------------------------------------------------------------------
BOOK = "INSERT INTO orders_ledgerentry (order_id, kind, credit, debit, amount_fen, cause, at) VALUES (%s,%s,%s,%s,%s,%s,%s)"


def book(order, kind, credit, debit, amount):
    sql(BOOK, order.pk, kind, credit, debit, amount, f"planted:{kind}", clock.now())


def on_order(statement):
    return lambda order: sql(f"UPDATE orders_order SET {statement} WHERE id = %s", order.pk)


def on_part(table, statement, key="order_id"):
    return lambda order: sql(f"UPDATE {table} SET {statement} WHERE {key} = %s", order.pk)


def plant_deadline(order, code="order.pay"):
    sql(
        "INSERT INTO kernel_deadline (subject, code, started_at, limit_days, due_at, state) VALUES (%s,%s,%s,5,%s,'open')",
        order.stream,
        code,
        clock.now(),
        clock.now() + timedelta(days=5),
    )


def plant_event(order):
    reference = order.payments.get().reference
    sql(
        "INSERT INTO orders_paymentevent (gateway, event_id, kind, body, received_at) VALUES (%s,%s,%s,%s,%s)",
        "sandbox",
        "evt_planted",
        "payment.succeeded",
        f'{{"reference": "{reference}"}}',
        clock.now(),
    )


def plant_complaint(order):
    sql(
        "INSERT INTO orders_complaint (number, order_id, status, by_agency, subject_code, body, filed_at, filed_by_id,"
        " response, answer) VALUES ('TS-1', %s, 'filed', %s, 'other', 'x', %s, %s, '', '')",
        order.pk,
        False,
        order.approved_at - timedelta(hours=1),
        order.placed_by_id,
    )


def doubt(order):
    when = clock.now() - timedelta(minutes=16)
    sql("UPDATE orders_payment SET status = 'unknown', created_at = %s WHERE order_id = %s", when, order.pk)


def unanswered_return(order):
    when = clock.now() - timedelta(hours=25)
    sql(
        "UPDATE orders_payment SET status = 'returned', return_reference = 'B-1', return_ordered_at = %s WHERE order_id = %s",
        when,
        order.pk,
    )


def late_due(order):
    sql(
        "UPDATE kernel_deadline SET due_at = %s WHERE subject = %s AND code = 'order.service'",
        clock.now() + timedelta(days=90),
        order.stream,
    )


def unconfirm(order):
    sql("UPDATE orders_contract SET buyer_confirmed_at = NULL WHERE order_id = %s", order.pk)


def silent_public(order):
    sql("UPDATE orders_deliverable SET decided_by_id = NULL WHERE order_id = %s", order.pk)
    sql("UPDATE kernel_organisation SET kind = 'public_body' WHERE id = %s", order.buyer_id)


FOUND = {
    "money.held": lambda o: book(o, "refund", "custody", "buyer", 1),
    "money.direct_refund": lambda o: book(o, "refund", "agency", "buyer", 1),
    "money.one_capture": on_part("orders_payment", "amount_fen = amount_fen + 1"),
    "money.refund_booked": lambda o: book(o, "refund", "agency", "buyer", 1),
    "money.closed_is_settled": lambda o: book(o, "refund", "custody", "buyer", 1),
    "money.custodian": on_part("orders_payment", "provider_ref = 'SBOTHER'"),
    "money.unknown": doubt,
    "money.returned": unanswered_return,
    "money.event_handled": plant_event,
    "orders.history": on_order("status = 'declined', end_reason = 'busy'"),
    "orders.part_history": on_part("orders_payment", "status = 'failed'"),
    "orders.completed": on_part("orders_deliverable", "delivered_at = decided_at"),
    "orders.days_used": on_order("days_used = days_used + 1"),
    "orders.ended_deadlines": plant_deadline,
    "orders.approval_waits": lambda o: plant_deadline(o, "order.approve"),
    "orders.capacity": lambda o: sql("UPDATE agencies_listing SET taken = taken + 1 WHERE id = %s", o.listing_id),
    "orders.contract": unconfirm,
    "orders.public_approval": silent_public,
    "orders.external_review": on_order("external_review = (1 = 1)"),
    "orders.test_groups": on_order("unit = 'test_group'"),
    "orders.attachment_owner": lambda o: sql(
        "UPDATE kernel_attachment SET subject = 'order:0' WHERE subject = %s", o.stream
    ),
    "ratings.sealed": on_part("orders_rating", "revealed_at = NULL"),
    "complaints.frozen": plant_complaint,
}


def test_planted_violations_are_found(closed):
    """One order for all: each plant is rolled back before the next."""
    missed = []
    for name, plant in FOUND.items():
        assert not list(invariants[name]()), name
        with transaction.atomic():
            plant(closed)
            if not list(invariants[name]()):
                missed.append(name)
            transaction.set_rollback(True)
    assert missed == []


def test_money_released_early_is_found(serving):
    book(serving, "release", "custody", "agency", serving.fee_fen)
    assert list(invariants["money.release_after_approval"]())


def test_money_left_in_custody_is_found(serving):
    on_order("status = 'terminated', end_reason = 'agreed'")(serving)
    assert list(invariants["money.stranded"]())


def test_moved_service_deadline_is_found(serving):
    late_due(serving)
    assert list(invariants["orders.service_deadline"]())


def test_lost_service_deadline_is_found(serving):
    sql("UPDATE kernel_deadline SET state = 'met', ended_at = due_at WHERE subject = %s", serving.stream)
    assert list(invariants["orders.service_deadline"]())


# --- refused ----------------------------------------------------------------------------------------------------------
PAYMENT = (
    "INSERT INTO orders_payment (order_id, gateway, status, amount_fen, reference, created_at, settled_at, failure)"
    " VALUES (%s, 'sandbox', %s, %s, %s, %s, %s, '')"
)


def second_capture(order):
    sql(PAYMENT, order.pk, "settled", order.fee_fen, "second", clock.now(), clock.now())


def copy_token(order):
    sql("UPDATE orders_order SET token = %s WHERE id <> %s", order.token, order.pk)


def lonely_refund(order):
    sql(
        "INSERT INTO orders_refund (order_id, payment_id, amount_fen, reason, status, reference, two_people,"
        " proposed_at, proposed_by_id, granted_at, granted_by_id)"
        " VALUES (%s, %s, 1, 'x', 'granted', 'R1', %s, %s, %s, %s, %s)",
        order.pk,
        order.payments.get().pk,
        True,
        clock.now(),
        order.placed_by_id,
        clock.now(),
        order.placed_by_id,
    )


REFUSED = {
    "a fee of nothing": on_order("fee_fen = 0"),
    "accepted before placed": on_order("placed_at = approved_at, accepted_at = started_at"),
    "completed before accepted": on_order("accepted_at = approved_at"),
    "received before completed": on_order("received_at = placed_at"),
    "approved without completion": on_order("completed_at = NULL"),
    "closed without ratings": on_order("ratings_revealed_at = NULL"),
    "ended without a reason": on_order("status = 'cancelled'"),
    "secret": on_order("not_secret = (1 = 0)"),
    "counter without authorisation": on_order("channel = 'counter'"),
    "one token, two orders": copy_token,
    "a second capture in the book": lambda o: book(o, "capture", "buyer", "custody", 1),
    "a second release": lambda o: book(o, "release", "custody", "agency", 1),
    "an amount below zero": lambda o: book(o, "refund", "custody", "buyer", -1),
    "an unknown move": lambda o: book(o, "release", "buyer", "custody", 1),
    "a booking changed": on_part("orders_ledgerentry", "amount_fen = amount_fen + 1"),
    "a booking deleted": lambda o: sql("DELETE FROM orders_ledgerentry WHERE order_id = %s", o.pk),
    "an event changed": lambda o: sql("UPDATE orders_paymentevent SET kind = 'other'"),
    "an event deleted": lambda o: sql("DELETE FROM orders_paymentevent"),
    "a second settled payment": second_capture,
    "settled without a time": on_part("orders_payment", "settled_at = NULL"),
    "returned without an order to": on_part("orders_payment", "status = 'returned'"),
    "a large refund by one person": lonely_refund,
    "six stars": on_part("orders_rating", "quality = 6"),
    "two ratings of one side": on_part("orders_rating", "side = 'buyer'"),
    "more out of the bank than in": lambda o: sql("UPDATE orders_bankdeposit SET refunded_fen = 1"),
    "more slots than there are": lambda o: sql("UPDATE agencies_listing SET taken = capacity + 1"),
}


def test_database_refuses(closed):
    Life(buyer=closed.buyer, listing=closed.listing, lead=closed.lead)
    let_through = []
    for what, plant in REFUSED.items():
        try:
            with transaction.atomic():
                plant(closed)
                transaction.set_rollback(True)
        except DatabaseError:
            continue
        let_through.append(what)
    assert let_through == []


def test_every_invariant_has_its_plant():
    """Nothing is registered that no test has seen fail; two_people and times are held by constraints."""
    planted = {*FOUND, "money.release_after_approval", "orders.service_deadline", "money.stranded",
               "money.two_people", "orders.times"}  # fmt: skip
    assert set(OURS) == planted
