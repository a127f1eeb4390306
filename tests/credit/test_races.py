"""Many workers report the same fact, or two officers decide the same case, at the same moment."""

import threading

import pytest
from django.db import connection, connections

from credit.models import Case, CreditEvent
from credit.services.cases import case_decide, case_open
from credit.services.events import event_record
from kernel import clock
from kernel.errors import DomainError
from tests.credit import made
from tests.credit.conftest import NOW
from tests.factories import make_agency, make_staff

pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.django_db(transaction=True)]
WORKERS = 12


def at_once(work, count=WORKERS):
    """Run work(n) in so many threads that start together; results or exceptions, in order."""
    gate, results = threading.Barrier(count), [None] * count

    def run(n):
        try:
            connection.ensure_connection()  # signing in takes longer than the race
            gate.wait(20)
            with clock.at(NOW):
                results[n] = work(n)
        except Exception as error:
            results[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def report(agency, ref="CX-1:rating"):
    return event_record(
        agency=agency,
        code="rating",
        occurred_on=NOW.date(),
        source_ref=ref,
        evidence={"order": "CX-1"},
        client_key="org:1",
        x=900,
        actor=None,
    )


def test_one_fact_is_recorded_once(rules):
    agency = make_agency()
    results = at_once(lambda n: report(agency))
    assert {type(r) for r in results} == {CreditEvent}, results
    assert len({r.pk for r in results}) == CreditEvent.objects.count() == 1


def test_control_without_the_unique_reference_it_is_recorded_many_times(rules):
    """The guard of the test above taken away: it must fail, else that test shows nothing."""
    agency = make_agency()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'credit_creditevent'::regclass AND contype = 'u'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE credit_creditevent DROP CONSTRAINT "{name}"')
    for attempt in range(10):
        at_once(lambda n, ref=f"CX-{attempt}": report(agency, ref))
        if CreditEvent.objects.filter(source_ref=f"CX-{attempt}").count() > 1:
            return
    pytest.fail("the race was never lost: the control proves nothing")


def test_one_lead_opens_one_case(rules):
    agency, officer = make_agency(), make_staff("credit_officer")
    lead = {"agency": agency, "source": "hotline", "facts": "无人应答", "source_ref": "12345-1"}
    results = at_once(lambda n: case_open(**lead, actor=made.fresh(officer)))
    assert {type(r) for r in results} == {Case}, results
    assert Case.objects.count() == 1


def test_one_case_is_decided_once(rules):
    case = made.noticed(make_agency())
    deciders = [make_staff("credit_officer") for _ in range(WORKERS)]
    later = made.after_workdays(NOW, 5)

    def decide(n):
        with clock.at(later):
            return case_decide(case=case, uphold=n % 2 == 0, decision="成立", actor=deciders[n])

    results = at_once(decide)
    refused = [r for r in results if isinstance(r, DomainError)]
    assert [r.code for r in refused] == ["case.wrong_state"] * (WORKERS - 1), results
    decided = made.fresh(case)
    assert CreditEvent.objects.count() == (1 if decided.status == "in_effect" else 0)
