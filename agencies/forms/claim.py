"""Claiming an imported agency."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.forms.fields import PaperField, UsccField, area


class ClaimForm(forms.Form):
    code = UsccField(help_text=_("18 位，见营业执照。"))
    letter = PaperField(
        label=_("授权书"),
        help_text=_("写明授权您管理本机构在平台上的资料，加盖公章；PDF 或图片，不超过 20 MB。"),
    )
    note = forms.CharField(
        label=_("说明"), max_length=300, required=False, widget=area(2), help_text=_("您的职务、联系方式等，便于核实。")
    )


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("未通过的原因"), max_length=300, widget=area(2), help_text=_("申请人会看到这句话，请写明怎样补正。")
    )
