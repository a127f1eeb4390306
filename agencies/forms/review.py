"""The review desk's questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from agencies.models import Review
from kernel.forms.fields import area

# Why things usually come back (code → words), by kind of review; the officer may add words of his own.
USUAL: dict[str, dict[str, Any]] = {
    "entry": {
        "unclear": _("扫描件不清晰或不完整"),
        "seal": _("承诺书未盖公章"),
        "scope": _("营业执照经营范围不含所报事项"),
        "expired": _("证书已过有效期"),
        "insurance": _("社保证明不足三个月"),
        "person": _("人员已在其他机构登记"),
        "branch": _("分公司未附总公司授权"),
        "abolished": _("所述资质已取消，请删去资质等级表述"),
    },
    "change": {
        "unclear": _("扫描件不清晰或不完整"),
        "proof": _("变更没有附证明材料"),
        "scope": _("营业执照经营范围不含所报事项"),
        "branch": _("分公司未附总公司授权"),
        "abolished": _("所述资质已取消，请删去资质等级表述"),
    },
    "listing": {
        "price": _("价目未写明是否含评审费、监测费、税"),
        "range": _("单价明显偏离常见范围，请核对单位或写明原因"),
        "vague": _("服务说明没有写清做什么、交什么"),
        "expired": _("证书已过有效期"),
        "abolished": _("所述资质已取消，请删去资质等级表述"),
    },
}
STATUSES = [("open", _("待处理")), ("all", _("全部")), *Review.Status.choices]
LAMPS = [("", _("全部")), ("red", _("超期")), ("amber", _("临期")), ("green", _("正常"))]


class QueueForm(forms.Form):
    q = forms.CharField(
        label=_("关键词"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("机构、代码、联系人、服务")}),
    )
    kind = forms.ChoiceField(label=_("类别"), choices=[("", _("全部")), *Review.Kind.choices], required=False)
    status = forms.ChoiceField(label=_("状态"), choices=STATUSES, required=False)
    lamp = forms.ChoiceField(label=_("时限灯"), choices=LAMPS, required=False)
    sort = forms.ChoiceField(
        label=_("排序"),
        choices=[("due", _("到期先后")), ("old", _("最早提交")), ("new", _("最新提交"))],
        required=False,
    )

    def wanted(self) -> dict[str, Any]:
        """The answers that make sense; wrong ones are left out rather than complained about."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


class ReturnForm(forms.Form):
    codes = forms.MultipleChoiceField(
        label=_("常见原因"), choices=[], widget=forms.CheckboxSelectMultiple, required=False
    )
    text = forms.CharField(
        label=_("补充说明"), max_length=300, required=False, widget=area(3), help_text=_("写明怎样改，机构会照着办。")
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = USUAL[kind]
        self.fields["codes"].choices = list(self.usual.items())  # type: ignore[attr-defined]

    def reasons(self) -> list[dict[str, str]]:
        """In the language of the source: the agency reads what was written down."""
        with translation.override("zh-hans"):
            chosen = [{"code": code, "text": str(self.usual[code])} for code in self.cleaned_data["codes"]]
        if self.cleaned_data["text"]:
            chosen.append({"code": "other", "text": self.cleaned_data["text"]})
        return chosen


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("异议内容"),
        min_length=5,
        max_length=2000,
        widget=area(6),
        help_text=_("写明事实和理由，可说明证据在哪里。"),
    )
    contact = forms.CharField(label=_("联系方式"), max_length=60, help_text=_("只供服务中心核实，不公开。"))


class AnswerForm(forms.Form):
    upheld = forms.ChoiceField(
        label=_("核实结论"), choices=[("no", _("异议不成立")), ("yes", _("异议成立"))], widget=forms.RadioSelect
    )
    answer = forms.CharField(label=_("答复"), max_length=2000, widget=area(4))
