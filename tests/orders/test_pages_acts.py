"""Every act, pressed in every state by everybody who may press it: done or a sentence, never an error. Pages grow stale
and buttons are pressed twice."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from kernel import clock
from kernel.models import Deadline
from kernel.ui import format
from orders.gateways import available
from orders.models import Deliverable, Order
from orders.services import complaint, pay, transfer
from orders.views.acts import ACTS
from tests import factories
from tests.orders.lives import ENDS, STATES, Life
from tests.orders.walk import act, client_of, did, errors, pdf

pytestmark = pytest.mark.django_db

PAPERS = ("file", "slip", "document", "report", "attachment", "paper")
FILLED = {
    "note": "说明",
    "text": "说明",
    "body": "说明",
    "finding": "核对回单",
    "remark": "说明",
    "others": "总平面图",
    "fee": "9000",
    "days": "3",
    "amount": "1",
    "refund": "1",
    "answer": "no",
    "result": "first_pass",
    "approval_number": "环建〔2026〕8号",
    "number": "N-1",
    "issued_on": date(2026, 3, 2),
    "sampled_on": date(2026, 3, 2),
    "groups": "1",
    "works_part": "三层柱",
    "witness": "赵工",
    "cause": "weather",
    "subject_code": "other",
    "stars": "4",
    **dict.fromkeys(("quality", "timeliness", "attitude", "charging", "compliance"), "4"),
}
REASONS = {"decline": "busy", "terminate": "agreed"}


@pytest.mark.parametrize("state", STATES + ENDS)
def test_no_act_fails_in_any_state(rulebook, state):
    life = Life(lead=None).until(state)
    clients = {
        "buyer": client_of(life.by_buyer),
        "agency": client_of(life.by_agency),
        "operator": client_of(factories.make_staff()),
        "supervisor": client_of(factories.make_staff("supervisor")),
    }
    other = factories.make_practitioner(life.agency)
    answers = set()
    for code, row in ACTS.items():
        if row.rows is not None:
            continue
        for side in row.sides:
            reason = REASONS.get(code, "agreed" if side == "buyer" else "agency_gives_up")
            given = {**FILLED, "reason": reason, "lead": life.lead.pk, "proposed": other.pk}
            papers = {name: pdf() for name in PAPERS if name in row.form.base_fields}
            with transaction.atomic():
                response = act(clients[side], life.order.number, code, **given, **papers)
                answers.add(response.status_code)
                assert response.status_code in (200, 302, 403), (code, side)
                assert response.status_code != 200 or "error-summary" in response.content.decode(), (code, side)
                transaction.set_rollback(True)
    assert 200 in answers


def test_a_termination_splits_the_money_by_its_form(rulebook):
    life = Life().until("in_service")
    staff = client_of(factories.make_staff())
    words = {"reason": "agreed", "note": "完成三分之二"}
    form = staff.get(f"/orders/{life.order.number}/do/terminate/").content.decode()
    assert "退还项目业主 ¥12,000.00，放给机构 ¥0.00" in form
    assert act(staff, life.order.number, "terminate", **words).status_code == 200
    for wrong in ({"settlement": "part"}, {"settlement": "part", "part": "12000"}, {"settlement": "999"}):
        assert act(staff, life.order.number, "terminate", **words, **wrong).status_code == 200
    assert life.fresh.status == "in_service"
    did(act(staff, life.order.number, "terminate", **words, settlement="part", part="4000"))
    assert life.fresh.refunds.get().amount_fen == 400_000


@pytest.mark.parametrize(("settlement", "refunded"), [("1200000", [1_200_000]), ("0", [])])
def test_a_termination_moves_the_whole_sum_only_where_that_was_chosen(settlement, refunded, rulebook):
    life = Life().until("in_service")
    staff = client_of(factories.make_staff())
    did(act(staff, life.order.number, "terminate", reason="agreed", note="协商一致", settlement=settlement))
    assert list(life.fresh.refunds.values_list("amount_fen", flat=True)) == refunded


def test_a_termination_without_money_asks_for_none(rulebook):
    life = Life(buyer=factories.make_organisation("public_body")).until("in_service")
    staff = client_of(factories.make_staff())
    form = staff.get(f"/orders/{life.order.number}/do/terminate/").content.decode()
    assert "settlement" not in form and "本订单没有托管款" in form
    did(act(staff, life.order.number, "terminate", reason="agreed", note="协商一致"))
    assert life.fresh.status == "terminated" and not life.order.refunds.exists()


def test_staff_read_an_order_as_staff(rulebook):
    life = Life().until("approved")
    page = client_of(factories.make_staff()).get(f"/orders/{life.order.number}/").content.decode()
    assert "不是订单的一方" in page and "给双方留言" in page and "给对方留言" not in page
    assert life.order.buyer.name in page and "没有需要双方办理的事项" not in page
    Order.objects.filter(pk=life.order.pk).update(channel="counter", authorisation=life.paper("authorisation"))
    page = client_of(factories.make_staff()).get(f"/orders/{life.order.number}/").content.decode()
    assert "您在窗口代" in page and "/repeat/" not in page


def test_the_counter_records_that_a_result_was_handed_over(rulebook):
    life = Life()
    paper = life.paper("authorisation")
    Order.objects.filter(pk=life.order.pk).update(channel="counter", authorisation=paper)
    life.until("delivered")
    staff = client_of(factories.make_staff())
    assert "do/hand-over/" in staff.get(f"/orders/{life.order.number}/").content.decode()
    did(act(staff, life.order.number, "hand-over"))
    assert Deliverable.objects.get(order=life.order).opened_at is not None
    did(act(staff, life.order.number, "approve"))
    assert life.fresh.received_at is not None
    assert "已经办理" in errors(act(staff, life.order.number, "hand-over"))


def test_an_operator_settles_a_transfer_that_one_side_left_open(rulebook):
    life = Life().until("in_contract")
    payment = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=payment, slip=life.paper("payment_slip"), actor=life.by_buyer)
    staff = client_of(factories.make_staff())
    did(act(staff, life.order.number, "verify-transfer", answer="yes", finding="核对银行回单"))
    payment.refresh_from_db()
    assert payment.status == "settled"


def test_outside_a_demo_the_fee_is_transferred_directly(rulebook, settings):
    """The way offered is the way taken."""
    settings.DEMO = False
    life = Life().until("in_contract")
    buyer = client_of(life.by_buyer)
    page = buyer.get(f"/orders/{life.order.number}/pay/").content.decode()
    assert available() == ["offline"]
    assert 'value="sandbox"' not in page and "演示" not in page.partition("<main")[2]
    assert 'value="offline"' in page and "checked" in page
    did(buyer.post(f"/orders/{life.order.number}/pay/", {"gateway": "offline", "idempotency_token": "direct"}))


def test_an_act_that_is_not_possible_shows_the_reason_and_no_form(rulebook):
    """Beside it one that is possible shows its form."""
    life = Life().until("in_service")
    agency, staff = client_of(life.by_agency), client_of(factories.make_staff())
    order = f"/orders/{life.order.number}/"
    no_tests = agency.get(f"{order}do/add-batch/").content.decode()
    assert "这不是检测订单" in no_tests and 'name="works_part"' not in no_tests
    again = agency.get(f"{order}do/accept/").content.decode()
    assert "现在不能办理" in again and 'name="lead"' not in again
    deliver = agency.get(f"{order}do/deliver/").content.decode()
    assert "现在不能办理" not in deliver and 'name="file"' in deliver
    refund = staff.get(f"{order}do/propose-refund/").content.decode()
    assert ('name="amount"' in refund) == ("do/propose-refund/" in staff.get(order).content.decode())


def test_nothing_is_refunded_before_anything_is_paid(rulebook):
    life = Life().until("in_contract")
    page = client_of(factories.make_staff()).get(f"/orders/{life.order.number}/do/propose-refund/").content.decode()
    assert "服务尚未开始，不单独退款" in page and 'name="amount"' not in page


def test_the_centre_reads_a_late_delivery_as_the_agencys(rulebook):
    Life().until("in_service")
    staff = client_of(factories.make_staff("supervisor"))
    with clock.at(clock.now() + timedelta(days=90)):
        page = staff.get("/work/").content.decode()
    assert "机构逾期未交付成果（请督办）" in page


def test_a_complaint_shows_the_date_of_its_limit(rulebook):
    life = Life().until("in_service")
    row = complaint.complaint_file(order=life.order, subject_code="other", body="说明", actor=life.by_buyer)
    day = format.date_cn(Deadline.objects.get(subject=f"complaint:{row.pk}", code="complaint.accept").due_at)
    url = f"/orders/{life.order.number}/complaints/"
    mine = client_of(life.by_buyer).get(url).content.decode()
    assert f"最迟 {day}" in mine
    assert mine.index(f"最迟 {day}") < mine.index("do/withdraw-complaint/")
    assert "do/withdraw-complaint/" not in client_of(life.by_agency).get(url).content.decode()
    assert f"最迟 {day}" in client_of(factories.make_staff()).get(f"/desk/complaints/{row.number}/").content.decode()
