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
    """An order of a list, how its deadline stands (the nearest, or the own side's), who must act on it (sides as
    ``machines`` names them; nobody while the clock stands still) and what for; ``mine``: the reader's own side;
    ``age_days``: civil days since it was placed."""

    order: Order
    lamp: lamps.Lamp | None
    who: tuple[str, ...]
    what: Any
    age_days: int
    mine: bool = False


@dataclass(frozen=True)
class Queue:
    """What a list page shows."""

    form: QueueForm
    page: Page[Any]
    rows: list[Row]
    counts: dict[str, int]
    # Narrowed or sorted by what is folded away
    narrowed: bool


def queue(request: HttpRequest, base: QuerySet[Order], side: str = "") -> Queue:
    """``base`` are the orders the person may see, ``side`` (buyer or agency) where it stands in all of them; the query
    narrows them. Four queries whatever their number."""
    form = QueueForm(request.GET)
    wanted = form.wanted()
    narrowed = narrow(base, wanted, side, user=request.user)
    page = Paginator(narrowed, PAGE_SIZE).get_page(request.GET.get("page"))
    counts = dict(base.order_by().values_list("status").annotate(n=Count("id")))
    folded = any(wanted.get(name) for name in ("category", "channel", "sort"))
    return Queue(form, page, [row(order, side) for order in page.object_list], counts, folded)


def row(order: Any, side: str = "") -> Row:
    age = (clock.today() - clock.civil(order.placed_at)).days
    lamp = due.lamp(order, paused=order.stopped)
    limit = LIMITS.get(order.due_code)
    if lamp is None or limit is None:
        return Row(order, lamp, (), "", age)
    # Of a limit of both, what is not the own side's turn any more is the other's
    who = tuple(one for one in limit.who if one != side) if len(limit.who) > 1 else limit.who
    return Row(order, lamp, () if order.stopped else who, limit.label, age, order.mine)
