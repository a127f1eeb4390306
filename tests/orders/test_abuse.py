"""State machine abuse: any verb by anybody at any moment, time that jumps, a bank that repeats itself. Whatever happens is
either done or refused with a sentence, and every invariant of orders and money holds after each step."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kernel import clock
from kernel.errors import DomainError
from kernel.models import Deadline
from kernel.registries import deadline_handlers, invariants
from kernel.services import deadlines
from orders import reasons
from orders.gateways import bank
from orders.models import BankDeposit, Complaint, Deliverable, Order, Payment, Refund
from orders.services import (
    accept,
    cancel,
    complaint,
    contract,
    deliver,
    extension,
    materials,
    pause,
    pay,
    rate,
    refund,
    review_round,
    transfer,
)
from tests import factories
from tests.orders.lives import STATES, Life, deliver_bank_news
from tests.orders.test_invariants import OURS

pytestmark = pytest.mark.django_db

# Money and histories after each step; the slow recounts at the end of a run.
EACH_STEP = [name for name in OURS if name not in ("money.unknown",)]
# Refusals that no person's act may meet: they mean that two of our own rooms disagree.
OURS_ALONE = ("event.", "listing.nothing_taken")
SIDES = st.sampled_from(["by_buyer", "by_agency", "clerk", "other_clerk", "stranger"])


class Abuse(RuleBasedStateMachine):
    """One order at a time in the hands of people who press everything."""

    world: "World"

    @initialize(public=st.booleans(), review=st.booleans(), state=st.sampled_from(STATES))
    def begin(self, public, review, state):
        """Honest steps lead to ``state``, as far as this kind of order gets by itself; then the abuse begins."""
        self.point = transaction.savepoint()
        self.moment = self.world.start
        with self.time():
            self.life = self.world.order(public, review)
            with suppress(DomainError):
                self.life.until(state)

    def teardown(self):
        if hasattr(self, "point"):
            transaction.savepoint_rollback(self.point)

    def time(self):
        return clock.at(self.moment)

    def act(self, service, who=None, /, **arguments):
        if who is not None:
            arguments["actor"] = getattr(self.life, who, None) or getattr(self.world, who)
        try:
            with self.time(), transaction.atomic():
                service(**arguments)
        except DomainError as error:
            assert not error.code.startswith(OURS_ALONE), error.code

    def last(self, model):
        return model.objects.filter(order=self.life.order).last()

    @rule(side=SIDES, verb=st.sampled_from(["accept", "contract", "materials", "deliver", "approve", "reveal"]))
    def main_line(self, side, verb):
        order = self.life.order
        calls = {
            "accept": lambda: self.act(accept.order_accept, side, order=order, lead=self.life.lead),
            "contract": lambda: self.act(contract.contract_confirm, side, order=order),
            "materials": lambda: self.act(materials.materials_complete, side, order=order),
            "deliver": lambda: self.act(deliver.order_deliver, side, order=order, file=self.world.paper(order)),
            "approve": lambda: self.act(deliver.order_approve, side, order=order),
            "reveal": lambda: self.act(rate.ratings_reveal, side, order=order),
        }
        calls[verb]()

    @rule(side=SIDES, answered=st.booleans())
    def papers(self, side, answered):
        """Also before the contract is in force."""
        self.act(materials.materials_request, side, order=self.life.order, missing=["环评批复"])
        if answered:
            self.act(materials.materials_answer, "by_buyer", order=self.life.order)

    @rule()
    def walk_on(self):
        """One honest step, so that runs get far enough to be abused."""
        status = Order.objects.values_list("status", flat=True).get(pk=self.life.order.pk)
        for verb, side in {
            "placed": [("accept", "by_agency")],
            "accepted": [("contract", "by_agency"), ("contract", "by_buyer"), ("materials", "by_agency")],
            "in_service": [("deliver", "by_agency")],
            "delivered": [("approve", "by_buyer")],
        }.get(status, []):
            self.main_line(side, verb)

    @rule(side=SIDES, fee=st.integers(-1, 10**7), days=st.integers(0, 400), agreed=st.booleans())
    def propose(self, side, fee, days, agreed):
        order = self.life.order
        self.act(accept.order_propose, side, order=order, fee_fen=fee, days=days, note="x", lead=self.life.lead)
        self.act(accept.order_answer_proposal, "by_buyer", order=order, agreed=agreed)

    @rule(side=SIDES, gateway=st.sampled_from(["sandbox", "offline", "cash"]))
    def start_paying(self, side, gateway):
        self.act(pay.payment_start, side, order=self.life.order, gateway=gateway)

    @rule(yes=st.booleans(), twice=st.booleans())
    def decide_at_the_bank(self, yes, twice):
        for deposit in BankDeposit.objects.filter(reference__startswith=self.life.order.number):
            for _ in range(1 + twice):
                self.act(bank.deposit_decide, reference=deposit.reference, pay=yes)

    @rule()
    def hear_from_the_bank(self):
        with self.time():
            deliver_bank_news()

    @rule(side=SIDES)
    def come_back_or_cancel(self, side):
        if payment := self.last(Payment):
            self.act(pay.payment_check, payment=payment)
            self.act(pay.payment_cancel, side, payment=payment)
            self.act(transfer.payment_offline_confirm, side, payment=payment, slip=self.world.paper(self.life.order))

    @rule(side=SIDES, arrived=st.booleans())
    def verify(self, side, arrived):
        if payment := self.last(Payment):
            self.act(transfer.payment_verify, side, payment=payment, arrived=arrived, finding="x")

    @rule(side=SIDES, reason=st.sampled_from([*reasons.CANCEL, *reasons.TERMINATE]))
    def end(self, side, reason):
        self.act(accept.order_decline, side, order=self.life.order, reason=reason)
        self.act(cancel.order_cancel, side, order=self.life.order, reason=reason)

    @rule(side=SIDES, part=st.integers(-1, 3))
    def terminate(self, side, part):
        fen = self.life.order.fee_fen * part // 3
        self.act(cancel.order_terminate, side, order=self.life.order, reason="agreed", note="x", refund_fen=fen)

    @rule(side=SIDES, amount=st.integers(-5, 2 * 10**6), grant=st.booleans())
    def refunds(self, side, amount, grant):
        self.act(refund.refund_propose, side, order=self.life.order, amount_fen=amount, reason="x")
        if row := self.last(Refund):
            self.act(refund.refund_grant if grant else refund.refund_refuse, side, refund=row)

    @rule(side=SIDES)
    def send_back(self, side):
        self.act(deliver.order_request_changes, side, order=self.life.order, text="请修改")
        if row := self.last(Deliverable):
            self.act(deliver.deliverable_open, side, deliverable=row)

    @rule(
        side=SIDES,
        doubt=st.booleans(),
        result=st.sampled_from(["first_pass", "passed_revised", "returned", "annulled", "pending"]),
    )
    def review(self, side, result, doubt):
        paper = self.world.paper(self.life.order)
        self.act(review_round.review_round_submit, side, order=self.life.order, paper=paper)
        if doubt:
            self.act(review_round.review_round_object, "by_buyer", order=self.life.order, text="x")
        self.act(
            review_round.review_round_decide,
            side,
            order=self.life.order,
            result=result,
            approval_number="环建〔2026〕1号",
        )

    @rule(side=SIDES, agreed=st.booleans(), end=st.booleans())
    def pauses(self, side, agreed, end):
        self.act(pause.pause_ask, side, order=self.life.order, cause="weather")
        self.act(pause.pause_answer, "by_buyer", order=self.life.order, agreed=agreed)
        if end:
            self.act(pause.pause_end, side, order=self.life.order)

    @rule(side=SIDES, days=st.integers(0, 70), granted=st.booleans())
    def extend(self, side, days, granted):
        paper = self.world.paper(self.life.order)
        self.act(extension.extension_ask, side, order=self.life.order, days=days, reason="x", document=paper)
        self.act(extension.extension_answer, "by_buyer", order=self.life.order, granted=granted)

    @rule(side=SIDES, direction=st.sampled_from(["buyer", "agency", "nobody"]), stars=st.integers(0, 6))
    def rates(self, side, direction, stars):
        five = dict.fromkeys(("quality", "timeliness", "attitude", "charging", "compliance"), stars)
        self.act(rate.rating_submit, side, order=self.life.order, side=direction, fact="有据", **five)

    @rule(side=SIDES, upheld=st.booleans(), fen=st.none() | st.integers(-1, 2 * 10**6))
    def complains(self, side, upheld, fen):
        self.act(complaint.complaint_file, side, order=self.life.order, subject_code="other", body="x")
        if row := self.last(Complaint):
            self.act(complaint.complaint_accept, side, complaint=row)
            self.act(complaint.complaint_decide, side, complaint=row, upheld=upheld, answer="x", refund_fen=fen)

    @rule(side=SIDES)
    def complaint_withdrawn(self, side):
        if row := self.last(Complaint):
            self.act(complaint.complaint_withdraw, side, complaint=row)

    @rule(days=st.integers(1, 15))
    def time_passes(self, days):
        self.moment += timedelta(days=days)
        with self.time():
            deadlines.sweep()
        # A handler that fails leaves its deadline open and due; only those that merely show a lamp may stay so.
        late = Deadline.objects.filter(state="open", due_at__lt=self.moment, code__in=list(deadline_handlers))
        stuck = [row.code for row in late if not _paused(row)]
        assert stuck == []

    @invariant()
    def everything_holds(self):
        if hasattr(self, "life"):
            with self.time():
                found = {name: rows for name in EACH_STEP if (rows := list(invariants[name]()))}
            assert found == {}


def _paused(row):
    from kernel.models import Pause

    return Pause.objects.filter(subject=row.subject, ended_at__isnull=True).exists()


class World:
    """People and offers that all runs share; every run's order is rolled back."""

    def __init__(self):
        call_command("load_rulebook", verbosity=0)
        # A Monday in March without holidays near
        self.start = clock.now().replace(year=2026, month=3, day=2, hour=2)
        with clock.at(self.start):
            self.clerk, self.other_clerk = factories.make_staff(), factories.make_staff()
            self.stranger = factories.owner_of(factories.make_organisation())
            self.buyers = {False: factories.make_organisation(), True: factories.make_organisation("public_body")}
            agency = factories.make_agency()
            self.lead = factories.make_practitioner(agency)
            self.listings = {
                review: factories.make_listing(agency, factories.make_item(external_review=review), capacity=100)
                for review in (False, True)
            }
        self.papers = {}

    def order(self, public, review):
        self.papers = {}
        return Life(buyer=self.buyers[public], listing=self.listings[review], lead=self.lead)

    def paper(self, order):
        if order.pk not in self.papers:
            self.papers[order.pk] = Life.paper_of(order)
        return self.papers[order.pk]


def test_whatever_people_press(db):
    Abuse.world = World()
    run_state_machine_as_test(
        Abuse,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # shrinking a run of services takes minutes; the failing steps are printed anyway
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_control_a_careless_service_is_caught(db, monkeypatch):
    """With one guard off (money is released although a complaint is open), the same game finds it."""
    from orders.services import release

    monkeypatch.setattr(release, "frozen", lambda order: False)
    world = World()
    with clock.at(world.start):
        life = world.order(public=False, review=False).until("delivered")
        complaint.complaint_file(order=life.order, subject_code="other", body="x", actor=life.by_buyer)
        life.approved()
        assert list(invariants["complaints.frozen"]())


def test_control_a_quarrel_between_our_own_rooms_is_caught():
    """The game forgives refusals, but not one that no person can be told to do better."""

    def conflict():
        raise DomainError("event.conflict", "x")

    game = Abuse()
    game.moment = clock.now()
    with pytest.raises(AssertionError):
        game.act(conflict)


def test_dates_of_the_world_are_ordinary():
    """The runs start on a working day, so their first limits are short ones."""
    from kernel import workdays

    assert workdays.is_workday(date(2026, 3, 2))
