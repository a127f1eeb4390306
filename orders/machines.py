"""The processes of this room as data: who may do what from which state, and which time limits run.

The services obey these tables, ``docs/processes`` is drawn from them. A limit without a default outcome only shows its
lamp and stays open, red, until somebody acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.machine import Machine, Transition
from orders.models import (
    Complaint,
    Deliverable,
    Extension,
    ExternalReviewRound,
    LeadChange,
    Order,
    PauseConsent,
    Payment,
    Refund,
    TestBatch,
)
from orders.parties import AGENCY, BUYER, CUSTODIAN, OPERATOR, SYSTEM

_O, P = Order.Status, Payment.Status


@dataclass(frozen=True)
class Limit:
    """A time limit in working days. ``days`` None: the contract says how many. ``who`` must act; ``outcome`` is what
    happens by itself when the limit passes (empty: nothing, the lamp turns red)."""

    code: str
    label: Any
    days: int | None
    who: tuple[str, ...]
    reminders: tuple[int, ...] = ()
    outcome: Any = ""


LIMITS: dict[str, Limit] = {
    row.code: row
    for row in (
        Limit("order.accept", _("受理订单"), 1, (AGENCY,), (), _("视为未接单，并记入“逾期未答复”")),
        Limit("order.proposal", _("答复机构的报价调整"), 2, (BUYER,), (1,), _("视为不同意，订单取消")),
        Limit("order.contract", _("确认合同"), 5, (BUYER, AGENCY), (3, 1), _("订单取消")),
        Limit("order.pay", _("支付服务费"), 5, (BUYER,), (3, 1), _("订单取消")),
        # 行政许可法第三十二条的通行做法：逾期不告知的，视为材料齐全
        Limit("order.materials", _("核对业主资料"), 2, (AGENCY,), (1,), _("视为资料齐全，开始计时")),
        Limit("order.supplement", _("补齐资料"), 10, (BUYER,), (5, 1), _("订单取消，已付款项退回")),
        Limit("order.service", _("完成服务并交付成果"), None, (AGENCY,), (3, 1)),
        # 须送审的：交付后由机构送审，送审通过后才开始计算验收时限
        Limit("order.review", _("提交送审"), 5, (AGENCY,), (1,)),
        Limit("order.approve", _("验收成果"), 5, (BUYER,), (3, 1), _("视为验收通过")),
        Limit("order.inspect", _("验收成果（逾期不视为验收）"), 5, (BUYER,), (3, 1)),
        # 《保障中小企业款项支付条例》：机关、事业单位自交付之日起三十日内付款
        Limit("order.payment", _("支付服务费（验收后）"), 20, (BUYER,), (10, 3)),
        # 审批部门委托的技术性服务，费用由部门承担，不得转嫁给项目业主
        Limit("order.authority_payment", _("支付由审批部门承担的服务费"), 20, (OPERATOR,), (10, 3)),
        Limit("order.transfer", _("确认线下转账"), 3, (BUYER, AGENCY), (1,), _("转服务中心核实，不取消订单")),
        Limit("order.rate", _("互相评价"), 10, (BUYER, AGENCY), (5, 1), _("评价窗口关闭，公开已提交的评价")),
        Limit("order.extension", _("答复延期申请"), 2, (BUYER,), (1,), _("视为不同意")),
        Limit("order.lead_change", _("答复项目负责人变更"), 3, (BUYER,), (1,), _("视为不同意")),
        Limit("review.result", _("登记评审结果"), 20, (OPERATOR,), (5, 0)),
        Limit("pause.answer", _("答复暂停申请"), 2, (BUYER, AGENCY), (1,), _("视为不同意")),
        Limit("pause.cap", _("暂停期满"), None, (SYSTEM,), (), _("自动恢复计时")),
        Limit("complaint.accept", _("受理投诉"), 3, (OPERATOR,), (1,), _("自动受理，并告知监管部门")),
        Limit(
            "complaint.respond", _("答复投诉"), 5, (BUYER, AGENCY), (1,), _("按现有材料处理；机构逾期记入“逾期未答复”")
        ),
        Limit("complaint.decide", _("办结投诉"), 30, (OPERATOR,), (10, 3, 0), _("转监管部门督办，资金保持冻结")),
    )
}
# The limits for paying the fee, before the work or after it; of each order one at most is open.
PAYING = ("order.pay", "order.payment", "order.authority_payment")
# Limits of both sides at once: they name no party, so the order says whether a side still has to act.
SHARED = ("order.contract", "order.rate")
# The complainant's remedies do not wait for ever: working days both sides' pauses may add up to.
PAUSE_CAP_DAYS = 30
# Who is asked for changes has at least so many working days for them, however little of the contract's time is left.
REWORK_DAYS = 3
REPLY_WINDOW_DAYS = 28
COMPLAINT_WINDOW_DAYS = 365


def _row(name: str, label: Any, sources: Any, target: str, *who: str, limit: str = "", note: Any = "") -> Transition:
    """A row of a table; the limit that starts on arrival is looked up so that it is written once."""
    found = LIMITS.get(limit)
    return Transition(
        name,
        label,
        (sources,) if isinstance(sources, str) else tuple(sources),
        target,
        who,
        deadline=limit,
        limit_days=found.days if found else None,
        reminders=found.reminders if found else (),
        note=note,
    )


ORDER = Machine(
    "order",
    _("订单"),
    _O,
    _O.PLACED,
    (_O.CLOSED, _O.DECLINED, _O.CANCELLED, _O.TERMINATED),
    (
        _row("accept", _("受理"), _O.PLACED, _O.ACCEPTED, AGENCY, limit="order.contract"),
        _row("agree", _("同意机构报价"), _O.PLACED, _O.ACCEPTED, BUYER, limit="order.contract"),
        _row("decline", _("不接单"), _O.PLACED, _O.DECLINED, AGENCY, SYSTEM),
        _row(
            "cancel",
            _("取消"),
            (_O.PLACED, _O.ACCEPTED),
            _O.CANCELLED,
            BUYER,
            AGENCY,
            SYSTEM,
            note=_("已付款项全额退回"),
        ),
        _row(
            "begin",
            _("开始服务"),
            _O.ACCEPTED,
            _O.IN_SERVICE,
            SYSTEM,
            limit="order.service",
            note=_("合同生效、资料齐全、先付款的已付款"),
        ),
        _row(
            "deliver",
            _("交付成果"),
            _O.IN_SERVICE,
            _O.DELIVERED,
            AGENCY,
            limit="order.approve",
            note=_("须送审的，送审通过后才开始计算验收时限；在此之前由机构送审"),
        ),
        _row(
            "request_changes",
            _("要求修改"),
            _O.DELIVERED,
            _O.IN_SERVICE,
            BUYER,
            limit="order.service",
            note=_("至少有 3 个工作日修改"),
        ),
        _row(
            "return",
            _("送审后修改"),
            _O.DELIVERED,
            _O.IN_SERVICE,
            AGENCY,
            OPERATOR,
            limit="order.service",
            note=_(
                "评审退回的成果不能验收，修改后重新送审、重新交付；评审要求修改后通过的，交付修改后的成果再验收；至少有 3 个工作日修改"
            ),
        ),
        _row("approve", _("验收通过"), _O.DELIVERED, _O.APPROVED, BUYER, SYSTEM, limit="order.rate"),
        _row("terminate", _("终止"), (_O.IN_SERVICE, _O.DELIVERED), _O.TERMINATED, OPERATOR),
        _row("close", _("完成"), _O.APPROVED, _O.CLOSED, SYSTEM, note=_("款项已结清、评价已公开、没有未办结的投诉")),
    ),
    model=Order,
)

PAYMENT = Machine(
    "payment",
    _("支付"),
    P,
    P.CREATED,
    (P.SETTLED, P.FAILED, P.CANCELLED, P.RETURNED),
    (
        _row(
            "doubt",
            _("结果待确认"),
            (P.CREATED, P.UNKNOWN, P.FAILED, P.CANCELLED, P.RETURNED),
            P.UNKNOWN,
            SYSTEM,
            note=_("调用托管银行没有得到答复，或金额不符"),
        ),
        _row("clarify", _("尚未付款"), P.UNKNOWN, P.CREATED, CUSTODIAN),
        _row(
            "settle",
            _("到账"),
            (P.CREATED, P.UNKNOWN, P.FAILED, P.CANCELLED),
            P.SETTLED,
            CUSTODIAN,
            BUYER,
            AGENCY,
            OPERATOR,
            note=_("钱到了就入账，哪怕这笔支付已撤销；订单已结束的随即退回"),
        ),
        _row("fail", _("未成功"), (P.CREATED, P.UNKNOWN), P.FAILED, CUSTODIAN),
        _row(
            "give_back",
            _("退回不符款项"),
            P.UNKNOWN,
            P.RETURNED,
            OPERATOR,
            note=_("金额不符或重复支付的，不入账，原路退回"),
        ),
        _row(
            "cancel",
            _("撤销支付"),
            (P.CREATED, P.UNKNOWN),
            P.CANCELLED,
            BUYER,
            SYSTEM,
            OPERATOR,
            note=_("一方已确认的线下转账不撤销，由中心核实"),
        ),
    ),
    model=Payment,
)

_R = Refund.Status
REFUND = Machine(
    "refund",
    _("退款"),
    _R,
    _R.PROPOSED,
    (_R.EXECUTED, _R.REFUSED),
    (
        _row("grant", _("批准退款"), _R.PROPOSED, _R.GRANTED, OPERATOR, SYSTEM, note=_("超过限额须由第二人批准")),
        _row(
            "refuse",
            _("不批准退款"),
            (_R.PROPOSED, _R.FAILED),
            _R.REFUSED,
            OPERATOR,
            note=_("托管银行未能退回的，写明依据后可以不再退款"),
        ),
        _row("execute", _("退回"), _R.GRANTED, _R.EXECUTED, CUSTODIAN, BUYER, OPERATOR),
        _row("fail", _("退款未成功"), _R.GRANTED, _R.FAILED, CUSTODIAN, note=_("款项继续托管，既不放款也不结案")),
        _row("retry", _("再次退款"), _R.FAILED, _R.GRANTED, OPERATOR),
    ),
    model=Refund,
)

_D = Deliverable.Status
DELIVERABLE = Machine(
    "deliverable",
    _("成果"),
    _D,
    _D.SUBMITTED,
    (_D.CHANGES, _D.RETURNED, _D.APPROVED),
    (
        _row("send_back", _("要求修改"), _D.SUBMITTED, _D.CHANGES, BUYER),
        _row("return", _("送审后修改"), _D.SUBMITTED, _D.RETURNED, AGENCY, OPERATOR),
        _row("approve", _("验收"), _D.SUBMITTED, _D.APPROVED, BUYER, SYSTEM),
    ),
    model=Deliverable,
)

_E = ExternalReviewRound.Result
REVIEW_ROUND = Machine(
    "review_round",
    _("送审"),
    _E,
    _E.PENDING,
    (_E.FIRST_PASS, _E.PASSED_REVISED, _E.RETURNED, _E.ANNULLED, _E.DROPPED),
    (
        _row("first_pass", _("一次通过"), _E.PENDING, _E.FIRST_PASS, AGENCY, OPERATOR),
        _row("passed_revised", _("修改后通过"), _E.PENDING, _E.PASSED_REVISED, AGENCY, OPERATOR),
        _row("returned", _("退回"), _E.PENDING, _E.RETURNED, AGENCY, OPERATOR),
        _row(
            "annulled",
            _("不成立"),
            _E.PENDING,
            _E.ANNULLED,
            OPERATOR,
            note=_("业主有异议时只由中心登记；天数计入机构用时"),
        ),
        _row("drop", _("随订单结束"), _E.PENDING, _E.DROPPED, OPERATOR, note=_("评审中的订单终止的，不再登记结果")),
    ),
    model=ExternalReviewRound,
    kept_in="result",
)

_B = TestBatch.Status
BATCH = Machine(
    "batch",
    _("委托单"),
    _B,
    _B.RECEIVED,
    (_B.REPORTED,),
    (_row("report", _("出具报告"), _B.RECEIVED, _B.REPORTED, AGENCY),),
    model=TestBatch,
)

_X = Extension.Status
EXTENSION = Machine(
    "extension",
    _("延期"),
    _X,
    _X.ASKED,
    (_X.GRANTED, _X.REFUSED),
    (
        _row("grant", _("同意延期"), _X.ASKED, _X.GRANTED, BUYER),
        _row("refuse", _("不同意延期"), _X.ASKED, _X.REFUSED, BUYER, SYSTEM),
    ),
    model=Extension,
)

_S = PauseConsent.Status
PAUSE = Machine(
    "pause",
    _("暂停"),
    _S,
    _S.ASKED,
    (_S.ENDED, _S.REFUSED),
    (
        _row("agree", _("同意暂停"), _S.ASKED, _S.RUNNING, BUYER, AGENCY, limit="pause.cap"),
        _row("refuse", _("不同意暂停"), _S.ASKED, _S.REFUSED, BUYER, AGENCY, SYSTEM),
        _row("end", _("恢复计时"), _S.RUNNING, _S.ENDED, BUYER, AGENCY, SYSTEM),
    ),
    model=PauseConsent,
)

_L = LeadChange.Status
LEAD_CHANGE = Machine(
    "lead_change",
    _("项目负责人变更"),
    _L,
    _L.ASKED,
    (_L.GRANTED, _L.REFUSED),
    (
        _row("grant", _("同意变更"), _L.ASKED, _L.GRANTED, BUYER),
        _row("refuse", _("不同意变更"), _L.ASKED, _L.REFUSED, BUYER, SYSTEM),
    ),
    model=LeadChange,
)

_C = Complaint.Status
COMPLAINT = Machine(
    "complaint",
    _("投诉"),
    _C,
    _C.FILED,
    (_C.UPHELD, _C.REJECTED, _C.WITHDRAWN),
    (
        _row("accept", _("受理投诉"), _C.FILED, _C.ACCEPTED, OPERATOR, SYSTEM, limit="complaint.decide"),
        _row("uphold", _("投诉成立"), _C.ACCEPTED, _C.UPHELD, OPERATOR),
        _row("reject", _("投诉不成立"), _C.ACCEPTED, _C.REJECTED, OPERATOR),
        _row("withdraw", _("撤回投诉"), (_C.FILED, _C.ACCEPTED), _C.WITHDRAWN, BUYER, AGENCY),
    ),
    model=Complaint,
)
