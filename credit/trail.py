"""The audit trail of cases and rankings in words: what a timeline or a history list shows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from kernel.models import AuditEntry

WORDS: dict[str, Any] = {
    "case.opened": pgettext_lazy("已办", "登记线索"),
    "case.alleged": pgettext_lazy("已办", "提出认定"),
    "case.paper": pgettext_lazy("已办", "上传材料"),
    "case.noticed": pgettext_lazy("已办", "送达告知"),
    "case.defended": pgettext_lazy("已办", "陈述申辩"),
    "case.upheld": pgettext_lazy("已办", "决定认定"),
    "case.dismissed": pgettext_lazy("已办", "决定不予认定"),
    "case.withdrawn": pgettext_lazy("已办", "撤回"),
    "case.repaired": pgettext_lazy("已办", "信用修复"),
    "ranking.drafted": pgettext_lazy("已办", "起草"),
    "ranking.preview": pgettext_lazy("已办", "征求意见"),
    "ranking.publicity": pgettext_lazy("已办", "公示"),
    "ranking.published": pgettext_lazy("已办", "发布"),
    "ranking.withdrawn": pgettext_lazy("已办", "撤回"),
    "ranking.commented": pgettext_lazy("已办", "收到意见"),
    "ranking.answered": pgettext_lazy("已办", "答复意见"),
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
