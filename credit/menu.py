"""Our entries of the menus, and our lines of the work home."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from credit.models import Case, CreditEvent, RankingPublication
from credit.selectors.cases import READERS
from credit.selectors.comments import PERIODS
from credit.selectors.story import period_name
from credit.selectors.waiting import periods, to_decide, unanswered_since, with_due
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
    """What credit officers should do next: leads, notices, decisions this person may take; and what they proposed
    themselves, which a colleague has to decide. No law limits these, so the wait is said."""
    if not access.holds(user, OFFICER):
        return []
    desk, own = reverse("credit:desk"), Q(proposed_by=user)
    found = with_due(Case.objects.order_by().annotate(ready=to_decide())).aggregate(
        **_waiting("intake", Q(status=S.INTAKE), "opened_at"),
        **_waiting("alleged", Q(status=S.ALLEGED), "opened_at"),
        **_waiting("decide", Q(ready=True) & ~own, Coalesce("defended_at", "due_at")),
        **_waiting("proposed", Q(ready=True) & own, Coalesce("defended_at", "due_at")),
    )

    def line(label: Any, key: str, status: str, watched: bool = False) -> work.WorkQueue:
        where = f"{desk}?status={status}"
        return work.WorkQueue(_("信用"), label, where, found[key], since=found[f"{key}_since"], watched=watched)

    return [
        line(_("待核实的线索"), "intake", "intake"),
        line(_("待送达的告知"), "alleged", "alleged"),
        line(_("待决定的案件"), "decide", "decide"),
        line(_("您提出、待同事决定的案件"), "proposed", "decide", watched=True),
    ]


def ranking_queues(user: Any, party: Any) -> list[work.WorkQueue]:
    """The steps of a month's ranking that this officer may take now, the draft of the month that just ended included, and
    the lists of their own that a colleague has to publish; two queries at most."""
    if not access.holds(user, OFFICER):
        return []
    desk, own = reverse("credit:desk_rankings"), Q(drafted_by=user)
    begun = clock.today().replace(day=1)
    ended = begun - timedelta(days=1)
    unanswered = Q(asked_at__isnull=False, status__in=list(PERIODS))
    shown = Q(publicity_over__lt=clock.now(), status=R.PUBLICITY) & ~unanswered
    rows = RankingPublication.objects.order_by().annotate(
        preview_over=Subquery(periods("ranking", PERIODS[R.PREVIEW]).values("due_at")[:1]),
        publicity_over=Subquery(periods("ranking", PERIODS[R.PUBLICITY]).values("due_at")[:1]),
        asked_at=unanswered_since(),
    )
    found = rows.aggregate(
        this=Count("pk", filter=Q(period=f"{ended:%Y-%m}") & ~Q(status=R.WITHDRAWN)),
        **_waiting("draft", Q(status=R.DRAFT), "drafted_at"),
        **_waiting("preview", Q(preview_over__lt=clock.now(), status=R.PREVIEW), "preview_over"),
        **_waiting("comments", unanswered, "asked_at"),
        **_waiting("publicity", shown & ~own, "publicity_over"),
        **_waiting("drafted", shown & own, "publicity_over"),
    )
    # Before the first record there is nothing to rank.
    missing = not found["this"] and CreditEvent.objects.filter(occurred_on__lte=ended).exists()

    def line(label: Any, key: str, watched: bool = False) -> work.WorkQueue:
        return work.WorkQueue(_("信用"), label, desk, found[key], since=found[f"{key}_since"], watched=watched)

    midnight = datetime.combine(begun, time.min, tzinfo=clock.CHINA)
    draft = _("%(month)s的信用排行待起草") % {"month": period_name(f"{ended:%Y-%m}")}
    return [
        work.WorkQueue(_("信用"), draft, f"{desk}#draft", int(missing), since=midnight),
        line(_("起草好的排行待征求意见"), "draft"),
        line(_("征求意见期满的排行待公示"), "preview"),
        line(_("有意见待答复的排行"), "comments"),
        line(_("公示期满的排行待发布"), "publicity"),
        line(_("您起草、待同事发布的排行"), "drafted", watched=True),
    ]


def _waiting(key: str, rows: Q, begun: Any) -> dict[str, Any]:
    """How many of ``rows`` wait, and since when the oldest has."""
    return {key: Count("pk", filter=rows), f"{key}_since": Min(begun, filter=rows)}


def agency_queues(user: Any, party: Any) -> list[work.WorkQueue]:
    """Notices the agency may still answer; one query."""
    if not party or party.kind != Organisation.Kind.AGENCY:
        return []
    open_ = Deadline.objects.filter(party=party, code=DEFENCE, state=Deadline.State.OPEN)
    found = open_.aggregate(n=Count("pk"), due=Min("due_at"))
    return [work.WorkQueue(_("机构"), _("失信认定待申辩"), reverse("credit:home"), found["n"], found["due"])]
