"""What the audit trail's action codes of this room say to people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "order.placed": _("提交订单"),
    "order.proposed": _("提出新的价格或时限"),
    "order.accepted": _("受理订单"),
    "order.declined": _("不接此单"),
    "order.cancelled": _("取消订单"),
    "order.terminated": _("终止订单"),
    "order.begun": _("服务开始计时"),
    "order.delivered": _("交付成果"),
    "order.changes_requested": _("要求修改"),
    "order.approved": _("验收成果"),
    "order.closed": _("订单完成"),
    "contract.confirmed": _("确认合同"),
    "contract.scan_attached": _("上传签章合同"),
    "materials.requested": _("发出补正通知"),
    "materials.answered": _("补齐资料"),
    "materials.completed": _("确认资料齐全"),
    "payment.started": _("发起支付"),
    "payment.settled": _("款项到账"),
    "payment.failed": _("支付未成功"),
    "payment.cancelled": _("撤销支付"),
    "payment.doubted": _("支付结果待核对"),
    "payment.confirmed": _("确认线下转账"),
    "payment.slip_added": _("上传转账凭证"),
    "payment.verified": _("核实线下转账"),
    "refund.proposed": _("提出退款"),
    "refund.granted": _("批准退款"),
    "refund.refused": _("不批准退款"),
    "refund.executed": _("退款退回"),
    "refund.failed": _("退款未成功"),
    "payment.released": _("放款"),
    "deliverable.submitted": _("登记成果文件"),
    "deliverable.sent_back": _("退回成果"),
    "deliverable.approved": _("成果通过验收"),
    "deliverable.opened": _("首次打开成果"),
    "batch.received": _("登记委托单"),
    "batch.reported": _("登记检测报告"),
    "review_round.submitted": _("提交送审"),
    "review_round.decided": _("登记评审结果"),
    "extension.asked": _("申请延期"),
    "extension.granted": _("同意延期"),
    "extension.refused": _("不同意延期"),
    "extension.dropped": _("延期申请因订单结束不再办理"),
    "pause.asked": _("申请暂停计时"),
    "pause.agreed": _("同意暂停计时"),
    "pause.refused": _("不同意暂停计时"),
    "pause.ended": _("恢复计时"),
    "pause.dropped": _("暂停因订单结束不再办理"),
    "lead_change.asked": _("申请更换项目负责人"),
    "lead_change.granted": _("同意更换项目负责人"),
    "lead_change.refused": _("不同意更换项目负责人"),
    "lead_change.dropped": _("更换申请因订单结束不再办理"),
    "message.posted": _("发送留言"),
    "complaint.filed": _("提出投诉"),
    "complaint.accepted": _("受理投诉"),
    "complaint.responded": _("答复投诉"),
    "complaint.decided": _("投诉作出决定"),
    "complaint.withdrawn": _("撤回投诉"),
    "invoice.uploaded": _("上传发票"),
    "rating.submitted": _("提交评价（密封）"),
    "ratings.revealed": _("评价公开"),
    "rating.replied": _("公开回复评价"),
    "rating.official": _("部门或中心评价"),
    "ratings.voided": _("评价作废"),
}


def label(action: str) -> Any:
    """The words of an action; the code itself where there are none."""
    return WORDS.get(action, action)
