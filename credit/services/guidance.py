"""The guidance directory (指导名录库): entry, renewal, removal. It informs; nothing filters or ranks by it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Category
from credit.models import GuidanceEntry
from credit.scoring.integers import add_months
from credit.selectors.facts import serious_agencies
from credit.selectors.grades import published_grade
from credit.selectors.rules import rules_on
from credit.services.recusal import require_stranger_to
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Membership, User
from kernel.services import audit
from kernel.ui.format import date_cn

OFFICER = Membership.Role.CREDIT_OFFICER


@transaction.atomic
def guidance_enter(
    *, agency: Agency, category: Category, reason: str, expires_on: date | None = None, actor: User | None
) -> GuidanceEntry:
    """List an agency with one of the rulebook's grades (published) and no open serious decision, for the rulebook's
    number of months (or less, with ``expires_on``). Nobody lists, renews or removes the own house (``agency.recusal``).
    """
    access.require_role(actor, OFFICER)
    agency = Agency.objects.select_for_update(of=("self",), no_key=True).select_related("parent").get(pk=agency.pk)
    require_stranger_to(agency, actor)
    if GuidanceEntry.objects.filter(agency=agency, category=category, removed_on__isnull=True).exists():
        raise DomainError("guidance.listed", _("该机构已在名录中。"), _("如需延长，请办理续期。"))
    return _enter(agency, category, reason, expires_on, actor, "guidance.entered")


@transaction.atomic
def guidance_renew(
    *, entry: GuidanceEntry, reason: str, expires_on: date | None = None, actor: User | None
) -> GuidanceEntry:
    """Close the entry and open the next one, if the agency still meets the rules."""
    access.require_role(actor, OFFICER)
    entry = _locked(entry)
    require_stranger_to(entry.agency, actor)
    _close(entry, str(_("续期")), actor, "guidance.renewed")
    return _enter(entry.agency, entry.category, reason, expires_on, actor, "guidance.entered")


@transaction.atomic
def guidance_remove(*, entry: GuidanceEntry, reason: str, actor: User | None) -> GuidanceEntry:
    """Take an agency off the directory, with a reason."""
    access.require_role(actor, OFFICER)
    entry = _locked(entry)
    require_stranger_to(entry.agency, actor)
    if not reason.strip():
        raise DomainError("guidance.no_reason", _("请写明移出理由。"), field="reason")
    return _close(entry, reason.strip(), actor, "guidance.removed")


def guidance_sweep() -> int:
    """Nightly: remove what has expired, and whoever has a serious decision in effect. Returns how many."""
    today = clock.today()
    live = GuidanceEntry.objects.filter(removed_on__isnull=True).select_related("agency")
    serious = serious_agencies({e.agency_id for e in live}, today)
    done = 0
    for entry in live:
        if entry.expires_on <= today:
            guidance_remove(entry=entry, reason=str(_("有效期届满")), actor=None)
        elif entry.agency_id in serious:
            guidance_remove(entry=entry, reason=str(_("有生效中的严重失信决定")), actor=None)
        else:
            continue
        done += 1
    return done


def _enter(
    agency: Agency, category: Category, reason: str, expires_on: date | None, actor: User | None, action: str
) -> GuidanceEntry:
    rules, today = rules_on(), clock.today()
    _check_rules(agency, rules.content, today)
    latest = add_months(today, rules.content["guidance"]["months"])
    expires_on = expires_on or latest
    if not today < expires_on <= latest:
        raise DomainError(
            "guidance.expiry",
            _("有效期须在今天之后、%(day)s 之前（含当日）。") % {"day": date_cn(latest, False)},
            field="expires_on",
        )
    if not reason.strip():
        raise DomainError("guidance.no_reason", _("请写明列入理由。"), field="reason")
    entry = GuidanceEntry.objects.create(
        agency=agency,
        category=category,
        entered_on=today,
        expires_on=expires_on,
        reason=reason.strip(),
        entered_by=actor,
    )
    audit.record(stream=entry.stream, action=action, actor=actor, to_state="listed")
    return entry


def _check_rules(agency: Agency, content: dict[str, dict[str, list[str]]], today: date) -> None:
    if agency.status != Agency.Status.ACTIVE:
        raise DomainError("guidance.not_active", _("只有在册机构可以列入。"))
    grade = published_grade(agency).grade
    if grade not in content["guidance"]["grades"]:
        raise DomainError(
            "guidance.grade",
            _("该机构最近公布的等级是 %(grade)s，不符合列入条件。") % {"grade": grade},
            _("须为：%(grades)s。") % {"grades": ", ".join(content["guidance"]["grades"])},
        )
    if serious_agencies([agency.pk], today):
        raise DomainError("guidance.serious", _("该机构有生效中的严重失信决定，不能列入。"))


def _locked(entry: GuidanceEntry) -> GuidanceEntry:
    rows = GuidanceEntry.objects.select_for_update(of=("self",))
    entry = rows.select_related("agency__parent", "category").get(pk=entry.pk)
    if entry.removed_on is not None:
        raise DomainError("guidance.removed", _("该条目已移出。"), _("请刷新页面。"))
    return entry


def _close(entry: GuidanceEntry, reason: str, actor: User | None, action: str) -> GuidanceEntry:
    entry.removed_on, entry.removal_reason, entry.removed_by = clock.today(), reason, actor
    entry.save(update_fields=["removed_on", "removal_reason", "removed_by"])
    audit.record(stream=entry.stream, action=action, actor=actor, from_state="listed", to_state="removed")
    return entry
