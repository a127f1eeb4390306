"""Histories: replaying the audit trail along the tables ends in the state that the row has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kernel.machine import Machine
from kernel.models import AuditEntry
from kernel.registries import invariants
from orders import machines
from orders.models import (
    Complaint,
    Deliverable,
    Extension,
    ExternalReviewRound,
    LeadChange,
    Order,
    PauseConsent,
    Payment,
    Refund,
    TestBatch,
)

CHUNK = 2000
# (machine, its rows, where their state stands)
PARTS: tuple[tuple[Machine, Any, str], ...] = (
    (machines.PAYMENT, Payment, "status"),
    (machines.REFUND, Refund, "status"),
    (machines.DELIVERABLE, Deliverable, "status"),
    (machines.REVIEW_ROUND, ExternalReviewRound, "result"),
    (machines.BATCH, TestBatch, "status"),
    (machines.EXTENSION, Extension, "status"),
    (machines.PAUSE, PauseConsent, "status"),
    (machines.LEAD_CHANGE, LeadChange, "status"),
    (machines.COMPLAINT, Complaint, "status"),
)


def _steps(machine: Machine) -> set[tuple[str, str]]:
    return {(source, row.target) for row in machine.transitions for source in row.sources}


@invariants.register("orders.history")
def history_replays_to_the_state() -> Iterator[str]:
    """An order's entries, in order, each start where the one before ended, follow the table, and end in its status."""
    told: dict[str, str] = {}
    rows = AuditEntry.objects.filter(stream__startswith="order:", action__startswith="order.").exclude(to_state="")
    steps = _steps(machines.ORDER)
    for stream, before, after in (
        rows.order_by("stream", "seq").values_list("stream", "from_state", "to_state").iterator(chunk_size=CHUNK)
    ):
        yield from _follow(stream, told.get(stream, ""), before, after, steps)
        told[stream] = after
    for pk, number, status in Order.objects.values_list("pk", "number", "status").iterator(chunk_size=CHUNK):
        if told.get(f"order:{pk}") != status:
            yield f"{number}: is {status}, its history says {told.get(f'order:{pk}') or 'nothing'}"


@invariants.register("orders.part_history")
def part_histories_replay() -> Iterator[str]:
    """The same for the rows beside the order: payments, refunds, deliveries, pauses, complaints…

    An entry whose details were erased by law cannot be assigned; its row is then not judged."""
    for machine, model, field in PARTS:
        yield from _replay(machine, model, field)


def _replay(machine: Machine, model: Any, field: str) -> Iterator[str]:
    name, steps, told, erased = machine.name, _steps(machine), {}, False
    rows = AuditEntry.objects.filter(action__startswith=f"{name}.").exclude(to_state="")
    rows = rows.order_by("stream", "seq").values_list("from_state", "to_state", "detail__data")
    for before, after, data in rows.iterator(chunk_size=CHUNK):
        if not data or name not in data:
            erased = True
            continue
        pk = data[name]
        yield from _follow(f"{name} {pk}", told.get(pk, ""), before, after, steps)
        told[pk] = after
    if erased:
        return
    for pk, state in model.objects.values_list("pk", field).iterator(chunk_size=CHUNK):
        if told.get(pk) != state:
            yield f"{name} {pk}: is {state}, its history says {told.get(pk) or 'nothing'}"


def _follow(what: str, stood: str, before: str, after: str, steps: set[tuple[str, str]]) -> Iterator[str]:
    if before != stood:
        yield f"{what}: {after} follows {stood or 'nothing'}, not {before or 'nothing'}"
    elif before and (before, after) not in steps:
        yield f"{what}: no transition leads from {before} to {after}"
