"""Our entries of the menus, and our lines of the work home."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from credit.models import Case, CreditEvent, RankingPublication
from credit.selectors.cases import READERS
from credit.selectors.comments import PERIODS
from credit.selectors.story import period_name
from credit.selectors.waiting import over, to_decide
from credit.services.cases import DEFENCE, OFFICER
from kernel import access, clock, work
from kernel.models import Deadline, Organisation
from kernel.ui import navigation
from kernel.ui.navigation import FOOTER, NavItem

S, R = Case.Status, RankingPublication.Status


def acts_for_agency(request: HttpRequest) -> bool:
    party = getattr(request, "party", None)
    return bool(party) and party.kind == Organisation.Kind.AGENCY  # type: ignore[union-attr]


def reads_cases(request: HttpRequest) -> bool:
    return access.holds(request.user, *READERS)


def register() -> None:
    navigation.register_section("credit", _("信用"), order=40)
    navigation.register(
        NavItem("credit", _("信用案件"), "credit:desk", visible=reads_cases, order=10),
        NavItem("credit", _("排行发布"), "credit:desk_rankings", visible=reads_cases, order=20),
        NavItem("credit", _("指导名录"), "credit:desk_guidance", visible=reads_cases, order=30),
        NavItem("agency", _("我的信用"), "credit:home", visible=acts_for_agency, order=70),
        NavItem(FOOTER, _("信用规则"), "credit:rulebook", order=50),
        NavItem(FOOTER, _("排行公示"), "credit:rankings", order=60),
    )
    work.SOURCES.append(desk_queues)
    work.SOURCES.append(ranking_queues)
    work.SOURCES.append(agency_queues)


def desk_queues(user: Any, party: Any) -> list[work.WorkQueue]:
    """What credit officers should do next: leads, notices, decisions this person may take."""
    if not access.holds(user, OFFICER):
        return []
    desk = reverse("credit:desk")
    counts = Case.objects.aggregate(
        intake=Count("pk", filter=Q(status=S.INTAKE)),
        alleged=Count("pk", filter=Q(status=S.ALLEGED)),
        decide=Count("pk", filter=to_decide() & ~Q(proposed_by=user)),
    )
    section = _("信用")
    return [
        work.WorkQueue(section, _("待核实的线索"), f"{desk}?status=intake", counts["intake"]),
        work.WorkQueue(section, _("待送达的告知"), f"{desk}?status=alleged", counts["alleged"]),
        work.WorkQueue(section, _("待决定的案件"), f"{desk}?status=decide", counts["decide"]),
    ]


def ranking_queues(user: Any, party: Any) -> list[work.WorkQueue]:
    """The steps of a month's ranking that this officer may take now, the draft of the month that just ended included;
    two queries at most."""
    if not access.holds(user, OFFICER):
        return []
    desk, section = reverse("credit:desk_rankings"), _("信用")
    ended = clock.today().replace(day=1) - timedelta(days=1)
    month = f"{ended:%Y-%m}"
    counts = RankingPublication.objects.aggregate(
        this=Count("pk", filter=Q(period=month) & ~Q(status=R.WITHDRAWN)),
        draft=Count("pk", filter=Q(status=R.DRAFT)),
        preview=Count("pk", filter=Q(over("ranking", PERIODS[R.PREVIEW]), status=R.PREVIEW)),
        publicity=Count(
            "pk", filter=Q(over("ranking", PERIODS[R.PUBLICITY]), status=R.PUBLICITY) & ~Q(drafted_by=user)
        ),
    )
    # Before the first record there is nothing to rank.
    missing = not counts["this"] and CreditEvent.objects.filter(occurred_on__lte=ended).exists()
    draft = _("%(month)s的信用排行待起草") % {"month": period_name(month)}
    return [
        work.WorkQueue(section, draft, f"{desk}#draft", int(missing)),
        work.WorkQueue(section, _("起草好的排行待征求意见"), desk, counts["draft"]),
        work.WorkQueue(section, _("征求意见期满的排行待公示"), desk, counts["preview"]),
        work.WorkQueue(section, _("公示期满的排行待发布"), desk, counts["publicity"]),
    ]


def agency_queues(user: Any, party: Any) -> list[work.WorkQueue]:
    """Notices the agency may still answer; one query."""
    if not party or party.kind != Organisation.Kind.AGENCY:
        return []
    open_ = Deadline.objects.filter(party=party, code=DEFENCE, state=Deadline.State.OPEN)
    found = open_.aggregate(n=Count("pk"), due=Min("due_at"))
    return [work.WorkQueue(_("机构"), _("失信认定待申辩"), reverse("credit:home"), found["n"], found["due"])]
