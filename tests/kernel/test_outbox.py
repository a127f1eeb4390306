"""The outbox: written with the change, delivered at least once, patient with a handler that fails."""

from datetime import timedelta

import pytest
from django.db import transaction

from kernel import clock
from kernel.invariants import outbox_is_drained
from kernel.models import OutboxMessage
from kernel.registries import outbox_handlers
from kernel.services import outbox

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def heard(monkeypatch):
    seen = []
    monkeypatch.setitem(outbox_handlers, "test", [lambda payloads: seen.append(payloads)])
    return seen


def test_delivers_a_topic_in_one_call_and_once(heard):
    for n in range(3):
        outbox.announce(topic="test", payload={"n": n})
    assert outbox.drain() == 3
    assert heard == [[{"n": 0}, {"n": 1}, {"n": 2}]]
    assert outbox.drain() == 0


def test_a_change_that_is_rolled_back_says_nothing(heard):
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.announce(topic="test", payload={})
        raise RuntimeError
    assert outbox.drain() == 0
    assert heard == []


def test_a_failing_topic_waits_and_does_not_stop_the_others(heard, monkeypatch):
    calls = []

    def fails_once(payloads):
        calls.append(payloads)
        if len(calls) == 1:
            raise ConnectionError("secret in the message")

    monkeypatch.setitem(outbox_handlers, "broken", [fails_once])
    outbox.announce(topic="broken", payload={"n": 1})
    outbox.announce(topic="test", payload={"n": 2})
    assert outbox.drain() == 1
    row = OutboxMessage.objects.get(topic="broken")
    assert (row.done_at, row.error, row.attempts) == (None, "ConnectionError", 1)
    with clock.at(clock.now() + timedelta(hours=2)):
        assert any("broken" in sentence for sentence in outbox_is_drained())
        assert outbox.drain() == 1
        assert list(outbox_is_drained()) == []


def test_one_bad_addressee_does_not_repeat_the_others(monkeypatch):
    sent = []

    def send(payloads):
        for payload in payloads:
            if payload["to"] == "bad":
                raise ConnectionError
            sent.append(payload["to"])

    monkeypatch.setitem(outbox_handlers, "letters", [send])
    for to in ("a", "bad", "b"):
        outbox.announce(topic="letters", payload={"to": to})
    # The control: in one call, those before the bad one are reached at every try, those behind it never.
    outbox.drain()
    with clock.at(clock.now() + timedelta(hours=2)):
        outbox.drain()
    assert sent == ["a", "a"]
    sent.clear()
    monkeypatch.setattr(outbox_handlers, "singly", {"letters"})
    monkeypatch.setattr(outbox_handlers, "attempts", {"letters": 4})
    for hours in (4, 6, 8):
        with clock.at(clock.now() + timedelta(hours=hours)):
            outbox.drain()
    assert sent == ["a", "b"]
    assert OutboxMessage.objects.get(payload__to="bad").error == "given up: ConnectionError"
    assert list(outbox_is_drained()) == []


def test_the_real_topics_that_reach_somebody_go_one_at_a_time():
    assert {"mail", "sms", "refund_execute", "custody_release", "payment_check"} <= outbox_handlers.singly


def test_delivered_messages_are_forgotten_after_a_month(heard):
    outbox.announce(topic="test", payload={})
    outbox.drain()
    assert outbox.outbox_forget() == 0
    with clock.at(clock.now() + outbox.KEPT + timedelta(seconds=1)):
        outbox.announce(topic="test", payload={"waits": True})
        assert outbox.outbox_forget() == 1
    assert OutboxMessage.objects.get().payload == {"waits": True}


def test_several_rooms_hear_one_topic(monkeypatch):
    seen = []
    monkeypatch.setitem(outbox_handlers, "test", [lambda p: seen.append("first"), lambda p: seen.append("second")])
    outbox.announce(topic="test", payload={})
    outbox.drain()
    assert seen == ["first", "second"]


def test_topics_can_be_left_for_later(heard):
    outbox.announce(topic="test", payload={})
    assert outbox.drain(skip=frozenset({"test"})) == 0
    assert outbox.drain(since=clock.now() + timedelta(minutes=1)) == 0
    assert outbox.drain() == 1
