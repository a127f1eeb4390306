"""Money is an integer number of fen (1/100 yuan). This module holds the only rounding in the product."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

# Larger than any county's budget, smaller than any column: a slip of the keyboard is refused with a sentence.
MAX_FEN = 10**13


def round_div(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` rounded half away from zero; ``denominator`` > 0."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def share(amount_fen: int, parts: list[int]) -> list[int]:
    """Split an amount by integer weights; the remainder goes to the first party, so nothing is lost."""
    total = sum(parts)
    shares = [amount_fen * part // total for part in parts]
    shares[0] += amount_fen - sum(shares)
    return shares


def parse_yuan(text: str) -> int:
    """``"12,800.5"`` or full-width digits → fen. DomainError when it is no amount with at most two decimals."""
    cleaned = text.translate(_FULL_WIDTH).replace(",", "").replace("¥", "").replace("元", "").strip()
    try:
        fen = Decimal(cleaned) * 100
    except InvalidOperation:
        raise _bad(text) from None
    if not fen.is_finite() or fen != fen.to_integral_value() or abs(fen) > MAX_FEN:
        raise _bad(text)
    return int(fen)


def plain(fen: int) -> str:
    """``1280050`` → ``12,800.50`` (digits only: for tables, forms and files)."""
    sign, rest = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{rest // 100:,}.{rest % 100:02d}"


def yuan(fen: int) -> str:
    """``1280050`` → ``¥12,800.50``."""
    return f"-¥{plain(-fen)}" if fen < 0 else f"¥{plain(fen)}"


def capital(fen: int) -> str:
    """Amount in capital figures (大写金额) as contracts and receipts write it: ``壹万贰仟捌佰元伍角整``.

    Follows the rules for filling in bills (票据和结算凭证填写规范): zeros inside are said once, 整 closes an amount
    without fen.
    """
    if fen < 0:
        return "负" + capital(-fen)
    integer, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    words = _capital_integer(integer) + "元" if integer else ""
    if not jiao and not rest:
        return (words or "零元") + "整"
    if jiao:
        words += _DIGITS[jiao] + "角"
    elif words:
        words += "零"
    return words + (_DIGITS[rest] + "分" if rest else "整")


_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，￥", "0123456789.,¥")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def _bad(text: str) -> DomainError:
    return DomainError(
        "money.unreadable",
        _("“%(text)s”不是可识别的金额。") % {"text": text[:40]},
        _("请填写以元为单位的数字，最多两位小数，例如 12800 或 12,800.50。"),
    )


def _capital_integer(number: int) -> str:
    groups: list[int] = []
    while number:
        groups.append(number % 10000)
        number //= 10000
    words = ""
    gap = False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _capital_group(group) + ("", "万", "亿", "万亿")[index]
        gap = False
    return words


def _capital_group(group: int) -> str:
    words, gap = "", False
    for place, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = group // place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + unit
            gap = False
        else:
            gap = True
    return words
