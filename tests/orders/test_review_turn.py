"""An item that must pass an external review: whose turn it is, whose clock runs, what both sides read; never stuck."""

from datetime import UTC, datetime, timedelta

import pytest

from credit.models import Case
from kernel import clock, workdays
from kernel.models import Deadline, Notification
from kernel.services import deadlines
from orders.invariants.history import history_replays_to_the_state, part_histories_replay
from orders.invariants.work import approval_waits_for_the_review, service_deadline_is_recomputed
from orders.models import Deliverable, ExternalReviewRound, Order
from orders.selectors.duration import days_late, days_used
from orders.services import cancel, deliver, extension, pause, review_round
from tests import factories
from tests.orders.lives import Life, refused
from tests.orders.test_pages_turn import step
from tests.orders.walk import act, client_of, did, errors, pdf

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)
PASS = {"result": "passed_revised", "approval_number": "环建〔2026〕8号"}


def after(days, start=MONDAY):
    return workdays.due_at(start, days) + timedelta(microseconds=1)


def reviewed_life(**given):
    return Life(listing=factories.make_listing(item=factories.make_item(external_review=True)), **given)


def submit(life):
    review_round.review_round_submit(order=life.order, paper=life.paper("review"), actor=life.by_agency)


def decide(life, **result):
    review_round.review_round_decide(order=life.order, actor=life.by_agency, **result)


def open_limits(life):
    rows = Deadline.objects.filter(subject=life.order.stream, state=Deadline.State.OPEN)
    return set(rows.values_list("code", flat=True))


def test_delivered_before_the_review_it_is_the_agencys_turn_and_no_buyers_clock_runs(rulebook):
    with clock.at(MONDAY):
        life = reviewed_life().until("delivered")
        assert open_limits(life) == {"order.review"}
        assert step(life.by_agency, life)[:2] == ("mine", "提交送审")
        whose, heading, words = step(life.by_buyer, life)
        assert (whose, heading) == ("theirs", "提交送审")
        assert "等待机构登记送审结果，通过后才能验收" in words and "现在不计" in words
        assert "验收成果" not in client_of(life.by_buyer).get("/work/").content.decode()
    told = Notification.objects.filter(user=life.by_buyer, title__contains="交付成果")
    assert "5 个工作日" not in told.get().title
    assert list(approval_waits_for_the_review()) == []


def test_the_buyers_time_begins_when_the_review_has_passed(rulebook):
    with clock.at(MONDAY):
        life = reviewed_life().until("delivered")
    with clock.at(after(3)):
        submit(life)
        assert open_limits(life) == set()
        assert step(life.by_agency, life)[:2] == ("mine", "登记评审结果")
    passed = after(12)
    with clock.at(passed):
        decide(life, result="first_pass", approval_number="环建〔2026〕8号")
        row = Deadline.objects.get(subject=life.order.stream, state="open")
        assert (row.code, row.due_at) == ("order.inspect", workdays.due_at(passed, 5))
        assert step(life.by_buyer, life)[:2] == ("mine", "验收成果")
        life.approved()
    assert life.fresh.status == "approved" and life.order.completed_at == MONDAY


def test_a_review_that_was_returned_is_the_agencys_turn_again(rulebook):
    with clock.at(MONDAY):
        life = reviewed_life().until("delivered")
        submit(life)
    with clock.at(after(6)):
        decide(life, result="returned")
        assert open_limits(life) == {"order.service"}
        assert step(life.by_agency, life)[:2] == ("mine", "提交送审")
        assert list(service_deadline_is_recomputed()) == []
        submit(life)
        assert open_limits(life) == {"order.service"}
        with clock.at(after(9)):
            decide(life, **PASS)
            assert step(life.by_agency, life)[:2] == ("mine", "交付成果")
            deliver.order_deliver(order=life.order, file=life.paper(), actor=life.by_agency)
            assert open_limits(life) == {"order.inspect"}


def test_what_the_authority_returned_is_never_what_is_approved(rulebook):
    with clock.at(MONDAY):
        life = reviewed_life().until("delivered")
        submit(life)
    with clock.at(after(6)):
        decide(life, result="returned")
        returned = clock.now()
        assert life.fresh.status == "in_service"
        assert life.order.deliverables.get().status == Deliverable.Status.RETURNED
        assert "送审后修改" in client_of(life.by_buyer).get(f"/orders/{life.order.number}/work/").content.decode()
    with clock.at(after(8)):
        submit(life)
    with clock.at(after(12)):
        decide(life, **PASS)
        assert step(life.by_agency, life)[:2] == ("mine", "交付成果")
        with refused("order.wrong_state"):
            deliver.order_approve(order=life.order, paper_received=True, actor=life.by_buyer)
        deliver.order_deliver(order=life.order, file=life.paper(), actor=life.by_agency)
        life.approved()
    approved = life.order.deliverables.get(status=Deliverable.Status.APPROVED)
    assert approved.number == 2 and approved.delivered_at > returned
    # The two working days between the first round and the second are the agency's, the rounds themselves are not
    assert life.fresh.days_used == 2
    assert [*history_replays_to_the_state(), *part_histories_replay()] == []


def test_a_pass_on_condition_of_a_revision_asks_for_the_revised_file(rulebook):
    with clock.at(MONDAY):
        life = reviewed_life().until("delivered")
        submit(life)
    passed = after(6)
    with clock.at(passed):
        decide(life, **PASS)
        assert life.fresh.status == "in_service" and service_due(life) >= workdays.due_at(passed, 3)
        assert step(life.by_agency, life)[:2] == ("mine", "交付成果")
        assert Notification.objects.filter(user=life.by_agency, title__contains="请交付修改后的成果").exists()
        assert "5 个工作日" not in " ".join(
            Notification.objects.filter(user=life.by_buyer, title__contains="送审").values_list("title", flat=True)
        )
        with refused("order.wrong_state"):
            deliver.order_approve(order=life.order, paper_received=True, actor=life.by_buyer)
        deliver.order_deliver(order=life.order, file=life.paper(), actor=life.by_agency)
        assert open_limits(life) == {"order.inspect"}
        life.approved()
    assert life.order.deliverables.get(status=Deliverable.Status.APPROVED).number == 2
    assert [*history_replays_to_the_state(), *part_histories_replay(), *service_deadline_is_recomputed()] == []


def test_a_version_handed_in_after_a_round_is_the_revised_one(rulebook):
    with clock.at(MONDAY):
        life = reviewed_life().until("delivered")
        submit(life)
    with clock.at(after(6)):
        decide(life, result="returned")
        deliver.order_deliver(order=life.order, file=life.paper(), actor=life.by_agency)
        submit(life)
    with clock.at(after(9)):
        decide(life, **PASS)
        assert life.fresh.status == "delivered" and open_limits(life) == {"order.inspect"}


def test_after_a_round_that_never_was_the_first_real_one_may_pass_at_once(rulebook):
    """Nothing was submitted in the annulled one: the next is the first, and asks for no new delivery."""
    life = reviewed_life().until("delivered")
    submit(life)
    review_round.review_round_object(order=life.order, text="评审部门没有收件", actor=life.by_buyer)
    with clock.at(after(2, clock.now())):
        review_round.review_round_decide(order=life.order, result="annulled", actor=factories.make_staff())
        submit(life)
        page = client_of(life.by_agency).get(f"/orders/{life.order.number}/do/decide-review/").content.decode()
        assert 'value="first_pass"' in page
        decide(life, result="first_pass", approval_number="环建〔2026〕8号")
        assert life.fresh.status == "delivered" and open_limits(life) == {"order.inspect"}


def test_only_the_first_real_round_passes_at_once(rulebook):
    """The form offers what the service takes."""
    life = reviewed_life().until("in_service")
    submit(life)
    with clock.at(after(2, clock.now())):
        decide(life, result="returned")
        submit(life)
        page = client_of(life.by_agency).get(f"/orders/{life.order.number}/do/decide-review/").content.decode()
        assert 'value="first_pass"' not in page and 'value="passed_revised"' in page
        with refused("review.not_first"):
            decide(life, result="first_pass", approval_number="环建〔2026〕8号")


def test_days_between_a_delivery_and_its_review_are_the_agencys_own(rulebook):
    with clock.at(MONDAY):
        life = reviewed_life().until("delivered")
    with clock.at(after(3)):
        submit(life)
    with clock.at(after(10)):
        decide(life, result="returned")
        # Delivered on a Monday, submitted on the Friday
        assert days_used(life.order, clock.now()) == 4
    with clock.at(workdays.due_at(MONDAY, 40)):
        assert "逾期" in step(life.by_agency, life)[2]


def test_an_authority_that_returns_work_after_the_limit_leaves_time_for_rework(rulebook):
    with clock.at(MONDAY):
        life = reviewed_life().until("in_service")
    due = workdays.due_at(MONDAY, life.order.days)
    with clock.at(due):
        life.until("delivered")
    with clock.at(after(2, due)):
        submit(life)
    decided = after(9, due)
    with clock.at(decided):
        decide(life, result="returned")
        assert service_due(life) == workdays.due_at(decided, 3)
        assert list(service_deadline_is_recomputed()) == []


def test_an_order_ended_under_review_waits_for_no_result(rulebook):
    life = reviewed_life().until("delivered")
    submit(life)
    clerk = factories.make_staff()
    cancel.order_terminate(order=life.order, reason="agreed", note="双方协商终止", actor=clerk)
    row = ExternalReviewRound.objects.get()
    assert (row.result, row.decided_at is not None) == ("dropped", True)
    assert not Deadline.objects.filter(subject=f"review_round:{row.pk}", state="open").exists()
    for user in (life.by_agency, life.by_buyer, clerk):
        page = client_of(user).get(f"/orders/{life.order.number}/").content.decode()
        assert "登记评审结果" not in page and "object-review" not in page
    assert act(client_of(life.by_agency), life.order.number, "decide-review", **PASS).status_code == 200
    with refused("review.none"):
        decide(life, **PASS)
    with refused("review.none"):
        review_round.review_round_object(order=life.order, text="没有送审", actor=life.by_buyer)
    assert list(part_histories_replay()) == []
    other = reviewed_life().until("delivered")
    submit(other)
    form = client_of(clerk).get(f"/orders/{other.order.number}/do/decide-review/").content.decode()
    assert 'value="annulled"' in form and 'value="dropped"' not in form


def test_a_round_left_open_by_an_earlier_end_asks_nobody_for_anything(rulebook):
    life = reviewed_life().until("in_service")
    submit(life)
    Order.objects.filter(pk=life.order.pk).update(status="terminated", end_reason="agreed")
    with refused("review.none"):
        decide(life, **PASS)
    assert "登记评审结果" not in client_of(life.by_agency).get(f"/orders/{life.order.number}/").content.decode()


def test_in_service_to_submit_comes_first_and_to_deliver_stays_possible(rulebook):
    life = reviewed_life().until("in_service")
    assert step(life.by_agency, life)[:2] == ("mine", "提交送审")
    agency = client_of(life.by_agency)
    assert "do/deliver/" in agency.get(f"/orders/{life.order.number}/").content.decode()
    page = agency.post(
        f"/orders/{life.order.number}/do/deliver/", {"file": pdf(), "idempotency_token": "d"}, follow=True
    )
    assert "请继续办理送审" in page.content.decode() and "等待项目业主验收" not in page.content.decode()


def test_after_an_objection_the_centre_decides_and_nobody_is_told_otherwise(rulebook):
    life = reviewed_life().until("delivered")
    submit(life)
    review_round.review_round_object(order=life.order, text="评审部门没有收件", actor=life.by_buyer)
    for user in (life.by_buyer, life.by_agency):
        whose, heading, words = step(user, life)
        assert (whose, heading) == ("theirs", "登记评审结果") and "服务中心" in words
    clerk = client_of(factories.make_staff())
    assert "do/decide-review/" in clerk.get(f"/orders/{life.order.number}/").content.decode()
    did(act(clerk, life.order.number, "decide-review", result="annulled"))
    assert open_limits(life) == {"order.review"}


def test_the_invariant_finds_a_buyers_clock_before_the_review(rulebook):
    life = reviewed_life().until("delivered")
    Deadline.objects.filter(subject=life.order.stream, state="open").update(code="order.inspect")
    assert len(list(approval_waits_for_the_review())) == 1


# --- nobody approves unseen -------------------------------------------------------------------------------------------
def test_approval_needs_an_opened_file_or_the_word_that_it_came_on_paper(rulebook):
    life = Life().until("delivered")
    with refused("order.unopened"):
        deliver.order_approve(order=life.order, actor=life.by_buyer)
    deliver.order_approve(order=life.order, paper_received=True, actor=life.by_buyer)
    assert life.fresh.received_at is not None and life.order.deliverables.get().opened_at is not None


def test_the_order_page_does_not_approve_with_one_click(rulebook):
    life = Life().until("delivered")
    number, buyer = life.order.number, client_of(life.by_buyer)
    page = buyer.get(f"/orders/{number}/").content.decode()
    assert f'href="/orders/{number}/do/approve/"' in page and f'action="/orders/{number}/do/approve/"' not in page
    confirm = buyer.get(f"/orders/{number}/do/approve/").content.decode()
    assert "¥12,000.00" in confirm and life.agency.organisation.name in confirm and "不能撤回" in confirm
    assert "打开" in errors(act(buyer, number, "approve")) and life.fresh.status == "delivered"
    buyer.get(f"/orders/{number}/deliverables/1/")
    assert 'name="received"' not in buyer.get(f"/orders/{number}/do/approve/").content.decode()
    did(act(buyer, number, "approve"))
    assert life.fresh.status == "approved"


def test_the_agencys_own_look_is_no_opening(rulebook):
    life = Life().until("delivered")
    client_of(life.by_agency).get(f"/orders/{life.order.number}/deliverables/1/")
    with refused("order.unopened"):
        deliver.order_approve(order=life.order, actor=life.by_buyer)


# --- time for rework --------------------------------------------------------------------------------------------------
def service_due(life):
    return Deadline.objects.get(subject=life.order.stream, code="order.service", state="open").due_at


def late_rework(days_late=4):
    """Delivered after the limit, sent back the same day: the moment, and the life."""
    with clock.at(MONDAY):
        life = Life().until("in_service")
    asked = after(life.order.days + days_late)
    with clock.at(asked):
        life.until("delivered")
        deliver.order_request_changes(order=life.order, text="补充附图", actor=life.by_buyer)
    return asked, life


def test_changes_asked_for_after_the_limit_leave_three_working_days(rulebook):
    asked, life = late_rework()
    assert service_due(life) == workdays.due_at(asked, 3)
    with clock.at(asked):
        assert list(service_deadline_is_recomputed()) == []
        assert "还剩 3 个工作日" in step(life.by_agency, life)[2]


def test_a_pause_and_an_extension_move_the_time_for_rework(rulebook):
    asked, life = late_rework()
    later = after(1, asked)
    with clock.at(later):
        extension.extension_ask(
            order=life.order, days=2, reason="雨季", document=life.paper("extension"), actor=life.by_agency
        )
        extension.extension_answer(order=life.order, granted=True, actor=life.by_buyer)
        pause.pause_ask(order=life.order, cause="weather", actor=life.by_agency)
        pause.pause_answer(order=life.order, agreed=True, actor=life.by_buyer)
    with clock.at(after(6, asked)):
        pause.pause_end(order=life.order, actor=life.by_agency)
        stood = workdays.between(clock.civil(later), clock.today())
        assert service_due(life) == workdays.due_at(asked, 3 + 2 + stood)
        assert list(service_deadline_is_recomputed()) == []


@pytest.mark.parametrize(
    ("delivered", "again", "code", "days"),
    [(0, 3, None, 0), (0, 4, "late_minor", 1), (4, 1, "late_minor", 4), (11, 1, "late_major", 11)],
)
def test_lateness_is_what_the_lamps_showed(rulebook, delivered, again, code, days):
    """Sent back on the day of delivery: coming back within the time given for the changes is not late, though the days
    count as used; what was late at first stays late."""
    with clock.at(MONDAY):
        life = Life().until("in_service")
    day = workdays.due_at(MONDAY, life.order.days + delivered)
    with clock.at(day - timedelta(hours=1)):
        life.until("delivered")
    with clock.at(day):
        deliver.order_request_changes(order=life.order, text="补充附图", actor=life.by_buyer)
    with clock.at(workdays.due_at(MONDAY, life.order.days + delivered + again)):
        deliver.order_deliver(order=life.order, file=life.paper(), actor=life.by_agency)
        deliver.order_approve(order=life.order, paper_received=True, actor=life.by_buyer)
    order = Order.objects.get(pk=life.order.pk)
    assert order.days_used == order.days + delivered + again
    assert days_late(order) == days
    assert list(Case.objects.filter(agency=life.agency).values_list("event_code", flat=True)) == [code] * bool(code)


def test_an_extension_granted_later_does_not_undo_lateness(rulebook):
    """Asked in time, answered after a late delivery was sent back: it gives time for what is still to come."""
    with clock.at(MONDAY):
        life = Life().until("in_service")
    due = workdays.due_at(MONDAY, life.order.days)
    with clock.at(due - timedelta(hours=1)):
        extension.extension_ask(
            order=life.order, days=10, reason="雨季", document=life.paper("extension"), actor=life.by_agency
        )
    late = workdays.due_at(MONDAY, life.order.days + 1)
    with clock.at(late - timedelta(hours=2)):
        life.until("delivered")
    with clock.at(late - timedelta(hours=1)):
        deliver.order_request_changes(order=life.order, text="补充附图", actor=life.by_buyer)
        assert days_late(life.order) == 1
        extension.extension_answer(order=life.order, granted=True, actor=life.by_buyer)
        assert days_late(life.order) == 1
        assert service_due(life) == workdays.due_at(MONDAY, life.order.days + 1 + 3 + 10)
        assert list(service_deadline_is_recomputed()) == []
        deliver.order_deliver(order=life.order, file=life.paper(), actor=life.by_agency)
        deliver.order_approve(order=life.order, paper_received=True, actor=life.by_buyer)
    assert Case.objects.get(agency=life.agency).event_code == "late_minor"
    page = client_of(life.by_buyer).get(f"/orders/{life.order.number}/record/").content.decode()
    assert "否，迟 1 个工作日" in page


def test_ample_time_is_left_as_it_is(rulebook):
    with clock.at(MONDAY):
        life = Life().until("delivered")
        deliver.order_request_changes(order=life.order, text="补充附图", actor=life.by_buyer)
        assert service_due(life) == workdays.due_at(MONDAY, Order.objects.get(pk=life.order.pk).days)
        deadlines.sweep()
