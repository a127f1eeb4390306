"""What a list of orders can be narrowed by; wrong values are ignored rather than complained about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import Category
from orders.machines import LIMITS
from orders.models import Order
from orders.selectors.money import AT_THE_DESK

LAMPS = [("", _("全部")), ("red", _("逾期")), ("amber", _("临期")), ("green", _("正常")), ("grey", _("暂停或无期限"))]
SORTS = {"due": _("到期先后"), "new": _("最新下单"), "old": _("最早下单"), "fee": _("金额从高到低")}


class QueueForm(forms.Form):
    q = forms.CharField(label=_("关键词"), max_length=60, required=False)
    status = forms.ChoiceField(label=_("状态"), choices=[("", _("全部")), *Order.Status.choices], required=False)
    lamp = forms.ChoiceField(label=_("时限灯"), choices=LAMPS, required=False)
    category = forms.ModelChoiceField(
        label=pgettext_lazy("服务", "类别"), queryset=Category.objects.all(), required=False, empty_label=_("全部")
    )
    channel = forms.ChoiceField(label=_("渠道"), choices=[("", _("全部")), *Order.Channel.choices], required=False)
    # Set by links from the work home
    due = forms.ChoiceField(choices=[("", ""), *((code, row.label) for code, row in LIMITS.items())], required=False)
    money = forms.ChoiceField(
        choices=[("", ""), *((code, row.label) for code, row in AT_THE_DESK.items())], required=False
    )
    sort = forms.ChoiceField(label=_("排序"), choices=list(SORTS.items()), required=False)

    def wanted(self) -> dict[str, Any]:
        """The values that make sense."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}
