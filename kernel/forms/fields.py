"""Fields that the forms of all rooms share: money in yuan, days, papers."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from kernel import money
from kernel.errors import DomainError

PAPER_TYPES = ".pdf,.jpg,.jpeg,.png,.docx,.xlsx,.zip"


class YuanField(forms.CharField):
    """Yuan as people write them; gives fen. ``zero`` allows nothing to be charged."""

    def __init__(self, *, zero: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=30, **kwargs)
        self.zero = zero

    def prepare_value(self, value: Any) -> Any:
        return money.plain(value).removesuffix(".00") if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            fen = money.parse_yuan(text)
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from None
        if fen < 0 or (fen == 0 and not self.zero):
            raise forms.ValidationError(_("金额必须大于零。"), code="money.not_positive")
        return fen


class DayField(forms.DateField):
    """A civil day; year 9999 and year 1 are slips of the keyboard."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not 1900 <= day.year <= 2100:
            raise forms.ValidationError(_("年份应在 1900 到 2100 之间。"), code="year")
        return day


class PaperField(forms.FileField):
    """A paper to upload; its kind and size are checked by the attachment service. ``purpose`` is what the stored paper
    is filed as, where the form is the place that knows."""

    def __init__(self, *, purpose: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.ClearableFileInput(attrs=paper_attrs()))
        kwargs.setdefault("help_text", _("PDF、图片、DOCX、XLSX 或 ZIP，不超过 20 MB。"))
        super().__init__(max_length=200, **kwargs)
        self.purpose = purpose


def paper_attrs(types: str = PAPER_TYPES) -> dict[str, Any]:
    """What a browser may say about a chosen file before it is sent."""
    return {
        "accept": types,
        "data-most": settings.ATTACHMENT_MAX_BYTES,
        "data-wrong-kind": _("不支持这种文件，请换成 %(types)s。") % {"types": types.replace(",", " ")},
        "data-too-large": _("文件太大，请压缩后再选。"),
    }


class PhoneField(forms.CharField):
    """A number to call: of a desk, a mobile one or a short one (12345), with area code and extension as people write
    them; several stand side by side. What is stored already is taken as it is: it stops no other change."""

    ONE = r"[(]?\+?\d([ ()-]{0,2}\d){4,14}( ?(转|-|\*|ext\.?) ?\d{1,6})?"
    NUMBERS = re.compile(rf"{ONE}( ?[/、,;] ?({ONE}|\d{{1,4}}))*", re.IGNORECASE)
    DASHES = re.compile("[\u2010-\u2015\u2212]+")
    stored = ""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("联系电话"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}))
        super().__init__(max_length=30, **kwargs)

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        self.stored = form.get_initial_for_field(self, field_name) or ""
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> str:
        given: str = super().clean(value)
        text = self.DASHES.sub("-", unicodedata.normalize("NFKC", given))
        if not text or given == self.stored:
            return given
        if not self.NUMBERS.fullmatch(text):
            raise forms.ValidationError(_("请填写电话号码，固定电话带区号，例如 0500-85123456。"), code="phone")
        return text


class UsccField(forms.CharField):
    """A unified social credit code; the page says at once whether it can be right."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("统一社会信用代码"))
        attrs = {"autocomplete": "off", "spellcheck": "false", "data-check": reverse_lazy("kernel:check_uscc")}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attrs), **kwargs)


def area(rows: int) -> forms.Textarea:
    """A text of several lines."""
    return forms.Textarea(attrs={"rows": rows})
