"""How the papers came to count as complete: who said so, and how many were never filed on the platform."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.ui import format
from orders.views.dossier import Dossier


def settled_by(d: Dossier) -> str:
    return _("机构逾期未核对，视为齐全") if d.papers_lapsed else _("由机构确认")


def papers_settled(d: Dossier) -> str:
    """Who called the papers complete, on which day, and how many of them came another way; empty while they are being
    checked."""
    at = d.order.materials_complete_at
    if at is None:
        return ""
    n = len(d.wanted_papers) - d.filed_count
    words = {"n": n, "day": format.date_cn(at, False)}
    if d.papers_lapsed:
        if not n:
            return _("机构逾期未核对，%(day)s起视为资料齐全。") % words
        rest = ngettext(
            "%(n)s 项没有在平台归档；机构逾期未核对，%(day)s起视为资料齐全。",
            "%(n)s 项没有在平台归档；机构逾期未核对，%(day)s起视为资料齐全。",
            n,
        )
        return rest % words
    if not n:
        return _("机构已于 %(day)s 确认资料齐全。") % words
    outside = ngettext(
        "%(n)s 项没有在平台归档，机构已于 %(day)s 确认：已用其他方式收到，或本次服务用不到。",
        "%(n)s 项没有在平台归档，机构已于 %(day)s 确认：已用其他方式收到，或本次服务用不到。",
        n,
    )
    return outside % words
