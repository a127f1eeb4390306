"""An agency's file and its certificates in words, for whoever may read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agencies.machines import CERTIFICATE_REMINDERS
from agencies.models import Agency, Qualification
from kernel import clock
from kernel.lamps import Lamp
from kernel.ui.format import date_cn, telephone


def certificate_lamp(paper: Qualification) -> Lamp:
    """How a certificate stands in calendar days: red when over, amber within 60 days."""
    if paper.expires_on is None:
        return Lamp("green", _("长期有效"), 0, None)
    left = (paper.expires_on - clock.today()).days
    if left < 0:
        return Lamp("red", _("已过期"), left, None)
    word = ngettext("还有 %(n)s 天", "还有 %(n)s 天", left) % {"n": left}
    return Lamp("amber" if left <= max(CERTIFICATE_REMINDERS) else "green", word, left, None)


def to_renew(papers: Iterable[Any]) -> list[tuple[Any, Lamp]]:
    """Of the rows of ``certificates.with_renewable`` those to renew now, each with how it stands: over, or about to end."""
    found = [(row, certificate_lamp(row)) for row in papers if row.renewable]
    return [(row, state) for row, state in found if state.colour != "green"]


def facts(agency: Agency) -> list[tuple[Any, Any]]:
    """The file in pairs, for reading; what is not filled in is left out."""
    return file(agency)[0]


def registered(agency: Agency) -> list[tuple[Any, Any]]:
    """Of the file, what passes the desk: without the ways to reach the agency, which it changes itself."""
    return [(label, value) for label, value, sort in _rows(agency) if sort not in ("contact", "address") and value]


def public(agency: Agency, address: str) -> list[tuple[Any, Any]]:
    """What a public notice of entry says of the agency: the address it had when the notice began; of persons nothing
    but the legal representative's name."""
    rows = [(label, address if sort == "address" else value, sort) for label, value, sort in _rows(agency)]
    told = [(label, value) for label, value, sort in rows if sort != "contact" and value]
    return told[1:]  # the name stands over the notice


def file(agency: Agency) -> tuple[list[tuple[Any, Any]], list[Any]]:
    """The file in pairs, and the labels of what is not filled in and usually should be."""
    rows = _rows(agency)
    told = [(label, value) for label, value, _sort in rows if value]
    return told, [label for label, value, sort in rows if not value and sort != "rare"]


def _rows(agency: Agency) -> list[tuple[Any, Any, str]]:
    """(label, value, sort): sort "contact" and "address" change at once, "rare" is filled in by few."""
    organisation = agency.organisation
    attached = agency.affiliated_with or (_("已申报：没有") if agency.affiliation_declared else _("未申报"))
    return [
        (_("单位名称"), organisation.name, ""),
        (_("统一社会信用代码"), organisation.uscc, ""),
        (_("所在地区"), organisation.region, ""),
        (_("地址"), organisation.address, "address"),
        (_("法定代表人"), agency.legal_representative, ""),
        (_("成立日期"), agency.founded_on and date_cn(agency.founded_on, weekday=False), ""),
        (_("从业人数"), agency.staff_count, "contact"),
        (_("联系人"), agency.contact_name, "contact"),
        (_("联系手机"), telephone(agency.contact_mobile), "contact"),
        (_("电子邮箱"), agency.email, "contact"),
        (_("服务类别"), gettext("、").join(row.name for row in agency.categories.all()), ""),
        (_("服务区域"), gettext("、").join(str(row) for row in agency.service_regions.all()), "rare"),
        (_("总公司"), agency.parent, "rare"),
        (_("隶属或挂靠"), attached, ""),
    ]
