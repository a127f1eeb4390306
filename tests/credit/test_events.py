"""Recording facts: once, checked, unchangeable; deductions only open a case."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from credit.evidence import performance_x, rating_x, timeliness_x
from credit.models import Case, CreditEvent
from credit.selectors import explanation
from credit.services.events import event_record, event_void, honour_award
from kernel import clock
from kernel.errors import DomainError, Forbidden
from tests.credit import made
from tests.factories import make_agency, make_person, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def a_rating(agency, **changes):
    values = {
        "agency": agency,
        "code": "rating",
        "occurred_on": date(2026, 11, 2),
        "source_ref": "CX-1:rating:owner",
        "evidence": {"order": "CX-1", "stars": [5, 5, 4, 5, 5]},
        "client_key": "org:7",
        "fee_fen": 800_000,
        "x": 950,
        "actor": None,
    }
    return event_record(**(values | changes))


def test_the_same_report_twice_is_one_event(agency):
    assert a_rating(agency) == a_rating(agency)
    assert CreditEvent.objects.count() == 1


def test_the_same_reference_with_another_content_is_refused(agency):
    a_rating(agency)
    with pytest.raises(DomainError) as error:
        a_rating(agency, x=10)
    assert error.value.code == "event.conflict"


def test_a_lost_race_reads_the_winner(agency, monkeypatch):
    """Two workers both found nothing: the unique source reference decides, and the loser gets the winner's row."""
    winner = a_rating(agency)
    first = CreditEvent.objects.filter
    looks = iter([None])

    def blind_once(*args, **kwargs):
        rows = first(*args, **kwargs)
        if "source_ref" in kwargs and next(looks, "seen") is None:
            return rows.none()
        return rows

    monkeypatch.setattr(CreditEvent.objects, "filter", blind_once)
    assert a_rating(agency) == winner


def test_a_timeliness_counts_an_order_once(agency):
    event = made.order_done(agency)
    number = event.evidence["order"]
    orders = CreditEvent.objects.filter(code="order")
    assert [o.source_ref for o in orders] == [f"{number}#order"]
    # Taken back and reported anew under another reference, it is still one order.
    event_record(
        agency=agency,
        code="timeliness",
        occurred_on=event.occurred_on,
        source_ref=f"{number}:timeliness:2",
        evidence={"order": number},
        client_key=event.client_key,
        category=event.category,
        fee_fen=event.fee_fen,
        x=0,
        actor=None,
    )
    assert orders.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "nonsense"}, "credit.unknown_code"),
        ({"x": 1001}, "event.x"),
        ({"x": None}, "event.x"),
        ({"client_key": None}, "event.client"),
        ({"code": "commendation"}, "event.not_evidence"),
        ({"code": "void"}, "event.not_evidence"),
    ],
)
def test_bad_reports_are_refused(agency, changes, code):
    with pytest.raises(DomainError) as error:
        a_rating(agency, **changes)
    assert error.value.code == code
    assert not CreditEvent.objects.exists()


def test_floats_cannot_enter(agency):
    with pytest.raises(ValueError, match="floats"):
        a_rating(agency, evidence={"stars": 4.5})


def test_a_deduction_is_only_a_lead(agency):
    """An order's report of a late delivery opens one case, alleged, and takes no point."""
    report = {
        "agency": agency,
        "code": "late_minor",
        "occurred_on": date(2026, 11, 5),
        "source_ref": "CX-1:late",
        "evidence": {"order": "CX-1", "facts": "逾期 3 个工作日"},
        "actor": None,
    }
    assert event_record(**report) is None
    assert event_record(**report) is None
    case = Case.objects.get()
    assert (case.status, case.event_code, case.source, case.proposed_by) == ("alleged", "late_minor", "order", None)
    assert case.facts == "逾期 3 个工作日"
    assert not CreditEvent.objects.exists()


def test_an_event_cannot_be_changed_or_deleted(agency):
    event = a_rating(agency)
    for statement in (
        "UPDATE credit_creditevent SET x = 0 WHERE id = %s",
        "DELETE FROM credit_creditevent WHERE id = %s",
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [event.pk])
    assert made.fresh(event).x == 950


@pytest.mark.parametrize(
    "change",
    [
        "x = 1001",
        "fee_fen = -1",
        "client_key = ''",
        "kind = 'void'",
        "expires_on = '2030-01-01'",
    ],
)
def test_the_database_refuses_a_crooked_event(agency, change):
    """The constraints themselves, by raw SQL on a copy of a good row."""
    event = a_rating(agency)
    column, value = change.split(" = ")
    columns = [f.column for f in CreditEvent._meta.concrete_fields if f.column not in ("id", "source_ref")]
    chosen = ", ".join(value if c == column else f'"{c}"' for c in columns)
    names = ", ".join(f'"{c}"' for c in columns)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO credit_creditevent (source_ref, {names}) "
            f"SELECT 'copy', {chosen} FROM credit_creditevent WHERE id = %s",
            [event.pk],
        )


# --- voiding ----------------------------------------------------------------------------------------------------------
def test_void_is_a_row_and_works_from_its_day_on(agency, officer):
    made.order_done(agency)
    event = a_rating(agency, x=0)
    with_it = explanation(agency).score.score_milli
    event_void(event=event, reason="评价人与机构受同一人控制", actor=officer)
    assert explanation(agency).score.score_milli > with_it
    assert explanation(agency, as_of=clock.today() - timedelta(days=1)).score.score_milli == with_it
    assert CreditEvent.objects.filter(kind="void", target=event).count() == 1


def test_void_twice_is_one_void(agency, officer):
    event = a_rating(agency)
    assert event_void(event=event, reason="退款", actor=None) == event_void(event=event, reason="退款", actor=None)


def test_who_may_void(agency, officer):
    event = a_rating(agency, actor=officer)
    with pytest.raises(Forbidden):
        event_void(event=event, reason="x", actor=make_person())
    with pytest.raises(DomainError) as error:
        event_void(event=event, reason="x", actor=officer)
    assert error.value.code == "event.same_person"
    with pytest.raises(DomainError) as error:
        event_void(event=event, reason=" ", actor=make_staff("credit_officer"))
    assert error.value.code == "event.no_reason"


def test_the_decider_cannot_void_the_own_decision(agency, officer):
    case = made.decided(agency)
    with pytest.raises(DomainError) as error:
        event_void(event=case.event, reason="改判", actor=made.a_person(case.decided_by))
    assert error.value.code == "event.same_person"
    void = event_void(event=case.event, reason="事实有误", actor=officer)
    with pytest.raises(DomainError) as error:
        event_void(event=void, reason="又改", actor=officer)
    assert error.value.code == "event.is_act"


# --- honours ----------------------------------------------------------------------------------------------------------
def test_an_honour_rests_on_a_document(agency, officer):
    award = {"agency": agency, "code": "commendation", "occurred_on": date(2026, 5, 1), "reason": "", "actor": officer}
    with pytest.raises(DomainError):
        honour_award(document=" ", **award)
    before = explanation(agency).score.score_milli
    assert honour_award(document="嘉建〔2026〕8号", **award) == honour_award(document="嘉建〔2026〕8号", **award)
    assert explanation(agency).score.score_milli == before + 2000
    with pytest.raises(Forbidden):
        honour_award(document="嘉建〔2026〕9号", **award | {"actor": make_staff("operator")})


def test_x_by_the_rules_in_force(rules):
    assert rating_x(4400) == 850
    assert timeliness_x(10, 12) == 600
    assert performance_x(True, 0, True, False) == 1000
    assert performance_x(False, 2, True, False) == 550
    assert performance_x(True, 0, True, True) == 0


def test_another_agency_is_another_stream(agency):
    other = make_agency()
    made.order_done(agency, rating=0)
    assert explanation(other).score.score_milli == 883_000
