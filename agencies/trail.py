"""The audit trail of our streams in words: what a history list shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.machines import AGENCY, LISTING, REVIEW
from kernel.models import AuditEntry

WORDS: dict[str, Any] = {
    "agency.started": _("开始填写入驻资料"),
    "agency.edited": _("保存资料"),
    "agency.committed": _("签署入驻承诺"),
    "agency.contact_updated": _("更新联系方式"),
    "agency.changed": _("变更生效"),
    "agency.confirmed": _("确认资料仍然有效"),
    "agency.imported": _("从名录导入"),
    "directory.opened": _("列入入驻名录"),
    "paper.uploaded": _("上传材料"),
    "qualification.added": _("登记证书"),
    "qualification.confirmed": _("证书核验通过"),
    "qualification.rejected": _("证书未通过核验"),
    "practitioner.registered": _("登记人员"),
    "practitioner.ended": _("注销人员"),
    "storefront.updated": _("更新店铺"),
    "storefront.pictured": _("更换店铺图片"),
    "storefront.picture_removed": _("撤下店铺图片"),
    "storefront.paused": _("店铺暂停接单"),
    "storefront.resumed": _("店铺恢复接单"),
    "listing.created": _("新建服务"),
    "listing.drafted": _("编辑服务"),
    "listing.capacity_set": _("调整接单上限"),
    "listing.taken": _("接入一笔订单"),
    "listing.released": _("释放一个名额"),
    "review.opened": _("提交审查"),
    "objection.raised": _("收到公示异议"),
    "objection.decided": _("答复公示异议"),
}
for _machine in (AGENCY, LISTING, REVIEW):
    WORDS.update({f"{_machine.name}.{row.name}": row.label for row in _machine.transitions})


def entries(*streams: str, limit: int = 50) -> list[dict[str, Any]]:
    """The newest acts on the streams, newest first, as ``ui.history`` takes them; one query."""
    rows = AuditEntry.objects.filter(stream__in=streams).select_related("actor", "detail").order_by("-at", "-id")
    return [
        {"at": row.at, "by": row.actor or _("系统"), "text": WORDS.get(row.action, row.action), "note": _note(row)}
        for row in rows[:limit]
    ]


def _note(row: AuditEntry) -> str:
    detail = getattr(row, "detail", None)
    data = detail.data if detail else {}
    reasons = data.get("reasons") or []
    if isinstance(reasons, list) and reasons and isinstance(reasons[0], dict):
        return "；".join(str(reason.get("text", "")) for reason in reasons)
    return str(data.get("reason") or data.get("lacking") or "")
