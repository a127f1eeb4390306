"""The transactional outbox: the only way news travels upward. Rows are the record; Celery only nudges."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from kernel import clock
from kernel.models import OutboxMessage
from kernel.registries import nightly, outbox_handlers

log = logging.getLogger(__name__)
BATCH = 200
MAX_DELAY_S = 3600
KEPT = timedelta(days=30)


def announce(*, topic: str, payload: dict[str, Any]) -> None:
    """Write the message in the caller's transaction."""
    moment = clock.now()
    OutboxMessage.objects.create(topic=topic, payload=payload, created_at=moment, due_at=moment)


def drain(*, limit: int = 5000, skip: frozenset[str] = frozenset(), since: datetime | None = None) -> int:
    """Deliver what is due; returns how many messages were delivered. ``skip`` leaves topics for later, ``since`` takes
    only messages written after that moment (a demo's worker leaves the past to the replay).

    A batch is claimed by pushing its ``due_at`` ahead (SKIP LOCKED where there is one), then handled outside any
    transaction, because handlers touch files, networks and indexes. A crash in between delivers it again later.
    """
    delivered = 0
    while delivered < limit:
        batch = _claim(skip, since)
        if not batch:
            break
        by_topic: dict[str, list[OutboxMessage]] = defaultdict(list)
        for message in batch:
            by_topic[message.topic].append(message)
        for topic, messages in by_topic.items():
            for group in [[message] for message in messages] if topic in outbox_handlers.singly else [messages]:
                delivered += _deliver(topic, group)
    return delivered


def _claim(skip: frozenset[str], since: datetime | None) -> list[OutboxMessage]:
    moment = clock.now()
    with transaction.atomic():
        rows = OutboxMessage.objects.filter(done_at__isnull=True, due_at__lte=moment).order_by("due_at", "id")
        if skip:
            rows = rows.exclude(topic__in=skip)
        if since:
            rows = rows.filter(created_at__gte=since)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        batch = list(rows[:BATCH])
        OutboxMessage.objects.filter(pk__in=[m.pk for m in batch]).update(
            attempts=F("attempts") + 1, due_at=moment + timedelta(seconds=60)
        )
    return batch


def _deliver(topic: str, messages: list[OutboxMessage]) -> int:
    ids = [m.pk for m in messages]
    try:
        for handler in outbox_handlers[topic]:
            handler([m.payload for m in messages])
    except Exception as error:  # one bad topic must not stop the others; the message stays and says why
        log.exception("outbox %s failed", topic)
        for message in messages:
            if message.attempts + 1 >= outbox_handlers.attempts.get(topic, message.attempts + 2):
                log.error(
                    "outbox %s: message %s is given up after %s attempts", topic, message.pk, message.attempts + 1
                )
                OutboxMessage.objects.filter(pk=message.pk).update(
                    error=f"given up: {type(error).__name__}"[:300], done_at=clock.now()
                )
                continue
            delay = min(2 ** min(message.attempts + 1, 12), MAX_DELAY_S)
            OutboxMessage.objects.filter(pk=message.pk).update(
                error=f"{type(error).__name__}"[:300], due_at=clock.now() + timedelta(seconds=delay)
            )
        return 0
    OutboxMessage.objects.filter(pk__in=ids).update(done_at=clock.now(), error="")
    return len(ids)


@nightly.register("outbox")
def outbox_forget() -> int:
    """Delivered messages older than a month; what they told stands in the audit trail."""
    return OutboxMessage.objects.filter(done_at__lt=clock.now() - KEPT).delete()[0]
