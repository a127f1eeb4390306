"""Cases through one door: officers see all, an agency its own once it was told."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from agencies.models import Agency
from credit.models import Case
from credit.scoring.integers import add_months
from credit.selectors.facts import Decision, decisions
from credit.selectors.rules import SHOWN, Rules, rules_on
from kernel import access, clock
from kernel.models import Membership, User

READERS = (
    Membership.Role.CREDIT_OFFICER,
    Membership.Role.SUPERVISOR,
    Membership.Role.INSPECTOR,
    Membership.Role.OPERATOR,
)
# Before the notice the agency knows nothing of a case, and after a withdrawal only what it had been told.
TOLD = Q(noticed_at__isnull=False)
OPEN = (Case.Status.INTAKE, Case.Status.ALLEGED, Case.Status.NOTICED, Case.Status.DEFENDED)


def cases_for(user: User | Any) -> QuerySet[Case]:
    """What the person may see: everything with a reading role, else the noticed cases of their agencies."""
    rows = Case.objects.select_related("agency__organisation", "category", "event")
    if access.holds(user, *READERS):
        return rows
    own = [m.organisation_id for m in access.live_memberships(user)]
    return rows.filter(TOLD, agency__organisation_id__in=own)


def case_for(user: User | Any, number: str) -> Case:
    """One case by its number; Case.DoesNotExist for a foreign or unknown one alike."""
    return cases_for(user).get(number=number)


def public_decisions(agency: Agency) -> list[Decision]:
    """The decisions in effect today that the public may read, by the clauses they were decided under: not the minor
    ones, none repaired, voided or expired."""
    return decisions([agency.pk], clock.today(), *SHOWN)


def leads_to(case: Case, rules: Rules | None = None) -> str | None:
    """The graver clause that the rulebook foresees for a repetition, if this agency's record now calls for it. A hint
    for the officer: a person decides."""

    if not case.event_code:
        return None
    step = (rules or rules_on()).event(case.event_code).get("escalates")
    if step is None:
        return None
    since = add_months(clock.today(), -step["months"])
    before = Case.objects.filter(
        agency=case.agency_id,
        event_code=case.event_code,
        status=Case.Status.IN_EFFECT,
        event__occurred_on__gt=since,
    ).exclude(pk=case.pk)
    return step["to"] if before.count() + 1 >= step["count"] else None
