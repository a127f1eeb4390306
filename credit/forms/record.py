"""The questions of honours and of voiding a record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.selectors.rules import Rules, words
from kernel.forms.fields import DayField, area


class HonourForm(forms.Form):
    code = forms.ChoiceField(label=_("加分事项"))
    occurred_on = DayField(label=_("文件日期"))
    document = forms.CharField(
        label=_("文号"), max_length=60, help_text=_("表彰或认定文件的文号；同一文号只登记一次。")
    )
    reason = forms.CharField(label=_("说明"), max_length=300, widget=area(3))

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bonuses = [(e["code"], words(e["name"])) for e in rules.content["events"] if e["kind"] == "bonus"]
        self.fields["code"].choices = [("", _("请选择")), *bonuses]  # type: ignore[attr-defined]


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("撤销理由"), max_length=1000, widget=area(3))
