"""The audit trail of our streams in words: what a history list shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.models import AuditEntry, Membership, Organisation

WORDS: dict[str, Any] = {
    "agency.started": pgettext_lazy("经过", "开始填写入驻资料"),
    "agency.edited": pgettext_lazy("经过", "保存资料"),
    "agency.committed": pgettext_lazy("经过", "签署入驻承诺"),
    "agency.contact_updated": pgettext_lazy("经过", "更新联系方式"),
    "agency.changed": pgettext_lazy("经过", "变更生效"),
    "agency.confirmed": pgettext_lazy("经过", "确认资料仍然有效"),
    "agency.imported": pgettext_lazy("经过", "从名录导入"),
    "directory.opened": pgettext_lazy("经过", "列入入驻名录"),
    "paper.uploaded": pgettext_lazy("经过", "上传材料"),
    "qualification.added": pgettext_lazy("经过", "登记证书"),
    "qualification.confirmed": pgettext_lazy("经过", "证书核验通过"),
    "qualification.rejected": pgettext_lazy("经过", "证书未通过核验"),
    "practitioner.registered": pgettext_lazy("经过", "登记人员"),
    "practitioner.ended": pgettext_lazy("经过", "注销人员"),
    "storefront.updated": pgettext_lazy("经过", "更新店铺"),
    "storefront.pictured": pgettext_lazy("经过", "更换店铺图片"),
    "storefront.picture_removed": pgettext_lazy("经过", "撤下店铺图片"),
    "storefront.paused": pgettext_lazy("经过", "店铺暂停接单"),
    "storefront.resumed": pgettext_lazy("经过", "店铺恢复接单"),
    "listing.created": pgettext_lazy("经过", "新建服务"),
    "listing.drafted": pgettext_lazy("经过", "编辑服务"),
    "listing.capacity_set": pgettext_lazy("经过", "调整接单上限"),
    "listing.taken": pgettext_lazy("经过", "下单，占用一个名额"),
    "listing.released": pgettext_lazy("经过", "结束订单，空出一个名额"),
    "review.opened": pgettext_lazy("经过", "提交审查"),
    "objection.raised": pgettext_lazy("经过", "收到公示异议"),
    "objection.decided": pgettext_lazy("经过", "答复公示异议"),
    "agency.claim": pgettext_lazy("经过", "由认领人接管"),
    "agency.submit": pgettext_lazy("经过", "提交入驻申请"),
    "agency.return": pgettext_lazy("经过", "退回补正"),
    "agency.publicise": pgettext_lazy("经过", "开始公示"),
    "agency.approve": pgettext_lazy("经过", "准予入驻"),
    "agency.suspend": pgettext_lazy("经过", "暂停服务"),
    "agency.resume": pgettext_lazy("经过", "恢复服务"),
    "agency.exit": pgettext_lazy("经过", "退出市场"),
    "agency.remove": pgettext_lazy("经过", "移出市场"),
    "agency.restart": pgettext_lazy("经过", "重新申请"),
    "listing.submit": pgettext_lazy("经过", "提交审核"),
    "listing.return": pgettext_lazy("经过", "退回修改"),
    "listing.publish": pgettext_lazy("经过", "上架"),
    "listing.pause": pgettext_lazy("经过", "暂停接单"),
    "listing.resume": pgettext_lazy("经过", "恢复接单"),
    "listing.hide": pgettext_lazy("经过", "隐藏"),
    "listing.show": pgettext_lazy("经过", "重新显示"),
    "listing.show_paused": pgettext_lazy("经过", "重新显示，仍暂停接单"),
    "listing.withdraw": pgettext_lazy("经过", "下架"),
    "review.publicise": pgettext_lazy("经过", "开始公示"),
    "review.return": pgettext_lazy("经过", "退回"),
    "review.approve": pgettext_lazy("经过", "通过"),
    "review.withdraw": pgettext_lazy("经过", "撤回"),
}


# Slots are taken and freed by whoever orders or ends an order; nobody of the agency need have a hand in it.
OF_ORDERS = {
    "listing.taken": pgettext_lazy("经过", "收到订单，占用一个名额"),
    "listing.released": pgettext_lazy("经过", "订单结束，空出一个名额"),
}


def entries(*streams: str, limit: int = 50, house: Organisation | None = None) -> list[dict[str, Any]]:
    """The newest acts on the streams, newest first, as ``ui.history`` takes them; one query, and one more where orders
    came or went. ``house``: the agency's organisation; of an order only its own people are named, others by their side."""
    found = AuditEntry.objects.filter(stream__in=streams).select_related("actor", "detail").order_by("-at", "-id")
    rows = list(found[:limit])
    sides = _sides([row for row in rows if row.action in OF_ORDERS], house)
    return [{"at": row.at, "note": _note(row), **_said(row, sides)} for row in rows]


def _said(row: AuditEntry, sides: dict[int, Any]) -> dict[str, Any]:
    if row.action in OF_ORDERS:
        if row.actor_id is None:
            return {"by": None, "text": OF_ORDERS[row.action]}
        return {"by": sides.get(row.actor_id) or row.actor, "text": WORDS[row.action]}
    return {"by": row.actor or _("系统"), "text": WORDS.get(row.action, row.action)}


def _sides(rows: list[AuditEntry], house: Organisation | None) -> dict[int, Any]:
    """By the pk of a person: the side a stranger to the house acted for; nothing for its own people."""
    people = {row.actor_id for row in rows if row.actor_id}
    if not people:
        return {}
    held = list(Membership.objects.filter(user__in=people).select_related("organisation"))
    own = {row.user_id for row in held if house and row.organisation_id == house.pk}
    centre = {row.user_id for row in held if row.organisation.kind == Organisation.Kind.AUTHORITY}
    return {pk: _("服务中心") if pk in centre else _("项目业主") for pk in people - own}


def _note(row: AuditEntry) -> str:
    detail = getattr(row, "detail", None)
    data = detail.data if detail else {}
    reasons = data.get("reasons") or []
    if isinstance(reasons, list) and reasons and isinstance(reasons[0], dict):
        return "；".join(str(reason.get("text", "")) for reason in reasons)
    return str(data.get("reason") or data.get("lacking") or "")
