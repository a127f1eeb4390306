"""Talking and complaining."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from orders.forms import side as forms
from orders.services import complaint, message
from orders.views.acts.base import BOTH, STAFF, SUPERVISOR, Act, register, there
from orders.views.dossier import Dossier
from orders.views.sides import Side


def _answers(d: Dossier, side: Side) -> bool:
    row = d.open_complaint
    return bool(row and row.status == "accepted" and not row.responded_at and row.by_agency == (side == Side.BUYER))


def _complain_says(d: Dossier) -> str:
    if d.held_fen:
        return gettext("中心 3 个工作日内受理，30 个工作日内作出决定；处理期间款项冻结，不放款也不退款。")
    return gettext("中心 3 个工作日内受理，30 个工作日内作出决定。")


register(
    Act(
        "message",
        _("发送留言"),
        (*BOTH, STAFF, SUPERVISOR),
        lambda d, s: True,
        lambda d, data, row: message.message_post(
            order=d.order, body=data["body"], attachment=data["attachment"], actor=d.user
        ),
        _("留言已发送。"),
        form=forms.MessageForm,
        say=_("双方和中心工作人员都能看到，不能撤回。"),
        kind="secondary",
        back="orders:messages",
    ),
    Act(
        "complain",
        pgettext_lazy("操作", "投诉"),
        BOTH,
        lambda d, s: d.open_complaint is None,
        lambda d, data, row: complaint.complaint_file(
            order=d.order, subject_code=data["subject_code"], body=data["body"], paper=data["paper"], actor=d.user
        ),
        _("投诉已提交，编号见下。"),
        form=forms.ComplaintForm,
        say=_complain_says,
        kind="danger",
        back="orders:complaints",
        beside=True,
    ),
    Act(
        "answer-complaint",
        _("答复投诉"),
        BOTH,
        _answers,
        lambda d, data, row: complaint.complaint_respond(
            complaint=there(d.open_complaint), text=data["text"], actor=d.user
        ),
        _("答复已提交。"),
        form=forms.ResponseForm,
        say=_("请在 5 个工作日内答复，只能答复一次；逾期按现有材料处理。"),
        leads=True,
        limits=("complaint.respond",),
        inline=False,
        back="orders:complaints",
    ),
    Act(
        "withdraw-complaint",
        _("撤回投诉"),
        BOTH,
        lambda d, s: d.open_complaint is not None and d.open_complaint.by_agency == (s == "agency"),
        lambda d, data, row: complaint.complaint_withdraw(complaint=there(d.open_complaint), actor=d.user),
        _("投诉已撤回。"),
        say=_("撤回后款项解除冻结；仍有争议的，可以重新投诉。"),
        kind="secondary",
        back="orders:complaints",
        beside=True,
    ),
)
