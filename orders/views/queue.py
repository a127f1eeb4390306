"""Lists of orders with lamps: a page of them, or the same rows as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from kernel import clock, due, lamps
from orders.forms.queue import QueueForm
from orders.machines import LIMITS
from orders.models import Order
from orders.selectors.queue import narrow

PAGE_SIZE = 30


@dataclass(frozen=True)
class Row:
    """An order of a list, how its nearest deadline stands, who must act on it (sides as ``machines`` names them) and what
    for; ``age_days``: civil days since it was placed."""

    order: Order
    lamp: lamps.Lamp | None
    who: tuple[str, ...]
    what: Any
    age_days: int


@dataclass(frozen=True)
class Queue:
    """What a list page shows."""

    form: QueueForm
    page: Page[Any]
    rows: list[Row]
    counts: dict[str, int]
    # Narrowed or sorted by what is folded away
    narrowed: bool


def queue(request: HttpRequest, base: QuerySet[Order]) -> Queue:
    """``base`` are the orders the person may see; the query narrows them. Four queries whatever their number."""
    form = QueueForm(request.GET)
    wanted = form.wanted()
    narrowed = narrow(base, wanted)
    page = Paginator(narrowed, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = dict(base.order_by().values_list("status").annotate(n=Count("id")))
    folded = any(wanted.get(name) for name in ("category", "channel", "sort"))
    return Queue(form, page, [row(order) for order in page.object_list], counts, folded)


def row(order: Any) -> Row:
    age = (clock.today() - clock.civil(order.placed_at)).days
    lamp = due.lamp(order, paused=order.stopped)
    if lamp is None:
        return Row(order, None, (), "", age)
    limit = LIMITS.get(order.due_code)
    return Row(order, lamp, limit.who if limit else (), limit.label if limit else "", age)
