"""What every verb does in the same way: move a row along its table, write the audit entry, run the limits, tell people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agencies.phrases import spoken
from kernel.access import Role
from kernel.machine import Machine
from kernel.models import Organisation, User
from kernel.services import audit, deadlines, notify, outbox
from kernel.wording import filled
from orders import machines
from orders.models import Order


def move(
    row: Model,
    machine: Machine,
    transition: str,
    *,
    action: str,
    stream: str,
    actor: User | None,
    on_behalf_of: Organisation | None = None,
    data: dict[str, Any] | None = None,
    state_field: str = "status",
    **fields: Any,
) -> None:
    """Take ``transition`` or raise ``<machine>.wrong_state``; save ``fields`` with it; one audit entry."""
    before = getattr(row, state_field)
    after = machine.check(transition, before)
    for name, value in {state_field: after, **fields}.items():
        setattr(row, name, value)
    row.save(update_fields=[state_field, *fields])
    details = dict(data or {})
    if machine.name != "order":
        details[machine.name] = row.pk
    audit.record(
        stream=stream,
        action=action,
        actor=actor,
        on_behalf_of=on_behalf_of,
        from_state=before,
        to_state=after,
        data=details,
    )


def order_move(order: Order, transition: str, **arguments: Any) -> None:
    """``move`` for the order itself."""
    move(order, machines.ORDER, transition, stream=order.stream, **arguments)


def announce(order: Order) -> None:
    """The agency's public record has changed (its orders, times, ratings): pages and search hear of it."""
    outbox.announce(topic="agency_changed", payload={"agency": order.agency_id})


def born(row: Model, machine: Machine, *, order: Order, action: str, actor: User | None, **arguments: Any) -> None:
    """The audit entry of a row that has just come to life in its machine's first state."""
    data = {machine.name: row.pk, **arguments.pop("data", {})}
    audit.record(
        stream=order.stream, action=action, actor=actor, from_state="", to_state=machine.initial, data=data, **arguments
    )


def note(order: Order, action: str, *, actor: User | None, on_behalf_of: Organisation | None, **data: Any) -> None:
    """An act that changes no state."""
    audit.record(stream=order.stream, action=action, actor=actor, on_behalf_of=on_behalf_of, data=data)


def begin(
    code: str,
    *,
    subject: str,
    party: Organisation | None,
    days: int | None = None,
    from_at: datetime | None = None,
    reminders: tuple[int, ...] | None = None,
) -> None:
    """Start a limit of the table (``days`` where the table leaves them open)."""
    limit = machines.LIMITS[code]
    count = days if limit.days is None else limit.days
    if count is None:
        raise ValueError(f"{code} needs its days")
    deadlines.start(
        subject=subject,
        code=code,
        limit_days=count,
        party=party,
        reminders=limit.reminders if reminders is None else reminders,
        from_at=from_at,
    )


def met(order: Order, *codes: str) -> None:
    for code in codes:
        deadlines.meet(subject=order.stream, code=code)


def drop(row: Model, machine: Machine, transition: str, *, order: Order, actor: User | None, **fields: Any) -> None:
    """A row beside the main line ends because the order does not need it any more."""
    action = f"{machine.name}.dropped"
    move(
        row, machine, transition, action=action, stream=order.stream, actor=actor, state_field=machine.kept_in, **fields
    )


def drop_asked(order: Order, actor: User | None) -> None:
    """What the agency has asked and the buyer not answered is refused when the work has ended."""
    for machine in (machines.LEAD_CHANGE, machines.EXTENSION):
        for row in machine.model.objects.select_for_update().filter(order=order, status="asked"):
            drop(row, machine, "refuse", order=order, actor=actor)
            deadlines.cancel(subject=order.stream, code=f"order.{machine.name}")


def order_url(order: Order) -> str:
    return f"/orders/{order.number}/"


def _service(order: Order) -> str:
    return (get_language() == "en" and order.item.name_en) or order.title


def _papers(order: Order, names: list[str]) -> str:
    kept = {paper["zh"]: paper["en"] for paper in order.papers}
    return str(_("；")).join(spoken(name, kept.get(name, "")) for name in names)


# What a notice calls the service, and the papers of a list: each reader's own language
service_name = lazy(_service, str)
paper_names = lazy(_papers, str)


def tell(order: Order, side: str, title: Any, *, body: Any = "", sms: bool = False) -> None:
    """Tell everybody on one side (``"buyer"`` or ``"agency"``) of the order."""
    notify.organisation(
        to=order.buyer if side == "buyer" else order.agency.organisation,
        kind="order",
        title=filled(_("%(title)s（%(number)s）"), title=title, number=order.number),
        body=body,
        subject=order.stream,
        url=order_url(order),
        sms=sms,
    )


def tell_payer(order: Order, title: Any, *, body: Any = "") -> None:
    """Tell whoever owes the fee: the buyer, or the centre's operators for an authority that bears it."""
    if order.payer == Order.Payer.BUYER:
        tell(order, "buyer", title, body=body)
        return
    words = filled(_("%(title)s（%(number)s）"), title=title, number=order.number)
    notify.role(role=Role.OPERATOR, kind="order", title=words, body=body, subject=order.stream, url=order_url(order))


def tell_both(order: Order, title: Any, *, body: Any = "") -> None:
    tell(order, "buyer", title, body=body)
    tell(order, "agency", title, body=body)
