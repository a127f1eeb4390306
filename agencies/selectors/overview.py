"""What the back room's first page says: where the agency stands and what it should do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.machines import CERTIFICATE_REMINDERS, CONFIRM, FORM_CHECK, PUBLICITY
from agencies.models import Agency, Listing, ListingVersion, Qualification, Review
from agencies.selectors import registration
from kernel import clock
from kernel.lamps import Lamp, lamp
from kernel.models import Deadline

STAGES = (_("填写资料"), _("形式审查"), _("公示"), _("已入驻"))
STAGE_OF = {"draft": 1, "imported": 1, "returned": 1, "submitted": 2, "publicity": 3, "active": 5, "suspended": 5}


@dataclass(frozen=True)
class Todo:
    """One thing to do: a sentence, where, and how urgent (tone of a notice)."""

    text: Any
    url: str
    act: Any
    tone: str = "info"


def overview(agency: Agency) -> dict[str, Any]:
    """Counts, the open review with its lamp, and the list of things to do; a fixed number of queries."""
    review = Review.objects.filter(agency=agency, kind=Review.Kind.ENTRY).order_by("-id").first()
    subjects = [agency.stream, *([review.stream] if review else [])]
    open_deadlines = {row.code: row for row in Deadline.objects.filter(subject__in=subjects, state=Deadline.State.OPEN)}
    soon = clock.today() + timedelta(days=max(CERTIFICATE_REMINDERS))
    papers = Qualification.objects.filter(agency=agency).aggregate(
        pending=Count("pk", filter=Q(status="pending")),
        ending=Count("pk", filter=Q(status="confirmed", expires_on__range=(clock.today(), soon))),
        expired=Count("pk", filter=Q(status="confirmed", expires_on__lt=clock.today())),
    )
    listings = Listing.objects.filter(agency=agency).aggregate(
        published=Count("pk", filter=Q(status="published")),
        paused=Count("pk", filter=Q(status="paused")),
        hidden=Count("pk", filter=Q(status="hidden")),
        taken=Sum("taken"),
        capacity=Sum("capacity", filter=Q(status="published")),
    )
    returned = ListingVersion.objects.filter(listing__agency=agency, status="returned").count()
    due = open_deadlines.get(FORM_CHECK) or open_deadlines.get(PUBLICITY)
    return {
        "stages": STAGES,
        "stage": STAGE_OF.get(agency.status, 0),
        "review": review,
        "review_lamp": lamp(due) if due else None,
        "review_due_at": due.due_at if due else None,
        "listings": listings,
        "papers": papers,
        "todos": _todos(agency, review, open_deadlines, papers, listings, returned),
    }


def certificate_lamp(paper: Qualification) -> Lamp:
    """How a certificate stands in calendar days: red when over, amber within 60 days."""
    if paper.expires_on is None:
        return Lamp("green", _("长期有效"), 0, None)
    left = (paper.expires_on - clock.today()).days
    if left < 0:
        return Lamp("red", _("已过期"), left, None)
    word = ngettext("还有 %(n)s 天", "还有 %(n)s 天", left) % {"n": left}
    return Lamp("amber" if left <= max(CERTIFICATE_REMINDERS) else "green", word, left, None)


def facts(agency: Agency) -> list[tuple[Any, Any]]:
    """The file in pairs, for reading."""
    organisation = agency.organisation
    return [
        (_("单位名称"), organisation.name),
        (_("统一社会信用代码"), organisation.uscc),
        (_("所在地区"), organisation.region),
        (_("地址"), organisation.address),
        (_("法定代表人"), agency.legal_representative),
        (_("成立日期"), agency.founded_on),
        (_("从业人数"), agency.staff_count),
        (_("联系人"), agency.contact_name),
        (_("联系手机"), agency.contact_mobile.removeprefix("+86")),
        (_("电子邮箱"), agency.email),
        (_("服务类别"), "、".join(row.name for row in agency.categories.all())),
        (_("服务区域"), "、".join(str(row) for row in agency.service_regions.all())),
        (_("总公司"), agency.parent),
        (_("隶属或挂靠的行政机关"), agency.affiliated_with or (_("无") if agency.affiliation_declared else _("未申报"))),
    ]  # fmt: skip


def _todos(
    agency: Agency, review: Review | None, deadlines: dict[str, Deadline], papers: Any, listings: Any, returned: int
) -> list[Todo]:
    found: list[Todo] = []
    if agency.status in (Agency.Status.DRAFT, Agency.Status.RETURNED):
        if agency.status == Agency.Status.RETURNED and review:
            reasons = "；".join(reason["text"] for reason in review.reasons)
            found.append(
                Todo(_("申请被退回：%(r)s") % {"r": reasons}, _to("application", "profile"), _("补正资料"), "warn")
            )
        gaps = registration.gaps(agency)
        found += [Todo(gap.sentence, _to("application", gap.step), _("去填写")) for gap in gaps]
        if not gaps:
            found.append(Todo(_("资料已齐全，可以提交。"), _to("application", "submit"), _("提交入驻申请"), "good"))
    if papers["expired"]:
        found.append(
            Todo(
                _("%(n)s 份证书已过期，需要它的服务不再显示。") % {"n": papers["expired"]},
                _to("certificates"),
                _("换证"),
                "bad",
            )
        )
    if papers["ending"]:
        found.append(
            Todo(
                _("%(n)s 份证书将在 60 天内到期。") % {"n": papers["ending"]},
                _to("certificates"),
                _("查看证书"),
                "warn",
            )
        )
    if returned:
        found.append(Todo(_("%(n)s 项服务被退回修改。") % {"n": returned}, _to("listings"), _("去修改"), "warn"))
    confirm = deadlines.get(CONFIRM)
    if confirm and lamp(confirm).days <= 20:
        tone = "bad" if lamp(confirm).colour == "red" else "info"
        found.append(Todo(_("请确认机构资料仍然有效（半年一次）。"), _to("confirm"), _("确认资料"), tone))
    if agency.status == Agency.Status.ACTIVE and not listings["published"]:
        found.append(Todo(_("还没有上架的服务，买方暂时找不到您。"), _to("listing_new"), _("上架服务")))
    return found


def _to(name: str, *args: Any) -> str:
    return reverse(f"agencies:{name}", args=args)
