"""Forms of the centre's desks: complaints, the counter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.forms.fields import PaperField, UsccField, YuanField, area
from kernel.models import Organisation, Region
from orders.forms.place import PlaceForm

Kind = Organisation.Kind


class ComplaintDecisionForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("处理结果"),
        choices=[("yes", _("投诉成立")), ("no", _("投诉不成立"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("处理意见"),
        max_length=3000,
        widget=area(6),
        help_text=_("写明查明的事实、依据和结论；双方都能看到。"),
    )
    refund = YuanField(
        label=_("退还付款方（元）"), required=False, help_text=_("投诉成立且需要退款时填写，不超过可退余额。")
    )


class FindForm(forms.Form):
    q = forms.CharField(label=_("统一社会信用代码或单位名称"), max_length=60, required=False)


class ListingFindForm(forms.Form):
    item = forms.CharField(label=_("服务或机构名称"), max_length=60, required=False)


class CounterPartyForm(forms.Form):
    """An enterprise that has no account yet, registered on the spot."""

    kind = forms.ChoiceField(
        label=_("单位类型"),
        choices=[(kind.value, kind.label) for kind in (Kind.ENTERPRISE, Kind.PUBLIC_BODY)],
        widget=forms.RadioSelect,
        initial=Kind.ENTERPRISE,
    )
    name = forms.CharField(label=_("单位名称"), max_length=120, help_text=_("与营业执照或登记证书一致。"))
    uscc = UsccField()
    region = forms.ModelChoiceField(label=_("所在地区"), queryset=Region.objects.none(), empty_label=_("请选择"))
    phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["region"].queryset = Region.objects.filter(level=Region.Level.COUNTY).order_by("code")  # type: ignore[attr-defined]


class CounterPlaceForm(PlaceForm):
    """An order placed for an enterprise, with its authorisation."""

    authorisation = PaperField(
        purpose="authorisation", label=_("企业授权书"), help_text=_("盖章的授权委托书扫描件，PDF 或图片。")
    )
