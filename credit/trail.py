"""The audit trail of cases and rankings in words: what a timeline or a history list shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.models import AuditEntry

WORDS: dict[str, Any] = {
    "case.opened": _("登记线索"),
    "case.alleged": _("提出认定"),
    "case.paper": _("上传材料"),
    "case.noticed": _("送达告知"),
    "case.defended": _("陈述申辩"),
    "case.upheld": _("决定认定"),
    "case.dismissed": _("决定不予认定"),
    "case.withdrawn": _("撤回"),
    "case.repaired": _("信用修复"),
    "ranking.drafted": _("起草"),
    "ranking.preview": _("征求意见"),
    "ranking.publicity": _("公示"),
    "ranking.published": _("发布"),
    "ranking.withdrawn": _("撤回"),
    "ranking.commented": _("收到意见"),
    "ranking.answered": _("答复意见"),
}


def entries(stream: str, *, limit: int = 60) -> list[AuditEntry]:
    """The acts on a stream, oldest first, with who did them and what was said; one query."""
    return list(AuditEntry.objects.filter(stream=stream).select_related("actor", "detail").order_by("seq")[:limit])


def word(entry: AuditEntry) -> Any:
    return WORDS.get(entry.action, entry.action)


def said(entry: AuditEntry) -> str:
    """The reason, decision or file name that went with an act; "" when its cleartext was erased."""
    detail = getattr(entry, "detail", None)
    data = detail.data if detail else {}
    return str(data.get("reason") or data.get("decision") or data.get("name") or "")
