"""A listing version in words: facts for reading, differences for a reviewer, sample fees."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import ListingVersion, ServiceItem
from agencies.phrases import phrase
from agencies.pricing import fee_fen
from kernel.errors import DomainError
from kernel.money import yuan
from kernel.ui.format import wd

INCLUDES = {
    "tax": gettext_lazy("税"),
    "expert_review": gettext_lazy("专家评审"),
    "monitoring": gettext_lazy("监测"),
    "travel": gettext_lazy("差旅"),
}
# Quantities in units for which a preview shows the fee.
SAMPLES = (1, 10, 100, 1000, 10_000)
WHOLE = (ServiceItem.Unit.REPORT, ServiceItem.Unit.ITEM)


def facts(version: ListingVersion) -> list[tuple[Any, Any]]:
    """The terms in pairs (label, words); a term that says nothing is left out."""
    return [(label, said) for label, words in _ROWS if (said := words(version))]


def diff(before: ListingVersion | None, after: ListingVersion) -> list[dict[str, Any]]:
    """Rows for ``ui.diff``: every term that says something, before and after in words; what changed comes first."""
    rows = [{"label": label, "old": words(before) if before else "", "new": words(after)} for label, words in _ROWS]
    return sorted((row for row in rows if row["old"] or row["new"]), key=lambda row: row["old"] == row["new"])


def samples(version: ListingVersion) -> list[tuple[str, str]]:
    """(quantity in words, fee) for a few quantities; one row where the unit is a whole report."""
    unit, found = version.get_unit_display(), []
    for quantity in SAMPLES[:1] if version.unit in WHOLE else SAMPLES:
        try:
            fee = fee_fen(version, quantity * 1000)
        except DomainError:
            break
        found.append((f"{quantity:,} {unit}", yuan(fee)))
    return found


def usual(version: ListingVersion, item: ServiceItem) -> dict[str, Any] | None:
    """The unit price beside the item's usual range, as ``ui.usual`` takes it; None where the catalogue has no range."""
    low, high = item.price_low_fen, item.price_high_fen
    if not low or not high:
        return None
    return {
        "value": version.unit_price_fen, "low": low, "high": high,
        "text": price(version), "low_text": yuan(low).removesuffix(".00"), "high_text": yuan(high).removesuffix(".00"),
    }  # fmt: skip


def ladder(version: ListingVersion) -> list[tuple[str, str]]:
    """The bands as rows (quantity, price of a unit within it); empty without bands."""
    if not version.tiers:
        return []
    begun, rows, unit = 0, [], version.get_unit_display()
    for tier in version.tiers:
        rows.append((f"{begun:,}–{tier['up_to']:,} {unit}", yuan(tier["unit_price_fen"])))
        begun = tier["up_to"]
    return [*rows, (_("%(n)s %(unit)s以上") % {"n": f"{begun:,}", "unit": unit}, yuan(version.unit_price_fen))]


def included(version: ListingVersion) -> str:
    """``含税、差旅；不含专家评审、监测``"""
    inside = [str(label) for key, label in INCLUDES.items() if version.includes.get(key)]
    outside = [str(label) for key, label in INCLUDES.items() if not version.includes.get(key)]
    parts = []
    if inside:
        parts.append(_("含%(what)s") % {"what": _("、").join(inside)})
    if outside:
        parts.append(_("不含%(what)s") % {"what": _("、").join(outside)})
    return _("；").join(parts)


def price(version: ListingVersion) -> str:
    return _("%(price)s／%(unit)s") % {"price": yuan(version.unit_price_fen), "unit": version.get_unit_display()}


def bands(version: ListingVersion) -> str:
    """``0–5,000：¥3.00；5,000 以上：¥2.00``; empty without bands."""
    if not version.tiers:
        return ""
    begun, parts = 0, []
    for tier in version.tiers:
        parts.append(f"{begun:,}–{tier['up_to']:,}：{yuan(tier['unit_price_fen'])}")
        begun = tier["up_to"]
    parts.append(_("%(n)s 以上：%(price)s") % {"n": f"{begun:,}", "price": yuan(version.unit_price_fen)})
    return _("；").join(parts)


def _minimum(version: ListingVersion) -> str:
    return yuan(version.min_fee_fen) if version.min_fee_fen else ""


_ROWS = (
    (gettext_lazy("标题"), lambda v: phrase(v.title)),
    (gettext_lazy("单价"), price),
    (gettext_lazy("分段价格"), bands),
    (gettext_lazy("最低收费"), _minimum),
    (gettext_lazy("承诺时限"), lambda v: wd(v.days)),
    (gettext_lazy("价格包含"), included),
    (gettext_lazy("另行收费说明"), lambda v: phrase(v.not_included)),
    (gettext_lazy("纸质成果份数"), lambda v: str(v.copies) if v.copies else ""),
    (gettext_lazy("服务说明"), lambda v: phrase(v.summary)),
)
