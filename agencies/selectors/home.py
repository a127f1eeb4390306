"""What an agency's first page says: what waits for it, how its shop stands, which days come next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.machines import CONFIRM, FORM_CHECK, PUBLICITY
from agencies.models import Agency, Listing, ListingVersion, Qualification, Review
from agencies.phrases import spoken
from agencies.selectors import registration
from agencies.selectors.certificates import with_renewable
from agencies.selectors.overview import certificate_lamp, to_renew
from agencies.selectors.reviews import OPEN
from kernel import clock
from kernel.lamps import Lamp, lamp
from kernel.models import Deadline

STAGES = (gettext_lazy("填写资料"), gettext_lazy("形式审查"), gettext_lazy("公示"), gettext_lazy("入驻"))
STAGE_OF = {"draft": 1, "imported": 1, "returned": 1, "submitted": 2, "publicity": 3, "active": 5, "suspended": 5}
# How far ahead the page looks for days that matter, in calendar days; how many lines a part of it has.
AHEAD, LINES = 120, 6
# The confirmation of the file is asked for in its last working days.
CONFIRM_SOON = 20
Q_, L = Qualification.Status, Listing.Status


@dataclass(frozen=True)
class Todo:
    """One thing to do: a sentence, where, and how urgent (``state`` of ``ui.checklist``)."""

    text: str
    href: str
    act: str
    state: str = "todo"
    note: str = ""
    lamp: Lamp | None = None


@dataclass(frozen=True)
class Coming:
    """A day that matters: what ends or is due then."""

    text: str
    on: date | datetime
    lamp: Lamp
    href: str


def home(agency: Agency) -> dict[str, Any]:
    """Everything of the page from five queries, however much the shop holds."""
    reviews = _reviews(agency)
    entry = next((row for row in reviews if row.kind == Review.Kind.ENTRY), None)
    open_reviews = [row for row in reviews if row.status in OPEN]
    due = _deadlines(agency, open_reviews)
    held = _papers(agency)
    papers = [row for row in held if row.status in (Q_.PENDING, Q_.CONFIRMED)]
    listings = list(_listings(agency))
    waiting = due.get((entry.stream, FORM_CHECK)) or due.get((entry.stream, PUBLICITY)) if entry else None
    confirm = due.get((agency.stream, CONFIRM))
    return {
        "stages": STAGES,
        "stage": STAGE_OF.get(agency.status, 0),
        "review_lamp": lamp(waiting) if waiting else None,
        "review_due_at": waiting.due_at if waiting else None,
        "todos": _todos(agency, entry, confirm, held, listings),
        "coming": _coming(open_reviews, due, confirm, papers),
        "papers": [(row, certificate_lamp(row)) for row in papers[:LINES]],
        "papers_more": max(len(papers) - LINES, 0),
        "listings": [row for row in listings if row.status in (L.PUBLISHED, L.PAUSED, L.HIDDEN)][:LINES],
        "counts": _counts(listings, papers),
    }


def _reviews(agency: Agency) -> list[Review]:
    wanted = Q(status__in=OPEN) | Q(kind=Review.Kind.ENTRY)
    return list(Review.objects.filter(wanted, agency=agency).select_related("listing_version").order_by("-id"))


def _deadlines(agency: Agency, reviews: list[Review]) -> dict[tuple[str, str], Deadline]:
    subjects = [agency.stream, *(row.stream for row in reviews)]
    rows = Deadline.objects.filter(subject__in=subjects, state=Deadline.State.OPEN)
    return {(row.subject, row.code): row for row in rows}


def _papers(agency: Agency) -> list[Qualification]:
    """Those that end soonest first."""
    return sorted(with_renewable(agency), key=lambda row: (row.expires_on is None, row.expires_on or date.max, row.pk))


def _listings(agency: Agency) -> Any:
    came_back = ListingVersion.objects.filter(listing=OuterRef("pk"), status=ListingVersion.Status.RETURNED)
    rows = Listing.objects.filter(agency=agency).select_related("item", "version").annotate(came_back=Exists(came_back))
    return rows.order_by("-taken", "id")


def _counts(listings: list[Any], papers: list[Qualification]) -> dict[str, Any]:
    published = [row for row in listings if row.status == L.PUBLISHED]
    ends = [row.expires_on for row in papers if row.expires_on and row.status == Q_.CONFIRMED]
    return {
        "published": len(published),
        "hidden": sum(row.status == L.HIDDEN for row in listings),
        "taken": sum(row.taken for row in listings),
        "capacity": sum(row.capacity for row in published),
        "papers": sum(row.status == Q_.CONFIRMED for row in papers),
        "first_end": min(ends, default=None),
    }


def _coming(
    reviews: list[Review], due: dict[tuple[str, str], Deadline], confirm: Deadline | None, papers: list[Qualification]
) -> list[Coming]:
    """Days in reach, the nearest first."""
    found = []
    if confirm:
        found.append(Coming(_("确认机构资料"), confirm.due_at, lamp(confirm), _to("confirm")))
    for review in reviews:
        for code, text in ((FORM_CHECK, _("审查答复：%(what)s")), (PUBLICITY, _("公示期满：%(what)s"))):
            if row := due.get((review.stream, code)):
                what = spoken(review.listing_version.title) if review.listing_version else review.get_kind_display()
                place = _to("listing", review.listing_version.listing_id) if review.listing_version else _to("home")
                found.append(Coming(text % {"what": what}, row.due_at, lamp(row), place))
    limit = clock.today() + timedelta(days=AHEAD)
    for paper in papers:
        if paper.status == Q_.CONFIRMED and paper.expires_on and clock.today() <= paper.expires_on <= limit:
            text = _("证书到期：%(paper)s") % {"paper": paper.type.name}
            found.append(Coming(text, paper.expires_on, certificate_lamp(paper), _to("certificates")))
    return sorted(found, key=lambda row: clock.civil(row.on) if isinstance(row.on, datetime) else row.on)[:LINES]


def _todos(
    agency: Agency,
    entry: Review | None,
    confirm: Deadline | None,
    papers: list[Qualification],
    listings: list[Any],
) -> list[Todo]:
    """The most urgent first."""
    if agency.status in (Agency.Status.DRAFT, Agency.Status.RETURNED):
        return _to_enter(agency, entry)
    found = [*_about_papers(papers), *_about_listings(agency, listings)]
    if confirm and lamp(confirm).days <= CONFIRM_SOON:
        state = "bad" if lamp(confirm).colour == "red" else "warn" if lamp(confirm).colour == "amber" else "todo"
        text, note = _("确认机构资料仍然有效"), _("半年一次，核对一遍即可。")
        found.append(Todo(text, _to("confirm"), _("去确认"), state, note, lamp(confirm)))
    return sorted(found, key=lambda todo: ("bad", "warn", "todo").index(todo.state))


def _to_enter(agency: Agency, entry: Review | None) -> list[Todo]:
    found = []
    if agency.status == Agency.Status.RETURNED and entry:
        reasons = [Todo(reason["text"], _to("application", "profile"), "", "warn") for reason in entry.reasons]
        found += reasons
    gaps = registration.gaps(agency)
    found += [Todo(str(gap.sentence), _to("application", gap.step), _("去填写")) for gap in gaps]
    if not gaps:
        found.append(Todo(_("资料已齐全，核对后就可以提交"), _to("application", "submit"), _("核对并提交")))
    return found


def _about_papers(papers: list[Qualification]) -> list[Todo]:
    """What waits at the desk is no longer its turn."""
    found = []
    for row, state in to_renew(papers):
        over = state.colour == "red"
        note = _("需要它的服务已不再显示。") if over else _("换证核验后，服务不会中断。")
        text = _("%(paper)s换证") % {"paper": row.type.name}
        place = _to("certificate_renew", row.pk)
        found.append(Todo(text, place, _("去换证"), "bad" if over else "warn", note, state))
    return found


def _about_listings(agency: Agency, listings: list[Any]) -> list[Todo]:
    found = []
    for row in listings:
        if row.came_back:
            text = _("“%(title)s”被退回，请修改") % {
                "title": spoken(row.version.title) if row.version else row.item.name
            }
            found.append(Todo(text, _to("listing", row.pk), _("看原因"), "warn"))
    full = [row for row in listings if row.status == L.PUBLISHED and row.taken >= row.capacity]
    for row in full:
        text = ngettext(
            "“%(title)s”已接满 %(n)s 单，业主暂时下不了单", "“%(title)s”已接满 %(n)s 单，业主暂时下不了单", row.capacity
        ) % {"title": spoken(row.version.title), "n": row.capacity}
        found.append(Todo(text, _to("listing", row.pk), _("调整上限")))
    if agency.status == Agency.Status.ACTIVE and not any(row.status == L.PUBLISHED for row in listings):
        note = _("上架后业主才能找到您并下单。")
        found.append(Todo(_("还没有上架的服务"), _to("listing_new"), _("上架服务"), "todo", note))
    return found


def _to(name: str, *args: Any) -> str:
    return reverse(f"agencies:{name}", args=args)
