"""Histories: replaying the audit trail along the tables ends in the state that the row has."""

from __future__ import annotations

from collections.abc import Iterator

from kernel.machine import Machine
from kernel.models import AuditEntry
from kernel.registries import invariants
from orders import machines

CHUNK = 2000
PARTS = [
    machine for machine in vars(machines).values() if isinstance(machine, Machine) and machine is not machines.ORDER
]
"""Every life beside the order's own."""


@invariants.register("orders.history")
def history_replays_to_the_state() -> Iterator[str]:
    """An order's entries, in order, each start where the one before ended, follow the table, and end in its status."""
    told: dict[str, str] = {}
    rows = AuditEntry.objects.filter(stream__startswith="order:", action__startswith="order.").exclude(to_state="")
    steps = machines.ORDER.steps
    for stream, before, after in (
        rows.order_by("stream", "seq").values_list("stream", "from_state", "to_state").iterator(chunk_size=CHUNK)
    ):
        yield from _follow(stream, told.get(stream, ""), before, after, steps)
        told[stream] = after
    for pk, number, status in machines.ORDER.model.objects.values_list("pk", "number", "status").iterator(
        chunk_size=CHUNK
    ):
        if told.get(f"order:{pk}") != status:
            yield f"{number}: is {status}, its history says {told.get(f'order:{pk}') or 'nothing'}"


@invariants.register("orders.part_history")
def part_histories_replay() -> Iterator[str]:
    """The same for the rows beside the order: payments, refunds, deliveries, pauses, complaints…

    An entry whose details were erased by law cannot be assigned; its row is then not judged."""
    for machine in PARTS:
        yield from _replay(machine)


def _replay(machine: Machine) -> Iterator[str]:
    name, steps, told, erased = machine.name, machine.steps, {}, False
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
    for pk, state in machine.model.objects.values_list("pk", machine.kept_in).iterator(chunk_size=CHUNK):
        if told.get(pk) != state:
            yield f"{name} {pk}: is {state}, its history says {told.get(pk) or 'nothing'}"


def _follow(what: str, stood: str, before: str, after: str, steps: set[tuple[str, str]]) -> Iterator[str]:
    if before != stood:
        yield f"{what}: {after} follows {stood or 'nothing'}, not {before or 'nothing'}"
    elif before and (before, after) not in steps:
        yield f"{what}: no transition leads from {before} to {after}"
