"""What an order freezes when it is placed: pure arithmetic over a listing's version and its service item."""

from __future__ import annotations

from dataclasses import dataclass

from agencies.models import ListingVersion, ServiceItem
from agencies.phrases import english
from agencies.pricing import fee_fen
from kernel.money import round_div

Unit = ServiceItem.Unit
# Units of which there is no half
WHOLE = frozenset(
    {Unit.REPORT, Unit.TEST_GROUP, Unit.POINT, Unit.BUILDING, Unit.ITEM, Unit.PARCEL, Unit.PILE, Unit.YEAR}
)


@dataclass(frozen=True)
class Terms:
    """Fee in fen and limits in working days of one deal; the baseline is the same deal before the market opened
    (入市前基准), None where the item has none or is priced in another unit."""

    fee_fen: int
    days: int
    limit_days: int
    baseline_fee_fen: int | None
    baseline_days: int | None


def terms_of(version: ListingVersion, item: ServiceItem, quantity_milli: int) -> Terms:
    """``quantity_milli`` in thousandths of the version's unit."""
    return Terms(
        fee_fen=fee_fen(version, quantity_milli),
        days=version.days,
        limit_days=item.limit_days,
        baseline_fee_fen=_baseline_fee(version, item, quantity_milli),
        baseline_days=item.baseline_days,
    )


def papers_of(item: ServiceItem) -> list[dict[str, str]]:
    """The item's list of papers in both languages, as an order keeps it: ``[{"zh": "总平面图", "en": "Site plan"}, …]``."""
    return [{"zh": name, "en": english(name)} for name in dict.fromkeys(map(str, item.materials))]


def is_whole(unit: str, quantity_milli: int) -> bool:
    return unit not in WHOLE or quantity_milli % 1000 == 0


def _baseline_fee(version: ListingVersion, item: ServiceItem, quantity_milli: int) -> int | None:
    if item.baseline_fee_fen is None or item.fee_unit != version.unit:
        return None
    return max(round_div(item.baseline_fee_fen * quantity_milli, 1000), item.min_fee_fen)
