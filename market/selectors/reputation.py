"""What buyers said of an agency."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Case, Count, Sum, When, Window
from django.utils.translation import gettext as _

from agencies.models import Agency
from kernel.money import round_div
from orders.models import Rating

PUBLIC_FROM = 3
"""Ratings are shown in batches of at least three, so that no client can be told from them."""
REMARKS = 10
DIMENSIONS = ("quality", "timeliness", "attitude", "charging", "compliance")


@dataclass(frozen=True)
class Reputation:
    """Revealed, valid ratings by buyers. ``means`` are tenths of a star by dimension; both are empty below three."""

    count: int
    means: list[tuple[str, int]] = field(default_factory=list)
    remarks: list[Rating] = field(default_factory=list)

    @property
    def public(self) -> bool:
        return self.count >= PUBLIC_FROM


def reputation(agency: Agency) -> Reputation:
    """One query: the newest remarks, each row carrying the sums over all ratings."""
    rows = Rating.objects.filter(
        order__agency=agency, side=Rating.Side.BUYER, revealed_at__isnull=False, voided_at__isnull=True
    )
    sums = {f"sum_{name}": Window(Sum(name)) for name in DIMENSIONS}
    silent = Case(When(remark="", then=1), default=0)
    newest = rows.annotate(count=Window(Count("id")), **sums).order_by(silent, "-revealed_at", "-id")
    shown = list(newest.select_related("order__item")[:REMARKS])
    count = shown[0].count if shown else 0
    if count < PUBLIC_FROM:
        return Reputation(count)
    labels = {
        "quality": _("质量"),
        "timeliness": _("时效"),
        "attitude": _("态度"),
        "charging": _("收费"),
        "compliance": _("规范"),
    }
    return Reputation(
        count,
        [(labels[name], round_div(10 * getattr(shown[0], f"sum_{name}"), count)) for name in DIMENSIONS],
        [row for row in shown if row.remark],
    )
