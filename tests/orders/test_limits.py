"""What happens by itself when a limit passes, to the working day; and the clock of the service."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from credit.models import Case
from credit.selectors.story import reworded
from kernel import clock, workdays
from kernel.models import Deadline, Notification
from kernel.services import deadlines
from orders.machines import LIMITS
from orders.models import Order
from orders.selectors.duration import contract_days, days_used, net_days
from orders.services import cancel, contract, deliver, extension, lead, materials, pause, review_round
from tests import factories
from tests.orders.lives import Life, refused

pytestmark = pytest.mark.django_db
# A Monday without holidays near
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


def after(days: int, start=MONDAY):
    """The first moment after a limit of so many working days that began at ``start``."""
    return workdays.due_at(start, days) + timedelta(microseconds=1)


@pytest.fixture
def make(rulebook):
    """A life walked to a state on the Monday."""

    def made(state="placed", **given):
        with clock.at(MONDAY):
            return Life(**given).until(state)

    return made


def sweep_at(moment):
    with clock.at(moment):
        deadlines.sweep()


@pytest.mark.parametrize(
    ("state", "days", "end", "reason"),
    [
        ("placed", 1, "declined", "no_answer"),
        ("accepted", 5, "cancelled", "contract_not_confirmed"),
        ("in_contract", 5, "cancelled", "not_paid"),
    ],
)
def test_silence_ends_the_order(make, state, days, end, reason):
    life = make(state)
    sweep_at(workdays.due_at(MONDAY, days))
    assert life.fresh.status not in ("declined", "cancelled")
    sweep_at(after(days))
    assert (life.fresh.status, life.order.end_reason) == (end, reason)
    assert life.listing.__class__.objects.get(pk=life.listing.pk).taken == 0


def test_no_answer_is_a_lead_not_a_deduction(make):
    life = make()
    sweep_at(after(1))
    case = Case.objects.get(agency=life.agency)
    assert (case.event_code, case.status) == ("no_answer", "alleged")


def test_agency_that_does_not_sign_is_at_fault(make):
    life = make("accepted")
    with clock.at(MONDAY):
        contract.contract_confirm(order=life.order, actor=life.by_buyer)
    sweep_at(after(5))
    assert life.fresh.end_reason == "agency_did_not_sign"
    assert Case.objects.get(agency=life.agency).event_code == "gives_up_win"


def test_unchecked_papers_count_as_complete(make):
    life = make("paid")
    sweep_at(after(2))
    assert life.fresh.status == "in_service"


def test_missing_papers_are_asked_for_once(make):
    life = make("paid")
    with clock.at(MONDAY):
        materials.materials_request(order=life.order, missing=["环评批复", " "], actor=life.by_agency)
        with refused("materials.once"):
            materials.materials_request(order=life.order, missing=["再要一份"], actor=life.by_agency)
    sweep_at(after(10))
    assert (life.fresh.status, life.order.end_reason) == ("cancelled", "materials_missing")


def test_answered_papers_go_back_to_the_agency(make):
    life = make("paid")
    with clock.at(MONDAY):
        materials.materials_request(order=life.order, missing=["环评批复"], actor=life.by_agency)
        materials.materials_answer(order=life.order, actor=life.by_buyer)
    sweep_at(after(2))
    assert life.fresh.status == "in_service"


def test_silence_approves_a_private_order(make):
    life = make("delivered")
    sweep_at(after(5))
    assert life.fresh.status == "approved"


@pytest.mark.parametrize("kind", ("public", "review"))
def test_silence_never_approves(make, kind):
    if kind == "public":
        life = make("delivered", buyer=factories.make_organisation("public_body"), fund="public")
    else:
        life = make("delivered", listing=factories.make_listing(item=factories.make_item(external_review=True)))
    sweep_at(after(60))
    assert life.fresh.status == "delivered"
    with refused("order.no_silence"):
        deliver.order_approve(order=life.order, actor=None)


def test_late_work_stays_open_and_red(make):
    life = make("in_service")
    sweep_at(after(40))
    assert life.fresh.status == "in_service"
    assert Deadline.objects.get(subject=life.order.stream, code="order.service").state == "open"


def test_the_rating_window_closes_and_opens_what_is_there(make):
    life = make("approved")
    with clock.at(MONDAY):
        rating = life.rate("buyer")
    assert rating.revealed_at is None
    sweep_at(after(10))
    rating.refresh_from_db()
    assert rating.revealed_at is not None and life.fresh.status == "closed"


def test_reminders_reach_whoever_must_act(make):
    life = make("delivered")
    Notification.objects.all().delete()
    sweep_at(workdays.due_at(MONDAY, 2))
    told = Notification.objects.filter(kind="reminder")
    assert set(told.values_list("user_id", flat=True)) == {life.by_buyer.pk}
    assert all(life.order.number in row.title and life.order.number in row.title_en for row in told)
    bodies = {(row.body, row.body_en) for row in told}
    assert bodies == {("逾期：视为验收通过。", "If late: Counts as approved.")}


def test_every_limit_with_an_outcome_has_its_handler():
    from kernel.registries import deadline_handlers, reminder_handlers

    silent = {code for code, limit in LIMITS.items() if not limit.outcome}
    assert silent == {
        "order.service",
        "order.review",
        "order.inspect",
        "order.payment",
        "order.authority_payment",
        "review.result",
    }
    assert {code for code in LIMITS if code in deadline_handlers} == set(LIMITS) - silent - {"complaint.decide"}
    assert {code for code, limit in LIMITS.items() if limit.reminders} <= set(reminder_handlers)


# --- the clock of the service -----------------------------------------------------------------------------------------
def due(life) -> object:
    return clock.civil(Deadline.objects.get(subject=life.order.stream, code="order.service", state="open").due_at)


def test_pause_moves_the_limit_and_does_not_count(make):
    life = make("in_service")
    with clock.at(after(2)):
        pause.pause_ask(order=life.order, cause="weather", actor=life.by_agency)
        pause.pause_answer(order=life.order, agreed=True, actor=life.by_buyer)
    resumed = after(6)
    with clock.at(resumed):
        pause.pause_end(order=life.order, actor=life.by_agency)
        assert days_used(life.order, resumed) == workdays.between(clock.civil(MONDAY), clock.civil(resumed)) - 4
    assert due(life) == workdays.add(clock.civil(MONDAY), life.order.days + 4)


def test_the_other_side_must_consent(make):
    life = make("in_service")
    with clock.at(MONDAY):
        pause.pause_ask(order=life.order, cause="weather", actor=life.by_agency)
        with refused("pause.other_side"):
            pause.pause_answer(order=life.order, agreed=True, actor=life.by_agency)
    sweep_at(after(2))
    assert life.order.pauses.get().status == "refused"


def test_pauses_are_capped(make):
    life = make("in_service")
    with clock.at(MONDAY):
        pause.pause_ask(order=life.order, cause="weather", actor=life.by_agency)
        pause.pause_answer(order=life.order, agreed=True, actor=life.by_buyer)
    sweep_at(after(30))
    assert life.order.pauses.get().status == "ended"
    with clock.at(after(31)), refused("pause.cap"):
        pause.pause_ask(order=life.order, cause="weather", actor=life.by_agency)


def test_extension_once_with_a_document_and_in_time(make):
    life = make("in_service")
    with clock.at(MONDAY):
        paper = life.paper("extension")
        ask = {"order": life.order, "reason": "雨季无法采样", "document": paper, "actor": life.by_agency}
        with refused("extension.days"):
            extension.extension_ask(days=life.order.days + 1, **ask)
        extension.extension_ask(days=5, **ask)
        extension.extension_answer(order=life.order, granted=True, actor=life.by_buyer)
        with refused("extension.once"):
            extension.extension_ask(days=5, **ask)
    assert contract_days(life.order) == life.order.days + 5
    assert due(life) == workdays.add(clock.civil(MONDAY), life.order.days + 5)


def test_no_extension_after_the_limit(make):
    life = make("in_service")
    with clock.at(after(life.order.days)), refused("extension.late"):
        extension.extension_ask(
            order=life.order, days=1, reason="来不及", document=life.paper("extension"), actor=life.by_agency
        )


def test_the_buyers_look_does_not_count_when_it_is_sent_back(make):
    life = make("delivered")
    back = after(3)
    with clock.at(back):
        deliver.order_request_changes(order=life.order, text="补充附图", actor=life.by_buyer)
    looked = workdays.between(clock.civil(MONDAY), clock.civil(back))
    assert due(life) == workdays.add(clock.civil(MONDAY), life.order.days + looked)
    with clock.at(after(6)):
        deliver.order_deliver(order=life.order, file=life.paper(), actor=life.by_agency)
        deliver.order_approve(order=life.order, paper_received=True, actor=life.by_buyer)
        used = workdays.between(clock.civil(MONDAY), clock.civil(after(6))) - looked
    assert life.fresh.days_used == used
    assert life.order.completed_at == after(6)


def test_external_review_stops_the_clock(make):
    life = make("in_service", listing=factories.make_listing(item=factories.make_item(external_review=True)))
    with clock.at(MONDAY):
        review_round.review_round_submit(order=life.order, paper=life.paper("review"), actor=life.by_agency)
        with refused("order.paused"):
            deliver.order_deliver(order=life.order, file=life.paper(), actor=life.by_agency)
    with clock.at(after(9)):
        review_round.review_round_decide(
            order=life.order, result="first_pass", approval_number="环建〔2026〕8号", actor=life.by_agency
        )
        assert days_used(life.order, clock.now()) == 0


def test_a_doubted_review_is_decided_by_the_centre(make):
    """The agency cannot stop its own clock: what it did not submit counts as its own days."""
    life = make("in_service", listing=factories.make_listing(item=factories.make_item(external_review=True)))
    clerk = factories.make_staff()
    passed = {"order": life.order, "result": "first_pass", "approval_number": "环建〔2026〕8号"}
    with clock.at(MONDAY):
        review_round.review_round_submit(order=life.order, paper=life.paper("review"), actor=life.by_agency)
        with refused("review.result"):
            review_round.review_round_decide(order=life.order, result="annulled", actor=life.by_agency)
        review_round.review_round_object(order=life.order, text="评审部门称没有收件", actor=life.by_buyer)
        with refused("review.objected"):
            review_round.review_round_decide(**passed, actor=life.by_agency)
    limit = due(life)
    sweep_at(after(20))
    assert Notification.objects.filter(user=clerk, title__contains="登记评审结果").exists()
    with clock.at(after(21)):
        review_round.review_round_decide(order=life.order, result="annulled", actor=clerk)
        assert days_used(life.order, clock.now()) == 21 + 1
    assert due(life) == limit
    assert not Deadline.objects.filter(code="review.result", state="open").exists()


def test_lead_changes_only_with_consent(make):
    life = make("in_service")
    other = factories.make_practitioner(life.agency, name="周工")
    with clock.at(MONDAY):
        lead.lead_change_ask(order=life.order, proposed=other, reason="调岗", actor=life.by_agency)
    assert life.fresh.lead_id == life.lead.pk
    with clock.at(MONDAY):
        lead.lead_change_answer(order=life.order, granted=True, actor=life.by_buyer)
    assert life.fresh.lead_id == other.pk


def test_late_work_is_a_lead_by_its_days(make):
    life = make("in_service")
    with clock.at(after(life.order.days + 11)):
        life.until("approved")
    assert Case.objects.get(agency=life.agency).event_code == "late_major"
    assert Order.objects.get(pk=life.order.pk).days_used > life.order.days + 10


# --- arithmetic -------------------------------------------------------------------------------------------------------
DAYS = st.dates(min_value=MONDAY.date(), max_value=MONDAY.date() + timedelta(days=90))


@given(start=DAYS, length=st.integers(0, 60), gaps=st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=5))
def test_net_days_against_counting_them_one_by_one(start, length, gaps):
    end = start + timedelta(days=length)
    stretches = [(begun, begun + timedelta(days=n)) for begun, n in gaps]
    slow = sum(
        workdays.is_workday(day) and not any(begun < day <= ended for begun, ended in stretches)
        for day in (start + timedelta(days=n) for n in range(1, length + 1))
    )
    assert net_days(start, end, stretches) == slow


def test_a_lead_keeps_its_facts_in_chinese_whoever_acts(rulebook):
    """The English reader gets them reworded (credit.selectors.story); what is kept is the one source."""
    life = Life().until("in_service")
    with translation.override("en"):
        cancel.order_terminate(
            order=life.order, reason="agency_breach", note="两次催告无果", actor=factories.make_staff()
        )
        facts = Case.objects.get(agency=life.agency).facts
        assert facts == "机构未按约定履行"
        assert reworded(facts) != facts
