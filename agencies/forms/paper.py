"""Certificates and people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import CertificateType, Qualification
from kernel import clock
from kernel.forms.fields import DayField, PaperField


class CertificateForm(forms.Form):
    type = forms.ModelChoiceField(label=_("证书类型"), queryset=CertificateType.objects.none(), empty_label=_("请选择"))
    level = forms.CharField(label=_("等级"), max_length=20, required=False, help_text=_("证书不分等级的留空。"))
    number = forms.CharField(label=_("证书编号"), max_length=60)
    scope = forms.CharField(label=_("业务范围"), max_length=300, required=False)
    issuer = forms.CharField(label=_("发证机关"), max_length=80, required=False)
    issued_on = DayField(label=_("发证日期"), required=False)
    expires_on = DayField(label=_("有效期至"), required=False, help_text=_("长期有效的留空。"))
    scan = PaperField(label=_("扫描件"), required=False)

    def __init__(self, *args: Any, renews: Qualification | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = CertificateType.objects.exclude(abolished_on__lte=clock.today())
        self.fields["type"].queryset = kinds.order_by("kind", "name_zh")  # type: ignore[attr-defined]
        if renews:
            del self.fields["type"]


class PersonForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    identity_number = forms.CharField(
        label=_("居民身份证号"),
        max_length=40,
        help_text=_("加密保存，页面上只显示首尾几位。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    title = forms.CharField(label=_("执业资格"), max_length=60, required=False)
    registration_number = forms.CharField(label=_("注册号"), max_length=60, required=False)
    can_lead = forms.BooleanField(label=_("可任项目负责人"), required=False)
    social_insurance_since = DayField(label=_("社保起缴"), required=False)
    proof = PaperField(label=_("社保证明"), required=False)
