"""Case work: lead → allegation → notice → statement and defence → decision by a second person → in effect → repaired.

Nothing is deducted before the last but one step; every step is audited on the case's stream, and none is taken by an
officer whom the case concerns (credit.services.recusal).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Category
from credit.machines import CASE
from credit.models import Case, CreditEvent
from credit.scoring.integers import add_months
from credit.selectors.rules import clause_on, rules_on
from credit.services.ledger import event_write
from credit.services.recusal import require_unconcerned
from credit.services.wording import lazy_facts, lazy_words
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Deadline, Membership, User
from kernel.services import audit, deadlines, notify
from kernel.services.counters import monthly_reference
from kernel.ui.format import date_cn
from kernel.wording import filled

OFFICER = Membership.Role.CREDIT_OFFICER
DEFENCE = "case.defence"


@transaction.atomic
def case_open(
    *,
    agency: Agency,
    source: str,
    facts: str,
    source_ref: str = "",
    client_key: str = "",
    evidence: dict[str, Any] | None = None,
    category: Category | None = None,
    actor: User | None,
) -> Case:
    """Register a lead (intake). The same ``source_ref`` again returns the case it already opened."""
    access.require_role(actor, OFFICER, Membership.Role.OPERATOR, Membership.Role.SUPERVISOR)
    if not facts.strip():
        raise DomainError("case.no_facts", _("请写明事实经过。"), field="facts")
    # The agency's row is the lock under which two reports of one lead meet.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if source_ref and (known := Case.objects.filter(source_ref=source_ref).first()):
        return known
    case = Case.objects.create(
        number=monthly_reference(prefix="XA"),
        agency=agency,
        category=category,
        source=source,
        source_ref=source_ref,
        client_key=client_key,
        facts=facts.strip(),
        evidence=evidence or {},
        opened_by=actor,
        opened_at=clock.now(),
    )
    audit.record(stream=case.stream, action="case.opened", actor=actor, to_state=case.status)
    return case


@transaction.atomic
def case_allege(
    *,
    case: Case,
    event_code: str,
    occurred_on: date,
    display_months: int | None = None,
    facts: str | None = None,
    actor: User | None,
) -> Case:
    """Name the clause. ``display_months`` within the rulebook's limits (None = its default)."""
    case = _locked(case)
    access.require_role(actor, OFFICER)
    require_unconcerned(case, actor)
    target = CASE.check("allege", case.status)
    rule = rules_on(occurred_on).event(event_code)
    if rule["kind"] != "incident":
        raise DomainError("case.not_an_incident", _("该事项不是失信事项。"), _("请选择扣分条款。"), field="event_code")
    if occurred_on > clock.today():
        raise DomainError("case.future", _("发生日期不能晚于今天。"), _("请核对日期。"), field="occurred_on")
    _check_display(rule, display_months)
    if not case.evidence and not (facts or case.facts).strip():
        raise DomainError("case.no_evidence", _("没有证据不能提出认定。"), _("请先登记事实并上传证据。"))
    case.event_code, case.occurred_on, case.display_months = event_code, occurred_on, display_months
    case.facts = (facts or case.facts).strip()
    case.proposed_by = actor
    return _moved(case, target, "case.alleged", actor, {"clause": event_code})


@transaction.atomic
def case_notice(*, case: Case, actor: User | None) -> Case:
    """Tell the agency what is alleged, on what evidence and with which consequence; its time to answer begins."""
    case = _locked(case)
    access.require_role(actor, OFFICER)
    require_unconcerned(case, actor)
    target = CASE.check("notice", case.status)
    rule = clause_on(case.event_code, None, case.occurred_on)
    case.noticed_at = clock.now()
    days = rules_on().content["appeal"]["notice_wd"]
    party = case.agency.organisation
    deadlines.start(subject=case.stream, code=DEFENCE, limit_days=days, party=party, reminders=(2,))
    notify.organisation(
        to=party,
        kind="credit",
        subject=case.stream,
        url=_page(case),
        title=filled(_("失信认定告知：%(number)s"), number=case.number),
        body=filled(
            _("拟按“%(clause)s”扣 %(points)s 分。事实：%(facts)s。您可在 %(days)s 个工作日内陈述申辩。"),
            clause=lazy_words(rule["name"]),
            points=rule["points"],
            facts=lazy_facts(case.facts),
            days=days,
        ),
        sms=True,
    )
    return _moved(case, target, "case.noticed", actor, {"clause": case.event_code, "points": rule["points"]})


@transaction.atomic
def case_defend(*, case: Case, text: str, actor: User | None) -> Case:
    """The agency's statement. Received in time is at or before the deadline's last moment."""
    case = _locked(case)
    access.require_member(actor, case.agency.organisation)
    target = CASE.check("defend", case.status)
    if not text.strip():
        raise DomainError("case.no_defence", _("请写明陈述申辩的内容。"), field="text")
    if not _defence_open(case):
        raise DomainError(
            "case.defence_late", _("陈述申辩期已满。"), _("请等候决定；对决定不服的，可以依法申请行政复议。")
        )
    case.defence, case.defended_at = text.strip(), clock.now()
    deadlines.meet(subject=case.stream, code=DEFENCE)
    notify.role(
        role=OFFICER,
        kind="credit",
        subject=case.stream,
        url=_page(case),
        title=filled(_("收到陈述申辩：%(number)s"), number=case.number),
    )
    return _moved(case, target, "case.defended", actor)


@transaction.atomic
def case_decide(*, case: Case, uphold: bool, decision: str, actor: User) -> Case:
    """Decide with written reasons, by somebody else than the proposer, after the defence or its time. Upheld, it
    takes effect: the event is written in the same transaction, dated by the decision (display limits count from it).
    """
    case = _locked(case)
    access.require(actor is not None, "access.person")
    access.require_role(actor, OFFICER)
    require_unconcerned(case, actor)
    target = CASE.check("uphold" if uphold else "dismiss", case.status)
    if actor.pk == case.proposed_by_id:
        raise DomainError("case.same_person", _("提出认定的人不能作出决定。"), _("请转交另一位信用管理员。"))
    if case.status == Case.Status.NOTICED and _defence_open(case):
        raise DomainError("case.defence_open", _("陈述申辩期未满。"), _("请在期满后，或收到申辩后再决定。"))
    if not decision.strip():
        raise DomainError("case.no_reasons", _("请写明决定理由。"), field="decision")
    case.decision, case.decided_by, case.decided_at = decision.strip(), actor, clock.now()
    deadlines.cancel(subject=case.stream)
    if uphold:
        case.event = _write_incident(case, actor)
    notify.organisation(
        to=case.agency.organisation,
        kind="credit",
        subject=case.stream,
        url=_page(case),
        title=filled(_("失信认定决定：%(number)s"), number=case.number),
        body=case.decision,
        sms=True,
    )
    return _moved(case, target, "case.upheld" if uphold else "case.dismissed", actor, {"decision": case.decision})


@transaction.atomic
def case_withdraw(*, case: Case, reason: str, actor: User | None) -> Case:
    """Give the matter up before a decision, with a reason that the agency is told if it was noticed."""
    case = _locked(case)
    access.require_role(actor, OFFICER)
    require_unconcerned(case, actor)
    target = CASE.check("withdraw", case.status)
    if not reason.strip():
        raise DomainError("case.no_reason", _("请写明撤回理由。"), field="reason")
    deadlines.cancel(subject=case.stream)
    if case.noticed_at:
        notify.organisation(
            to=case.agency.organisation,
            kind="credit",
            subject=case.stream,
            url=_page(case),
            title=filled(_("失信认定已撤回：%(number)s"), number=case.number),
            body=reason.strip(),
        )
    return _moved(case, target, "case.withdrawn", actor, {"reason": reason.strip()})


@transaction.atomic
def case_repair(*, case: Case, reason: str, actor: User | None) -> Case:
    """Credit repair (信用修复): display, use in the score and restrictions end at once. Not before the clause's
    shortest display time (NDRC order 36 of 2026), counted from the decision."""
    case = _locked(case)
    access.require_role(actor, OFFICER)
    require_unconcerned(case, actor)
    target = CASE.check("repair", case.status)
    event = case.event
    rule = clause_on(case.event_code, event.occurred_on, case.occurred_on)
    if not rule["repairable"]:
        raise DomainError("case.not_repairable", _("该事项依规则不能修复。"), _("期满后自动终止。"))
    if not reason.strip():
        raise DomainError("case.no_reason", _("请写明修复依据。"), field="reason")
    earliest = add_months(event.occurred_on, rule["display"]["min"] or 0)
    if clock.today() < earliest:
        raise DomainError(
            "case.repair_early",
            _("最短期限未满，%(day)s 起可以修复。") % {"day": date_cn(earliest, False)},
            _("请在该日之后再办理。"),
        )
    event_write(
        agency=case.agency,
        kind=CreditEvent.Kind.REPAIR,
        code="repair",
        occurred_on=clock.today(),
        source_ref=f"repair:{event.source_ref}",
        evidence={"case": case.number, "reason": reason.strip()},
        actor=actor,
        target=event,
    )
    case.repaired_at = clock.now()
    notify.organisation(
        to=case.agency.organisation,
        kind="credit",
        subject=case.stream,
        url=_page(case),
        title=filled(_("信用修复完成：%(number)s"), number=case.number),
        body=reason.strip(),
    )
    return _moved(case, target, "case.repaired", actor, {"reason": reason.strip()})


def _locked(case: Case) -> Case:
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("agency__organisation", "agency__parent", "category", "event")
        .get(pk=case.pk)
    )


def _page(case: Case) -> str:
    # Not reverse(): it would answer in the actor's language, not the reader's.
    return f"/credit/cases/{case.number}/"


def _moved(case: Case, target: str, action: str, actor: User | None, data: dict[str, Any] | None = None) -> Case:
    before, case.status = case.status, target
    case.save()
    audit.record(stream=case.stream, action=action, actor=actor, from_state=before, to_state=target, data=data)
    return case


def _defence_open(case: Case) -> bool:
    due = Deadline.objects.filter(subject=case.stream, code=DEFENCE).order_by("-id").values_list("due_at", flat=True)
    return bool(due) and clock.now() <= due[0]


def _check_display(rule: dict[str, Any], months: int | None) -> None:
    low, high = rule["display"]["min"], rule["display"]["max"]
    if months is None:
        return
    if low is None or not low <= months <= high:
        raise DomainError(
            "case.display",
            _("期限须在 %(low)s 到 %(high)s 个月之间。") % {"low": low or 0, "high": high or 0},
            field="display_months",
        )


def _write_incident(case: Case, actor: User) -> CreditEvent:
    decided_on = clock.civil(case.decided_at)
    rule = clause_on(case.event_code, decided_on, case.occurred_on)
    months = case.display_months or rule["display"]["months"]
    return event_write(
        agency=case.agency,
        kind=CreditEvent.Kind.INCIDENT,
        code=case.event_code,
        occurred_on=decided_on,
        source_ref=case.number,
        evidence={
            "case": case.number,
            "facts": case.facts,
            "happened_on": case.occurred_on.isoformat() if case.occurred_on else None,
            "decision": case.decision,
            "reported": case.evidence,
            "source": case.source_ref,
        },
        category=case.category,
        expires_on=add_months(decided_on, months) if months else None,
        actor=actor,
    )
