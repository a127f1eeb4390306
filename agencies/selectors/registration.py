"""How far an application has come and what it still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from agencies.machines import FORM_CHECK_DAYS, PUBLICITY_DAYS
from agencies.models import Agency, Review
from kernel import clock, workdays
from kernel.models import Attachment

LICENCE, COMMITMENT, AUTHORISATION = "business_licence", "commitment", "parent_authorisation"
CHANGE = "change"
PURPOSES = {
    LICENCE: _("营业执照"),
    COMMITMENT: _("盖章承诺书"),
    AUTHORISATION: _("总公司授权书"),
    "certificate": _("资质证书扫描件"),
    "social_insurance": _("社保证明"),
    CHANGE: _("变更证明"),
    "other": _("其他材料"),
}


@dataclass(frozen=True)
class Gap:
    """Something missing. ``step`` names the page of the registration that mends it."""

    code: str
    sentence: Any
    step: str


def gaps(agency: Agency) -> list[Gap]:
    """What must be added before the application can be submitted, in the order of the steps."""
    found: list[Gap] = []
    if not (agency.contact_name and agency.contact_mobile):
        found.append(Gap("agency.contact", _("请填写联系人和联系手机。"), "profile"))
    if not agency.categories.exists():
        found.append(Gap("agency.categories", _("请至少选择一个服务类别。"), "profile"))
    if not agency.affiliation_declared:
        found.append(Gap("agency.affiliation", _("请申报隶属或挂靠关系（没有也要申报）。"), "profile"))
    if agency.committed_at is None:
        found.append(Gap("agency.commitment", _("请签署入驻承诺。"), "commitment"))
    purposes = set(Attachment.objects.filter(subject=agency.stream).values_list("purpose", flat=True))
    if LICENCE not in purposes:
        found.append(Gap("agency.licence", _("请上传营业执照。"), "papers"))
    if agency.parent_id and AUTHORISATION not in purposes:
        found.append(Gap("agency.authorisation", _("分公司请上传总公司授权书。"), "papers"))
    return found


def earliest_entry() -> date:
    """The day by which an application of today is through: both periods used up, nothing returned, no objection."""
    return workdays.add(workdays.add(clock.today(), FORM_CHECK_DAYS), PUBLICITY_DAYS)


def wanted_papers(agency: Agency) -> list[tuple[str, bool]]:
    """(purpose, needed) in the order asked: what an application is made of. A branch brings its parent's authorisation."""
    found = [(LICENCE, True), (COMMITMENT, False), (AUTHORISATION, bool(agency.parent_id)), ("other", False)]
    return [(purpose, needed) for purpose, needed in found if purpose != AUTHORISATION or needed]


def papers(agency: Agency) -> list[Attachment]:
    """All files of the agency, newest first, those that came with a change included."""
    changes = Review.objects.filter(agency=agency, kind=Review.Kind.CHANGE)
    streams = changes.annotate(name=Concat(Value("review:"), Cast("pk", CharField()))).values("name")
    found = Attachment.objects.filter(Q(subject=agency.stream) | Q(subject__in=streams))
    return list(found.select_related("uploaded_by").order_by("-id"))
