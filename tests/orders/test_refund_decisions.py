"""Who decides a refund, when it follows by itself, and where the money goes that is not given back."""

import pytest

from orders import waiting
from orders.models import LedgerEntry, Refund
from orders.selectors.money import balance
from orders.services import cancel, complaint, refund
from tests import factories
from tests.orders.lives import Life, book, deliver_bank_news, refused
from tests.orders.test_money_failures import empty_deposit, fill_deposit
from tests.orders.walk import act, client_of, did

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
TO_GRANT = "待批准的退款"


@pytest.fixture
def clerk(db):
    return factories.make_staff()


def said(user, life, code, row) -> str:
    return client_of(user).get(f"/orders/{life.order.number}/do/{code}/{row.pk}/").content.decode()


def lines(user):
    return {str(line.label): line for line in waiting.money_of_centre(user, None) if line.count}


# --- a complaint that asks for the end --------------------------------------------------------------------------------
def asked_to_end(clerk):
    """In service, the end asked for and agreed to with half the fee to be given back, the complaint still open."""
    life = Life().until("in_service")
    row = complaint.complaint_file(order=life.order, subject_code="terminate", body="项目停建", actor=life.by_buyer)
    complaint.complaint_accept(complaint=row, actor=clerk)
    half = life.order.fee_fen // 2
    cancel.order_terminate(order=life.order, reason="agreed", note="双方同意", refund_fen=half, actor=clerk)
    return life, row, half


def test_the_refund_follows_when_the_complaint_is_closed(rulebook, clerk):
    life, row, half = asked_to_end(clerk)
    assert book(life.order) == [("capture", life.order.fee_fen)] and lines(clerk) == {}
    complaint.complaint_decide(complaint=row, upheld=True, answer="同意终止", actor=clerk)
    deliver_bank_news()
    rest = life.order.fee_fen - half
    assert book(life.order) == [("capture", life.order.fee_fen), ("refund", half), ("release", rest)]


def test_a_large_one_waits_for_the_second_person(rulebook, clerk, settings):
    settings.REFUND_TWO_PEOPLE_FEN = 1
    life, row, _half = asked_to_end(clerk)
    other = factories.make_staff()
    assert lines(clerk) == lines(other) == {}, "nobody can grant it yet"
    complaint.complaint_decide(complaint=row, upheld=True, answer="同意终止", actor=clerk)
    deliver_bank_news()
    assert [kind for kind, _ in book(life.order)] == ["capture"]
    assert lines(clerk) == {} and list(lines(other)) == [TO_GRANT]
    refund.refund_grant(refund=Refund.objects.get(), actor=other)
    deliver_bank_news()
    assert [kind for kind, _ in book(life.order)] == ["capture", "refund", "release"]
    assert lines(clerk) == lines(other) == {}


def test_the_page_says_that_a_frozen_refund_follows(rulebook, clerk):
    life = Life().until("in_service")
    complaint.complaint_file(order=life.order, subject_code="quality", body="数据有误", actor=life.by_buyer)
    page = client_of(clerk).get(f"/orders/{life.order.number}/do/propose-refund/").content.decode()
    assert "投诉办结后随即办理" in page


# --- not given back ---------------------------------------------------------------------------------------------------
@pytest.fixture
def large(rulebook, clerk, settings):
    """Terminated with the whole to be given back, which needs two people; ``proposed`` by the clerk."""
    settings.REFUND_TWO_PEOPLE_FEN = 1
    life = Life().until("in_service")
    cancel.order_terminate(order=life.order, reason="agency_breach", note="未履行", actor=clerk)
    life.refund = Refund.objects.get()
    assert (life.refund.status, life.refund.two_people) == ("proposed", True)
    return life


def test_who_proposed_a_large_refund_does_not_refuse_it(large, clerk):
    with refused("refund.same_person"):
        refund.refund_refuse(refund=large.refund, actor=clerk)
    assert LedgerEntry.objects.filter(order=large.order, kind="release").count() == 0
    other = factories.make_staff()
    says = said(other, large, "refuse-refund", large.refund)
    assert "随即放给机构" in says and "留在托管账户" not in says and "提出人、批准人以外" in says
    did(act(client_of(other), large.order.number, "refuse-refund", large.refund.pk))
    assert [kind for kind, _ in book(large.order)] == ["capture", "release"]


def test_neither_who_proposed_nor_who_granted_gives_a_large_refund_up(large, clerk):
    granter, third = factories.make_staff(), factories.make_staff()
    reference = large.order.payments.get().reference
    empty_deposit(reference)
    refund.refund_grant(refund=large.refund, actor=granter)
    deliver_bank_news()
    large.refund.refresh_from_db()
    assert large.refund.status == "failed"
    for user in (clerk, granter):
        with refused("refund.same_person"):
            refund.refund_refuse(refund=large.refund, reason="业主书面放弃", actor=user)
        answer = act(client_of(user), large.order.number, "drop-refund", large.refund.pk, finding="业主书面放弃")
        assert answer.status_code != 302
    assert [kind for kind, _ in book(large.order)] == ["capture"]
    assert "随即放给机构" in said(third, large, "drop-refund", large.refund)
    fill_deposit(reference)
    refund.refund_refuse(refund=large.refund, reason="业主书面放弃", actor=third)
    assert [kind for kind, _ in book(large.order)] == ["capture", "release"]


def test_in_service_what_is_refused_stays(rulebook, clerk, settings):
    settings.REFUND_TWO_PEOPLE_FEN = 1
    life, other = Life().until("in_service"), factories.make_staff()
    row = refund.refund_propose(order=life.order, amount_fen=1000, reason="协商", actor=clerk)
    assert "款项留在托管账户" in said(other, life, "refuse-refund", row)
    refund.refund_refuse(refund=row, actor=other)
    assert book(life.order) == [("capture", life.order.fee_fen)]


# --- what failed stays reserved ---------------------------------------------------------------------------------------
@pytest.fixture
def cancelled(rulebook):
    """Paid and cancelled, and the bank could not give it back."""
    life = Life().until("paid")
    life.reference = life.order.payments.get().reference
    empty_deposit(life.reference)
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    deliver_bank_news()
    fill_deposit(life.reference)
    life.refund = Refund.objects.get()
    assert life.refund.status == "failed"
    return life


def test_what_failed_is_not_promised_a_second_time(cancelled, clerk):
    now = balance(cancelled.order)
    assert (now.held, now.refundable, now.blocked) == (cancelled.order.fee_fen, 0, cancelled.order.fee_fen)
    assert "propose-refund" not in client_of(clerk).get(f"/orders/{cancelled.order.number}/").content.decode()
    money = client_of(clerk).get(f"/orders/{cancelled.order.number}/money/").content.decode()
    assert "retry-refund" in money and "drop-refund" not in money
    refund.refund_retry(refund=cancelled.refund, actor=clerk)
    deliver_bank_news()
    assert [kind for kind, _ in book(cancelled.order)] == ["capture", "refund"] and lines(clerk) == {}


def test_what_went_back_otherwise_can_be_given_up(cancelled, clerk):
    """Rows of the time when what failed was offered again: failed, and executed beside it."""
    first = cancelled.refund
    refund.refund_retry(refund=first, actor=clerk)
    deliver_bank_news()
    first.refresh_from_db()
    assert first.status == "executed"
    failed = Refund.objects.create(
        order=cancelled.order, payment=first.payment, amount_fen=first.amount_fen, reason="", status="failed",
        reference="OLD-1", proposed_at=first.proposed_at, granted_at=first.granted_at,
    )  # fmt: skip
    with refused("refund.amount"):
        refund.refund_retry(refund=failed, actor=clerk)
    assert "drop-refund" in client_of(clerk).get(f"/orders/{cancelled.order.number}/money/").content.decode()
    refund.refund_refuse(refund=failed, reason="已另行退回", actor=clerk)
    assert lines(clerk) == {}
