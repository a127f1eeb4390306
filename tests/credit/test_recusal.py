"""An officer whom a matter concerns takes no step in it (回避)."""

import pytest

from agencies.models import Agency
from credit.models import Case, CreditEvent
from credit.services import cases
from credit.services.events import event_record, event_void, honour_award
from credit.services.guidance import guidance_enter, guidance_remove, guidance_renew
from kernel import clock
from kernel.errors import DomainError
from kernel.models import Organisation, User
from kernel.services import parties
from tests.credit import made
from tests.credit.test_rankings import well_known
from tests.factories import make_agency, make_organisation, make_staff, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def member(organisation, officer=None):
    """A credit officer who also belongs to the organisation."""
    officer = officer or make_staff("credit_officer")
    parties.membership_add(organisation=organisation, user=officer, role="member", actor=None)
    return User.objects.get(pk=officer.pk)


def defended(agency):
    return cases.case_defend(case=made.noticed(agency), text="不认可。", actor=owner_of(agency.organisation))


STEPS = {
    "notice": (made.alleged, lambda case, by: cases.case_notice(case=case, actor=by)),
    "decide": (defended, lambda case, by: cases.case_decide(case=case, uphold=True, decision="属实。", actor=by)),
    "withdraw": (defended, lambda case, by: cases.case_withdraw(case=case, reason="查无实据。", actor=by)),
}


@pytest.mark.parametrize("step", ["notice", "decide", "withdraw"])
def test_a_member_of_the_agency_takes_no_step(step, rules):
    begin, act = STEPS[step]
    agency = make_agency()
    case = begin(agency)
    with pytest.raises(DomainError) as refused:
        act(case, member(agency.organisation))
    assert refused.value.code == "case.recusal"
    assert "回避" in str(refused.value)
    assert Case.objects.get(pk=case.pk).status == case.status
    assert act(case, make_staff("credit_officer")).status != case.status  # anybody else may


def test_neither_does_one_of_whom_the_agency_belongs_to(rules):
    agency, parent = make_agency(), make_agency()
    owner = make_organisation("public_body")
    Agency.objects.filter(pk=agency.pk).update(affiliated_with=owner, parent=parent)
    case = made.alleged(Agency.objects.get(pk=agency.pk))
    for organisation in (owner, parent.organisation):
        with pytest.raises(DomainError, match="回避"):
            cases.case_notice(case=case, actor=member(organisation))


def test_nor_one_of_a_company_under_the_same_control(rules):
    """As the agency, as its head office, or as the organisation it is affiliated with."""
    agency, parent, owner = make_agency(), make_agency(), make_organisation("public_body")
    Agency.objects.filter(pk=agency.pk).update(affiliated_with=owner, parent=parent)
    agency = Agency.objects.get(pk=agency.pk)
    case = made.alleged(agency)
    award = {
        "code": "commendation",
        "occurred_on": clock.today(),
        "reason": "抗洪",
        "document": "8号",
    }
    for one in (agency.organisation, parent.organisation, owner):
        sister = make_organisation()
        Organisation.objects.filter(pk__in=[one.pk, sister.pk]).update(control_group=f"group-{one.pk}")
        with pytest.raises(DomainError, match="回避"):
            cases.case_notice(case=case, actor=member(sister))
        with pytest.raises(DomainError, match="回避"):
            honour_award(agency=Agency.objects.get(pk=agency.pk), **award, actor=member(sister))
    assert cases.case_notice(case=case, actor=member(make_organisation())).status == "noticed"


def test_nor_one_of_the_client_whose_order_brought_it(rules):
    agency, client, stranger = make_agency(), make_organisation(), make_organisation()
    facts = {"order": "CX-1", "facts": "逾期"}
    told = {"agency": agency, "code": "raises_fee", "occurred_on": clock.today(), "evidence": facts, "actor": None}
    event_record(**told, source_ref="order:CX-1:incident:late", client_key=client.client_key)
    case = Case.objects.get()
    with pytest.raises(DomainError, match="回避"):
        cases.case_notice(case=case, actor=member(client))
    assert cases.case_notice(case=case, actor=member(stranger)).status == "noticed"


def test_who_left_the_agency_is_no_longer_concerned(rules):
    agency = make_agency()
    case = made.alleged(agency)
    officer = member(agency.organisation)
    officer.memberships.filter(organisation=agency.organisation).update(ended_at=clock.now())
    assert cases.case_notice(case=case, actor=User.objects.get(pk=officer.pk)).status == "noticed"


def test_a_case_that_is_over_is_not_repaired_by_one_it_concerns(rules):
    agency = make_agency()
    case = made.decided(agency)
    with pytest.raises(DomainError, match="回避"):
        cases.case_repair(case=case, reason="已整改。", actor=member(agency.organisation))


# --- what makes, or takes away, a record ------------------------------------------------------------------------------
def test_a_decided_case_is_not_walked_round_by_voiding(rules):
    agency = make_agency()
    case = made.decided(agency)
    with pytest.raises(DomainError) as refused:
        event_void(event=case.event, reason="文号有误。", actor=member(agency.organisation))
    assert refused.value.code == "record.recusal"
    assert not CreditEvent.objects.filter(kind="void").exists()
    assert event_void(event=case.event, reason="文号有误。", actor=make_staff("credit_officer")).target == case.event


def test_nor_by_one_of_the_client_whose_order_brought_the_case(rules):
    agency, client = make_agency(), make_organisation()
    told = {"agency": agency, "code": "raises_fee", "occurred_on": clock.today(), "actor": None}
    event_record(**told, evidence={"facts": "另收费"}, source_ref="order:CX-2:fee", client_key=client.client_key)
    case = cases.case_notice(case=Case.objects.get(), actor=make_staff("credit_officer"))
    with clock.at(made.after_workdays(clock.now(), 30)):
        decided = cases.case_decide(case=case, uphold=True, decision="属实。", actor=make_staff("credit_officer"))
        with pytest.raises(DomainError, match="回避"):
            event_void(event=decided.event, reason="已和解。", actor=member(client))


def test_nor_is_a_rating_taken_back_by_the_house_that_gave_it(rules):
    client = make_organisation()
    event = made.order_done(make_agency(), client=client.client_key)
    with pytest.raises(DomainError, match="回避"):
        event_void(event=event, reason="评错了。", actor=member(client))
    assert event_void(event=event, reason="评错了。", actor=member(make_organisation())).target == event


def test_nobody_honours_the_own_house(rules):
    agency, parent = make_agency(), make_agency()
    Agency.objects.filter(pk=agency.pk).update(parent=parent)
    agency = Agency.objects.get(pk=agency.pk)
    award = {
        "agency": agency,
        "code": "commendation",
        "occurred_on": clock.today(),
        "reason": "抗洪",
        "document": "8号",
    }
    for house in (agency.organisation, parent.organisation):
        with pytest.raises(DomainError) as refused:
            honour_award(**award, actor=member(house))
        assert refused.value.code == "agency.recusal"
    assert not CreditEvent.objects.exists()
    assert honour_award(**award, actor=make_staff("credit_officer")).kind == "bonus"


def test_nobody_keeps_the_directory_for_the_own_house(rules):
    agency = well_known(make_agency())
    made.published()
    insider, stranger = member(agency.organisation), make_staff("credit_officer")
    asked = {"agency": agency, "category": agency.categories.first(), "reason": "连续两期 A 级以上"}
    with pytest.raises(DomainError, match="回避"):
        guidance_enter(**asked, actor=insider)
    entry = guidance_enter(**asked, actor=stranger)
    for act in (guidance_renew, guidance_remove):
        with pytest.raises(DomainError) as refused:
            act(entry=entry, reason="复核", actor=insider)
        assert refused.value.code == "agency.recusal"
    assert made.fresh(entry).removed_on is None
    assert guidance_renew(entry=entry, reason="复核合格", actor=stranger).agency == agency
