"""The questions of the rankings desk and of those who comment on a list."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.forms.fields import area

# Without anything between them a month has two digits: 20261 may have been meant for 202611.
MONTH = re.compile(r"(\d{4})(?:\s*[年\-/.]\s*|\s+)(\d{1,2})\s*月?(?:份)?|(\d{4})(\d{2})\s*月?(?:份)?")


class MonthField(forms.CharField):
    """A month as people write it (2026年11月, 2026-11, ２０２６．１１, 202611) → "2026-11". What is no month comes through
    as it was typed, and the service says so."""

    def clean(self, value: Any) -> str:
        text = unicodedata.normalize("NFKC", super().clean(value) or "").strip()
        found = MONTH.fullmatch(text)
        if found is None:
            return text
        return f"{found[1] or found[3]}-{int(found[2] or found[4]):02}"


class MonthForm(forms.Form):
    period = MonthField(
        label=_("月份"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("已结束的月份，如 2026年10月 或 2026-10。"),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("撤回理由"), max_length=1000, widget=area(3))


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("意见和理由"),
        min_length=5,
        max_length=2000,
        widget=area(5),
        help_text=_("写明对哪家机构、哪一项有意见，以及事实和依据。"),
    )
    contact = forms.CharField(label=_("联系方式"), max_length=60, help_text=_("只供核实和答复，不公开。"))


class AnswerForm(forms.Form):
    seq = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(label=_("答复"), max_length=2000, widget=area(3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Several of these forms stand on one page.
        kwargs.setdefault("auto_id", f"id_%s_{(kwargs.get('initial') or {}).get('seq', '')}")
        super().__init__(*args, **kwargs)
