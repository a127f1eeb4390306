"""What waits for whom: this room's lines of the work home, from the open deadlines."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Count, Exists, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import access, clock, work
from kernel.access import Role
from kernel.models import Deadline, Organisation, Pause
from kernel.wording import filled
from orders.machines import LIMITS, SHARED
from orders.models import Order, Payment, Rating, Refund
from orders.parties import OPERATOR
from orders.selectors.money import AT_THE_DESK

CENTRE = ("complaint.accept", "complaint.decide")
AUTHORITY_PAYS = "order.authority_payment"
# Limits of others that the centre watches over, as it reads them once they have passed.
WATCHED = {
    "order.service": _("机构逾期未交付成果"),
    "order.review": _("机构逾期未送审"),
    "order.inspect": _("业主逾期未验收"),
    "order.payment": _("业主逾期未付款"),
    AUTHORITY_PAYS: _("审批部门逾期未支付服务费"),
    "review.result": _("评审结果逾期未登记"),
}
PRESSERS = (Role.OPERATOR, Role.SUPERVISOR)
WATCHERS = (*PRESSERS, Role.INSPECTOR)
# What waits, as a heap of work: a line of the work home counts it.
HEAPS = {
    "order.contract": pgettext_lazy("待办", "确认合同"),
    "order.rate": pgettext_lazy("待办", "互相评价"),
    "order.accept": pgettext_lazy("待办", "受理订单"),
    "order.pay": pgettext_lazy("待办", "支付服务费"),
    "order.payment": pgettext_lazy("待办", "支付服务费（验收后）"),
    "order.materials": pgettext_lazy("待办", "核对业主资料"),
    "order.service": pgettext_lazy("待办", "完成服务并交付成果"),
    "order.review": pgettext_lazy("待办", "提交送审"),
    "order.approve": pgettext_lazy("待办", "验收成果"),
    "order.inspect": pgettext_lazy("待办", "验收成果（逾期不视为验收）"),
    "complaint.accept": pgettext_lazy("待办", "受理投诉"),
    "complaint.decide": pgettext_lazy("待办", "办结投诉"),
}


def of_party(user: Any, party: Organisation | None) -> list[work.WorkQueue]:
    """One line a limit that runs against the organisation, and one a limit that the other side has let pass; two
    queries."""
    if party is None or party.kind == Organisation.Kind.AUTHORITY:
        return []
    agency = party.kind == Organisation.Kind.AGENCY
    rows = Deadline.objects.filter(state=Deadline.State.OPEN).filter(
        Q(party=party, code__startswith="order.") | Q(code__in=SHARED, subject__in=_undone(party, agency))
    )
    page = reverse("orders:agency_orders" if agency else "orders:orders")
    section = _("收到的订单") if agency else _("我的订单")
    own = [_line(section, row, f"{page}?due={row['code']}") for row in _by_code(rows)]
    return [*own, *(_late(section, row, page) for row in _by_code(_kept_waiting(party, agency)))]


def of_centre(user: Any, party: Organisation | None) -> list[work.WorkQueue]:
    """Orders that are late, for all who watch over the market; complaints for the desk; one query."""
    if not access.holds(user, *WATCHERS):
        return []
    at_desk = access.holds(user, Role.OPERATOR)
    now, section = clock.now(), _("服务中心")
    late = ~_stopped() & Q(code__in=WATCHED, due_at__lt=now)
    own = Q(code__in=(*CENTRE, AUTHORITY_PAYS))
    rows = Deadline.objects.filter(own | late if at_desk else late, state=Deadline.State.OPEN)
    presses = access.holds(user, *PRESSERS)
    return [_centre_line(section, row, at_desk, presses) for row in _by_code(rows)]


def money_of_centre(user: Any, party: Organisation | None) -> list[work.WorkQueue]:
    """Orders with money of which this operator must say what becomes of it, without what a colleague has to decide because
    this one began it: no limit runs for it; two queries."""
    if not access.holds(user, Role.OPERATOR):
        return []
    found: dict[str, Any] = {}
    for model in (Refund, Payment):
        waiting = {code: row.open_to(user) for code, row in AT_THE_DESK.items() if row.model is model}
        counts = {code: Count("order", filter=rows, distinct=True) for code, rows in waiting.items()}
        oldest = {f"{code}_since": Min(AT_THE_DESK[code].since, filter=rows) for code, rows in waiting.items()}
        found |= model.objects.filter(reduce(or_, waiting.values())).aggregate(**counts, **oldest)
    section, page = _("服务中心"), reverse("orders:desk_orders")
    return [
        work.WorkQueue(section, row.label, f"{page}?money={code}", found[code], since=found[f"{code}_since"])
        for code, row in AT_THE_DESK.items()
    ]


def _centre_line(section: Any, row: dict[str, Any], at_desk: bool, presses: bool) -> work.WorkQueue:
    code, orders = row["code"], reverse("orders:desk_orders")
    if code in CENTRE:
        return _line(section, row, reverse("orders:desk_complaints"))
    if code == AUTHORITY_PAYS and at_desk:
        return _line(section, row, f"{orders}?due={code}")
    watched = not (at_desk and OPERATOR in LIMITS[code].who)
    # An inspector only reads
    asked = _("%(what)s（请核实）") if code == "review.result" else _("%(what)s（请督办）")
    label = filled(asked, what=WATCHED[code]) if presses else WATCHED[code]
    return _line(section, row, f"{orders}?due={code}&lamp=red", label, watched=watched)


def _kept_waiting(party: Organisation, agency: bool) -> QuerySet[Deadline]:
    """Limits of the organisation's orders that the other side has let pass."""
    mine = Order.objects.filter(agency__organisation=party) if agency else Order.objects.filter(buyer=party)
    late = Deadline.objects.filter(state=Deadline.State.OPEN, code__startswith="order.", due_at__lt=clock.now())
    return late.filter(~_stopped(), party__isnull=False, subject__in=_streams(mine)).exclude(party=party)


def _undone(party: Organisation, agency: bool) -> QuerySet[Any, Any]:
    """Subjects of the party's orders whose contract or rating still waits for its own side."""
    side = Rating.Side.AGENCY if agency else Rating.Side.BUYER
    own = Order.objects.filter(agency__organisation=party) if agency else Order.objects.filter(buyer=party)
    unsigned = Q(status=Order.Status.ACCEPTED, **{f"contract__{side}_confirmed_at__isnull": True})
    unrated = Q(status=Order.Status.APPROVED) & ~Exists(Rating.objects.filter(order=OuterRef("pk"), side=side))
    return _streams(own.filter(unsigned | unrated))


def _stopped() -> Exists:
    """The clock of the deadline's subject stands still: nothing of it is late meanwhile, and no day is its last."""
    return Exists(Pause.objects.filter(subject=OuterRef("subject"), ended_at__isnull=True))


def _streams(orders: QuerySet[Order]) -> QuerySet[Any, Any]:
    subject = Concat(Value("order:"), Cast("pk", CharField()), output_field=CharField())
    return orders.order_by().annotate(subject=subject).values("subject")


def _by_code(rows: QuerySet[Deadline]) -> Any:
    running = Q(stopped=False)
    return (
        rows.annotate(stopped=_stopped())
        .order_by()
        .values("code")
        .annotate(
            count=Count("pk"),
            due=Min("due_at", filter=running),
            overdue=Count("pk", filter=running & Q(due_at__lt=clock.now())),
        )
    )


def _line(section: Any, row: dict[str, Any], url: str, label: Any = "", *, watched: bool = False) -> work.WorkQueue:
    """One line a limit; ``watched`` where another has to act and this person may press for it."""
    words = label or HEAPS.get(row["code"]) or LIMITS[row["code"]].label
    return work.WorkQueue(section, words, url, row["count"], row["due"], row["overdue"], watched=watched)


def _late(section: Any, row: dict[str, Any], page: str) -> work.WorkQueue:
    label = filled(_("对方逾期未办，可以催办：%(what)s"), what=LIMITS[row["code"]].label)
    return _line(section, row, f"{page}?due={row['code']}&lamp=red", label, watched=True)


work.SOURCES.extend([of_party, of_centre, money_of_centre])
