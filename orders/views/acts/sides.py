"""Beside the main line: extension, pause, change of project lead, ending early."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.ui import format
from kernel.wording import sentences
from orders import reasons
from orders.forms import side as forms
from orders.machines import PAUSE_CAP_DAYS
from orders.models import Order
from orders.services import cancel, extension, lead, pause
from orders.views.acts.base import AGENCY, BOTH, BUYER, STAFF, Act, register, sum_of
from orders.views.dossier import Dossier
from orders.views.sides import Side

Status = Order.Status
YES_NO = (("yes", _("同意"), "primary"), ("no", _("不同意"), "secondary"))


def _extension_says(d: Dossier) -> str:
    asked = d.extension
    if asked is None:
        return ""
    return gettext("机构申请延长 %(days)s，理由：%(reason)s。每份订单只能延期一次。") % {
        "days": format.wd(asked.days),
        "reason": asked.reason,
    }


def _pause_says(d: Dossier) -> Any:
    asked = d.open_pause
    if asked is None:
        return ""
    words = reasons.PAUSE[asked.cause].label if asked.cause in reasons.PAUSE else asked.cause
    return gettext("%(who)s申请暂停计时，原因：%(cause)s。%(note)s 同意后服务时限停止计算，直到恢复。") % {
        "who": gettext("机构") if asked.asked_by_agency else gettext("项目业主"),
        "cause": words,
        "note": asked.note,
    }


def _pause_ask_says(d: Dossier) -> str:
    most, left = PAUSE_CAP_DAYS, max(pause.days_left(d.order), 0)
    return gettext("须双方同意。暂停期间不计服务时限；本单累计最多暂停 %(most)s，已用 %(used)s。") % {
        "most": format.wd(most),
        "used": format.wd(most - left),
    }


def _lead_says(d: Dossier) -> str:
    asked = d.open_lead_change
    if asked is None:
        return ""
    return gettext("机构申请把项目负责人由%(old)s换为%(new)s，理由：%(reason)s。") % {
        "old": asked.previous.name if asked.previous else gettext("（未指定）"),
        "new": asked.proposed.name,
        "reason": asked.reason,
    }


def _cancel_says(d: Dossier) -> str:
    if d.paid:
        return gettext("订单将取消，已付的 %(fee)s 原路退回；取消不能恢复。") % {"fee": sum_of(d.paid.amount_fen)}
    return gettext("订单将取消，不产生费用；取消不能恢复。")


def _terminate_says(d: Dossier) -> str:
    ends = gettext("服务开始后无法继续时由中心办理。终止后订单结束，不能恢复。")
    money = d.balance
    if money.refundable > 0 and money.captured:
        sums = gettext("托管中 %(held)s，可以处理的余额 %(free)s。") % {
            "held": format.money(money.held),
            "free": sum_of(money.refundable),
        }
    elif money.refundable > 0:
        sums = gettext(
            "款项 %(fee)s 已由业主直接付给机构，平台没有托管；选定退还的，由机构退回，业主确认收到后记账。"
        ) % {"fee": sum_of(money.refundable)}
    else:
        sums = gettext("本订单没有托管款，也没有可退的款项，终止不涉及退款和放款。")
    return str(sentences(ends, sums))


def _pause_asked(d: Dossier, side: Side) -> bool:
    """The other side asked."""
    asked = d.open_pause
    return bool(asked and asked.status == "asked" and asked.asked_by_agency == (side == Side.BUYER))


register(
    Act(
        "answer-extension",
        _("答复延期申请"),
        (BUYER,),
        lambda d, s: d.extension is not None and d.extension.status == "asked",
        lambda d, data, row: extension.extension_answer(order=d.order, granted=data["answer"] == "yes", actor=d.user),
        _("答复已送达机构。"),
        say=_extension_says,
        leads=True,
        limits=("order.extension",),
        answers=YES_NO,
    ),
    Act(
        "answer-pause",
        _("答复暂停申请"),
        BOTH,
        _pause_asked,
        lambda d, data, row: pause.pause_answer(order=d.order, agreed=data["answer"] == "yes", actor=d.user),
        _("答复已送达对方。"),
        say=_pause_says,
        leads=True,
        limits=("pause.answer",),
        answers=YES_NO,
    ),
    Act(
        "answer-lead",
        _("答复负责人变更"),
        (BUYER,),
        lambda d, s: d.open_lead_change is not None,
        lambda d, data, row: lead.lead_change_answer(order=d.order, granted=data["answer"] == "yes", actor=d.user),
        _("答复已送达机构。"),
        say=_lead_says,
        leads=True,
        limits=("order.lead_change",),
        answers=YES_NO,
    ),
    Act(
        "end-pause",
        _("恢复计时"),
        BOTH,
        lambda d, s: d.open_pause is not None and d.open_pause.status == "running",
        lambda d, data, row: pause.pause_end(order=d.order, actor=d.user),
        _("时限继续计算。"),
        say=_("恢复后，到期日按暂停的工作日顺延。"),
        kind="secondary",
    ),
    Act(
        "ask-extension",
        _("申请延期"),
        (AGENCY,),
        lambda d, s: d.order.status == Status.IN_SERVICE and d.extension is None,
        lambda d, data, row: extension.extension_ask(order=d.order, actor=d.user, **data),
        _("延期申请已送达项目业主。"),
        form=forms.ExtensionForm,
        say=_("每份订单只能申请一次，须附证明文件；项目业主同意后生效。"),
        kind="secondary",
        beside=True,
    ),
    Act(
        "ask-pause",
        _("申请暂停计时"),
        BOTH,
        lambda d, s: d.order.status == Status.IN_SERVICE and d.open_pause is None,
        lambda d, data, row: pause.pause_ask(order=d.order, actor=d.user, **data),
        _("暂停申请已送达对方。"),
        form=forms.PauseForm,
        say=_pause_ask_says,
        kind="secondary",
        beside=True,
    ),
    Act(
        "ask-lead",
        _("申请更换项目负责人"),
        (AGENCY,),
        lambda d, s: d.order.status in Order.RUNNING and d.open_lead_change is None,
        lambda d, data, row: lead.lead_change_ask(order=d.order, actor=d.user, **data),
        _("变更申请已送达项目业主。"),
        form=forms.LeadForm,
        say=_("项目业主同意后生效；同意之前由原负责人负责。"),
        kind="secondary",
        beside=True,
    ),
    Act(
        "cancel",
        _("取消订单"),
        BOTH,
        lambda d, s: d.order.status == Status.ACCEPTED or (d.order.status == Status.PLACED and s == Side.BUYER),
        lambda d, data, row: cancel.order_cancel(order=d.order, reason=data["reason"], note=data["note"], actor=d.user),
        _("订单已取消。"),
        form=forms.CancelForm,
        say=_cancel_says,
        kind="danger",
        beside=True,
    ),
    Act(
        "terminate",
        _("终止订单"),
        (STAFF,),
        lambda d, s: d.order.status in (Status.IN_SERVICE, Status.DELIVERED),
        lambda d, data, row: cancel.order_terminate(
            order=d.order, reason=data["reason"], note=data["note"], refund_fen=data["refund"], actor=d.user
        ),
        _("订单已终止。"),
        form=forms.TerminateForm,
        say=_terminate_says,
        kind="danger",
        beside=True,
    ),
)
