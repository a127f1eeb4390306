"""The lines of the work home: what waits, for whom, and what is late; the lists and lamps they lead to say the same."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from kernel import clock, workdays
from kernel.models import Deadline, Notification
from kernel.services import deadlines
from orders import waiting
from orders.gateways import bank
from orders.models import Extension, Order
from orders.selectors.queue import narrow
from orders.services import extension, pause, pay, review_round, transfer
from tests import factories
from tests.orders.lives import Life, deliver_bank_news, refused
from tests.orders.test_pages_turn import step
from tests.orders.walk import client_of

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


def after(days):
    return workdays.due_at(MONDAY, days) + timedelta(microseconds=1)


def lines(user, party):
    return {str(line.label): line for line in waiting.of_party(user, party)}


def of_centre(*roles):
    return {str(line.label): line for line in waiting.of_centre(factories.make_staff(*roles), None)}


def red():
    return list(narrow(Order.objects.all(), {"lamp": "red"}))


def under_review(since=MONDAY):
    with clock.at(since):
        life = Life(listing=factories.make_listing(item=factories.make_item(external_review=True))).until("in_service")
        review_round.review_round_submit(order=life.order, paper=life.paper("review"), actor=life.by_agency)
    return life


@pytest.fixture
def paused():
    """Paused on the first day; at ``beyond`` the limit has passed and the pause's cap has not."""
    with clock.at(MONDAY):
        life = Life().until("in_service")
        pause.pause_ask(order=life.order, cause="weather", actor=life.by_agency)
        pause.pause_answer(order=life.order, agreed=True, actor=life.by_buyer)
    return life


# --- the clock stands still -------------------------------------------------------------------------------------------
def test_nothing_is_late_while_a_review_stops_the_clock(rulebook):
    life = under_review()
    with clock.at(after(life.order.days + 3)):
        assert Deadline.objects.get(code="order.service").due_at < clock.now()
        assert "机构逾期未交付成果（请督办）" not in of_centre("supervisor")
        own = lines(life.by_agency, life.agency.organisation)["完成服务并交付成果"]
        assert (own.count, own.overdue, own.due_at) == (1, 0, None)
        assert lines(life.by_buyer, life.buyer) == {}
        assert red() == []


def test_it_is_late_for_all_of_them_when_the_clock_runs(rulebook):
    """The negative control: the same order without the pause."""
    with clock.at(MONDAY):
        life = Life().until("in_service")
    with clock.at(after(life.order.days + 3)):
        assert of_centre("supervisor")["机构逾期未交付成果（请督办）"].count == 1
        own = lines(life.by_agency, life.agency.organisation)["完成服务并交付成果"]
        assert own.overdue == 1 and own.due_at is not None
        assert "对方逾期未办，可以催办：完成服务并交付成果" in lines(life.by_buyer, life.buyer)
        assert red() == [life.order]


def test_an_order_that_stands_still_comes_after_those_that_run(rulebook, paused):
    """And its row says since when it stands, not when it would have been due."""
    with clock.at(after(6)):
        running = Life()
        shown = client_of(factories.make_staff("operator")).get("/desk/orders/").content.decode()
    assert shown.index(running.order.number) < shown.index(paused.order.number) and "日起</span>" in shown


def test_an_answer_asked_for_under_a_pause_waits_like_the_rest(rulebook, paused):
    """Lamp, list, work home and sweep agree: the buyer's time for an extension goes on with the clock."""
    life = paused
    with clock.at(after(1)):
        extension.extension_ask(
            order=life.order, days=2, reason="雨季", document=life.paper("extension"), actor=life.by_agency
        )
    with clock.at(after(6)):
        deadlines.sweep()
        assert Extension.objects.get().status == "asked"
        assert red() == [] and lines(life.by_buyer, life.buyer)["答复延期申请"].overdue == 0
        for user in (life.by_buyer, life.by_agency):
            words = step(user, life)[2]
            assert "计时暂停" in words and "最迟" not in words and "逾期 " not in words
        pause.pause_end(order=life.order, actor=life.by_agency)
    due = Deadline.objects.get(code="order.extension").due_at
    with clock.at(due - timedelta(microseconds=1)):
        assert red() == []
    with clock.at(due + timedelta(microseconds=1)):
        assert red() == [life.order] and lines(life.by_buyer, life.buyer)["答复延期申请"].overdue == 1
        deadlines.sweep()
        assert Extension.objects.get().status == "refused" and red() == []


def test_the_limit_of_a_review_goes_on_while_it_stops_the_order(rulebook):
    life = under_review()
    due = Deadline.objects.get(code="review.result").due_at
    with clock.at(due + timedelta(microseconds=1)):
        line = of_centre("operator")["评审结果逾期未登记（请核实）"]
        assert line.count == 1
        assert "逾期 1 个工作日" in step(life.by_agency, life)[2]
        # The line leads to the order, and its lamp is that of the review: the order's own clock stands still
        other = under_review(clock.now())
        page = client_of(factories.make_staff("operator")).get(line.url).content.decode()
        assert life.order.number in page and other.order.number not in page
        assert "登记评审结果" in page and "逾期 1 个工作日" in page


@pytest.mark.both_engines
def test_a_list_of_reviews_is_lit_by_their_limit(rulebook):
    life = under_review()
    due = Deadline.objects.get(code="review.result").due_at
    for at, colour in ((due - timedelta(hours=1), "amber"), (due + timedelta(hours=1), "red")):
        with clock.at(at):
            for lamp in ("red", "amber", "green", "grey"):
                found = narrow(Order.objects.all(), {"due": "review.result", "lamp": lamp})
                assert [row.pk for row in found] == ([life.order.pk] if lamp == colour else [])
    with clock.at(due):
        review_round.review_round_decide(order=life.order, result="returned", actor=life.by_agency)
        assert list(narrow(Order.objects.all(), {"due": "review.result"})) == []


# --- who owes the fee -------------------------------------------------------------------------------------------------
def approved(payer):
    """Approved on a Monday; the item leaves it to the parties who pays."""
    with clock.at(MONDAY):
        listing = (
            factories.make_listing(item=factories.make_item(who_pays="authority")) if payer == "authority" else None
        )
        buyer = factories.make_organisation() if payer == "authority" else factories.make_organisation("public_body")
        return Life(buyer=buyer, listing=listing, payer=payer).until("approved")


def test_nobody_dunns_the_buyer_for_a_fee_the_authority_owes(rulebook):
    life = approved("authority")
    clerk = factories.make_staff("operator")
    with clock.at(after(21)):
        assert "支付" not in " ".join(lines(life.by_buyer, life.buyer))
        assert step(life.by_buyer, life)[:2] == ("mine", "评价对方")
        assert "服务中心同时在办：支付服务费" in step(life.by_buyer, life)[2]
        whose, heading, words = step(clerk, life)
        assert (whose, heading) == ("mine", "支付服务费") and "服务中心同时在办" not in words
        assert step(factories.make_staff("supervisor"), life)[:2] == ("theirs", "支付服务费")
        assert of_centre("operator")["支付由审批部门承担的服务费"].overdue == 1
        assert of_centre("supervisor")["审批部门逾期未支付服务费（请督办）"].watched


def test_the_operators_are_told_reminded_and_can_pay_it(rulebook):
    clerk = factories.make_staff("operator")
    life = approved("authority")
    told = Notification.objects.filter(user=clerk, subject=life.order.stream)
    assert told.filter(title__contains="审批部门承担的服务费").exists()
    with clock.at(after(18)):
        deadlines.sweep()
        assert told.filter(kind="reminder").exists()
        assert not Notification.objects.filter(user=life.by_buyer, kind="reminder", title__contains="服务费").exists()
        assert "付款" in client_of(clerk).get(f"/orders/{life.order.number}/pay/").content.decode()
        payment = pay.payment_start(order=life.order, gateway="sandbox", actor=clerk)
        bank.deposit_decide(reference=payment.reference, pay=True)
        deliver_bank_news()
    assert not Deadline.objects.filter(code="order.authority_payment", state="open").exists()
    assert "支付由审批部门承担的服务费" not in of_centre("operator")


def test_a_public_buyer_still_owes_its_own(rulebook):
    """The negative control."""
    life = approved("buyer")
    with clock.at(after(21)):
        assert lines(life.by_buyer, life.buyer)["支付服务费（验收后）"].overdue == 1
        assert step(life.by_buyer, life)[:2] == ("mine", "支付服务费")
        assert step(factories.make_staff("operator"), life)[0] == "theirs"
        found = of_centre("operator")
        assert found["业主逾期未付款（请督办）"].watched and "支付由审批部门承担的服务费" not in found


def test_a_transfer_of_the_authority_is_confirmed_by_the_operators(rulebook):
    clerk = factories.make_staff("operator")
    life = approved("authority")
    with clock.at(after(2)):
        payment = pay.payment_start(order=life.order, gateway="offline", actor=clerk)
        transfer.payment_offline_confirm(payment=payment, actor=life.by_agency)
        assert [label for label in lines(life.by_buyer, life.buyer) if "转账" in label or "支付" in label] == []
        assert not Notification.objects.filter(user=life.by_buyer, title__contains="线下转账").exists()
        assert Notification.objects.filter(user=clerk, title__contains="线下转账").exists()
        transfer.payment_verify(payment=payment, arrived=True, finding="回单", actor=clerk)
    assert not Deadline.objects.filter(code="order.authority_payment", state="open").exists()


def test_a_public_buyer_that_has_transferred_is_not_dunned(rulebook):
    """Whoever confirms first stops the limit for paying; then the other side's days run."""
    life = approved("buyer")
    with clock.at(after(2)):
        payment = pay.payment_start(order=life.order, gateway="offline", actor=life.by_buyer)
        transfer.payment_offline_confirm(payment=payment, slip=life.paper("slip"), actor=life.by_buyer)
    with clock.at(after(21)):
        deadlines.sweep()
        assert "业主逾期未付款（请督办）" not in of_centre("operator")
        assert not [label for label in lines(life.by_agency, life.agency.organisation) if "支付服务费" in label]
        assert not [label for label in lines(life.by_buyer, life.buyer) if "支付服务费" in label]


@pytest.mark.parametrize(("payer", "code"), [("buyer", "order.payment"), ("authority", "order.authority_payment")])
def test_a_transfer_that_did_not_arrive_begins_the_same_limit_anew(rulebook, payer, code):
    life, clerk = approved(payer), factories.make_staff("operator")
    with clock.at(after(2)):
        by = life.by_buyer if payer == "buyer" else clerk
        payment = pay.payment_start(order=life.order, gateway="offline", actor=by)
        transfer.payment_offline_confirm(payment=payment, slip=life.paper("slip"), actor=by)
        open_rows = Deadline.objects.filter(subject=life.order.stream, state="open")
        assert not open_rows.filter(code=code).exists() and open_rows.filter(code="order.transfer").exists()
    with clock.at(after(4)):
        other = factories.make_staff("operator")
        transfer.payment_verify(payment=payment, arrived=False, finding="账户无此款", actor=other)
        row = open_rows.get(code=code)
        assert row.party == (life.buyer if payer == "buyer" else None)
        assert not open_rows.filter(code="order.transfer").exists()


def test_what_the_authority_owes_runs_on_when_the_agency_was_wrong(rulebook):
    life, clerk = approved("authority"), factories.make_staff("operator")
    due = Deadline.objects.get(code="order.authority_payment").due_at
    with clock.at(after(2)):
        payment = pay.payment_start(order=life.order, gateway="offline", actor=clerk)
        transfer.payment_offline_confirm(payment=payment, actor=life.by_agency)
        transfer.payment_verify(payment=payment, arrived=False, finding="账户无此款", actor=clerk)
    assert Deadline.objects.get(code="order.authority_payment", state="open").due_at == due


def test_the_applicant_cannot_pay_what_the_authority_owes(rulebook):
    life, clerk = approved("authority"), factories.make_staff("operator")
    path = f"/orders/{life.order.number}/pay/"
    for method in ("get", "post"):
        answer = getattr(client_of(life.by_buyer), method)(path, {"gateway": "sandbox"})
        assert answer.status_code == 409 and "由审批部门承担" in answer.content.decode()
    with refused("payment.authority"):
        pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)
    assert not life.order.payments.exists()
    assert client_of(life.by_agency).get(path).status_code == 403
    assert client_of(clerk).get(path).status_code == 200


def test_a_failed_payment_is_told_to_whoever_owes_the_fee(rulebook):
    life, clerk = approved("authority"), factories.make_staff("operator")
    pay.payment_fail(payment=pay.payment_start(order=life.order, gateway="sandbox", actor=clerk), failure="refused")
    told = Notification.objects.filter(title__startswith="支付未成功，可以重新支付")
    assert {row.user for row in told} == {clerk}


def test_a_limit_that_ran_against_the_buyer_goes_over_to_the_operators(rulebook):
    life, public = approved("authority"), approved("buyer")
    Deadline.objects.filter(code="order.authority_payment").update(code="order.payment", party=life.buyer)
    import_module("orders.migrations.0011_authority_owes_its_fee").hand_over(apps, None)
    open_rows = Deadline.objects.filter(state="open", code__in=["order.payment", "order.authority_payment"])
    assert {row.subject: (row.code, row.party) for row in open_rows} == {
        life.order.stream: ("order.authority_payment", None),
        public.order.stream: ("order.payment", public.buyer),
    }


def test_approving_says_who_will_pay(rulebook):
    life = Life(listing=factories.make_listing(item=factories.make_item(who_pays="authority")), payer="authority")
    life.until("delivered")
    page = client_of(life.by_buyer).get(f"/orders/{life.order.number}/do/approve/").content.decode()
    assert "由审批部门支付" in page and "个工作日内向" not in page
