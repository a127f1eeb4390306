"""Two things at once on one order: an act that meets another's rest must neither fail nor leave anything behind."""

from datetime import UTC, datetime, timedelta

import pytest

from credit.models import Case, CreditEvent
from credit.services.events import event_void
from kernel import clock, workdays
from kernel.errors import Forbidden
from kernel.models import Deadline, Notification
from kernel.services import deadlines
from orders.models import Order, Payment, Refund
from orders.selectors.money import balance
from orders.services import (
    accept,
    cancel,
    complaint,
    contract,
    extension,
    lead,
    materials,
    message,
    pay,
    refund,
    transfer,
)
from tests import factories
from tests.orders.lives import Life, deliver_bank_news, refused

pytestmark = pytest.mark.django_db
# A Monday without holidays near
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


def after(days: int) -> datetime:
    """The first moment after a limit of so many working days that began on the Monday."""
    return workdays.due_at(MONDAY, days) + timedelta(microseconds=1)


def sweep_at(moment: datetime) -> None:
    with clock.at(moment):
        deadlines.sweep()


@pytest.fixture
def make(rulebook):
    def made(state="placed", **given):
        with clock.at(MONDAY):
            return Life(**given).until(state)

    return made


def open_limits(life) -> set[str]:
    rows = Deadline.objects.filter(subject=life.order.stream, state=Deadline.State.OPEN)
    return set(rows.values_list("code", flat=True))


def uphold(life, refund_fen=None, row=None):
    row = row or complaint.complaint_file(order=life.order, subject_code="quality", body="有误", actor=life.by_buyer)
    clerk = factories.make_staff()
    complaint.complaint_accept(complaint=row, actor=clerk)
    complaint.complaint_decide(complaint=row, upheld=True, answer="核实", refund_fen=refund_fen, actor=clerk)
    return row


# --- papers and the contract ------------------------------------------------------------------------------------------
def test_papers_asked_and_answered_before_the_contract(make):
    life = make("accepted")
    with clock.at(MONDAY):
        materials.materials_request(order=life.order, missing=["环评批复"], actor=life.by_agency)
        materials.materials_answer(order=life.order, actor=life.by_buyer)
        assert "order.materials" not in open_limits(life)
        life.in_contract()
    assert open_limits(life) == {"order.pay", "order.materials"}


def test_papers_asked_before_the_contract_and_answered_after_it(make):
    life = make("accepted")
    with clock.at(MONDAY):
        materials.materials_request(order=life.order, missing=["环评批复"], actor=life.by_agency)
        life.in_contract()
        assert open_limits(life) == {"order.pay", "order.supplement"}
        materials.materials_answer(order=life.order, actor=life.by_buyer)
    assert open_limits(life) == {"order.pay", "order.materials"}


# --- money that waits -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("granted", (True, False))
def test_a_proposed_refund_holds_the_release_until_it_is_decided(make, settings, granted):
    settings.REFUND_TWO_PEOPLE_FEN = 1
    life = make("delivered")
    with clock.at(MONDAY):
        row = refund.refund_propose(order=life.order, amount_fen=1000, reason="协商", actor=factories.make_staff())
        life.approved()
        assert balance(life.order).held == life.order.fee_fen
        second = factories.make_staff()
        (refund.refund_grant if granted else refund.refund_refuse)(refund=row, actor=second)
        deliver_bank_news()
        life.closed()
    now = balance(life.order)
    assert (now.held, now.refunded) == (0, 1000 if granted else 0)
    assert life.fresh.status == "closed"


@pytest.mark.parametrize("first", ("by_buyer", "by_agency"))
def test_a_transfer_one_side_confirmed_is_not_lost_when_the_limit_passes(make, first):
    life = make("in_contract")
    clerk = factories.make_staff()
    with clock.at(MONDAY):
        payment = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
        slip = life.paper("payment_slip") if first == "by_buyer" else None
        transfer.payment_offline_confirm(payment=payment, slip=slip, actor=getattr(life, first))
    assert "order.pay" not in open_limits(life)
    materials.materials_complete(order=life.order, actor=life.by_agency)
    sweep_at(after(5))
    assert (life.fresh.status, Payment.objects.get().status) == ("accepted", "created")
    assert Notification.objects.filter(user=clerk, title__contains="只有一方确认").exists()
    transfer.payment_verify(payment=payment, arrived=True, finding="核对银行回单", actor=clerk)
    assert life.fresh.status == "in_service"


def test_a_transfer_that_never_came_may_be_paid_anew(make):
    life = make("in_contract")
    with clock.at(MONDAY):
        payment = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
        with refused("payment.not_offline"):
            transfer.payment_verify(payment=payment, arrived=True, finding="x", actor=factories.make_staff())
        transfer.payment_offline_confirm(payment=payment, slip=life.paper("payment_slip"), actor=life.by_buyer)
        with pytest.raises(Forbidden):
            transfer.payment_verify(payment=payment, arrived=True, finding="x", actor=life.by_buyer)
        transfer.payment_verify(payment=payment, arrived=False, finding="账户无此笔", actor=factories.make_staff())
    assert open_limits(life) == {"order.pay", "order.materials"}
    life.pay_now()
    assert Payment.objects.filter(order=life.order, status="settled", gateway="sandbox").exists()


def test_a_confirmed_transfer_outlives_its_order_and_goes_back(make):
    life = make("in_contract")
    clerk = factories.make_staff()
    payment = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=payment, slip=life.paper("payment_slip"), actor=life.by_buyer)
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    deliver_bank_news()
    payment.refresh_from_db()
    assert payment.status == "created" and not open_limits(life)
    assert Notification.objects.filter(user=clerk, title__contains="只有一方确认").exists()
    transfer.payment_offline_confirm(payment=payment, actor=life.by_agency)
    assert Refund.objects.get(order=life.order).amount_fen == life.order.fee_fen


def test_a_newer_slip_is_kept(make):
    life = make("in_contract")
    payment = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
    transfer.payment_offline_confirm(payment=payment, slip=life.paper("payment_slip"), actor=life.by_buyer)
    newer = life.paper("payment_slip")
    transfer.payment_offline_confirm(payment=payment, slip=newer, actor=life.by_buyer)
    assert Payment.objects.get(pk=payment.pk).slip_id == newer.pk


def test_no_refund_beside_a_cancellation(make):
    """A fee returned before the work began would leave an order that counts as paid."""
    life = make("paid")
    with refused("refund.cancel_instead"):
        refund.refund_propose(
            order=life.order, amount_fen=life.order.fee_fen, reason="退款", actor=factories.make_staff()
        )
    cancel.order_cancel(order=life.order, reason="agreed", actor=life.by_buyer)
    deliver_bank_news()
    assert balance(life.order).held == 0


# --- complaints and credit --------------------------------------------------------------------------------------------
def live_performance(life) -> CreditEvent:
    """The one report of the work that counts."""
    return CreditEvent.objects.get(agency=life.agency, code="performance", acts__isnull=True)


def test_two_complaints_upheld_after_approval(make):
    life = make("approved")
    first, second = uphold(life), uphold(life)
    assert live_performance(life).evidence["complaint"] == f"{first.number}, {second.number}"
    assert Case.objects.filter(agency=life.agency, event_code="complaint_upheld").count() == 2


def test_a_complaint_upheld_after_an_officer_voided_the_report(make):
    life = make("approved")
    event_void(event=live_performance(life), reason="登记有误", actor=factories.make_staff("credit_officer"))
    row = uphold(life)
    assert live_performance(life).evidence["complaint"] == row.number


def test_a_complaint_upheld_before_approval_counts_in_the_report(make):
    life, other = make("delivered"), make("approved")
    row = uphold(life)
    life.approved()
    spoilt = live_performance(life)
    assert spoilt.evidence["complaint"] == row.number
    assert spoilt.x < live_performance(other).x


@pytest.mark.parametrize("order", ("rated first", "refunded first"))
def test_a_refund_voids_the_rating_whichever_comes_first(make, order):
    life = make("delivered")
    row = complaint.complaint_file(order=life.order, subject_code="quality", body="有误", actor=life.by_buyer)
    counted = CreditEvent.objects.filter(code="rating", acts__isnull=True)
    with clock.at(MONDAY):
        life.approved()
        if order == "rated first":
            life.rate("buyer")
            life.rate("agency")
            assert counted.exists()
        uphold(life, refund_fen=1000, row=row)
        deliver_bank_news()
        if order == "refunded first":
            life.rate("buyer")
            life.rate("agency")
    assert not counted.exists()
    assert not life.order.ratings.filter(voided_at__isnull=True).exists()


def test_the_window_for_complaints_begins_with_the_end(make):
    life, ended = make("in_service"), make("placed")
    with clock.at(MONDAY):
        cancel.order_cancel(order=ended.order, reason="project_dropped", actor=ended.by_buyer)
    with clock.at(MONDAY + timedelta(days=366)):
        assert complaint.complaint_file(order=life.order, subject_code="late", body="逾期", actor=life.by_buyer)
        with refused("complaint.late"):
            complaint.complaint_file(order=ended.order, subject_code="other", body="x", actor=ended.by_buyer)
    with clock.at(MONDAY + timedelta(days=364)):
        assert complaint.complaint_file(order=ended.order, subject_code="other", body="x", actor=ended.by_buyer)


# --- ending while something is asked ----------------------------------------------------------------------------------
def test_an_agency_that_leaves_after_acceptance_gives_up(make):
    life = make("accepted")
    with refused("order.reason"):
        cancel.order_cancel(order=life.order, reason="agreed", actor=life.by_agency)
    cancel.order_cancel(order=life.order, reason="agency_gives_up", actor=life.by_agency)
    assert Case.objects.get(agency=life.agency).event_code == "gives_up_win"


@pytest.mark.parametrize("answer", ("accept", "decline"))
def test_a_proposal_ends_with_the_agencys_own_answer(make, answer):
    life = make()
    with clock.at(MONDAY):
        accept.order_propose(
            order=life.order, fee_fen=10**6, days=20, note="规模大", lead=life.lead, actor=life.by_agency
        )
        if answer == "accept":
            accept.order_accept(order=life.order, actor=life.by_agency)
        else:
            accept.order_decline(order=life.order, reason="busy", actor=life.by_agency)
    assert "order.proposal" not in open_limits(life)


@pytest.mark.parametrize("end", ("terminated", "approved"))
def test_what_was_asked_falls_with_the_work(make, end):
    life = make("in_service")
    other = factories.make_practitioner(life.agency)
    with clock.at(MONDAY):
        extension.extension_ask(
            order=life.order, days=3, reason="雨季", document=life.paper("extension"), actor=life.by_agency
        )
        lead.lead_change_ask(order=life.order, proposed=other, reason="调岗", actor=life.by_agency)
        life.until(end)
    assert not open_limits(life) & {"order.extension", "order.lead_change"}
    assert Order.objects.get(pk=life.order.pk).extension.status == "refused"
    assert life.order.lead_changes.get().status == "refused"
    with refused("extension.none"):
        extension.extension_answer(order=life.order, granted=True, actor=life.by_buyer)
    with refused("lead.none"):
        lead.lead_change_answer(order=life.order, granted=True, actor=life.by_buyer)


# --- talking ----------------------------------------------------------------------------------------------------------
def test_who_only_reads_does_not_write(make):
    life = make()
    for role in ("inspector", "credit_officer"):
        with pytest.raises(Forbidden):
            message.message_post(order=life.order, body="看看", actor=factories.make_staff(role))
    for actor in (life.by_buyer, life.by_agency, factories.make_staff(), factories.make_staff("supervisor")):
        assert message.message_post(order=life.order, body="在办", actor=actor)


def test_a_contract_confirmed_twice_is_a_sentence(make):
    life = make("in_contract")
    with refused("contract.state"):
        contract.contract_confirm(order=life.order, actor=life.by_buyer)
