"""How values are written on a page: money, dates, durations, shares. The language is the one active at call time.

Money is integer fen, moments are aware datetimes (shown in Asia/Shanghai), shares are integer permille.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from markupsafe import Markup

from kernel.clock import CHINA
from kernel.money import capital, plain, yuan

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS_ZH = "一二三四五六日"
NOTHING = "—"


def money(fen: int | None) -> str:
    """``1280000`` → ``¥12,800.00``; nothing → a dash."""
    return NOTHING if fen is None else yuan(fen)


def money_plain(fen: int | None) -> str:
    """``1280000`` → ``12,800.00``, for columns whose head names the unit."""
    return NOTHING if fen is None else plain(fen)


def money_capital(fen: int | None) -> str:
    """Amount in capital figures (大写金额), as contracts and receipts want it in Chinese whatever the page's language."""
    return NOTHING if fen is None else capital(fen)


def wan(fen: int | None) -> str:
    """A headline amount: ``¥1,286.4 万`` from 10,000 yuan, ``¥12.86 亿`` from 10^8 on (English: ``¥12.86 million``); never for amounts due."""
    if fen is None:
        return NOTHING
    if english():
        return f"¥{_scaled(fen, 100_000_000, 2)} million" if abs(fen) >= 100_000_000 else f"¥{_scaled(fen, 100, 0)}"
    if abs(fen) >= 10_000_000_000:
        return f"¥{_scaled(fen, 10_000_000_000, 2)} 亿"
    if abs(fen) >= 1_000_000:
        return f"¥{_scaled(fen, 1_000_000, 1)} 万"
    return f"¥{_scaled(fen, 100, 0)}"


def date_cn(value: date | datetime | None, weekday: bool = True) -> str:
    """``2026年11月21日（周六）`` or ``Sat 21 Nov 2026``."""
    if value is None:
        return NOTHING
    day = civil(value)
    if english():
        text = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return f"{_WEEKDAYS_EN[day.weekday()]} {text}" if weekday else text
    text = f"{day.year}年{day.month}月{day.day}日"
    return f"{text}（周{_WEEKDAYS_ZH[day.weekday()]}）" if weekday else text


def clock_time(value: datetime) -> str:
    """``09:30``, in China's time, where the day stands above."""
    return timezone.localtime(value, CHINA).strftime("%H:%M")


def month(value: date) -> str:
    """``9月`` or ``Sep``, for the axis of a drawing."""
    return _MONTHS[value.month - 1] if english() else f"{value.month}月"


def month_of_year(value: date) -> str:
    """``2026年9月`` or ``Sep 2026``."""
    return f"{month(value)} {value.year}" if english() else f"{value.year}年{value.month}月"


def datetime_cn(value: datetime | None, seconds: bool = False) -> str:
    """``2026年11月21日 09:30`` or ``21 Nov 2026, 09:30`` in China's time."""
    if value is None:
        return NOTHING
    if not isinstance(value, datetime):
        return date_cn(value)
    clock = local(value).strftime("%H:%M:%S" if seconds else "%H:%M")
    return f"{date_cn(value, weekday=False)}{', ' if english() else ' '}{clock}"


def wd(count: int | None) -> str:
    """A duration in working days: ``3 个工作日`` / ``3 working days``."""
    if count is None:
        return NOTHING
    return ngettext("%(n)s 个工作日", "%(n)s 个工作日", count) % {"n": count}


def days(count: int | None) -> str:
    """A duration in calendar days: ``3 天`` / ``3 days``."""
    if count is None:
        return NOTHING
    return ngettext("%(n)s 天", "%(n)s 天", count) % {"n": count}


def percent_permille(permille: int | None) -> str:
    """``965`` → ``96.5%``; whole percents without a decimal."""
    if permille is None:
        return NOTHING
    whole, tenth = divmod(abs(permille), 10)
    sign = "-" if permille < 0 else ""
    return f"{sign}{whole}.{tenth}%" if tenth else f"{sign}{whole}%"


def points(milli: int | None) -> str:
    """A score or its half-width, from thousandths of a point: ``875432`` → ``875.4`` (half up)."""
    if milli is None:
        return "—"
    tenths = (milli + 50) // 100
    return f"{tenths // 10}.{tenths % 10}"


def count(value: int | None) -> str:
    """``12800`` → ``12,800``."""
    return NOTHING if value is None else f"{value:,}"


def file_size(size: int | None) -> str:
    """Bytes as people say them: ``820 B``, ``12.4 KB``, ``3.1 MB``."""
    if size is None:
        return NOTHING
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= step:
            tenths = (size * 10 + step // 2) // step
            return f"{tenths // 10}.{tenths % 10} {unit}"
    return f"{size} B"


def telephone(number: str | None) -> str:
    """A number as people dial it: ``+8613800138000`` → ``13800138000``; one from abroad, a desk's or nothing as it is."""
    text = number or ""
    inland = text.removeprefix("+86")
    return inland if inland != text and len(inland) == 11 and inland.startswith("1") else text


def cell(value: object) -> object:
    """What a table writes for a raw value: dates and yes/no in words, nothing as a dash."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return pgettext("表格", "是") if value else pgettext("表格", "否")
    if isinstance(value, datetime):
        return datetime_cn(value)
    if isinstance(value, date):
        return date_cn(value)
    return value


def iso(value: date | datetime | None) -> str:
    """For ``<time datetime>``: the moment in China's time with its offset, or the day."""
    if value is None:
        return ""
    return local(value).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def local(value: datetime) -> datetime:
    if timezone.is_naive(value):
        raise ValueError("pages show aware datetimes only")
    return value.astimezone(CHINA)


def civil(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


def english() -> bool:
    return (get_language() or "").startswith("en")


def chinese(text: Any) -> str:
    """Words that exist in Chinese only (names, what people wrote), for a page: an English one marks them, as ``ui.zh``
    does in templates."""
    return Markup('<span lang="zh-Hans">{}</span>').format(text) if english() and text else str(text or "")


def sentence(text: str, **values: Any) -> str:
    """``text % values`` for a page, where a value may be marked (``chinese``); everything else is escaped."""
    return Markup.escape(text) % values


def _scaled(fen: int, unit: int, decimals: int) -> str:
    scale = 10**decimals
    sign = "-" if fen < 0 else ""
    scaled = (abs(fen) * scale * 2 + unit) // (2 * unit)
    whole, rest = divmod(scaled, scale)
    text = f"{whole:,}"
    fraction = str(rest).rjust(decimals, "0").rstrip("0") if decimals else ""
    return f"{sign}{text}.{fraction}" if fraction else f"{sign}{text}"
