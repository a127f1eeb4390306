"""Our entries of the menus, and our lines of the work home."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, ListingVersion, Objection, Qualification
from agencies.selectors import reviews
from agencies.selectors.certificates import RENEWABLE
from agencies.services.steps import REVIEWERS
from kernel import access, clock, work
from kernel.models import Organisation
from kernel.ui import navigation
from kernel.ui.navigation import FOOTER, NavItem


def acts_for_agency(request: HttpRequest) -> bool:
    party = getattr(request, "party", None)
    return bool(party) and party.kind == Organisation.Kind.AGENCY  # type: ignore[union-attr]


def is_officer(request: HttpRequest) -> bool:
    return access.is_staff(request.user)


def register() -> None:
    navigation.register_section("agency", _("机构"), order=20)
    navigation.register_section("review", _("审查"), order=30)
    navigation.register(
        NavItem("agency", _("机构工作台"), "agencies:home", visible=acts_for_agency, order=10),
        NavItem("agency", _("我的服务"), "agencies:listings", visible=acts_for_agency, order=20),
        NavItem("agency", _("店铺"), "agencies:storefront", visible=acts_for_agency, order=30),
        NavItem("agency", _("资质证书"), "agencies:certificates", visible=acts_for_agency, order=40),
        NavItem("agency", _("从业人员"), "agencies:people", visible=acts_for_agency, order=50),
        NavItem("agency", _("机构资料"), "agencies:profile", visible=acts_for_agency, order=60),
        NavItem("review", _("入驻与上架审查"), "agencies:review_queue", visible=is_officer, order=10),
        NavItem(FOOTER, _("入驻公示"), "agencies:publicity_list", order=40),
    )
    work.SOURCES.append(desk_queues)
    work.SOURCES.append(agency_queues)


def desk_queues(user: Any, party: Any) -> list[work.WorkQueue]:
    """What waits at the review desk: cases with their nearest limit, objections."""
    if not access.holds(user, *REVIEWERS):
        return []
    now = clock.now()
    cases = reviews.queue().filter(status__in=reviews.OPEN)
    # In publicity nothing can be done before the period is over.
    cases = cases.filter(Q(status="pending") | Q(due_at__isnull=True) | Q(due_at__lt=now))
    found = cases.aggregate(
        n=Count("pk"), due=Min("due_at"), late=Count("pk", filter=Q(due_at__lt=now, status="pending"))
    )
    objections = Objection.objects.filter(status=Objection.Status.OPEN)
    asked = objections.aggregate(n=Count("pk"), since=Min("raised_at"))
    queue = reverse("agencies:review_queue")
    return [
        work.WorkQueue(_("审查"), _("入驻与上架审查"), queue, found["n"], found["due"], found["late"]),
        work.WorkQueue(_("审查"), _("公示异议待答复"), f"{queue}?kind=entry", asked["n"], since=asked["since"]),
    ]


def agency_queues(user: Any, party: Any) -> list[work.WorkQueue]:
    """What the agency should look after: an unfinished or returned application, returned listings, certificates."""
    if not party or party.kind != Organisation.Kind.AGENCY:
        return []
    agency = Agency.objects.filter(organisation=party).first()
    if agency is None:
        return [work.WorkQueue(_("机构"), _("办理入驻"), reverse("agencies:start"), 1)]
    back = ListingVersion.objects.filter(listing__agency=OuterRef("pk"), status=ListingVersion.Status.RETURNED)
    # A version that came back twice waits since the second time.
    back = back.annotate(at=Max("reviews__decided_at")).order_by("at").values("at")[:1]
    counts = (
        Agency.objects.filter(pk=agency.pk)
        .annotate(back_since=Subquery(back))
        .aggregate(
            returned=Count("listings", filter=Q(listings__versions__status="returned"), distinct=True),
            returned_since=Min("back_since"),
        )
    )
    expired = Qualification.objects.filter(RENEWABLE, agency=agency, expires_on__lt=clock.today()).count()
    unfinished = agency.status in (Agency.Status.DRAFT, Agency.Status.RETURNED)
    home = reverse("agencies:home")
    return [
        work.WorkQueue(_("机构"), _("完成入驻申请"), home, int(unfinished)),
        work.WorkQueue(
            _("机构"),
            _("被退回的服务"),
            reverse("agencies:listings"),
            counts["returned"],
            since=counts["returned_since"],
        ),
        work.WorkQueue(_("机构"), _("已过期的证书"), reverse("agencies:certificates"), expired),
    ]
