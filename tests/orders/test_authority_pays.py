"""A fee that an authority bears: the centre's operators pay, withdraw, confirm and have back; the applicant does none of it."""

import re
from datetime import timedelta

import pytest

from kernel import clock
from kernel.errors import Forbidden
from kernel.models import AuditEntry, Deadline, Notification
from kernel.services import deadlines
from orders import waiting
from orders.models import BankDeposit, Payment, Refund
from orders.services import complaint, pay, refund, transfer
from tests import factories
from tests.orders.lives import Life, book, refused
from tests.orders.test_recusal import at_desk_too
from tests.orders.walk import act, client_of, did, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def clerk(db):
    return factories.make_staff()


@pytest.fixture
def life(rulebook):
    item = factories.make_item(who_pays="authority")
    return Life(listing=factories.make_listing(item=item), payer="authority").until("approved")


@pytest.fixture
def attempt(life, clerk):
    return pay.payment_start(order=life.order, gateway="offline", actor=clerk)


def page(user, life, where="") -> str:
    return client_of(user).get(f"/orders/{life.order.number}/{where}").content.decode()


def test_the_applicant_confirms_no_transfer_of_the_authority(life, attempt):
    assert "confirm-transfer" not in page(life.by_buyer, life) + page(life.by_buyer, life, "money/")
    assert "cancel-payment" not in page(life.by_buyer, life, "money/")
    client, number = client_of(life.by_buyer), life.order.number
    for code in ("confirm-transfer", "cancel-payment"):
        answer = act(client, number, code, slip=pdf("回单.pdf"))
        assert answer.status_code != 302 and "由审批部门承担" in answer.content.decode()
    with refused("payment.authority"):
        transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=attempt, actor=life.by_agency)
    assert book(life.order) == []


def test_the_operators_confirm_it_with_a_slip(life, attempt, clerk):
    assert "确认线下转账" in page(clerk, life)
    client, number = client_of(clerk), life.order.number
    assert act(client, number, "confirm-transfer").status_code != 302
    did(act(client, number, "confirm-transfer", slip=pdf("回单.pdf")))
    confirmed = AuditEntry.objects.get(stream=life.order.stream, action="payment.confirmed")
    assert (confirmed.actor, confirmed.on_behalf_of) == (clerk, None)
    did(act(client_of(life.by_agency), number, "confirm-transfer"))
    assert book(life.order) == [("direct", life.order.fee_fen)]


def test_whose_turn_a_transfer_of_the_authority_is(life, attempt, clerk):
    assert "轮到您" in page(clerk, life)
    life.rate("buyer")
    seen = page(life.by_buyer, life)
    assert "服务中心" in seen and "确认线下转账" in seen and "轮到您" not in seen


def test_the_operators_withdraw_it(life, attempt, clerk):
    did(act(client_of(clerk), life.order.number, "cancel-payment"))
    assert Payment.objects.get().status == "cancelled"
    assert pay.payment_start(order=life.order, gateway="sandbox", actor=clerk).pk != attempt.pk


def test_the_agencys_own_operator_does_not_pay_for_the_authority(life, clerk):
    ours = at_desk_too(life.agency.organisation)
    assert client_of(ours).get(f"/orders/{life.order.number}/pay/").status_code == 403
    with pytest.raises(Forbidden):
        pay.payment_start(order=life.order, gateway="offline", actor=ours)
    attempt = pay.payment_start(order=life.order, gateway="offline", actor=clerk)
    with pytest.raises(Forbidden):
        pay.payment_cancel(payment=attempt, actor=ours)


def test_who_confirmed_for_the_authority_does_not_verify(life, attempt, clerk):
    """One person at the desk would otherwise say both that money was sent and that it came."""
    second, number = factories.make_staff(), life.order.number
    transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=clerk)
    with clock.at(Deadline.objects.get(code="order.transfer").due_at + timedelta(seconds=1)):
        deadlines.sweep()
        for arrived in (True, False):
            with refused("payment.same_person"):
                transfer.payment_verify(payment=attempt, arrived=arrived, finding="银行回单", actor=clerk)
        assert "verify-transfer" not in page(clerk, life) and "verify-transfer" in page(second, life)
        refusal = client_of(clerk).get(f"/orders/{number}/do/verify-transfer/").content.decode()
        assert "您已代付款方确认这笔转账" in refusal and "转交其他工作人员" in refusal
        assert waits(clerk) == [] and waits(second) == ["线下转账只有一方确认（请核实）"]
        listed = "/desk/orders/?money=transfer"
        assert number in client_of(second).get(listed).content.decode()
        assert number not in client_of(clerk).get(listed).content.decode()
        transfer.payment_verify(payment=attempt, arrived=True, finding="银行回单", actor=second)
    assert book(life.order) == [("direct", life.order.fee_fen)]


def test_who_confirmed_an_earlier_attempt_may_verify_a_later_one(life, attempt, clerk):
    second = factories.make_staff()
    transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=clerk)
    transfer.payment_verify(payment=attempt, arrived=False, finding="账户无此款", actor=second)
    later = pay.payment_start(order=life.order, gateway="offline", actor=second)
    transfer.payment_offline_confirm(payment=later, slip=life.paper("slip"), actor=second)
    transfer.payment_verify(payment=later, arrived=True, finding="银行回单", actor=clerk)
    assert book(life.order) == [("direct", life.order.fee_fen)]


def waits(user) -> list[str]:
    """Lines about transfers that the person may end."""
    found = waiting.money_of_centre(user, None)
    return [str(line.label) for line in found if line.count and "转账" in str(line.label)]


# --- names and the way back -------------------------------------------------------------------------------------------
@pytest.fixture
def paid(life, attempt, clerk):
    transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=clerk)
    transfer.payment_offline_confirm(payment=attempt, actor=life.by_agency)
    return life


def payer_on(html: str) -> str:
    """What a paper or panel says after 付款方."""
    return re.sub(r"<[^>]+>|\s", "", html.partition("付款方</dt>")[2])[:20]


def test_papers_name_the_authority_as_payer(life, attempt, clerk):
    for where in ("pay/", "transfer-slip/"):
        assert payer_on(page(clerk, life, where)).startswith("审批部门"), where
    transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=clerk)
    transfer.payment_offline_confirm(payment=attempt, actor=life.by_agency)
    assert payer_on(page(life.by_buyer, life, "receipt/")).startswith("审批部门")
    money = page(life.by_buyer, life, "money/")
    assert "付款方 → 中介机构" in money and "项目业主 →" not in money


def test_the_buyers_receipt_names_the_buyer(rulebook):
    """The negative control."""
    life = Life().until("paid")
    assert payer_on(page(life.by_buyer, life, "receipt/")).startswith(life.buyer.name[:20])


def test_the_sandbox_bank_knows_the_authority_as_payer(life, clerk):
    pay.payment_start(order=life.order, gateway="sandbox", actor=clerk)
    assert BankDeposit.objects.get().payer == "审批部门"


def test_a_refund_of_the_authority_is_confirmed_by_the_operators(paid, clerk):
    row = complaint.complaint_file(order=paid.order, subject_code="quality", body="数据有误", actor=paid.by_buyer)
    complaint.complaint_accept(complaint=row, actor=clerk)
    complaint.complaint_decide(complaint=row, upheld=True, answer="应退十元", refund_fen=1000, actor=clerk)
    back = Refund.objects.get()
    told = Notification.objects.filter(title__contains="退款已批准")
    assert {one.user for one in told} == {clerk}
    (owes,) = Notification.objects.filter(title__contains="直接退还付款方")
    assert owes.user == paid.by_agency and "付款方（审批部门）" in owes.body and paid.buyer.name not in owes.body
    waiting_line = next(line for line in waiting.money_of_centre(clerk, None) if "退还审批部门" in str(line.label))
    assert waiting_line.count == 1
    assert "confirm-refund" not in page(paid.by_buyer, paid, "money/")
    with refused("payment.authority"):
        refund.refund_offline_confirm(refund=back, actor=paid.by_buyer)
    assert f"confirm-refund/{back.pk}/" in page(clerk, paid, "money/")
    did(act(client_of(clerk), paid.order.number, "confirm-refund", back.pk))
    assert book(paid.order) == [("direct", paid.order.fee_fen), ("refund", 1000)]
