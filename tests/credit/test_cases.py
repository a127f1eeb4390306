"""Case work: nothing is deducted without evidence, notice, time to answer and a second person."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from credit.models import Case
from credit.selectors import explanation, standing
from credit.selectors.cases import case_for, leads_to, public_decisions
from credit.services.cases import (
    case_allege,
    case_decide,
    case_defend,
    case_notice,
    case_open,
    case_repair,
    case_withdraw,
)
from kernel import clock, workdays
from kernel.errors import DomainError, Forbidden
from kernel.models import AuditEntry, Deadline, Notification
from kernel.services import deadlines
from tests.credit import made
from tests.factories import make_agency, make_person, make_staff, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def owner(agency):
    return owner_of(agency.organisation)


def test_the_whole_way_to_a_deduction(agency, second, still):
    before = explanation(agency).score.score_milli
    case = made.noticed(agency)
    told = Notification.objects.filter(user=owner(agency), subject=case.stream).get()
    assert "要求业主另付三千元" in told.body and "5" in told.body
    assert Deadline.objects.get(subject=case.stream).due_at == workdays.due_at(still, 5)
    case = case_defend(case=case, text="系补充监测费，已事先书面告知。", actor=owner(agency))
    assert explanation(agency).score.score_milli == before
    case = case_decide(case=case, uphold=True, decision="告知在收费之后，不予采纳。", actor=second)
    assert (case.status, case.event.source_ref, case.event.occurred_on) == ("in_effect", case.number, clock.today())
    assert case.event.evidence["facts"] == case.facts
    assert explanation(agency).score.score_milli == before - 50_000
    trail = AuditEntry.objects.filter(stream=case.stream).order_by("seq").values_list("from_state", "to_state")
    assert list(trail) == [
        ("", "intake"),
        ("intake", "alleged"),
        ("alleged", "noticed"),
        ("noticed", "defended"),
        ("defended", "in_effect"),
    ]
    assert not Deadline.objects.filter(subject=case.stream, state="open").exists()


def test_the_proposer_cannot_decide(agency, officer, still):
    case = case_defend(case=made.noticed(agency, officer=officer), text="不认可。", actor=owner(agency))
    for uphold in (True, False):
        with pytest.raises(DomainError) as error:
            case_decide(case=case, uphold=uphold, decision="成立", actor=officer)
        assert error.value.code == "case.same_person"
    with pytest.raises(Forbidden):
        case_decide(case=case, uphold=True, decision="成立", actor=None)
    with pytest.raises(Forbidden):
        case_decide(case=case, uphold=True, decision="成立", actor=make_staff("operator"))


def test_the_database_refuses_one_person_in_both_roles(agency):
    case = made.decided(agency)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE credit_case SET decided_by_id = proposed_by_id WHERE id = %s", [case.pk])


@pytest.mark.parametrize(
    "change",
    [
        "noticed_at = NULL",
        "decided_by_id = NULL",
        "event_id = NULL",
        "event_code = ''",
        "status = 'dismissed'",
        "noticed_at = '2027-01-01 00:00:00+00'",
    ],
)
def test_the_database_refuses_an_effect_without_its_steps(agency, change):
    case = made.decided(agency)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE credit_case SET {change} WHERE id = %s", [case.pk])


def test_no_decision_before_the_time_to_answer_is_over(agency, second, still):
    case = made.noticed(agency)
    due = Deadline.objects.get(subject=case.stream).due_at
    with clock.at(due), pytest.raises(DomainError) as error:
        case_decide(case=case, uphold=True, decision="成立", actor=second)
    assert error.value.code == "case.defence_open"
    with clock.at(due + timedelta(milliseconds=1)):
        assert case_decide(case=case, uphold=True, decision="逾期未申辩，成立。", actor=second).status == "in_effect"


def test_a_defence_at_the_last_moment_counts_and_one_later_does_not(agency, still):
    case = made.noticed(agency)
    due = Deadline.objects.get(subject=case.stream).due_at
    with clock.at(due + timedelta(milliseconds=1)), pytest.raises(DomainError) as error:
        case_defend(case=case, text="迟了", actor=owner(agency))
    assert error.value.code == "case.defence_late"
    with clock.at(due):
        assert case_defend(case=case, text="按时", actor=owner(agency)).status == "defended"


def test_the_sweep_tells_the_officers_and_decides_nothing(agency, officer, still):
    case = made.noticed(agency)
    with clock.at(made.after_workdays(still, 5)):
        assert deadlines.sweep() >= 1
    assert made.fresh(case).status == "noticed"
    assert Notification.objects.filter(user=officer, subject=case.stream, title__contains=case.number).exists()
    assert Notification.objects.filter(user=owner(agency), subject=case.stream).count() == 2  # notice and reminder


def test_only_the_agency_defends(agency, officer):
    case = made.noticed(agency)
    for stranger in (officer, owner(make_agency())):
        with pytest.raises(Forbidden):
            case_defend(case=case, text="…", actor=stranger)


def test_withdrawn_and_dismissed_cost_nothing(agency, second, still):
    before = explanation(agency).score
    defended = case_defend(case=made.noticed(agency), text="证据在此。", actor=owner(agency))
    withdrawn = case_withdraw(case=defended, reason="申辩成立", actor=second)
    dismissed = case_decide(
        case=case_defend(case=made.noticed(agency), text="不实。", actor=owner(agency)),
        uphold=False,
        decision="证据不足。",
        actor=second,
    )
    assert [withdrawn.status, dismissed.status] == ["withdrawn", "dismissed"]
    assert explanation(agency).score == before
    with pytest.raises(DomainError) as error:
        case_notice(case=withdrawn, actor=second)
    assert error.value.code == "case.wrong_state"


def test_one_lead_is_one_case(agency, officer):
    lead = {"agency": agency, "source": "hotline", "facts": "无人应答", "source_ref": "12345-88", "actor": officer}
    assert case_open(**lead) == case_open(**lead)
    assert Case.objects.count() == 1
    with pytest.raises(DomainError):
        case_open(**lead | {"facts": " ", "source_ref": ""})


@pytest.mark.parametrize(("months", "fits"), [(2, False), (3, True), (12, True), (13, False)])
def test_display_within_the_law(agency, months, fits):
    if fits:
        case = made.decided(agency, display_months=months)
        years, month = divmod(case.event.occurred_on.month - 1 + months, 12)
        assert (case.event.expires_on.year, case.event.expires_on.month) == (2026 + years, month + 1)
    else:
        with pytest.raises(DomainError) as error:
            made.alleged(agency, display_months=months)
        assert error.value.code == "case.display"


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"event_code": "rating"}, "case.not_an_incident"), ({"occurred_on": date(2026, 11, 21)}, "case.future")],
)
def test_an_allegation_names_a_clause_and_a_past_day(agency, officer, changes, code):
    case = case_open(agency=agency, source="letter", facts="来信反映", actor=officer)
    with pytest.raises(DomainError) as error:
        case_allege(
            case=case, **({"event_code": "raises_fee", "occurred_on": date(2026, 9, 1)} | changes), actor=officer
        )
    assert error.value.code == code


# --- serious, repair --------------------------------------------------------------------------------------------------
def test_a_serious_decision_acts_at_once_and_ends_with_its_repair(agency, officer, still):
    assert standing(agency).allowed
    case = made.decided(agency, code="subcontract")
    state = standing(agency)
    assert (state.allowed, state.code) == (False, "serious_open")
    assert "严重失信" in state.sentence and state.remedy
    assert explanation(agency).score.grade == "D"
    with pytest.raises(DomainError) as error:
        case_repair(case=case, reason="已整改", actor=officer)
    assert error.value.code == "case.repair_early"
    with clock.at(still.replace(year=2027)):
        assert case_repair(case=case, reason="已整改并通过复核", actor=officer).status == "repaired"
        assert standing(agency).allowed
        assert explanation(agency).score.grade == "NR"


def test_it_also_ends_by_itself(agency, still):
    made.decided(agency, code="collusion")
    with clock.at(still.replace(year=2029) - timedelta(days=1)):
        assert not standing(agency).allowed
    with clock.at(still.replace(year=2029)):
        assert standing(agency).allowed


def test_a_repetition_is_a_hint_for_the_officer(agency):
    made.decided(agency, code="gives_up_win")
    second_time = made.alleged(agency, code="gives_up_win")
    assert leads_to(second_time) is None
    made.decided(agency, code="gives_up_win")
    assert leads_to(second_time) == "gives_up_win_third"


# --- who sees it ------------------------------------------------------------------------------------------------------
def test_an_agency_sees_a_case_once_it_was_told(agency, officer):
    case = made.alleged(agency)
    assert case_for(officer, case.number) == case
    for user in (owner(agency), make_person(), owner(make_agency())):
        with pytest.raises(Case.DoesNotExist):
            case_for(user, case.number)
    case_notice(case=case, actor=officer)
    assert case_for(owner(agency), case.number) == case
    with pytest.raises(Case.DoesNotExist):
        case_for(owner(make_agency()), case.number)


def test_the_public_reads_general_and_serious_decisions_only(agency):
    shown = made.decided(agency)
    made.decided(agency, code="no_answer")
    made.noticed(agency)
    assert [decision.event.case for decision in public_decisions(agency)] == [shown]


def test_notices_are_read_in_the_reader_s_language():
    from django.utils import translation
    from django.utils.translation import gettext_lazy

    from credit.services.wording import lazy_words
    from kernel.wording import filled

    text = filled(gettext_lazy("January"))
    name = lazy_words({"zh": "迟延", "en": "Late"})
    with translation.override("zh-hans"):
        assert (str(text), str(name)) == ("一月", "迟延")
    with translation.override("en"):
        assert (str(text), str(name)) == ("January", "Late")
