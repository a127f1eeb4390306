"""What a page says to do next, where the way on is not a button of the main line: papers, ending in service, urging."""

from datetime import timedelta

import pytest

from credit.models import Case, CreditEvent
from kernel import clock
from kernel.models import Notification
from orders.models import Payment
from orders.services import complaint, contract, materials
from tests import factories
from tests.orders.lives import Life, refused
from tests.orders.test_pages_turn import step
from tests.orders.walk import client_of

pytestmark = pytest.mark.django_db


def life_with_papers():
    return Life(listing=factories.make_listing(item=factories.make_item(materials=["总平面图"])))


def test_the_buyer_owes_papers_once_the_contract_binds(rulebook):
    life = life_with_papers().until("accepted")
    contract.contract_confirm(order=life.order, actor=life.by_agency)
    assert step(life.by_agency, life)[:2] == ("theirs", "确认合同"), "nothing to check before the contract binds"
    assert "确认资料齐全" not in step(life.by_buyer, life)[2]
    contract.contract_confirm(order=life.order, actor=life.by_buyer)
    life.reached = "in_contract"
    life.until("paid")
    whose, heading, words = step(life.by_buyer, life)
    assert (whose, heading) == ("mine", "上传资料") and "还差 1 项" in words and "视为资料齐全" in words
    assert step(life.by_agency, life)[:2] == ("mine", "确认资料齐全")
    materials.materials_file(order=life.order, papers=[("总平面图", life.paper())], actor=life.by_buyer)
    assert step(life.by_buyer, life)[:2] == ("theirs", "确认资料齐全"), "the list is filed"


def test_in_service_the_buyer_finds_the_way_to_the_centre(rulebook):
    life = Life().until("accepted")
    buyer, url = client_of(life.by_buyer), f"/orders/{life.order.number}/"
    assert "要求终止并退款" not in buyer.get(url).content.decode(), "it can still be cancelled"
    life.until("in_service")
    page = buyer.get(url).content.decode()
    assert "do/complain/?subject=terminate" in page
    assert "要求终止并退款" not in client_of(life.by_agency).get(url).content.decode()
    assert "要求终止并退款" in page, "the fee lies in custody"
    form = buyer.get(f"{url}do/complain/?subject=terminate").content.decode()
    assert "款项冻结" in form
    assert '<option value="terminate" selected>' in form


def test_to_end_an_order_finds_nobody_at_fault_and_a_complaint_does(rulebook):
    clerk = factories.make_staff()
    for subject, found in (("terminate", 0), ("late", 1)):
        life = Life().until("in_service")
        row = complaint.complaint_file(order=life.order, subject_code=subject, body="项目停建", actor=life.by_buyer)
        complaint.complaint_accept(complaint=row, actor=clerk)
        complaint.complaint_decide(complaint=row, upheld=True, answer="同意", actor=clerk)
        assert Case.objects.filter(agency=life.agency, source_ref__contains="complaint").count() == found
        life.until("approved")
        report = CreditEvent.objects.get(agency=life.agency, code="performance")
        assert (report.evidence["complaint"], report.x) == ((row.number, 0) if found else ("", 1000))


def test_only_an_order_at_work_is_asked_to_be_ended(rulebook):
    """Before, it can be cancelled; after, there is nothing to end. The form offers what the service takes."""
    life = Life().until("paid")
    told = {"subject_code": "terminate", "body": "项目停建", "actor": life.by_buyer}
    url = f"/orders/{life.order.number}/do/complain/"
    for state, offered in (("paid", False), ("in_service", True), ("closed", False)):
        life.until(state)
        assert ('value="terminate"' in client_of(life.by_buyer).get(url).content.decode()) == offered
        if not offered:
            with refused("complaint.not_at_work"):
                complaint.complaint_file(order=life.order, **told)
        else:
            row = complaint.complaint_file(order=life.order, **told)
            complaint.complaint_withdraw(complaint=row, actor=life.by_buyer)
    assert complaint.complaint_file(order=life.order, **told | {"subject_code": "quality"}).status == "filed"


def test_whoever_may_write_is_told_to_urge_and_a_reader_is_not(rulebook):
    life = Life().until("in_service")
    assert "催办" not in step(life.by_buyer, life)[2], "it is not late yet"
    with clock.at(clock.now() + timedelta(days=90)):
        for user in (life.by_buyer, factories.make_staff("operator")):
            assert "留言催办" in step(user, life)[2]
        assert "催办" not in step(factories.make_staff("inspector"), life)[2]


def test_a_fee_that_has_arrived_is_not_asked_of_the_authority(rulebook):
    clerk = factories.make_staff("operator")
    item = factories.make_item(who_pays="authority")
    life = Life(listing=factories.make_listing(item=item), payer="authority").until("delivered")
    Payment.objects.create(
        order=life.order, gateway="offline", amount_fen=life.order.fee_fen, reference="EARLY1", status="settled",
        created_at=clock.now(),
        settled_at=clock.now(), buyer_confirmed_at=clock.now(), agency_confirmed_at=clock.now(),
    )  # fmt: skip
    life.until("approved")
    assert not Notification.objects.filter(user=clerk, title__contains="审批部门承担的服务费").exists()
