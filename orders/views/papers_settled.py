"""How the papers came to count as complete: who said so, and how many were never filed on the platform."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.views.dossier import Dossier


def settled_by(d: Dossier) -> str:
    return _("机构逾期未核对，视为齐全") if d.papers_lapsed else _("由机构确认")


def papers_settled(d: Dossier) -> str:
    """Empty while they are being checked."""
    if d.order.materials_complete_at is None:
        return ""
    who = settled_by(d)
    n = len(d.wanted_papers) - d.filed_count
    if not n:
        return who
    rest = ngettext("%(n)s 项没有在平台归档", "%(n)s 项没有在平台归档", n) % {"n": n}
    return _("%(who)s；%(rest)s") % {"who": who, "rest": rest}
