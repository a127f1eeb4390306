"""Ratings: each side of the other, one public reply, the department's and the centre's part."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel import access
from orders.forms import rating as forms
from orders.forms.side import ReplyForm
from orders.models import Order, Rating
from orders.services import rate
from orders.views.acts.base import BOTH, STAFF, SUPERVISOR, Act, register
from orders.views.dossier import Dossier
from orders.views.sides import Side

Status = Order.Status


def _may_rate(d: Dossier, side: Side) -> bool:
    # Staff at the counter act for the buyer, but an opinion is the buyer's own.
    own = d.order.buyer_id if side == Side.BUYER else d.order.agency.organisation_id
    return "order.rate" in d.deadlines and d.rating_of(side) is None and access.belongs_to(d.user, own)


def _received(d: Dossier) -> Any:
    """The revealed rating of the person's own side by the other."""
    by = Rating.Side.BUYER if d.is_agency else Rating.Side.AGENCY
    return Rating.objects.filter(order=d.order, side=by, revealed_at__isnull=False)


def _rated_says(rating: Rating) -> Any:
    if rating.revealed_at:
        return gettext("评价已提交。双方都已评价，两份评价现在一起公开。")
    return gettext("评价已密封，双方都评完或窗口结束时一起公开。")


register(
    Act(
        "rate",
        _("提交评价"),
        BOTH,
        _may_rate,
        lambda d, data, row: rate.rating_submit(order=d.order, side=d.trading_side, actor=d.user, **data),
        _rated_says,
        form=forms.RatingForm,
        say=_(
            "提交后密封：双方都提交或评价窗口结束时同时公开，在此之前对方看不到。提交后不能修改；不评价不会按好评计算。"
        ),
        title=_("评价对方"),
        leads=True,
        limits=("order.rate",),
        inline=False,
        back="orders:ratings",
    ),
    Act(
        "reply",
        _("公开回复"),
        BOTH,
        lambda d, s: True,
        lambda d, data, row: rate.rating_reply(rating=row, text=data["text"], actor=d.user),
        _("回复已公开。"),
        form=ReplyForm,
        say=_("只能回复一次，和评价一起公开。"),
        rows=_received,
        back="orders:ratings",
    ),
    Act(
        "rate-officially",
        pgettext_lazy("操作", "部门与中心评价"),
        (STAFF, SUPERVISOR),
        lambda d, s: d.order.approved_at is not None,
        lambda d, data, row: rate.official_rating_submit(
            order=d.order, party=forms.party_of(d.user), stars=data["stars"], remark=data["remark"], actor=d.user
        ),
        _("评价已记入本笔交易的记录。"),
        form=forms.OfficialRatingForm,
        press=_("提交评价"),
        say=_("每方只能评一次，记入本订单的一项一评记录表；用时和是否逾期由系统自动记入。"),
        kind="secondary",
        back="orders:ratings",
        beside=True,
    ),
)
