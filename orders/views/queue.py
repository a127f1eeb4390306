"""Lists of orders with lamps: narrowed, sorted by what is due, paged; the same rows as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest

from kernel import clock, lamps, workdays
from kernel.models import Deadline, Pause
from orders.forms.queue import QueueForm
from orders.machines import LIMITS
from orders.models import Order, Refund

PAGE_SIZE = 30
SHOWN = ("project", "buyer", "agency__organisation", "item", "category")


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


def narrow(base: QuerySet[Order], wanted: dict[str, Any]) -> QuerySet[Order]:
    rows = with_due(base.select_related(*SHOWN))
    if text := wanted.get("q"):
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(title__icontains=text)
            | Q(project__name__icontains=text)
            | Q(buyer__name__icontains=text)
            | Q(agency__organisation__name__icontains=text)
        )
    for name in ("status", "category", "channel"):
        if name in wanted:
            rows = rows.filter(**{name: wanted[name]})
    if "due" in wanted:
        rows = rows.filter(Exists(_open(wanted["due"])))
    if "refund" in wanted:
        rows = rows.filter(Exists(Refund.objects.filter(order=OuterRef("pk"), status=Refund.Status.PROPOSED)))
    if "lamp" in wanted:
        rows = _lit(rows, wanted["lamp"])
    return rows.order_by(*_order(wanted.get("sort", "due")))


def with_due(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Annotate the nearest open deadline (``due_at``, ``due_days``, ``due_code``) and whether the clock stands still."""
    nearest = _open().order_by("due_at", "id")
    return rows.annotate(
        due_pk=Subquery(nearest.values("pk")[:1]),
        due_at=Subquery(nearest.values("due_at")[:1]),
        due_days=Subquery(nearest.values("limit_days")[:1], output_field=BigIntegerField()),
        due_code=Subquery(nearest.values("code")[:1]),
        stopped=Exists(Pause.objects.filter(subject=_subject(), ended_at__isnull=True)),
    )


def _subject() -> Concat:
    return Concat(Value("order:"), Cast(OuterRef("pk"), CharField()), output_field=CharField())


def _open(code: str | None = None) -> QuerySet[Deadline]:
    rows = Deadline.objects.filter(subject=_subject(), state=Deadline.State.OPEN)
    return rows.filter(code=code) if code else rows


def row(order: Any) -> Row:
    age = (clock.today() - clock.civil(order.placed_at)).days
    if order.due_at is None:
        return Row(order, None, (), "", age)
    deadline = Deadline(due_at=order.due_at, limit_days=order.due_days, code=order.due_code)
    lamp = lamps.lamp(deadline, paused=order.stopped and order.due_code == "order.service")
    limit = LIMITS.get(order.due_code)
    return Row(order, lamp, limit.who if limit else (), limit.label if limit else "", age)


def _order(sort: str) -> list[Any]:
    return {
        "new": ["-id"],
        "old": ["id"],
        "fee": ["-fee_fen", "-id"],
    }.get(sort, [F("due_at").asc(nulls_last=True), "-id"])


def _lit(rows: QuerySet[Order], colour: str) -> QuerySet[Order]:
    """Orders whose lamp shows a colour; the same borders as kernel.lamps, asked in the database."""
    stopped = Q(stopped=True, due_code="order.service")
    if colour == "grey":
        return rows.filter(Q(due_at__isnull=True) | stopped)
    return rows.exclude(stopped).filter(due_pk__in=_shining(colour).values("pk"))


def _shining(colour: str) -> QuerySet[Deadline]:
    """Open deadlines of orders that are overdue, due soon or neither."""
    now = clock.now()
    found = Deadline.objects.filter(state=Deadline.State.OPEN, subject__startswith="order:")
    if colour == "red":
        return found.filter(due_at__lt=now)
    soon = _soon(found, clock.civil(now))
    return found.filter(due_at__gte=now).filter(soon if colour == "amber" else ~soon)


def _soon(found: QuerySet[Deadline], today: date) -> Q:
    """In the last quarter of the limit, or due today: one border a length of limit, and there are few of those."""
    soon = Q(due_at__lte=_last_moment(today, 0))
    for days in found.order_by().values_list("limit_days", flat=True).distinct():
        soon |= Q(limit_days=days, due_at__lte=_last_moment(today, days // lamps.AMBER_SHARE))
    return soon


def _last_moment(today: date, left: int) -> datetime:
    """The last moment at which ``left`` working days are left, seen from today."""
    return workdays.close_of(workdays.add(today, left + 1) - timedelta(days=1))
