"""What the platform's own process adds to every contract: when and to whom the fee is paid, what happens when nobody
checks the papers, how the work is approved, what follows when a limit passes. Said as the order's pages say it and the
services do it, in Chinese for the contract and in English for reading."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kernel.ui import format
from kernel.wording import sentences
from orders.gateways import available, gateway
from orders.machines import LIMITS, PAUSE_CAP_DAYS, REWORK_DAYS
from orders.models import Order
from orders.services.approval import approves_itself
from orders.services.begin import pays_first
from orders.silence import silence_says


def process_terms(order: Order) -> list[tuple[str, str]]:
    """(heading, clause) in the language that is active."""
    return [
        (_("付款"), str(sentences(_pay_says(order), *_custody_says(order)))),
        (_("资料核对"), str(sentences(*_papers_says(order)))),
        (_("验收办理"), str(sentences(*_look_says(order), silence_says(order), _changes_says()))),
        (_("时限和终止"), str(sentences(_time_says(), _late_says()))),
    ]


def _days(code: str) -> str:
    return format.wd(LIMITS[code].days)


def _pay_says(order: Order) -> str:
    if order.payer == Order.Payer.AUTHORITY:
        words = _("服务费由审批部门承担，成果验收后 %(days)s内支付；乙方不得向甲方收取。")
        return words % {"days": _days("order.authority_payment")}
    if pays_first(order):
        words = _("甲方在合同生效后 %(days)s内一次付清服务费，逾期未付的，订单取消。")
        return words % {"days": _days("order.pay")}
    return _("成果验收后 %(days)s内，甲方一次付清服务费。") % {"days": _days("order.payment")}


def _custody_says(order: Order) -> list[str]:
    """Where the money lies until the approval, of who pays before the work."""
    direct = _("直接转账的，转到乙方账户，由双方在平台确认。")
    if not pays_first(order):
        return [_("平台不经手资金。")]
    before = _("服务开始前取消订单的，已付款项全额退回。")
    if not any(gateway(code).custody for code in available()):
        return [direct, _("平台不经手资金。"), before]
    return [_("托管支付的，款项由托管银行保管，验收后放给乙方，平台不经手资金。"), direct, before]


def _papers_says(order: Order) -> list[str]:
    check = _("合同生效后，乙方在 %(days)s内在平台核对资料，逾期未核对的，视为资料齐全，开始计时。")
    if pays_first(order):
        missing = _("通知补正的，甲方在 %(days)s内补齐，逾期未补齐的，订单取消，已付款项退回。")
    else:
        missing = _("通知补正的，甲方在 %(days)s内补齐，逾期未补齐的，订单取消。")
    return [
        check % {"days": _days("order.materials")},
        missing % {"days": _days("order.supplement")},
        _("资料齐全之日以平台记录为准。"),
    ]


def _look_says(order: Order) -> list[str]:
    """When the buyer's time for approving begins, where the sentence about silence leaves it open."""
    if approves_itself(order):
        return []
    look = {"look": _days("order.inspect")}
    if not order.external_review:
        return [_("甲方在交付后 %(look)s内验收。") % look]
    review = _("交付后才送审的，乙方在交付后 %(days)s内送审；送审期间不计时限。") % {"days": _days("order.review")}
    return [review, _("甲方在送审通过并交付后 %(look)s内验收。") % look]


def _changes_says() -> str:
    words = _("甲方要求修改的，时限继续计算，剩余不足 %(days)s的，给足 %(days)s。")
    return words % {"days": format.wd(REWORK_DAYS)}


def _time_says() -> str:
    return _("延期由乙方申请、甲方同意，一次为限；暂停计时须双方同意，累计不超过 %(most)s。") % {
        "most": format.wd(PAUSE_CAP_DAYS)
    }


def _late_says() -> str:
    return _(
        "服务开始后，双方不能自行取消；乙方逾期交付的，甲方可以投诉或要求终止，由服务中心核实已完成的工作后办理，款项按核实结果处理。"
    )
