"""The questions of the guidance desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Category
from credit.forms.case import AgencyField
from kernel.forms.fields import DayField


class EnterForm(forms.Form):
    agency = AgencyField(label=_("机构"), max_length=100, help_text=_("填写机构名称或统一社会信用代码。"))
    category = forms.ModelChoiceField(
        label=_("服务类别"), queryset=Category.objects.filter(active=True), empty_label=_("请选择")
    )
    reason = forms.CharField(label=_("列入理由"), max_length=300)
    expires_on = DayField(label=_("有效期至"), required=False, help_text=_("不填则按规则的最长期限。"))


class RenewForm(forms.Form):
    reason = forms.CharField(label=_("续期理由"), max_length=300)
    expires_on = DayField(label=_("有效期至"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_renew_%s")
        super().__init__(*args, **kwargs)


class RemoveForm(forms.Form):
    reason = forms.CharField(label=_("移出理由"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "id_remove_%s")
        super().__init__(*args, **kwargs)
