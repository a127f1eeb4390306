"""Why orders end and pause, and why money goes back: the codes, their words, who may give them, and what follows.

``incident`` is the code of the credit rulebook that the end reports against the agency, if any.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.wording import filled
from orders.parties import AGENCY, BUYER, OPERATOR, SYSTEM


@dataclass(frozen=True)
class Reason:
    code: str
    label: Any
    who: tuple[str, ...]
    incident: str = ""
    fault: bool = True
    """Of a complaint: to uphold it finds the agency at fault."""


def _table(*rows: Reason) -> dict[str, Reason]:
    return {row.code: row for row in rows}


DECLINE = _table(
    Reason("busy", _("近期工作已排满"), (AGENCY,)),
    Reason("out_of_scope", _("超出本机构业务或资质范围"), (AGENCY,)),
    Reason("terms", _("价格或时限无法承接"), (AGENCY,)),
    Reason("conflict", _("存在利益关联，应当回避"), (AGENCY,)),
    Reason("incomplete", _("委托信息不完整，无法判断"), (AGENCY,)),
    Reason("no_answer", _("机构逾期未答复"), (SYSTEM,), incident="no_answer"),
)

CANCEL = _table(
    Reason("project_dropped", _("项目取消或推迟"), (BUYER,)),
    Reason("placed_by_mistake", _("误下单或重复下单"), (BUYER,)),
    Reason("other_agency", _("改由其他机构承接"), (BUYER,)),
    # The buyer's word alone: an agency that wants out after acceptance gives up.
    Reason("agreed", _("双方协商一致"), (BUYER,)),
    Reason("agency_gives_up", _("机构受理后无法承接"), (AGENCY,), incident="gives_up_win"),
    Reason("proposal_refused", _("不同意机构的报价调整"), (BUYER, SYSTEM)),
    Reason("contract_not_confirmed", _("逾期未确认合同"), (SYSTEM,)),
    Reason("agency_did_not_sign", _("机构逾期未确认合同"), (SYSTEM,), incident="gives_up_win"),
    Reason("not_paid", _("业主逾期未付款"), (SYSTEM,)),
    Reason("materials_missing", _("业主逾期未补齐资料"), (SYSTEM,)),
)

TERMINATE = _table(
    Reason("agreed", _("双方协商终止"), (OPERATOR,)),
    Reason("agency_breach", _("机构未按约定履行"), (OPERATOR,), incident="not_as_agreed"),
    Reason("buyer_breach", _("业主未按约定履行"), (OPERATOR,)),
    Reason("force_majeure", _("不可抗力"), (OPERATOR,)),
)

PAUSE = _table(
    Reason("site_not_ready", _("现场不具备作业条件"), (BUYER, AGENCY)),
    Reason("design_change", _("方案或设计调整"), (BUYER, AGENCY)),
    Reason("waiting_authority", _("等待主管部门意见"), (BUYER, AGENCY)),
    Reason("weather", _("天气原因"), (BUYER, AGENCY)),
    Reason("buyer_materials", _("等待业主补充资料"), (BUYER, AGENCY)),
    Reason("other", _("其他"), (BUYER, AGENCY)),
)
# The kernel's Pause rows carry this cause while the authority's experts have the work (送审).
EXTERNAL_REVIEW = "external_review"

ENDING = "terminate"
COMPLAINT = _table(
    Reason("quality", _("成果质量"), (BUYER,)),
    Reason("late", _("超过约定时限"), (BUYER,)),
    Reason("fee", _("额外收费或抬高价格"), (BUYER,)),
    Reason("attitude", _("服务态度"), (BUYER,)),
    Reason("false_data", _("弄虚作假"), (BUYER,)),
    # Asks the centre to end an order that nobody can cancel any more; who was at fault is said by the reason of its end.
    Reason(ENDING, _("要求终止订单"), (BUYER,), fault=False),
    Reason("payment", _("不按约定付款或验收"), (AGENCY,)),
    Reason("rating", _("评价不实"), (AGENCY,)),
    Reason("other", _("其他"), (BUYER, AGENCY)),
)


# Upheld, these say that the agency was at fault
AGENCY_AT_FAULT = frozenset(row.code for row in COMPLAINT.values() if BUYER in row.who and row.fault)


def end_reason(status: str, code: str) -> Any:
    """The words for an order's ``end_reason``; the code itself if the table no longer has it."""
    table = {"declined": DECLINE, "cancelled": CANCEL, "terminated": TERMINATE}.get(status, {})
    return table[code].label if code in table else code


OF_COMPLAINT = re.compile(r"complaint ([\w-]+)")


def of_complaint(number: str) -> str:
    """What a refund, and a record that is replaced, keep as their reason: an upheld complaint. ``refund_reason`` and
    ``credit.selectors.story`` put it in words."""
    return f"complaint {number}"


def refund_reason(status: str, kept: str) -> Any:
    """The words for the reason a refund of an order (of ``status``) keeps: of the order's end, of a complaint, or what an
    operator wrote, which is kept as it is."""
    if complaint := OF_COMPLAINT.fullmatch(kept):
        return filled(_("投诉 %(number)s 成立"), number=complaint[1])
    return end_reason(status, kept)
