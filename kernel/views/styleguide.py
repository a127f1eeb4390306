"""The live style guide: every component in all its states, from sample values, with a sentence on when to use it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kernel.clock import CHINA


class SampleForm(forms.Form):
    """One field of every kind of widget."""

    title = forms.CharField(
        label=_("服务名称"), help_text=_("写明服务内容和对象，例如“建设项目环境影响报告表编制”。"), max_length=60
    )
    price = forms.CharField(label=_("报价"), help_text=_("含税总价。"))
    due_on = forms.DateField(label=_("交付日期"), widget=forms.DateInput(attrs={"type": "date"}))
    item = forms.ChoiceField(
        label=_("服务事项"), choices=[("", _("请选择")), ("eia", _("环评报告编制")), ("survey", _("测绘"))]
    )
    mode = forms.ChoiceField(
        label=_("选取方式"), choices=[("direct", _("直接选定")), ("draw", _("随机抽取"))], widget=forms.RadioSelect
    )
    papers = forms.MultipleChoiceField(
        label=_("随附材料"),
        choices=[("plan", _("总平面图")), ("permit", _("立项批文"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label=_("说明"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    paper = forms.FileField(label=_("附件"), help_text=_("PDF 或图片，不超过 20 MB。"), required=False)
    stars = forms.ChoiceField(
        label=_("质量"), choices=[(n, str(n)) for n in range(1, 6)], widget=forms.RadioSelect, required=False
    )
    promise = forms.BooleanField(label=_("我承诺以上内容真实"))


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show all components; takes no data from the database."""
    wrong = SampleForm({"title": "", "price": "12,8OO", "mode": "direct"}, auto_id="wrong_%s")
    wrong.is_valid()
    context = {
        "form": SampleForm(),
        "wrong": wrong,
        "starred": SampleForm(auto_id="starred_%s", initial={"stars": 4}),
        "meanings": {1: _("不能使用"), 2: _("缺陷较多"), 3: _("修改后可用"), 4: _("只有文字性修改"), 5: _("一次通过")},
        "page": sample_page(),
        "moment": datetime(2026, 11, 21, 9, 30, tzinfo=CHINA),
        "earlier": datetime(2026, 11, 18, 16, 5, tzinfo=CHINA),
        "day": date(2026, 12, 4),
        "digest": "5d41402abc4b2a76b9719d911017c592ae2f3e7a90c1b6d8e4f50123456789ab",
        "sample_messages": sample_messages(),
        "trend_points": sample_trend(),
        "calendar_days": sample_days(),
    }
    return render(request, "kernel/styleguide.html", context)


def sample_page() -> Page[int]:
    return Paginator(range(1, 241), 20).page(4)


def sample_trend() -> list[dict[str, Any]]:
    scores = ((7, 781, 64), (8, 802, 55), (9, None, 0), (10, 824, 41), (11, 853, 33))
    return [
        {"label": f"2026-{month:02}", "value": value}
        | ({} if value is None else {"low": value - half, "high": value + half, "range_text": f"± {half}"})
        for month, value, half in scores
    ]


def sample_days() -> list[dict[str, Any]]:
    tones = ("good", "good", "warn", "good", "bad", "good", "good")
    return [{"on": date(2026, 9 + n // 28, n % 28 + 1), "tone": tones[n % 7]} for n in range(0, 56, 3)]


def sample_messages() -> list[Any]:
    from django.contrib.messages import constants
    from django.contrib.messages.storage.base import Message

    return [
        Message(constants.SUCCESS, _("订单已提交，机构将在 2 个工作日内答复。")),
        Message(constants.WARNING, _("资质证书 30 天后到期，请及时更新。")),
        Message(constants.ERROR, _("付款没有完成，您的账户没有扣款。")),
    ]
