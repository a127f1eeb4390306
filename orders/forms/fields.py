"""Fields of the trade: money in yuan, quantities by unit, a paper that is not lost when the form comes back."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import ServiceItem
from kernel import money
from kernel.errors import DomainError
from orders.terms import WHOLE

Unit = ServiceItem.Unit
MAX_QUANTITY = 10**9
PAPER_TYPES = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.zip"


class YuanField(forms.CharField):
    """Yuan as people write them; gives fen, more than nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            fen = money.parse_yuan(text)
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from None
        if fen <= 0:
            raise forms.ValidationError(_("金额必须大于零。"), code="money.not_positive")
        return fen


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
        try:
            number = Decimal(cleaned)
        except InvalidOperation:
            raise self._unreadable() from None
        if not number.is_finite() or not 0 < number <= MAX_QUANTITY:
            raise self._unreadable()
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


class PaperField(forms.FileField):
    """A paper to upload. Its checks (kind, size) are the attachment service's; what was uploaded survives a refusal
    because the page keeps the stored paper's number (orders.views.papers)."""

    def __init__(self, *, purpose: str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.ClearableFileInput(attrs={"accept": PAPER_TYPES}))
        kwargs.setdefault("help_text", _("PDF、图片、DOCX、XLSX 或 ZIP，不超过 20 MB。"))
        super().__init__(max_length=200, **kwargs)
        self.purpose = purpose


class LinesField(forms.CharField):
    """A text of one thing a line; gives the list of lines without empty ones."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
