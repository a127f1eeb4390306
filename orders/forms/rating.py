"""Rating forms: five dimensions, the definition of every grade next to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel import access
from kernel.forms.fields import area
from orders import rating_scale
from orders.forms.base import ActForm
from orders.models import OfficialRating
from orders.models.rating import STARS

# What the stars of an official rating say
OVERALL = {1: _("很差"), 2: _("较差"), 3: pgettext_lazy("星级", "一般"), 4: _("较好"), 5: _("很好")}


class StarField(forms.TypedChoiceField):
    """One to five stars. ``stars[n]`` says what n stars mean, ``question`` what is asked; shown by ``ui.star_field``."""

    def __init__(self, label: Any, question: Any = "", stars: dict[int, Any] | None = None) -> None:
        super().__init__(label=label, choices=STARS, coerce=int, widget=forms.RadioSelect)
        self.question = question
        self.stars = stars or OVERALL


class RatingForm(ActForm):
    conditional = ("fact",)

    remark = forms.CharField(
        label=_("评语"),
        max_length=500,
        required=False,
        widget=area(3),
        help_text=_("想对对方和其他人说的话，随星级一起公开。"),
    )
    fact = forms.CharField(
        label=_("依据的事实（有 1 星或 5 星时必填）"),
        max_length=500,
        required=False,
        widget=area(3),
        help_text=_("写明可以核对的日期、文件或现场情况。"),
    )

    def prepare(self) -> None:
        self.scale = rating_scale.SCALES[self.dossier.trading_side]
        for dimension in self.scale:
            self.fields[dimension.code] = StarField(dimension.label, dimension.question, dimension.stars)
        self.order_fields([*rating_scale.DIMENSIONS, "remark", "fact"])


class OfficialRatingForm(ActForm):
    conditional = ("remark",)

    stars = StarField(_("星级"), _("这笔服务总体怎样？"))
    remark = forms.CharField(
        label=_("评语（1 星、5 星必填）"), max_length=500, required=False, widget=area(3), help_text=_("写明依据。")
    )


def party_of(user: Any) -> str:
    """For whom a person at an authority rates: a supervisor for the department, everybody else for the centre."""
    party = OfficialRating.Party
    return party.DEPARTMENT if access.holds(user, access.Role.SUPERVISOR) else party.CENTRE
