"""Menu entries and work-home lines of the roster desk and of claims."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Min
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from agencies.models import Claim
from agencies.services.roster_import import IMPORTERS
from agencies.services.steps import REVIEWERS
from kernel import access, work
from kernel.ui import navigation
from kernel.ui.navigation import ACCOUNT, NavItem


def may_import(request: HttpRequest) -> bool:
    return access.holds(request.user, *IMPORTERS)


def is_officer(request: HttpRequest) -> bool:
    return access.is_staff(request.user)


def is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated


def register() -> None:
    navigation.register(
        NavItem("review", _("认领审核"), "agencies:claim_queue", visible=is_officer, order=40),
        NavItem("review", _("名录导入"), "agencies:roster", visible=may_import, order=50),
        NavItem(ACCOUNT, _("认领机构"), "agencies:claim", visible=is_signed_in, order=60),
    )
    for place in ("no_party", "party_register"):
        navigation.register_slot(place, claim_hint)
    if claim_queues not in work.SOURCES:
        work.SOURCES.append(claim_queues)


def claim_hint(request: HttpRequest) -> str:
    """Who is about to register an organisation may find it imported already; a code that was typed goes along."""
    markup = render_to_string("agencies/claim_hint.html", {"code": request.POST.get("uscc", "")}, request)
    return Markup(markup)  # noqa: S704 (our own template)


def claim_queues(user: Any, party: Any) -> list[work.WorkQueue]:
    """Claims that wait for an officer; one query."""
    if not access.holds(user, *REVIEWERS):
        return []
    found = Claim.objects.filter(status=Claim.Status.PENDING).aggregate(n=Count("pk"), since=Min("created_at"))
    return [work.WorkQueue(_("审查"), _("认领申请"), reverse("agencies:claim_queue"), found["n"], since=found["since"])]
