"""Money: paying, the transfer confirmed by both sides, the invoice."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.ui import format
from kernel.wording import sentences
from orders.forms import side as forms
from orders.machines import PAYING
from orders.models import Order, Payment, Refund
from orders.selectors.money import confirmed_as_payer
from orders.services import invoice, pay, refund, stray, transfer
from orders.services.begin import still_owed
from orders.services.pay import transfer_confirmed
from orders.views.acts.base import AGENCY, BUYER, STAFF, Act, register, sum_of, there
from orders.views.dossier import Dossier
from orders.views.sides import Side

Status = Order.Status


def _transfer_waits(d: Dossier, side: Side) -> bool:
    payment = d.offline_waiting
    if payment is None:
        return False
    if side == Side.AGENCY:
        return payment.agency_confirmed_at is None
    return side == d.payer and payment.buyer_confirmed_at is None


def _transfer_says(d: Dossier) -> str:
    fee = sum_of(d.offline_waiting.amount_fen) if d.offline_waiting else ""
    if d.is_agency:
        return gettext("请先核对贵单位账户，确认已收到 %(fee)s 后再确认。双方都确认后订单继续办理。") % {"fee": fee}
    return gettext("请在完成转账后确认，并上传转账凭证。机构确认收款后订单继续办理，金额 %(fee)s。") % {"fee": fee}


def _withdrawable(d: Dossier, side: Side) -> bool:
    payment = d.open_payment
    return side == d.payer and bool(payment and not payment.buyer_confirmed_at and not payment.agency_confirmed_at)


def _verifiable(d: Dossier, side: Side) -> bool:
    payment = d.offline_waiting
    return payment is not None and transfer_confirmed(payment) and not _own_transfer(d)


def _own_transfer(d: Dossier) -> str:
    """Why a transfer that the person confirmed for the payer is a colleague's to verify; empty for any other."""
    payment = d.offline_waiting
    if payment is None or not Payment.objects.filter(confirmed_as_payer(d.user), pk=payment.pk).exists():
        return ""
    return str(sentences(transfer.OWN_TRANSFER, gettext("请转交其他工作人员核实。")))


def _verify_says(d: Dossier) -> str:
    if still_owed(d.order):
        return gettext("一方确认、另一方没有答复时，由中心核对银行回单和双方说明后认定；未到账的，付款方可以重新支付。")
    return gettext("一方确认、另一方没有答复时，由中心核对银行回单和双方说明后认定。")


def _give_back_says(d: Dossier) -> str:
    came = gettext("实收 %(sum)s。") % {"sum": sum_of(d.stray.received_fen)} if d.stray else ""
    if still_owed(d.order):
        return str(sentences(came, gettext("金额不符或重复支付的款项不入账，全额退回付款方，可以重新支付。")))
    return str(sentences(came, gettext("金额不符或重复支付的款项不入账，全额退回付款方。")))


def _cancelled_says(payment: Payment) -> str:
    """What became of it: the bank may have been paid meanwhile."""
    states = Payment.Status
    if payment.status == states.CANCELLED:
        return gettext("支付已撤销，可以改用其他方式。")
    if payment.status == states.SETTLED:
        return gettext("托管银行已收到这笔款项，没有撤销，按已付款处理。")
    if payment.status == states.FAILED:
        return gettext("这笔支付没有成功，可以改用其他方式。")
    return gettext("托管银行收到的款项与订单不符，没有撤销，由服务中心核对。")


def _refund_says(d: Dossier) -> str:
    money = d.balance
    left = gettext("可退余额 %(free)s。") % {"free": sum_of(money.refundable)}
    if money.captured:
        left = sentences(gettext("托管中 %(held)s，") % {"held": format.money(money.held)}, left)
    else:
        left = sentences(left, gettext("款项已直接付给机构，须由机构退回，付款方确认收到后记账。"))
    most = {"most": format.money(settings.REFUND_TWO_PEOPLE_FEN)}
    if d.open_complaint:
        says = gettext("投诉办结前资金冻结，提出的退款在投诉办结后随即办理；超过 %(most)s 的须由另一位工作人员批准。")
    else:
        says = gettext("不超过 %(most)s 的退款提出后立即批准；超过的须由另一位工作人员批准。")
    return str(sentences(left, says % most))


def _grant_says(d: Dossier) -> str:
    if d.paid and d.paid.gateway == Payment.Gateway.OFFLINE:
        return gettext("款项已直接付给机构。批准后由机构直接退还付款方，付款方确认收到后记账；批准不能撤回。")
    return gettext("批准后由托管银行退回付款方，不能撤回。")


def _granted_says(refund: Refund) -> str:
    if refund.payment.gateway == Payment.Gateway.OFFLINE:
        return gettext("退款已批准，已通知机构直接退还付款方。")
    return gettext("退款已批准，托管银行将退回付款方。")


def _no_refund(d: Dossier) -> str:
    if d.order.status in Order.NOT_BEGUN:
        return gettext("服务尚未开始，不单独退款。请由业主或机构取消订单，已付款项随即全额退回。")
    if d.paid is None:
        return gettext("还没有付款，没有可以退回的款项。")
    if d.balance.open_refunds:
        return gettext("可以退回的款项都已在退款中。请先办结现有的退款。")
    return gettext("款项已经放给机构或退回付款方，没有可以退回的余额。")


def _kept_says(d: Dossier) -> str:
    """Where the money goes that is not given back, and who may say so."""
    if not d.balance.captured:
        goes = gettext("款项由机构保留，不再退还。")
    elif d.order.status not in Order.RELEASABLE:
        goes = gettext("款项留在托管账户，按订单进展处理。")
    elif d.open_complaint or sum(one.status in Refund.OPEN for one in d.refunds) > 1:
        goes = gettext("款项先留在托管账户，投诉和其他退款办结后放给机构，放款不能撤回。")
    else:
        goes = gettext("托管中的 %(held)s 随即放给机构，放款不能撤回。") % {"held": format.money(d.held_fen)}
    most = {"most": format.money(settings.REFUND_TWO_PEOPLE_FEN)}
    who = gettext("超过 %(most)s 的退款，须由提出人、批准人以外的工作人员决定。") % most
    return str(sentences(goes, who))


def _dropped_says(d: Dossier) -> str:
    when = gettext("款项已用其他方式退回，或业主书面放弃的，才可以不再退款。")
    return str(sentences(when, _kept_says(d)))


def _by_rule(d: Dossier) -> str:
    return gettext("服务开始前结束的订单，已付款项应当退回。") if d.owed_by_rule else ""


def _proposed(d: Dossier) -> Any:
    return Refund.objects.filter(order=d.order, status=Refund.Status.PROPOSED)


def _failed(d: Dossier) -> Any:
    return Refund.objects.filter(order=d.order, status=Refund.Status.FAILED)


def _to_confirm(d: Dossier) -> Any:
    granted = Refund.objects.filter(order=d.order, status=Refund.Status.GRANTED)
    return granted.filter(payment__gateway=Payment.Gateway.OFFLINE)


register(
    Act(
        "confirm-transfer",
        _("确认线下转账"),
        (BUYER, AGENCY, STAFF),
        _transfer_waits,
        lambda d, data, row: transfer.payment_offline_confirm(
            payment=there(d.offline_waiting), slip=data.get("slip"), actor=d.user
        ),
        _("已确认。"),
        form=forms.SlipForm,
        say=_transfer_says,
        leads=True,
        limits=(*PAYING, "order.transfer"),
        back="orders:money",
    ),
    Act(
        "verify-transfer",
        _("核实线下转账"),
        (STAFF,),
        _verifiable,
        lambda d, data, row: transfer.payment_verify(
            payment=there(d.offline_waiting), arrived=data["answer"] == "yes", finding=data["finding"], actor=d.user
        ),
        _("核实结果已记录。"),
        form=forms.FindingForm,
        say=_verify_says,
        why=_own_transfer,
        kind="secondary",
        answers=(("yes", _("已到账"), "primary"), ("no", _("未到账"), "secondary")),
        back="orders:money",
        beside=True,
    ),
    Act(
        "give-back",
        _("退回不符款项"),
        (STAFF,),
        lambda d, s: d.stray is not None,
        lambda d, data, row: stray.payment_give_back(payment=there(d.stray), reason=data["finding"], actor=d.user),
        _("已通知托管银行退回。"),
        form=forms.FindingForm,
        say=_give_back_says,
        kind="secondary",
        back="orders:money",
        beside=True,
    ),
    Act(
        "invoice",
        _("上传发票"),
        (AGENCY,),
        lambda d, s: d.invoice is None and d.order.status in (Status.DELIVERED, *Order.DONE),
        lambda d, data, row: invoice.invoice_upload(
            order=d.order,
            number=data["number"],
            amount_fen=data["amount"],
            issued_on=data["issued_on"],
            file=data["file"],
            actor=d.user,
        ),
        _("发票已上传。"),
        form=forms.InvoiceForm,
        say=_("请按订单的开票抬头和税号开具。发票与收付款分开登记，上传发票不会改变款项状态。"),
        kind="secondary",
        back="orders:money",
        beside=True,
    ),
    Act(
        "cancel-payment",
        _("撤销这笔支付"),
        (BUYER, STAFF),
        _withdrawable,
        lambda d, data, row: pay.payment_cancel(payment=there(d.open_payment), actor=d.user),
        _cancelled_says,
        say=_("撤销后可以换一种付款方式；如果银行已经扣款，将按已付款处理。"),
        kind="secondary",
        back="orders:money",
    ),
    Act(
        "propose-refund",
        _("提出退款"),
        (STAFF,),
        lambda d, s: d.balance.refundable > 0 and d.order.status not in Order.NOT_BEGUN,
        lambda d, data, row: refund.refund_propose(
            order=d.order, amount_fen=data["amount"], reason=data["reason"], actor=d.user
        ),
        _("退款已提出。"),
        form=forms.RefundForm,
        say=_refund_says,
        why=_no_refund,
        kind="secondary",
        back="orders:money",
        beside=True,
    ),
    Act(
        "grant-refund",
        _("批准退款"),
        (STAFF,),
        lambda d, s: True,
        lambda d, data, row: refund.refund_grant(refund=row, actor=d.user),
        _granted_says,
        say=_grant_says,
        rows=_proposed,
        back="orders:money",
    ),
    Act(
        "refuse-refund",
        _("不批准退款"),
        (STAFF,),
        lambda d, s: not d.owed_by_rule,
        lambda d, data, row: refund.refund_refuse(refund=row, actor=d.user),
        _("已不批准这笔退款。"),
        say=_kept_says,
        why=_by_rule,
        kind="danger",
        rows=_proposed,
        back="orders:money",
    ),
    Act(
        "retry-refund",
        _("再次退款"),
        (STAFF,),
        lambda d, s: True,
        lambda d, data, row: refund.refund_retry(refund=row, actor=d.user),
        _("已再次通知托管银行退款。"),
        say=_("托管银行上次未能退回。请先查明原因；再次办理的金额和收款方不变，不需要另行批准。"),
        rows=_failed,
        back="orders:money",
    ),
    Act(
        "drop-refund",
        _("不再退款"),
        (STAFF,),
        lambda d, s: not d.owed_by_rule,
        lambda d, data, row: refund.refund_refuse(refund=row, reason=data["finding"], actor=d.user),
        _("这笔退款不再办理，双方已收到通知。"),
        form=forms.FindingForm,
        say=_dropped_says,
        why=_by_rule,
        kind="danger",
        rows=_failed,
        back="orders:money",
    ),
    Act(
        "confirm-refund",
        _("确认收到退款"),
        (BUYER, STAFF),
        lambda d, s: s == d.payer,
        lambda d, data, row: refund.refund_offline_confirm(refund=row, actor=d.user),
        _("已确认收到退款。"),
        say=_("请先核对账户，确认机构已把款项退回。"),
        rows=_to_confirm,
        back="orders:money",
    ),
)
