"""The headline figures of the market, counted from rows, each with the words that say how (口径)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.models import Agency, Category
from kernel.money import round_div
from kernel.ui import format
from orders.models import Order, Rating, TestBatch
from orders.selectors.lateness import ON_TIME, TIMED

SATISFIED = 20
"""Five dimensions of five stars: a sum of 20 is four stars on average."""


@dataclass(frozen=True)
class Definition:
    """What a figure is called and exactly what it counts."""

    code: str
    label: Any
    text: Any


DEFINITIONS = {
    row.code: row
    for row in (
        Definition(
            "agencies",
            gettext_lazy("入驻机构"),
            gettext_lazy("当前状态为“已入驻”的中介机构数。审查中、已暂停、已退出和待认领的机构不计入。"),
        ),
        Definition(
            "orders",
            gettext_lazy("服务订单"),
            gettext_lazy(
                "开市以来网上和窗口代办的订单数，机构未接单和已取消的不计入。订单取消后即从中扣除，数字会随之减少。"
            ),
        ),
        Definition(
            "test_groups",
            gettext_lazy("检测组数"),
            gettext_lazy("检测类订单委托单上登记收样的试样组数之和，复检另行计数。"),
        ),
        Definition(
            "fee_saved",
            gettext_lazy("收费降幅"),
            gettext_lazy(
                "已验收订单的实际服务费之和，与同一批订单按各事项“入市前基准”计算的费用之和相比，下降的比例。"
                "没有登记基准的事项不计入。"
            ),
        ),
        Definition(
            "time_saved",
            gettext_lazy("时间降幅"),
            gettext_lazy(
                "已验收订单的实际用时（工作日，扣除双方同意的暂停和送审）之和，与同一批订单按各事项“入市前基准”计算的"
                "用时之和相比，下降的比例。没有登记基准的事项不计入。"
            ),
        ),
        Definition(
            "on_time",
            gettext_lazy("按期办结率"),
            gettext_lazy(
                "已验收订单中，每次交付都没有超过时限的订单所占比例。时限为合同时限加上双方同意的延期，暂停和送审的日子不计；"
                "退回修改后，在留给修改的时间内再次交付的，不算逾期。"
            ),
        ),
        Definition(
            "satisfaction",
            gettext_lazy("满意率"),
            gettext_lazy(
                "项目业主已公开的评价中，五个维度平均达到四星及以上的评价所占比例。未评价的订单不计入，不以默认好评代替；"
                "经核实作废的评价不计入。"
            ),
        ),
    )
}


@dataclass(frozen=True)
class Figure:
    """One figure as shown. ``value`` is the raw integer (a count or permille), ``of`` how many rows it rests on."""

    code: str
    value: int | None
    of: int

    @property
    def label(self) -> str:
        return str(DEFINITIONS[self.code].label)

    @property
    def definition(self) -> str:
        return str(DEFINITIONS[self.code].text)

    @property
    def text(self) -> str:
        if self.code in ("agencies", "orders", "test_groups"):
            return format.count(self.value)
        return format.percent_permille(self.value)

    @property
    def unit(self) -> str:
        measure_words = {"agencies": "家", "orders": "笔", "test_groups": "组"}
        return "" if format.english() else measure_words.get(self.code, "")

    @property
    def note(self) -> str:
        if self.code in ("agencies", "orders", "test_groups"):
            return ""
        if self.value is None:
            return _("尚无可统计的记录")
        if self.code == "satisfaction":
            return ngettext("依据 %(n)s 条评价", "依据 %(n)s 条评价", self.of) % {"n": format.count(self.of)}
        return ngettext("依据 %(n)s 笔已验收订单", "依据 %(n)s 笔已验收订单", self.of) % {"n": format.count(self.of)}


ORDER_SUMS = {
    "orders": Count("id", filter=~Q(status__in=Order.DROPPED)),
    "paid": Sum("fee_fen", filter=Q(status__in=Order.DONE, baseline_fee_fen__isnull=False)),
    "paid_before": Sum("baseline_fee_fen", filter=Q(status__in=Order.DONE)),
    "paid_rows": Count("id", filter=Q(status__in=Order.DONE, baseline_fee_fen__isnull=False)),
    "used": Sum("days_used", filter=Q(status__in=Order.DONE, baseline_days__isnull=False)),
    "used_before": Sum("baseline_days", filter=Q(status__in=Order.DONE, days_used__isnull=False)),
    "used_rows": Count("id", filter=Q(status__in=Order.DONE, baseline_days__isnull=False, days_used__isnull=False)),
    "timed": Count("id", filter=TIMED),
    "on_time": Count("id", filter=ON_TIME),
}
_STARS = F("quality") + F("timeliness") + F("attitude") + F("charging") + F("compliance")


def revealed() -> QuerySet[Rating]:
    """What buyers said openly and was not voided."""
    rows = Rating.objects.filter(side=Rating.Side.BUYER, revealed_at__isnull=False, voided_at__isnull=True)
    return rows.annotate(stars=_STARS)


RATING_SUMS = {"rated": Count("id"), "satisfied": Count("id", filter=Q(stars__gte=SATISFIED))}


def entered() -> QuerySet[Agency]:
    """The agencies that are in the market."""
    return Agency.objects.filter(status=Agency.Status.ACTIVE)


def headline() -> list[Figure]:
    """The figures of the home page, in order; four queries."""
    orders = Order.objects.aggregate(**ORDER_SUMS)
    groups = TestBatch.objects.aggregate(groups=Sum("groups"))
    ratings = revealed().aggregate(**RATING_SUMS)
    agencies = {"agencies": entered().count()}
    return [figure_of(code, {**orders, **groups, **ratings, **agencies}) for code in DEFINITIONS]


def headline_by_category(code: str) -> list[tuple[Category, Figure]]:
    """One figure for each category that has rows for it: what the headline is made of."""
    sums: dict[int, dict[str, Any]] = {}
    for rows in _CATEGORY_SUMS[code]():
        for row in rows:
            sums.setdefault(row.pop("key"), {}).update(row)
    found = [(category, figure_of(code, sums[category.pk])) for category in Category.objects.filter(pk__in=sums)]
    return [(category, figure) for category, figure in found if figure.value is not None]


def _order_rows() -> list[Any]:
    return [Order.objects.order_by().values(key=F("category_id")).annotate(**ORDER_SUMS)]


_CATEGORY_SUMS: dict[str, Callable[[], list[Any]]] = {
    "agencies": lambda: [
        entered()
        .order_by()
        .filter(categories__isnull=False)
        .values(key=F("categories"))
        .annotate(agencies=Count("id", distinct=True))
    ],
    "test_groups": lambda: [
        TestBatch.objects.order_by().values(key=F("order__category_id")).annotate(groups=Sum("groups"))
    ],
    "satisfaction": lambda: [revealed().order_by().values(key=F("order__category_id")).annotate(**RATING_SUMS)],
    **dict.fromkeys(("orders", "fee_saved", "time_saved", "on_time"), _order_rows),
}


def figure_of(code: str, sums: dict[str, Any]) -> Figure:
    """One figure out of the sums of rows; a sum that is missing is nothing."""
    got = {name: sums.get(name) or 0 for name in (*ORDER_SUMS, *RATING_SUMS, "groups", "agencies")}
    if code == "agencies":
        return Figure(code, got["agencies"], got["agencies"])
    if code == "orders":
        return Figure(code, got["orders"], got["orders"])
    if code == "test_groups":
        return Figure(code, got["groups"], got["groups"])
    if code == "fee_saved":
        return Figure(code, _saved(got["paid"], got["paid_before"]), got["paid_rows"])
    if code == "time_saved":
        return Figure(code, _saved(got["used"], got["used_before"]), got["used_rows"])
    if code == "on_time":
        return Figure(code, _share(got["on_time"], got["timed"]), got["timed"])
    return Figure(code, _share(got["satisfied"], got["rated"]), got["rated"])


def _share(part: int, whole: int) -> int | None:
    return round_div(1000 * part, whole) if whole else None


def _saved(now: int, before: int) -> int | None:
    """Permille by which ``now`` is below ``before``; negative when it is above."""
    return round_div(1000 * (before - now), before) if before else None
