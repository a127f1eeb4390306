"""From placing to the start of the service: accept, propose, contract, papers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel.ui import format
from kernel.wording import sentences
from orders.forms import main_line, side
from orders.models import Order
from orders.services import accept, contract, materials
from orders.views.acts.base import AGENCY, BOTH, BUYER, Act, register, sum_of
from orders.views.dossier import Dossier
from orders.views.sides import Side

Status = Order.Status


def _placed(d: Dossier, side: Side) -> bool:
    return d.order.status == Status.PLACED and d.order.proposed_at is None


def _accept_says(d: Dossier) -> str:
    return gettext(
        "受理即承诺按 %(days)s、服务费 %(fee)s 办理；接着双方确认合同，合同生效、资料齐全后开始计时；企业付费的，还须款项到账。"
    ) % {
        "days": format.wd(d.order.days),
        "fee": sum_of(d.order.fee_fen),
    }


def _proposal_says(d: Dossier) -> str:
    return gettext(
        "机构提出服务费 %(fee)s、时限 %(days)s（原为 %(old_fee)s、%(old_days)s）。同意即按新条件办理；不同意则订单取消。"
    ) % {
        "fee": sum_of(d.order.proposed_fee_fen),
        "days": format.wd(d.order.proposed_days),
        "old_fee": format.money(d.order.fee_fen),
        "old_days": format.wd(d.order.days),
    }


def _complete_says(d: Dossier) -> str:
    filed = gettext("业主应提供 %(all)s 项资料，已归档 %(n)s 项。") % {"all": len(d.wanted_papers), "n": d.filed_count}
    begins = gettext("合同生效、资料齐全后，服务时限开始计算；企业付费的，还须款项到账。")
    return str(sentences(filed, begins)) if d.wanted_papers else begins


def _papers_owed(d: Dossier) -> bool:
    """The contract binds, the agency may check any day, and papers of the list are not there yet."""
    early = d.order.status == Status.ACCEPTED and d.order.materials_complete_at is None and d.material_request is None
    return early and _in_force(d) and d.filed_count < len(d.wanted_papers)


def _in_force(d: Dossier) -> bool:
    return d.contract is not None and d.contract.in_force_at is not None


def _upload_says(d: Dossier) -> str:
    says = gettext(
        "可以分几次上传，没有备齐的以后再传；上传后双方和服务中心可以查看，文件的核对码写入记录，改动会被发现。"
    )
    if not _papers_owed(d):
        return says
    left = gettext("应提供 %(all)s 项资料，还差 %(n)s 项。已用其他方式交给机构的，不必再上传，由机构确认。") % {
        "all": len(d.wanted_papers),
        "n": len(d.wanted_papers) - d.filed_count,
    }
    return str(sentences(left, says))


def _file_materials(d: Dossier, data: dict[str, Any], form: type[main_line.MaterialsForm]) -> list[Any]:
    papers = form(dossier=d).chosen(data)
    return materials.materials_file(order=d.order, papers=papers, actor=d.user) if papers else []


def _answer_materials(d: Dossier, data: dict[str, Any]) -> Order:
    _file_materials(d, data, main_line.MaterialsAnswerForm)
    return materials.materials_answer(order=d.order, actor=d.user)


register(
    Act(
        "accept",
        _("受理订单"),
        (AGENCY,),
        _placed,
        lambda d, data, row: accept.order_accept(order=d.order, lead=data["lead"], actor=d.user),
        _("已受理，请确认合同。"),
        form=main_line.AcceptForm,
        say=_accept_says,
        leads=True,
        limits=("order.accept",),
    ),
    Act(
        "propose",
        _("提出新的价格或时限"),
        (AGENCY,),
        _placed,
        lambda d, data, row: accept.order_propose(
            order=d.order, fee_fen=data["fee"], days=data["days"], note=data["note"], lead=data["lead"], actor=d.user
        ),
        _("已发给项目业主，请等待答复。"),
        form=main_line.ProposeForm,
        say=_("只能提出一次。项目业主同意后按新条件受理，不同意则订单取消，不影响信用。"),
        kind="secondary",
    ),
    Act(
        "decline",
        _("不接此单"),
        (AGENCY,),
        _placed,
        lambda d, data, row: accept.order_decline(
            order=d.order, reason=data["reason"], note=data["note"], actor=d.user
        ),
        _("已退回订单，名额已释放。"),
        form=side.DeclineForm,
        say=_("订单将就此结束，项目业主会看到原因，可以另选机构。"),
        kind="danger",
    ),
    Act(
        "answer-proposal",
        _("答复机构的提议"),
        (BUYER,),
        lambda d, s: d.order.status == Status.PLACED and d.order.proposed_at is not None,
        lambda d, data, row: accept.order_answer_proposal(order=d.order, agreed=data["answer"] == "yes", actor=d.user),
        _("答复已送达机构。"),
        say=_proposal_says,
        leads=True,
        limits=("order.proposal",),
        answers=(("yes", _("同意新条件"), "primary"), ("no", _("不同意，取消订单"), "danger")),
    ),
    Act(
        "confirm-contract",
        _("确认合同"),
        BOTH,
        lambda d, s: d.order.status == Status.ACCEPTED and d.contract is not None and not d.confirmed(s),
        lambda d, data, row: contract.contract_confirm(order=d.order, actor=d.user),
        _("您已确认合同。"),
        say=_("请先阅读合同全文。双方都确认后合同生效，内容不再改动。"),
        leads=True,
        limits=("order.contract",),
    ),
    Act(
        "attach-scan",
        _("上传签章合同"),
        BOTH,
        lambda d, s: d.contract is not None and d.order.status not in Order.DROPPED,
        lambda d, data, row: contract.contract_attach_scan(order=d.order, scan=data["file"], actor=d.user),
        _("扫描件已归档。"),
        form=main_line.ScanForm,
        say=_("需要纸质签章时使用；电子确认的合同本身已经有效。"),
        kind="secondary",
        beside=True,
    ),
    Act(
        "upload-materials",
        _("上传资料"),
        (BUYER,),
        lambda d, s: d.order.status in materials.FILED_IN,
        lambda d, data, row: _file_materials(d, data, main_line.MaterialsForm),
        _("资料已归档，机构可以查看。"),
        form=main_line.MaterialsForm,
        say=_upload_says,
        kind="secondary",
        leads=_papers_owed,
        inline=False,
        limits=("order.materials",),
        back="orders:work",
    ),
    Act(
        "answer-materials",
        _("提交补齐的资料"),
        (BUYER,),
        lambda d, s: (
            d.material_request is not None
            and d.material_request.answered_at is None
            and d.order.status == Status.ACCEPTED
        ),
        lambda d, data, row: _answer_materials(d, data),
        _("已通知机构核对资料。"),
        form=main_line.MaterialsAnswerForm,
        say=_("已用其他方式交给机构的，不必在这里上传。提交后由机构核对，核对无误后开始计算服务时限。"),
        leads=True,
        limits=("order.supplement",),
    ),
    Act(
        "complete-materials",
        _("确认资料齐全"),
        (AGENCY,),
        lambda d, s: d.order.status == Status.ACCEPTED and d.order.materials_complete_at is None and _in_force(d),
        lambda d, data, row: materials.materials_complete(order=d.order, actor=d.user),
        _("资料已确认齐全。"),
        form=main_line.CompleteMaterialsForm,
        say=_complete_says,
        leads=True,
        limits=("order.materials",),
    ),
    Act(
        "ask-materials",
        _("发补正通知"),
        (AGENCY,),
        lambda d, s: (
            d.order.status == Status.ACCEPTED and d.order.materials_complete_at is None and d.material_request is None
        ),
        lambda d, data, row: materials.materials_request(
            order=d.order, missing=[*data["missing"], *data["others"]], actor=d.user
        ),
        _("补正通知已送达项目业主。"),
        form=main_line.MaterialsAskForm,
        say=_("只能发一次，请一次列全。资料补齐之前不计算服务时限。"),
        kind="secondary",
    ),
)
