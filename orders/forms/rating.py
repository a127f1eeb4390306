"""Rating forms: five dimensions, the definition of every grade next to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import access
from kernel.forms.fields import area
from orders import rating_scale
from orders.forms.base import ActForm
from orders.models import OfficialRating
from orders.models.rating import STARS


class RatingForm(ActForm):
    remark = forms.CharField(
        label=_("评语"),
        max_length=500,
        required=False,
        widget=area(3),
        help_text=_("有 1 星或 5 星时，请写明理由。"),
    )
    fact = forms.CharField(
        label=_("可以核对的事实"),
        max_length=500,
        required=False,
        widget=area(3),
        help_text=_("全部 1 星或全部 5 星时必填，例如日期、文件、现场情况。"),
    )

    def prepare(self) -> None:
        scale = rating_scale.SCALES[self.dossier.trading_side]
        for dimension in scale:
            # The best grade stands first: five definitions are read from the top.
            self.fields[dimension.code] = forms.TypedChoiceField(
                label=_("%(what)s：%(question)s") % {"what": dimension.label, "question": dimension.question},
                choices=[
                    (n, _("%(n)s 星：%(words)s") % {"n": n, "words": dimension.stars[n]}) for n in range(5, 0, -1)
                ],
                coerce=int,
                widget=forms.RadioSelect,
            )
        self.order_fields([*rating_scale.DIMENSIONS, "remark", "fact"])


class OfficialRatingForm(ActForm):
    stars = forms.TypedChoiceField(label=_("星级"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=_("评语"), max_length=500, required=False, widget=area(3), help_text=_("1 星或 5 星须写明依据。")
    )


def party_of(user: Any) -> str:
    """For whom a person at an authority rates: a supervisor for the department, everybody else for the centre."""
    party = OfficialRating.Party
    return party.DEPARTMENT if access.holds(user, access.Role.SUPERVISOR) else party.CENTRE
