"""Storefront and listings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from agencies import pictures
from agencies.models import Agency, ListingVersion, ServiceItem
from agencies.selectors.terms import INCLUDES
from kernel.forms.fields import PaperField, YuanField, area

# A list of bands shows two empty rows more than it has, up to the most that pricing takes.
EMPTY_TIERS, MAX_TIERS = 2, 20


class StorefrontForm(forms.Form):
    tagline = forms.CharField(
        label=_("一句话介绍"), max_length=80, required=False, help_text=_("写在店名下面，最多 80 个字。")
    )
    opening_hours = forms.CharField(
        label=_("服务时间"), max_length=80, required=False, help_text=_("例如：工作日 8:30–17:30，午休照常接电话。")
    )
    banner = PaperField(
        label=_("店招图片"),
        required=False,
        widget=forms.FileInput(attrs={"accept": pictures.ACCEPT}),
        help_text=_("横图，至少 800×200 像素；按 4:1 裁去上下或两侧。"),
    )
    mark = PaperField(
        label=_("店标图片"),
        required=False,
        widget=forms.FileInput(attrs={"accept": pictures.ACCEPT}),
        help_text=_("方图，至少 96×96 像素，例如单位标志。"),
    )


class CaseForm(forms.Form):
    title = forms.CharField(label=_("项目名称"), max_length=80, required=False)
    client = forms.CharField(label=_("委托单位"), max_length=80, required=False)
    year = forms.CharField(label=_("年份"), max_length=4, required=False)
    text = forms.CharField(label=_("说明"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A case of before goes with its name; a new one that has none is not finished."""
        data = super().clean() or {}
        if not (self.initial.get("title") or self.errors or data.get("title")) and any(data.values()):
            self.add_error("title", _("请填写项目名称；不要这个案例的，请把其余几栏也清空。"))
        return data


CaseFormSet = forms.formset_factory(CaseForm, extra=2, max_num=20, absolute_max=25)


class PauseForm(forms.Form):
    note = forms.CharField(label=_("暂停说明"), max_length=200, required=False, help_text=_("业主会看到这句话。"))


class ItemForm(forms.Form):
    """Which item of the catalogue to offer: those of the agency's categories that it does not offer yet."""

    item = forms.ModelChoiceField(label=_("服务事项"), queryset=ServiceItem.objects.none(), empty_label=_("请选择"))
    capacity = forms.IntegerField(label=_("同时接单上限"), min_value=1, max_value=10_000, initial=5)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ServiceItem.objects.filter(category__agencies=agency, active=True, orderable=True)
        self.fields["item"].queryset = rows.exclude(listings__agency=agency).select_related("category")  # type: ignore[attr-defined]


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(label=_("同时接单上限"), min_value=1, max_value=10_000)


class VersionForm(forms.Form):
    """The terms of a version. Units come from the catalogue, so that offers can be compared. Bands are rows: those
    there are and two empty ones, so that the list grows with each saving and needs no script."""

    title = forms.CharField(label=_("标题"), max_length=80, help_text=_("写业主会搜的词，例如“环境影响报告表编制”。"))
    summary = forms.CharField(
        label=_("服务说明"), max_length=3000, required=False, widget=area(8),
        help_text=_("写明做什么、交什么、不含什么。已取消的资质不得再作宣传。"),
    )  # fmt: skip
    unit_price_fen = YuanField(label=_("单价"))
    min_fee_fen = YuanField(label=_("最低收费"), zero=True, required=False, help_text=_("没有最低收费的留空。"))
    days = forms.IntegerField(label=_("承诺时限"), min_value=1, max_value=1000)
    copies = forms.IntegerField(label=_("纸质成果份数"), min_value=0, max_value=100, required=False)
    includes = forms.MultipleChoiceField(
        label=_("价格包含"),
        choices=[(key, capfirst(label)) for key, label in INCLUDES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("没有勾选的，业主会看到“不含”。"),
    )
    not_included = forms.CharField(
        label=_("另行收费说明"), max_length=300, required=False, help_text=_("例如：专家评审费由委托方承担。")
    )

    def __init__(self, *args: Any, version: ListingVersion, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(version))
        super().__init__(*args, **kwargs)
        self.tiers = self._rows(len(version.tiers))
        for n in range(1, self.tiers + 1):
            self.fields[f"tier_{n}_up_to"] = forms.IntegerField(
                label=_("第 %(n)s 档：数量至") % {"n": n}, min_value=1, max_value=10**9, required=False
            )
            self.fields[f"tier_{n}_price"] = YuanField(label=_("第 %(n)s 档：单价") % {"n": n}, required=False)

    def _rows(self, kept: int) -> int:
        """How many bands the page asks for: those sent, else those there are, and some empty ones."""
        sent = [
            n for n in range(1, MAX_TIERS + 1) if self.data.get(f"tier_{n}_up_to") or self.data.get(f"tier_{n}_price")
        ]
        most = max(kept, MAX_TIERS)
        return min(max([kept, *sent]) + EMPTY_TIERS, most)

    def tier_pairs(self) -> list[tuple[Any, Any]]:
        return [(self[f"tier_{n}_up_to"], self[f"tier_{n}_price"]) for n in range(1, self.tiers + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(1, self.tiers + 1):
            pair = [data.get(f"tier_{n}_up_to"), data.get(f"tier_{n}_price")]
            if any(pair) and not all(pair):
                self.add_error(f"tier_{n}_up_to", _("请同时填写数量和单价，或都留空。"))
        return data

    def terms(self) -> dict[str, Any]:
        """The answers as ``listing_draft`` takes them."""
        data = self.cleaned_data
        bands = [(data.get(f"tier_{n}_up_to"), data.get(f"tier_{n}_price")) for n in range(1, self.tiers + 1)]
        return {
            "title": data["title"],
            "summary": data["summary"],
            "unit_price_fen": data["unit_price_fen"],
            "min_fee_fen": data["min_fee_fen"] or 0,
            "days": data["days"],
            "copies": data["copies"] or 0,
            "includes": {key: key in data["includes"] for key in INCLUDES},
            "not_included": data["not_included"],
            "tiers": [{"up_to": up_to, "unit_price_fen": price} for up_to, price in bands if up_to and price],
        }


def _initial(version: ListingVersion) -> dict[str, Any]:
    names = ("title", "summary", "unit_price_fen", "days", "copies", "not_included")
    values: dict[str, Any] = {name: getattr(version, name) for name in names}
    values["min_fee_fen"] = version.min_fee_fen or None
    values["includes"] = [key for key, included in version.includes.items() if included]
    for n, tier in enumerate(version.tiers, start=1):
        values[f"tier_{n}_up_to"], values[f"tier_{n}_price"] = tier["up_to"], tier["unit_price_fen"]
    return values
