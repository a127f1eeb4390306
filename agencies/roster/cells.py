"""One cell: mended text, dates in the spellings people use, phones. Pure functions; a bad value raises ``CellFault``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.cn import uscc as stdnum_uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength
from stdnum.exceptions import ValidationError as NumberError

from agencies.roster.faults import UNSEEN


class CellFault(ValueError):
    """A value cannot be used; ``code`` is the fault's kind."""

    def __init__(self, code: str, **words: Any) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


class Formula(str):
    """A formula as text; never evaluated."""

    __slots__ = ()


@dataclass(frozen=True)
class Expiry:
    """``expires_on`` None: no expiry (长期). ``issued_on`` when the cell held a whole period."""

    expires_on: date | None
    issued_on: date | None = None


BLANKS = frozenset({"", "-", "--", "—", "——", "－", "/", "／", "\\", "无", "暂无", "n/a", "null", "none", "."})
# Full-width letters and digits narrowed, breaks made spaces, what has no width removed: one pass.
_MENDED = {
    **{wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))},
    **dict.fromkeys((0x09, 0x0A, 0x0D, 0xA0, 0x3000, 0x2028, 0x2029), " "),
    **dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD)),
}
_HAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff"
_SPACE_BY_HAN = re.compile(rf"(?<=[{_HAN}]) +| +(?=[{_HAN}])")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')  # how Excel's CSV keeps digits as text
_ERROR_VALUES = frozenset({"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!"})


def text_of(value: Any) -> str:
    """The cell as mended text: full-width letters and digits narrowed, line breaks and stray spaces gone. CellFault for
    control characters, formulas and error values."""
    if value is None:
        return ""
    if isinstance(value, Formula):
        raise CellFault("cell.formula")
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, datetime):
        value = value.date()
    text = str(value)
    if kept := _TEXT_FORMULA.fullmatch(text.strip()):
        text = kept[1]
    elif text.lstrip().startswith(("=", "＝")):
        raise CellFault("cell.formula")
    if text.strip() in _ERROR_VALUES:
        raise CellFault("cell.error_value")
    return _mended(text)


def _mended(text: str) -> str:
    text = text.translate(_MENDED)
    if UNSEEN.search(text):
        raise CellFault("cell.control")
    text = text.strip()
    if " " in text:
        text = _SPACE_BY_HAN.sub("", " ".join(text.split()))
    return "" if len(text) < 5 and text.lower() in BLANKS else text


def compact(text: str) -> str:
    """Without any space, for codes and numbers."""
    return re.sub(r"\s+", "", text)


def brackets_wide(text: str) -> str:
    """Chinese names carry full-width brackets: 某某事务所（普通合伙）."""
    return text.replace("(", "（").replace(")", "）")


def uscc_of(value: Any, text: str) -> str:
    """The checked code (GB 32100-2015)."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) >= 1e15:
        raise CellFault("uscc.number_cell")
    code = compact(unicodedata.normalize("NFKC", text)).upper()
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", code):
        raise CellFault("uscc.number_cell")
    try:
        return stdnum_uscc.validate(code)
    except InvalidLength:
        raise CellFault("uscc.length", found=len(code)) from None
    except InvalidChecksum:
        raise CellFault("uscc.check_digit") from None
    except NumberError:
        raise CellFault("uscc.characters") from None


_LONG = frozenset({"长期", "永久", "长期有效", "永久有效", "无固定期限", "无期限", "长期至今", "不限", "无限期"})
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_AMBIGUOUS = re.compile(
    r"\d{1,2}[-/.年]\d{1,2}[-/.月](\d{2}|\d{4})日?|\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{4}[-/.年]\d{1,2}月?|\d{4}年?|\d{6}"
)
_PERIOD = re.compile(r"(.+?)(?:至|到|~|～|—+|--|－|–)(.+)")
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


def date_of(value: Any, text: str, *, epoch_1904: bool = False) -> date:
    """A day. Accepts 2027-03-01, 2027/3/1, 2027.3.1, 2027年3月1日, 20270301, date cells and day serials."""
    if isinstance(value, datetime):
        return _sane(value.date())
    if isinstance(value, date):
        return _sane(value)
    packed = compact(unicodedata.normalize("NFKC", text)).replace("。", ".")
    if found := _DAY.fullmatch(packed) or _PACKED.fullmatch(packed):
        return _day(*map(int, found.groups()))
    if found := _SERIAL.fullmatch(packed):
        serial = int(found[1])
        if not 18264 <= serial <= 109574:  # 1950 … 2199
            raise CellFault("date.unreadable")
        return (_EPOCH_1904 if epoch_1904 else _EPOCH) + timedelta(days=serial)
    if _AMBIGUOUS.fullmatch(packed):
        raise CellFault("date.ambiguous")
    raise CellFault("date.unreadable")


def expiry_of(value: Any, text: str, *, epoch_1904: bool = False) -> Expiry:
    """The end of validity; 长期 and its like have none; a period (2022.3.1-2027.3.1 written with 至) gives both ends."""
    word = compact(text)
    if word in _LONG:
        return Expiry(None)
    if isinstance(value, str) and (found := _PERIOD.fullmatch(word)):
        start = date_of(None, found[1], epoch_1904=epoch_1904)
        end = None if found[2] in _LONG else date_of(None, found[2], epoch_1904=epoch_1904)
        return Expiry(end, start)
    return Expiry(date_of(value, text, epoch_1904=epoch_1904))


def _day(year: int, month: int, day: int) -> date:
    try:
        return _sane(date(year, month, day))
    except ValueError as error:
        if isinstance(error, CellFault):
            raise
        raise CellFault("date.impossible") from None


def _sane(day: date) -> date:
    if not 1900 <= day.year <= 2199:
        raise CellFault("date.impossible")
    return day


_MOBILE = re.compile(r"(?:\+?86-?)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"0\d{2,3}-?[2-9]\d{6,7}(?:-\d{1,6})?")
_HOTLINE = re.compile(r"[48]00-?\d{3}-?\d{4}")
_DASHES = str.maketrans("－—–‐‑‒―（）", "-------()")


def phones_of(text: str) -> tuple[str, ...]:
    """All numbers of the cell, mobiles first and bare. Each must be whole."""
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES))
    plain = re.sub(r"\((0\d{2,3})\)", r"\1-", plain)
    parts = [compact(part).strip("-") for part in re.split(r"[/、;；,，]|(?<=\d{7}) (?=\d)", plain)]
    mobiles, others = [], []
    for part in filter(None, parts):
        if found := _MOBILE.fullmatch(part):
            mobiles.append(found[1])
        elif _LANDLINE.fullmatch(part) or _HOTLINE.fullmatch(part):
            others.append(part)
        else:
            raise CellFault("phone.bad")
    if not mobiles and not others:
        raise CellFault("phone.bad")
    return (*mobiles, *others)


def email_of(text: str) -> str:
    address = compact(unicodedata.normalize("NFKC", text))
    try:
        validate_email(address)
    except ValidationError:
        raise CellFault("email.bad") from None
    return address
