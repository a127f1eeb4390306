"""The questions of case work: finding, taking in, alleging, answering, deciding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from agencies.models import Agency, Category
from credit.models import Case
from credit.selectors.rules import Rules, words
from kernel.forms.fields import DayField, PaperField, area

STATUSES = [
    ("", _("办理中")),
    ("decide", _("待决定")),
    *Case.Status.choices,
    ("all", _("全部")),
]
SORTS = [("", _("最早登记")), ("new", _("最近登记")), ("due", _("申辩到期先后"))]
CLASSES = {"minor": _("轻微"), "general": pgettext_lazy("失信程度", "一般"), "serious": _("严重")}


class QueueForm(forms.Form):
    q = forms.CharField(label=_("机构或案号"), max_length=60, required=False)
    status = forms.ChoiceField(label=_("状态"), choices=STATUSES, required=False)
    source = forms.ChoiceField(label=_("线索来源"), choices=[("", _("全部")), *Case.Source.choices], required=False)
    sort = forms.ChoiceField(label=_("排序"), choices=SORTS, required=False)

    def wanted(self) -> dict[str, Any]:
        """The answers that make sense; wrong ones are left out rather than complained about."""
        self.is_valid()
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


class AgencyField(forms.CharField):
    """An agency by its full name or its code; a part of the name will do when only one agency fits."""

    def clean(self, value: Any) -> Agency | None:
        text = super().clean(value)
        if not text:
            return None
        rows = Agency.objects.select_related("organisation")
        exact = rows.filter(Q(organisation__uscc__iexact=text) | Q(organisation__name=text)).first()
        if exact:
            return exact
        found = list(rows.filter(organisation__name__icontains=text).order_by("organisation__name")[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("没有找到这家机构，请核对名称或统一社会信用代码。"), code="unknown")
        names = "、".join(str(agency.organisation) for agency in found[:5])
        raise forms.ValidationError(
            _("有多家机构符合：%(names)s。请写全称或统一社会信用代码。"), code="many", params={"names": names}
        )


class IntakeForm(forms.Form):
    agency = AgencyField(label=_("机构"), max_length=100, help_text=_("填写机构名称或统一社会信用代码。"))
    source = forms.ChoiceField(label=_("线索来源"), choices=[c for c in Case.Source.choices if c[0] != "order"])
    source_ref = forms.CharField(
        label=_("关联编号"),
        max_length=100,
        required=False,
        help_text=_("来信、热线工单或处罚决定的编号；同一编号只登记一次。"),
    )
    category = forms.ModelChoiceField(
        label=_("服务类别"), queryset=Category.objects.filter(active=True), required=False, empty_label=_("不限类别")
    )
    facts = forms.CharField(
        label=_("事实经过"),
        max_length=4000,
        widget=area(6),
        help_text=_("时间、地点、当事人、经过；只写事实，不写判断。"),
    )


class AllegeForm(forms.Form):
    """The clause comes from the rulebook in force."""

    event_code = forms.ChoiceField(label=_("适用条款"))
    occurred_on = DayField(label=_("发生日期"))
    display_months = forms.IntegerField(
        label=_("期限"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("一般和严重事项是对外展示的期限，轻微事项是计分的期限；不填则按规则的默认期限。"),
    )
    facts = forms.CharField(label=_("认定的事实"), max_length=4000, widget=area(5))

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for entry in rules.content["events"]:
            if entry["kind"] == "incident":
                said = ngettext("%(name)s（%(points)s 分）", "%(name)s（%(points)s 分）", entry["points"])
                text = said % {"name": words(entry["name"]), "points": entry["points"]}
                groups.setdefault(entry["class"], []).append((entry["code"], text))
        choices: list[Any] = [("", _("请选择"))]
        choices += [(CLASSES[kind], groups[kind]) for kind in CLASSES if kind in groups]
        self.fields["event_code"].choices = choices  # type: ignore[attr-defined]


class DefenceForm(forms.Form):
    text = forms.CharField(
        label=_("陈述申辩"),
        max_length=4000,
        widget=area(8),
        help_text=_(
            "写明您认可和不认可的事实与理由。一般和严重事项认定生效后，您的陈述会与决定一同公开展示，请勿写入他人隐私。"
        ),
    )


class DecideForm(forms.Form):
    uphold = forms.ChoiceField(
        label=_("决定"),
        choices=[("yes", _("予以认定，扣分生效")), ("no", _("不予认定，不扣分"))],
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label=_("决定理由"),
        max_length=4000,
        widget=area(6),
        help_text=_("回应机构的申辩；决定会送达机构，一般和严重事项的认定会公开展示。"),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=1000, widget=area(3))


class PaperForm(forms.Form):
    file = PaperField(label=_("材料"))
