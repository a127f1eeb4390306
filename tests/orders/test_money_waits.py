"""Money that waits for an operator stands in the operators' queue until somebody has acted, and its line leads to it."""

from datetime import timedelta

import pytest

from kernel import clock
from kernel.models import Deadline
from kernel.services import deadlines
from orders import waiting
from orders.gateways import bank
from orders.models import BankDeposit, Order, Refund
from orders.selectors.queue import narrow
from orders.services import cancel, pay, refund, stray, transfer
from tests import factories
from tests.orders.lives import Life, deliver_bank_news
from tests.orders.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
TO_GRANT = "待批准的退款"
FAILED = "未成功的退款（请再次办理）"
STRAY = "与订单不符的款项（请退回）"
ONE_SIDED = "线下转账只有一方确认（请核实）"


@pytest.fixture
def clerk(db):
    return factories.make_staff()


def lines(user):
    found = [*waiting.of_centre(user, None), *waiting.money_of_centre(user, None)]
    return {str(line.label): line for line in found if line.count}


def stands(user, label, life):
    """One line, of one order, with how long it has waited, which leads to that order and to no other."""
    line = lines(user)[label]
    assert (line.count, line.watched) == (1, False) and line.since is not None
    page = client_of(user).get(line.url)
    shown = page.content.decode()
    assert page.status_code == 200 and life.order.number in shown and label in shown
    for other in Order.objects.exclude(pk=life.order.pk):
        assert other.number not in shown
    wanted = {"money": line.url.partition("money=")[2]}
    assert [row.pk for row in narrow(Order.objects.all(), wanted, user=user)] == [life.order.pk]


def test_a_refund_that_failed(rulebook, clerk):
    Life().until("in_service")  # paid too, and nothing failed
    life = Life().until("paid")
    deposit = BankDeposit.objects.get(reference=life.order.payments.get().reference)
    BankDeposit.objects.filter(pk=deposit.pk).update(released_fen=deposit.amount_fen)
    assert FAILED not in lines(clerk)
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    deliver_bank_news()
    stands(clerk, FAILED, life)
    BankDeposit.objects.filter(pk=deposit.pk).update(released_fen=0)
    refund.refund_retry(refund=Refund.objects.get(), actor=clerk)
    deliver_bank_news()
    assert FAILED not in lines(clerk)


def test_a_refund_to_be_granted(rulebook, clerk, settings):
    settings.REFUND_TWO_PEOPLE_FEN = 1
    life = Life().until("in_service")
    row = refund.refund_propose(order=life.order, amount_fen=1000, reason="协商", actor=factories.make_staff())
    stands(clerk, TO_GRANT, life)
    refund.refund_grant(refund=row, actor=clerk)
    assert TO_GRANT not in lines(clerk)


def test_of_two_refunds_each_reads_the_one_that_a_colleague_proposed(rulebook, clerk, settings):
    settings.REFUND_TWO_PEOPLE_FEN = 1
    other = factories.make_staff()
    mine, theirs = Life().until("in_service"), Life().until("in_service")
    refund.refund_propose(order=mine.order, amount_fen=1000, reason="协商", actor=clerk)
    refund.refund_propose(order=theirs.order, amount_fen=1000, reason="协商", actor=other)
    stands(clerk, TO_GRANT, theirs)
    stands(other, TO_GRANT, mine)
    assert list(lines(clerk)) == list(lines(other)) == [TO_GRANT]
    file = b"".join(client_of(clerk).get(lines(clerk)[TO_GRANT].url + "&export=csv").streaming_content).decode()
    assert theirs.order.number in file and mine.order.number not in file


def test_money_that_does_not_fit(rulebook, clerk):
    life = Life().until("in_contract")
    attempt = pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    assert STRAY not in lines(clerk)
    BankDeposit.objects.update(amount_fen=attempt.amount_fen + 100)
    bank.deposit_decide(reference=attempt.reference, pay=True)
    deliver_bank_news()
    stands(clerk, STRAY, life)
    stray.payment_give_back(payment=attempt, reason="多付一元", actor=clerk)
    assert STRAY not in lines(clerk)


def test_a_transfer_that_one_side_confirmed(rulebook, clerk):
    """While the other side has its days it is not the centre's; after them, for as long as nobody acts, it is."""
    life = Life().until("in_contract")
    attempt = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=life.by_buyer)
    assert ONE_SIDED not in lines(clerk)
    due = Deadline.objects.get(code="order.transfer").due_at
    with clock.at(due + timedelta(seconds=1)):
        deadlines.sweep()
        stands(clerk, ONE_SIDED, life)
    with clock.at(due + timedelta(days=60)):
        stands(clerk, ONE_SIDED, life)
        transfer.payment_verify(payment=attempt, arrived=True, finding="银行回单", actor=clerk)
        assert ONE_SIDED not in lines(clerk)


def test_only_operators_have_these_lines(rulebook):
    life = Life().until("in_contract")
    attempt = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=attempt, slip=life.paper("slip"), actor=life.by_buyer)
    Deadline.objects.filter(code="order.transfer").delete()
    assert ONE_SIDED in lines(factories.make_staff("operator"))
    for user in (factories.make_staff("supervisor"), factories.make_staff("inspector"), life.by_buyer):
        assert lines(user) == {}


def test_two_queries_a_source(rulebook, clerk, django_assert_max_num_queries):
    waiting.of_centre(clerk, None)  # memberships
    with clock.at(clock.now()):  # PostgreSQL is asked for the time
        for source in (waiting.of_centre, waiting.money_of_centre):
            with django_assert_max_num_queries(2):
                source(clerk, None)
