"""What an order costs, from a listing's version and a quantity. Pure integers; the only rounding is kernel.money's.

Prices by scale (阶梯价格) are progressive (差额累进): each band ``{"up_to": q, "unit_price_fen": p}`` prices the part of
the quantity between the band before and ``q`` units; what lies above the last band costs ``unit_price_fen`` of the
version. So the fee never falls when the quantity grows and never jumps at the edge of a band, unlike a price list in
which the whole quantity takes the price of its band.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from kernel.money import MAX_FEN, round_div

MILLI = 1000


class Priced(Protocol):
    unit_price_fen: int
    min_fee_fen: int
    tiers: list[dict[str, int]]


@dataclass(frozen=True)
class Fee:
    """What is charged, in fen; ``is_minimum``: the quantity alone would have cost less."""

    fen: int
    is_minimum: bool


def fee_fen(version: Priced, quantity_milli: int) -> int:
    """The fee in fen alone (see ``fee``)."""
    return fee(version, quantity_milli).fen


def fee(version: Priced, quantity_milli: int) -> Fee:
    """The fee of ``quantity_milli`` thousandths of the version's unit, rounded half up once, at least the minimum fee.
    For "permille" the quantity is the base amount in thousands of yuan. DomainError ``pricing.quantity`` for a quantity
    that is not positive, ``pricing.amount`` for a fee beyond any budget."""
    if quantity_milli <= 0:
        raise DomainError("pricing.quantity", _("数量应大于零。"), _("请填写需要的数量。"), field="quantity")
    total, begun = 0, 0
    for tier in version.tiers:
        part = min(quantity_milli, tier["up_to"] * MILLI) - begun
        if part <= 0:
            break
        total += part * tier["unit_price_fen"]
        begun += part
    total += (quantity_milli - begun) * version.unit_price_fen
    price = round_div(total, MILLI)
    charged = max(price, version.min_fee_fen)
    if charged > MAX_FEN:
        raise DomainError(
            "pricing.amount", _("数量过大，费用超出可受理的范围。"), _("请核对数量和单位。"), field="quantity"
        )
    return Fee(charged, price < version.min_fee_fen)


def check_tiers(tiers: Any) -> list[dict[str, int]]:
    """The bands as stored: rising ``up_to`` (whole units), positive prices. DomainError ``pricing.tiers``."""
    clean: list[dict[str, int]] = []
    for tier in tiers or []:
        try:
            row = {"up_to": int(tier["up_to"]), "unit_price_fen": int(tier["unit_price_fen"])}
        except (KeyError, TypeError, ValueError, OverflowError):
            raise _bad_tiers() from None
        last = clean[-1]["up_to"] if clean else 0
        if not last < row["up_to"] <= 10**9 or not 0 < row["unit_price_fen"] <= MAX_FEN:
            raise _bad_tiers()
        clean.append(row)
    return clean


def _bad_tiers() -> DomainError:
    return DomainError(
        "pricing.tiers",
        _("阶梯价格填写有误。"),
        _("请按数量从小到大填写，每档的数量为整数、单价大于零。"),
        field="tiers",
    )
