"""Recording facts and voiding them. Deductions are never recorded directly: they open a case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Category
from credit.models import Case, CreditEvent
from credit.selectors.rules import rules_on
from credit.services.cases import case_allege, case_open
from credit.services.ledger import event_write
from credit.services.recusal import require_no_stake_in, require_stranger_to
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Membership, User
from kernel.services import audit, notify

OFFICER = Membership.Role.CREDIT_OFFICER


@transaction.atomic
def event_record(
    *,
    agency: Agency,
    code: str,
    occurred_on: date,
    source_ref: str,
    evidence: dict[str, Any],
    client_key: str | None = "",
    category: Category | None = None,
    fee_fen: int | None = None,
    x: int | None = None,
    party: str = "",
    actor: User | None,
) -> CreditEvent | None:
    """Record a fact reported by another room (an order's rating, timeliness, performance), in its transaction.

    Idempotent on ``source_ref``. ``x`` 0…1000; ``fee_fen`` weighs the event; ``client_key`` is who counts as one
    client (`Organisation.client_key`); ``party`` owner (default), department or centre. A ``timeliness`` also records
    the ``order`` that effective orders are counted by; put the order's number into ``evidence["order"]``.

    A code that deducts is only a lead: it opens a case, alleged and waiting for its notice, and returns None. Nothing
    is deducted before notice, defence and a decision by a person.
    """
    rules = rules_on(occurred_on)
    rule = rules.event(code)
    if rule["kind"] == "incident":
        _report(agency, code, occurred_on, source_ref, evidence, client_key or "", category)
        return None
    if rule["kind"] not in ("evidence", "record"):
        raise DomainError(
            "event.not_evidence", _("事项“%(code)s”不能由业务记录。") % {"code": code}, _("请改用对应的办理入口。")
        )
    x = rule.get("x", x)
    _check_evidence(x, client_key)
    facts = {
        "agency": agency,
        "kind": CreditEvent.Kind.EVIDENCE,
        "occurred_on": occurred_on,
        "evidence": evidence,
        "client_key": client_key or "",
        "category": category,
        "fee_fen": fee_fen,
        "actor": actor,
    }
    if also := rule.get("also"):
        ref = f"{evidence.get('order') or source_ref}#{also}"
        event_write(**facts, code=also, source_ref=ref, x=rules.event(also)["x"])
    return event_write(**facts, code=code, source_ref=source_ref, x=x, party=party or CreditEvent.Party.OWNER)


@transaction.atomic
def event_void(*, event: CreditEvent, reason: str, actor: User | None) -> CreditEvent:
    """Take an event back from today on, by a row of its own; the event stays, marked.

    A person needs the credit officer's role, must not be the one who recorded the event or decided its case (two
    people see every correction), and must have no stake in it (``record.recusal``). ``actor`` None: the system, e.g. a
    refund that voids a rating.
    """
    event = (
        CreditEvent.objects.select_for_update(of=("self",))
        .select_related("agency__organisation", "agency__parent")
        .get(pk=event.pk)
    )
    access.require_role(actor, OFFICER)
    case = Case.objects.filter(event=event).first()
    require_no_stake_in(event, case, actor)
    if event.kind in (CreditEvent.Kind.VOID, CreditEvent.Kind.REPAIR):
        raise DomainError("event.is_act", _("撤销和修复本身不能再撤销。"), _("请登记一条新的记录。"))
    if not reason.strip():
        raise DomainError("event.no_reason", _("请写明撤销理由。"), field="reason")
    if actor is not None and actor.pk in {event.recorded_by_id, case.decided_by_id if case else None}:
        raise DomainError("event.same_person", _("撤销须由作出记录或决定以外的人办理。"), _("请转交另一位信用管理员。"))
    void = event_write(
        agency=event.agency,
        kind=CreditEvent.Kind.VOID,
        code="void",
        occurred_on=max(clock.today(), event.occurred_on),
        source_ref=f"void:{event.source_ref}",
        evidence={"reason": reason.strip()},
        actor=actor,
        target=event,
    )
    audit.record(
        stream=f"credit_event:{event.pk}", action="credit_event.voided", actor=actor, data={"reason": reason.strip()}
    )
    if event.kind == CreditEvent.Kind.INCIDENT:
        notify.organisation(
            to=event.agency.organisation,
            kind="credit",
            subject=case.stream if case else "",
            title=_("一条失信记录已撤销"),
            body=reason.strip(),
        )
    return void


@transaction.atomic
def honour_award(
    *, agency: Agency, code: str, occurred_on: date, document: str, reason: str, actor: User | None
) -> CreditEvent:
    """Record an honour (a code of kind bonus) with the document it rests on, once a document; never by a member of the
    agency (``agency.recusal``).

    The same again returns what is recorded; DomainError ``honour.known`` when the document is recorded with another
    date or reason. What was voided may be recorded anew.
    """
    access.require_role(actor, OFFICER)
    require_stranger_to(agency, actor)
    rule = rules_on(occurred_on).event(code)
    if rule["kind"] != "bonus":
        raise DomainError("honour.not_a_bonus", _("该事项不是加分项。"), _("请选择加分事项。"), field="code")
    if occurred_on > clock.today():
        raise DomainError("honour.future", _("日期不能晚于今天。"), _("请核对文件日期。"), field="occurred_on")
    if not document.strip():
        raise DomainError("honour.no_document", _("请填写表彰或认定文件的文号。"), field="document")
    evidence = {"document": document.strip(), "reason": reason.strip()}
    earlier = CreditEvent.objects.filter(
        agency=agency, kind=CreditEvent.Kind.BONUS, code=code, evidence__document=evidence["document"]
    )
    if known := earlier.exclude(acts__kind=CreditEvent.Kind.VOID).first():
        return _the_same(known, occurred_on, evidence)
    number = earlier.count() + 1
    source_ref = f"honour:{agency.pk}:{code}:{document.strip()}"[:96] + (f"#{number}" if number > 1 else "")
    event = event_write(
        agency=agency,
        kind=CreditEvent.Kind.BONUS,
        code=code,
        occurred_on=occurred_on,
        source_ref=source_ref,
        evidence=evidence,
        actor=actor,
    )
    audit.record(stream=f"credit_event:{event.pk}", action="credit_event.honoured", actor=actor)
    return event


def _the_same(known: CreditEvent, occurred_on: date, evidence: dict[str, str]) -> CreditEvent:
    if (known.occurred_on, known.evidence) != (occurred_on, evidence):
        raise DomainError(
            "honour.known",
            _("该机构的这份文件已经登记过加分，日期或说明不同，本次没有登记。"),
            _("如原登记有误，请由另一位信用管理员先在信用记录中撤销，再重新登记。"),
            field="document",
        )
    return known


def _check_evidence(x: int | None, client_key: str | None) -> None:
    if x is None or not 0 <= x <= 1000:
        raise DomainError("event.x", _("得分须在 0 到 1000 之间。"), field="x")
    if not client_key:
        raise DomainError("event.client", _("履约记录须写明委托方。"), field="client_key")


def _report(
    agency: Agency,
    code: str,
    occurred_on: date,
    source_ref: str,
    evidence: dict[str, Any],
    client_key: str,
    category: Category | None,
) -> None:
    """A lead from a business record, already naming its clause: an officer only has to check and send the notice."""
    case = case_open(
        agency=agency,
        source=Case.Source.ORDER,
        source_ref=source_ref,
        client_key=client_key,
        facts=str(evidence.get("facts") or source_ref),
        evidence=evidence,
        category=category,
        actor=None,
    )
    if case.status == Case.Status.INTAKE:
        case_allege(case=case, event_code=code, occurred_on=occurred_on, actor=None)
