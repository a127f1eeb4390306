"""A comparison: what differs between offers, and which value is best where that can be said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel import access
from kernel.models import User
from kernel.money import yuan
from kernel.ui import format
from market.models import LockedComparison
from market.selectors.offers import Offer, includes_text

ENOUGH_ORDERS = 3
"""Finished orders from which on a rate is compared: one order on time is no record."""


@dataclass(frozen=True)
class Row:
    """One line of a comparison; ``best`` are the columns (from 0) with the best value; ``written`` by the agencies
    themselves, in their Chinese, whatever the reader's language."""

    label: str
    values: list[Any]
    best: list[int] = field(default_factory=list)
    written: bool = False


@dataclass(frozen=True)
class Comparison:
    offers: list[Offer]
    rows: list[Row]

    @property
    def enough(self) -> bool:
        return len(self.offers) >= 2


def comparison(offers: Sequence[Offer]) -> Comparison:
    """The lines of a comparison. Prices are compared only where all are by the same unit."""
    shown = list(offers)
    if not shown:
        return Comparison([], [])
    one_unit = len({offer.version.unit for offer in shown}) == 1
    return Comparison(
        shown,
        [
            Row(_("机构"), [offer.agency.organisation.name for offer in shown], written=True),
            Row(_("服务事项"), [offer.listing.item.name for offer in shown]),
            _row(_("单价"), shown, lambda o: o.version.unit_price_fen, lambda o: o.price, min if one_unit else None),
            _row(_("最低收费"), shown, lambda o: o.version.min_fee_fen or None, lambda o: _fee(o.version.min_fee_fen)),
            Row(_("价格包含"), [includes_text(offer.version.includes) for offer in shown]),
            Row(_("另行收费"), [offer.version.not_included or None for offer in shown], written=True),
            _row(_("承诺时限"), shown, lambda o: o.version.days, lambda o: format.wd(o.version.days), min),
            Row(_("信用等级"), [offer.standing.grade or _("样本不足") for offer in shown]),
            Row(_("信用分（区间）"), [score_text(offer) for offer in shown], _clearly_first(shown)),
            Row(_("按期办结率"), [_on_time(offer) for offer in shown], _most_on_time(shown)),
            Row(_("已办结订单"), [format.count(offer.standing.closed) for offer in shown]),
            Row(_("纸质成果份数"), [offer.version.copies or None for offer in shown]),
            Row(_("所在地"), [str(offer.agency.organisation.region) for offer in shown]),
            Row(_("接单状态"), [offer.closed_because or _("正在接单") for offer in shown]),
        ],
    )


def _row(
    label: str,
    offers: list[Offer],
    value: Callable[[Offer], int | None],
    text: Callable[[Offer], Any],
    best_of: Callable[..., int] | None = None,
) -> Row:
    """A line of numbers; nothing is best when all are equal or nothing is known."""
    numbers = [value(offer) for offer in offers]
    known = [number for number in numbers if number is not None]
    best: list[int] = []
    if best_of and len(set(numbers)) > 1 and known:
        top = best_of(known)
        best = [column for column, number in enumerate(numbers) if number == top]
    return Row(label, [text(offer) for offer in offers], best)


def _clearly_first(offers: list[Offer]) -> list[int]:
    """The column whose score lies above all others for sure: no other rated one's interval reaches into its own."""
    spans = {n: (o.standing.low, o.standing.high) for n, o in enumerate(offers) if o.standing.low is not None}
    if len(spans) < 2:
        return []
    first = max(spans, key=lambda column: spans[column])
    return [first] if all(high < spans[first][0] for n, (_low, high) in spans.items() if n != first) else []


def _most_on_time(offers: list[Offer]) -> list[int]:
    """The columns with the best rate among those with enough finished orders to speak of a rate."""
    rates = {
        column: offer.standing.on_time_permille
        for column, offer in enumerate(offers)
        if offer.standing.on_time_permille is not None and offer.standing.closed >= ENOUGH_ORDERS
    }
    if len(set(rates.values())) < 2:
        return []
    top = max(rates.values())
    return [column for column, rate in rates.items() if rate == top]


def _fee(fen: int) -> str | None:
    return yuan(fen) if fen else None


def _on_time(offer: Offer) -> str:
    if offer.standing.on_time_permille is None:
        return _("尚无办结订单")
    return ngettext("%(rate)s（%(n)s 单）", "%(rate)s（%(n)s 单）", offer.standing.closed) % {
        "rate": format.percent_permille(offer.standing.on_time_permille),
        "n": format.count(offer.standing.closed),
    }


def score_text(offer: Offer) -> str:
    """``861.3 分（840.0–882.6）``, or that there are too few samples."""
    standing = offer.standing
    if standing.score is None or standing.low is None or standing.high is None:
        return _("样本不足")
    return _("%(score)s 分（%(low)s–%(high)s）") % {
        "score": format.points(standing.score),
        "low": format.points(standing.low),
        "high": format.points(standing.high),
    }


LANGUAGES = ("zh-hans", "en")


def frozen(offers: Sequence[Offer]) -> dict[str, Any]:
    """The comparison as plain JSON: which versions were compared, and every line as a reader of either language saw it."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = [_frozen_row(row) for row in comparison(offers).rows]
    return {"offers": [_frozen_offer(offer) for offer in offers], "said": said}


def _frozen_offer(offer: Offer) -> dict[str, Any]:
    return {
        "listing": offer.id,
        "version": offer.version.number,
        "title": offer.version.title,
        "item": {"name_zh": offer.listing.item.name_zh, "name_en": offer.listing.item.name_en},
        "agency": offer.agency.organisation.name,
        "uscc": offer.agency.organisation.uscc,
        "unit_price_fen": offer.version.unit_price_fen,
        "unit": offer.version.unit,
        "days": offer.version.days,
        "grade": offer.standing.grade or "NR",
        "grade_period": offer.standing.period,
    }


def _frozen_row(row: Row) -> dict[str, Any]:
    values = [None if value is None else str(value) for value in row.values]
    return {"label": row.label, "values": values, "best": row.best, "written": row.written}


def frozen_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a locked comparison for the reader. One that was frozen in a single language is shown in that."""
    if "said" not in content:
        return content["rows"]
    return content["said"].get(translation.get_language(), content["said"][LANGUAGES[0]])


def locked_for(user: User | Any, number: str) -> LockedComparison:
    """A locked comparison for whoever locked it, its organisation's members and staff; 404 for others."""
    row = LockedComparison.objects.select_related("organisation", "locked_by").filter(number=number).first()
    if row is None:
        raise Http404
    mine = row.locked_by_id == user.pk or access.belongs_to(user, row.organisation_id) or access.is_staff(user)
    if not mine:
        raise Http404
    return row
