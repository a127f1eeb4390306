"""An officer whom a case concerns takes no step in it (回避)."""

import pytest

from agencies.models import Agency
from credit.models import Case
from credit.services import cases
from credit.services.events import event_record
from kernel import clock
from kernel.errors import DomainError
from kernel.models import User
from kernel.services import parties
from tests.credit import made
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
