"""Credit facts for tests, made by the services."""

from datetime import date, timedelta
from itertools import count

from credit.models import Case, CreditEvent
from credit.services.cases import case_allege, case_decide, case_notice, case_open
from credit.services.events import event_record
from credit.services.rankings import ranking_draft, ranking_preview_open, ranking_publicity_open, ranking_publish
from kernel import clock, workdays
from tests.factories import make_staff

_numbers = count(1)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def a_person(user):
    """The same person on the next request: what was read of them before is forgotten."""
    return fresh(user)


def order_done(
    agency, *, client=None, on=date(2026, 10, 10), category=None, fee_fen=1_200_000, rating=1000, days_x=1000
):
    """What a finished, rated order reports; returns its timeliness event."""
    n = next(_numbers)
    number = f"CX-202610-{n:05}"
    common = {
        "agency": agency,
        "occurred_on": on,
        "client_key": client or f"org:{n}",
        "category": category or agency.categories.first(),
        "fee_fen": fee_fen,
        "evidence": {"order": number},
        "actor": None,
    }
    if rating is not None:
        event_record(code="rating", source_ref=f"{number}:rating:owner", x=rating, party="owner", **common)
    event_record(code="performance", source_ref=f"{number}:performance", x=900, **common)
    return event_record(code="timeliness", source_ref=f"{number}:timeliness", x=days_x, **common)


def after_workdays(moment, days):
    """Just after a limit of so many working days that began at `moment`."""
    return workdays.due_at(moment, days) + timedelta(microseconds=1)


def alleged(agency, *, code="raises_fee", officer=None, **fields):
    officer = officer or make_staff("credit_officer")
    case = case_open(agency=agency, source=Case.Source.COMPLAINT, facts="要求业主另付三千元。", actor=officer)
    return case_allege(
        case=case, event_code=code, occurred_on=clock.today() - timedelta(days=20), actor=officer, **fields
    )


def noticed(agency, **fields):
    case = alleged(agency, **fields)
    return case_notice(case=case, actor=case.proposed_by)


def decided(agency, *, decided_at=None, **fields):
    """A case in effect, decided by a second officer after the time for defence (or at `decided_at`)."""
    moment = decided_at or clock.now()
    with clock.at(moment - timedelta(days=30)):
        case = noticed(agency, **fields)
    with clock.at(moment):
        return case_decide(case=case, uphold=True, decision="事实清楚，证据确凿。", actor=make_staff("credit_officer"))


def published(period="2026-10", category=None):
    """A ranking through all its steps, published 13 working days after `clock.now()`."""
    drafter, publisher = make_staff("credit_officer"), make_staff("credit_officer")
    start = clock.now()
    ranking = ranking_preview_open(
        ranking=ranking_draft(period=period, category=category, actor=drafter), actor=drafter
    )
    later = after_workdays(start, 5)
    with clock.at(later):
        ranking = ranking_publicity_open(ranking=ranking, actor=drafter)
    with clock.at(after_workdays(later, 7)):
        return ranking_publish(ranking=ranking, actor=publisher)


def incident_rows(agency):
    return CreditEvent.objects.filter(agency=agency, kind="incident")
