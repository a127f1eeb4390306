"""Fields of an order: a quantity by unit, a text of one thing a line."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import ServiceItem
from orders.terms import WHOLE

Unit = ServiceItem.Unit
MAX_QUANTITY = 10**9
# As people write numbers; no signs of science.
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)


class QuantityField(forms.CharField):
    """A quantity in a listing's unit; gives thousandths. For ``permille`` people type the base amount in yuan, and the
    thousandths of a thousand yuan are those very yuan."""

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)
        self.unit = unit

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        cleaned = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
        if not _PLAIN.fullmatch(cleaned):
            raise self._unreadable()
        number = Decimal(cleaned)
        if not number.is_finite() or number <= 0:
            raise self._unreadable()
        if number > MAX_QUANTITY:
            raise forms.ValidationError(
                _("数量太大，最多 %(most)s，请核对。") % {"most": f"{MAX_QUANTITY:,}"}, code="quantity.large"
            )
        whole = self.unit in WHOLE
        milli = number if self.unit == Unit.PERMILLE else number * 1000
        if milli != milli.to_integral_value() or (whole and number != number.to_integral_value()):
            raise forms.ValidationError(
                _("请填写整数。") if whole else _("最多保留三位小数。"), code="quantity.fraction"
            )
        return int(milli)

    def _unreadable(self) -> forms.ValidationError:
        return forms.ValidationError(_("请填写大于零的数字，例如 1 或 1200。"), code="quantity.unreadable")


def quantity_text(quantity_milli: int, unit: str) -> str:
    """How a quantity is written for people and into the form again: ``1200``, ``12.5``."""
    if unit == Unit.PERMILLE:
        return str(quantity_milli)
    whole, rest = divmod(quantity_milli, 1000)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)


class LinesField(forms.CharField):
    """A text of one thing a line; gives the list of lines without empty ones."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]
