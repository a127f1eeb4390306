"""The few integer rules that everything else stands on: rounding, months, days, shares that add up."""

from datetime import date
from fractions import Fraction


def half_up(value):
    """Nearest integer of an int or Fraction; exactly half goes up (towards plus infinity). Monotone in `value`."""
    value = Fraction(value)
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def clamp(value, low, high):
    return max(low, min(high, value))


def parse_day(text):
    """A date from exactly `YYYY-MM-DD` (the only spelling every supported Python reads alike)."""
    if isinstance(text, date):
        return text
    if not (isinstance(text, str) and len(text) == 10 and text[4] == text[7] == "-"):
        raise ValueError("a day is written YYYY-MM-DD, not %r" % (text,))
    parts = text[:4], text[5:7], text[8:]
    if not all(p.isascii() and p.isdigit() for p in parts):
        raise ValueError("a day is written YYYY-MM-DD, not %r" % (text,))
    return date(*map(int, parts))


def month_index(day):
    """Months since year 0, so that ages are differences."""
    return day.year * 12 + day.month - 1


def add_months(day, months):
    """The same day so many months later; a day the month lacks becomes its last (31 January + 1 → 28 February)."""
    year, month = divmod(month_index(day) + months, 12)
    for day_of_month in range(day.day, 0, -1):
        try:
            return date(year, month + 1, day_of_month)
        except ValueError:
            if day_of_month <= 28:
                raise
    raise AssertionError("a month has days")


def shares(exact, total):
    """Round the fractions `exact` to integers that sum to `total` (largest remainder; ties to the earlier one).

    `total` must be the half-up rounding of their sum, or at most len(exact) away from the sum of their floors.
    """
    floors = [e.numerator // e.denominator for e in map(Fraction, exact)]
    left = total - sum(floors)
    if not 0 <= left <= len(floors):
        raise ValueError("the shares cannot add up to %d" % total)
    order = sorted(range(len(floors)), key=lambda i: (-(exact[i] - floors[i]), i))
    for i in order[:left]:
        floors[i] += 1
    return floors
