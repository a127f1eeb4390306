"""The service itself: test batches, external review, delivery, changes, approval."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.wording import sentences
from orders.forms import main_line
from orders.machines import LIMITS
from orders.models import ExternalReviewRound, Order, TestBatch
from orders.services import approval, batch, deliver, review_round
from orders.silence import silence_says
from orders.views.acts.base import AGENCY, BUYER, STAFF, Act, register, sum_of, there
from orders.views.dossier import Dossier
from orders.views.sides import Side

Status = Order.Status


def _working(d: Dossier, side: Side) -> bool:
    return d.order.status == Status.IN_SERVICE and not d.review_running


def _delivered(d: Dossier, side: Side) -> bool:
    return d.order.status == Status.DELIVERED and not d.review_running


def _to_submit(d: Dossier, side: Side) -> bool:
    """An external review is due and none is going on."""
    return d.order.external_review and d.order.status in Order.AT_WORK and not (d.review_running or d.reviewed)


def _to_decide(d: Dossier, side: Side) -> bool:
    """After the buyer's objection the centre alone enters the result."""
    return d.review_running and (side == Side.STAFF or not d.review_rounds[-1].objection)


def _submit_says(d: Dossier) -> Any:
    if d.order.status == Status.DELIVERED:
        return gettext("成果已交付，送审通过后业主才能验收，业主的验收时限也从那时起算。请向评审部门送审后在此登记。")
    return gettext(
        "先送审、通过后交付成果、再由业主验收。所示日期是完成服务并交付成果的时限；送审期间不计时，收到结果后继续计算。"
    )


def _review_meanwhile(d: Dossier) -> Any:
    if d.order.status == Status.DELIVERED:
        return gettext("成果已交付；等待机构登记送审结果，通过后才能验收。您的验收时限从送审通过之日起算，现在不计。")
    return gettext("本事项的成果须通过送审才能验收；等待机构登记送审结果。送审期间不计服务时限。")


def _delivered_says(order: Order) -> Any:
    if approval.awaits_review(order):
        return gettext("成果已交付。请继续办理送审，通过后项目业主才能验收。")
    return gettext("成果已交付，等待项目业主验收。")


def _decided_says(round_: ExternalReviewRound) -> Any:
    if round_.result in ExternalReviewRound.PASSED:
        delivered = round_.order.status == Status.DELIVERED
        return gettext("送审已通过，等待项目业主验收。") if delivered else gettext("送审已通过，时限继续计算。")
    return gettext("评审结果已登记。请修改后重新送审。")


def _deliver_says(d: Dossier) -> Any:
    digest = gettext("文件的核对码会写入记录，双方可随时核对文件有没有改动。")
    if d.order.external_review and not d.reviewed:
        return sentences(gettext("送审通过之前，项目业主不能验收；可以先交付送审稿，通过后再验收。"), digest)
    return sentences(silence_says(d.order), digest)


def _approve_says(d: Dossier) -> str:
    return str(sentences(silence_says(d.order), _approved_means(d)))


def _approved_means(d: Dossier) -> str:
    if d.held_fen and d.open_complaint:
        return gettext(
            "确认后订单办结；托管的 %(fee)s 待投诉 %(n)s 办结后处理。验收不能撤回；有问题请先“要求修改”。"
        ) % {"fee": sum_of(d.held_fen), "n": d.open_complaint.number}
    if d.held_fen:
        return gettext(
            "确认后，托管的 %(fee)s 随即放给%(who)s，订单办结。验收和放款不能撤回；有问题请先“要求修改”。"
        ) % {"fee": sum_of(d.held_fen), "who": d.order.agency.organisation.name}
    if d.payer != Side.BUYER:
        return gettext("确认后订单办结，服务费 %(fee)s 由审批部门支付。验收不能撤回；有问题请先“要求修改”。") % {
            "fee": sum_of(d.order.fee_fen)
        }
    if not d.pays_first:
        return gettext(
            "确认后订单办结，请在 %(n)s 个工作日内向%(who)s支付 %(fee)s。验收不能撤回；有问题请先“要求修改”。"
        ) % {
            "n": LIMITS["order.payment"].days,
            "who": d.order.agency.organisation.name,
            "fee": sum_of(d.order.fee_fen),
        }
    return gettext("验收后办结。验收不能撤回；有问题请先“要求修改”。")


def _batch_of(d: Dossier) -> Any:
    return TestBatch.objects.filter(order=d.order, status=TestBatch.Status.RECEIVED)


register(
    Act(
        "submit-review",
        _("提交送审"),
        (AGENCY,),
        _to_submit,
        lambda d, data, row: review_round.review_round_submit(order=d.order, paper=data["paper"], actor=d.user),
        _("已登记送审，服务时限暂停计算；收到评审结果后请登记。"),
        form=main_line.SubmitReviewForm,
        say=_submit_says,
        meanwhile=_review_meanwhile,
        leads=True,
        limits=("order.review", "order.service"),
    ),
    Act(
        "decide-review",
        _("登记评审结果"),
        (AGENCY, STAFF),
        _to_decide,
        lambda d, data, row: review_round.review_round_decide(order=d.order, actor=d.user, **data),
        _decided_says,
        form=main_line.ReviewResultForm,
        say=_(
            "服务时限在送审期间暂停；所示日期是登记评审结果的期限。请如实登记；结果会用于质量评价，项目业主可以核对批复。"
        ),
        meanwhile=_review_meanwhile,
        leads=True,
        limits=("review.result",),
    ),
    Act(
        "deliver",
        _("交付成果"),
        (AGENCY,),
        _working,
        lambda d, data, row: deliver.order_deliver(
            order=d.order,
            file=data["file"],
            note=data["note"],
            express_number=data["express_number"],
            actor=d.user,
        ),
        _delivered_says,
        form=main_line.DeliverForm,
        say=_deliver_says,
        leads=True,
        limits=("order.service",),
    ),
    Act(
        "add-batch",
        _("登记委托单"),
        (AGENCY,),
        lambda d, s: d.has_batches and d.order.status == Status.IN_SERVICE,
        lambda d, data, row: batch.batch_receive(order=d.order, actor=d.user, **data),
        _("委托单已登记。"),
        form=main_line.BatchForm,
        say=_("收样时登记；组数计入本订单的检测组数。"),
        why=lambda d: (
            gettext("服务开始后、交付前才能登记委托单。")
            if d.has_batches
            else gettext("这不是检测订单，无需登记委托单。")
        ),
        kind="secondary",
        back="orders:work",
    ),
    Act(
        "report-batch",
        _("登记检测报告"),
        (AGENCY,),
        lambda d, s: True,
        lambda d, data, row: batch.batch_report(batch=row, actor=d.user, **data),
        _("报告已登记。"),
        form=main_line.BatchReportForm,
        say=_("报告编号登记后不能改动；有不合格组的，复检请另登委托单。"),
        rows=_batch_of,
        back="orders:work",
    ),
    Act(
        "object-review",
        _("对送审提出异议"),
        (BUYER,),
        lambda d, s: d.review_running and not d.review_rounds[-1].objection,
        lambda d, data, row: review_round.review_round_object(order=d.order, text=data["text"], actor=d.user),
        _("异议已送达中心和机构。"),
        form=main_line.ObjectForm,
        say=_("提出后由中心核实并登记结果；送审不成立的，暂停的天数计入机构用时。"),
        kind="secondary",
        beside=True,
    ),
    Act(
        "approve",
        _("验收成果"),
        (BUYER,),
        lambda d, s: _delivered(d, s) and (d.reviewed or not d.order.external_review),
        lambda d, data, row: deliver.order_approve(
            order=d.order, paper_received=data.get("received", False), actor=d.user
        ),
        _("已验收，请为本次服务评价。"),
        form=main_line.ApproveForm,
        say=_approve_says,
        press=_("确认验收"),
        inline=False,
        leads=True,
        limits=("order.approve", "order.inspect"),
    ),
    Act(
        "hand-over",
        _("登记送达"),
        (STAFF,),
        lambda d, s: d.to_hand_over is not None,
        lambda d, data, row: deliver.deliverable_hand_over(deliverable=there(d.to_hand_over), actor=d.user),
        _("送达已登记。"),
        say=_("窗口代办的订单，把成果交给企业并取得送达回证后登记；记为企业首次收到成果的时间。"),
        kind="secondary",
        back="orders:work",
        beside=True,
    ),
    Act(
        "request-changes",
        _("要求修改"),
        (BUYER,),
        _delivered,
        lambda d, data, row: deliver.order_request_changes(order=d.order, text=data["text"], actor=d.user),
        _("修改要求已送达机构。"),
        form=main_line.ChangesForm,
        say=_(
            "订单回到服务中，机构按要求修改后重新交付。服务时限继续计算；剩余不足 3 个工作日的，给足 3 个工作日修改。"
        ),
        kind="secondary",
    ),
)
