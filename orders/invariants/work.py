"""The work: times, deadlines, slots, contracts, reviews, tests, ratings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from agencies.models import Listing
from kernel import clock, workdays
from kernel.models import Deadline, Pause
from kernel.registries import invariants
from orders.models import Deliverable, ExternalReviewRound, Order, Rating, TestBatch
from orders.selectors.duration import days_used, service_limit

S = Order.Status
# Older ones are frozen: their calendars and pauses no longer change.
RECOUNTED_DAYS = 90
CHUNK = 2000


def _numbers(rows: QuerySet[Order]) -> Iterator[str]:
    return rows.order_by().values_list("number", flat=True).iterator(chunk_size=CHUNK)


@invariants.register("orders.times")
def timestamps_in_order() -> Iterator[str]:
    """首次申请 ≤ 受理 ≤ 起算 ≤ 办结 ≤ 验收 ≤ 完成, 办结 ≤ 送达: they never run backwards."""
    steps = ["placed_at", "accepted_at", "started_at", "completed_at", "approved_at", "closed_at"]
    wrong = Q(received_at__lt=F("completed_at")) | Q(received_at__isnull=False, completed_at__isnull=True)
    for earlier, later in zip(steps, steps[1:], strict=False):
        wrong |= Q(**{f"{later}__lt": F(earlier)}) | Q(**{f"{later}__isnull": False, f"{earlier}__isnull": True})
    for number in _numbers(Order.objects.filter(wrong)):
        yield f"{number}: its times run backwards"


@invariants.register("orders.completed")
def completion_is_a_delivery() -> Iterator[str]:
    """办结 is the time of the approved delivery, 送达 its first opening."""
    approved = Deliverable.objects.filter(order=OuterRef("pk"), status=Deliverable.Status.APPROVED)
    rows = Order.objects.annotate(
        delivered=Subquery(approved.values("delivered_at")[:1]), opened=Subquery(approved.values("opened_at")[:1])
    )
    wrong = ~Q(completed_at=F("delivered")) | Q(received_at__isnull=False) & ~Q(received_at=F("opened"))
    for number in _numbers(rows.filter(completed_at__isnull=False).filter(wrong | Q(delivered__isnull=True))):
        yield f"{number}: completion is not its approved delivery"
    for number in _numbers(rows.filter(completed_at__isnull=True, delivered__isnull=False)):
        yield f"{number}: an approved delivery and no completion"


@invariants.register("orders.days_used")
def days_are_recomputed() -> Iterator[str]:
    """The stored working days equal their recomputation from the rows (recent orders; the rest is frozen)."""
    recent = clock.now() - timedelta(days=RECOUNTED_DAYS)
    rows = Order.objects.filter(completed_at__isnull=False, approved_at__gte=recent)
    for order in rows.iterator(chunk_size=CHUNK):
        counted = days_used(order, order.completed_at)
        if counted != order.days_used:
            yield f"{order.number}: {order.days_used} days are stored, {counted} are counted"


@invariants.register("orders.service_deadline")
def service_deadline_is_recomputed() -> Iterator[str]:
    """An order in service has one open service deadline, at the contract's days plus what does not count, or at the end
    of the days for rework."""
    paused = set(Pause.objects.filter(ended_at__isnull=True).values_list("subject", flat=True))
    open_rows = {row.subject: row for row in Deadline.objects.filter(code="order.service", state=Deadline.State.OPEN)}
    for order in Order.objects.filter(status=S.IN_SERVICE).iterator(chunk_size=CHUNK):
        row = open_rows.pop(order.stream, None)
        if row is None:
            yield f"{order.number}: in service without a deadline"
            continue
        due = workdays.due_at(order.started_at, service_limit(order, clock.now()))
        if order.stream not in paused and row.due_at != due:
            yield f"{order.number}: due on {clock.civil(row.due_at)}, counted {clock.civil(due)}"
    for subject in open_rows:
        yield f"{subject}: a service deadline and not in service"


@invariants.register("orders.ended_deadlines")
def ended_orders_have_no_deadline() -> Iterator[str]:
    """Nothing runs any more on an order that has ended."""
    ended = {f"order:{pk}" for pk in Order.objects.filter(status__in=Order.OVER).values_list("pk", flat=True)}
    for subject, code in Deadline.objects.filter(state=Deadline.State.OPEN, subject__startswith="order:").values_list(
        "subject", "code"
    ):
        if subject in ended:
            yield f"{subject} has ended and {code} still runs"


@invariants.register("orders.capacity")
def capacity_is_held() -> Iterator[str]:
    """A listing's slots are exactly its orders in work."""
    held = (
        Order.objects.filter(listing=OuterRef("pk"), status__in=Order.HOLDING)
        .order_by()
        .values("listing")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = Listing.objects.annotate(held=Coalesce(Subquery(held), 0)).exclude(taken=F("held"))
    for pk, taken, count in rows.values_list("pk", "taken", "held"):
        yield f"listing {pk}: {taken} slots taken, {count} orders in work"


@invariants.register("orders.contract")
def work_has_a_contract() -> Iterator[str]:
    """Work began only under a contract that both sides had confirmed."""
    rows = Order.objects.filter(started_at__isnull=False).filter(
        Q(contract__isnull=True)
        | Q(contract__agency_confirmed_at__isnull=True)
        | Q(contract__buyer_confirmed_at__isnull=True)
        | Q(started_at__lt=F("contract__agency_confirmed_at"))
        | Q(started_at__lt=F("contract__buyer_confirmed_at"))
    )
    for number in _numbers(rows):
        yield f"{number}: work began without a contract in force"


@invariants.register("orders.public_approval")
def public_buyers_approve_themselves() -> Iterator[str]:
    """Silence never approves for a public buyer, nor where an external review is due."""
    rows = Deliverable.objects.filter(status=Deliverable.Status.APPROVED, decided_by__isnull=True).filter(
        Q(order__buyer__kind="public_body") | Q(order__external_review=True)
    )
    for number in rows.values_list("order__number", flat=True):
        yield f"{number}: approved by silence"


@invariants.register("orders.external_review")
def reviewed_before_approval() -> Iterator[str]:
    """An order with external review was approved after a round had passed; a pending round stops the clock."""
    passed = ExternalReviewRound.objects.filter(order=OuterRef("pk"), result__in=ExternalReviewRound.PASSED)
    rows = Order.objects.filter(external_review=True, approved_at__isnull=False)
    for number in _numbers(rows.filter(~Exists(passed))):
        yield f"{number}: approved without external review"
    paused = set(Pause.objects.filter(ended_at__isnull=True).values_list("subject", flat=True))
    pending = ExternalReviewRound.objects.filter(result="pending", order__status__in=Order.AT_WORK)
    for pk in pending.values_list("order_id", flat=True):
        if f"order:{pk}" not in paused:
            yield f"order {pk}: a review is pending and the clock runs"


@invariants.register("orders.test_groups")
def test_groups_add_up() -> Iterator[str]:
    """The batches of a delivered test order hold exactly the groups ordered."""
    groups = (
        TestBatch.objects.filter(order=OuterRef("pk"), retest_of__isnull=True)
        .order_by()
        .values("order")
        .annotate(n=Sum("groups"))
        .values("n")
    )
    rows = Order.objects.filter(unit="test_group", status__in=[S.DELIVERED, *Order.DONE]).annotate(
        tested=Coalesce(Subquery(groups, output_field=BigIntegerField()), 0) * 1000
    )
    for number in _numbers(rows.exclude(tested=F("quantity_milli"))):
        yield f"{number}: the groups tested are not the groups ordered"


@invariants.register("orders.attachment_owner")
def papers_belong_to_their_order() -> Iterator[str]:
    """A child's tenant is its parent's: a delivered file is filed under its own order."""
    rows = Deliverable.objects.order_by().values_list("order_id", "file__subject", "pk")
    for order_id, subject, pk in rows.iterator(chunk_size=CHUNK):
        if subject != f"order:{order_id}":
            yield f"deliverable {pk}: its file belongs to {subject}"


@invariants.register("ratings.sealed")
def ratings_open_together() -> Iterator[str]:
    """Ratings are opened with their order, never one side alone; none exists before approval."""
    rows = Rating.objects.filter(
        Q(order__approved_at__isnull=True)
        | Q(revealed_at__isnull=False) & Q(order__ratings_revealed_at__isnull=True)
        | Q(revealed_at__isnull=True) & Q(order__ratings_revealed_at__isnull=False)
    )
    for pk in rows.values_list("pk", flat=True):
        yield f"rating {pk} is open or sealed out of turn"


@invariants.register("orders.approval_waits")
def approval_waits_for_the_review() -> Iterator[str]:
    """The buyer's time for approving runs on delivered orders alone, and not before an external review has passed."""
    passed = ExternalReviewRound.objects.filter(order=OuterRef("pk"), result__in=ExternalReviewRound.PASSED)
    ready = Order.objects.filter(status=S.DELIVERED).filter(Q(external_review=False) | Exists(passed))
    allowed = {f"order:{pk}" for pk in ready.values_list("pk", flat=True)}
    rows = Deadline.objects.filter(state=Deadline.State.OPEN, code__in=["order.approve", "order.inspect"])
    for subject, code in rows.values_list("subject", "code"):
        if subject not in allowed:
            yield f"{subject}: {code} runs and nothing can be approved"
