"""Money: the book agrees with itself, with the payments and with the custodian."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from kernel import clock
from kernel.registries import invariants
from orders.models import BankDeposit, Complaint, LedgerEntry, Order, Payment, PaymentEvent, Refund

S = Order.Status
UNKNOWN_MINUTES = 15
RETURN_HOURS = 24
CHUNK = 2000


def _booked(*kinds: str, custody: str = "") -> Coalesce:
    """Fen booked on the outer order under some kinds; ``custody`` limits to entries that touch that side of custody."""
    rows = LedgerEntry.objects.filter(order=OuterRef("pk"), kind__in=kinds)
    if custody:
        rows = rows.filter(**{custody: LedgerEntry.Account.CUSTODY})
    return _sum(rows, "amount_fen")


def _sum(rows: QuerySet, field: str) -> Coalesce:
    total = rows.order_by().values("order").annotate(n=Sum(field)).values("n")
    return Coalesce(Subquery(total, output_field=BigIntegerField()), 0)


def _numbers(rows: QuerySet[Order]) -> Iterator[str]:
    return rows.order_by().values_list("number", flat=True).iterator(chunk_size=CHUNK)


@invariants.register("money.held")
def held_is_not_negative() -> Iterator[str]:
    """held(order) = captured − released − refunded ≥ 0."""
    rows = Order.objects.annotate(into=_booked("capture"), out=_booked("release", "refund", custody="credit")).filter(
        out__gt=F("into")
    )
    for number in _numbers(rows):
        yield f"{number}: more left custody than came in"


@invariants.register("money.direct_refund")
def direct_refund_within_payment() -> Iterator[str]:
    """Given back by the agency at most what was transferred to it."""
    back = LedgerEntry.objects.filter(order=OuterRef("pk"), kind="refund", credit="agency")
    rows = Order.objects.annotate(paid=_booked("direct"), back=_sum(back, "amount_fen")).filter(back__gt=F("paid"))
    for number in _numbers(rows):
        yield f"{number}: more was returned than had been transferred"


@invariants.register("money.one_capture")
def settled_payment_is_booked_once() -> Iterator[str]:
    """A settled payment has exactly one booking of its amount, and no booking lacks its payment."""
    booking = LedgerEntry.objects.filter(
        order=OuterRef("order"), kind__in=["capture", "direct"], amount_fen=OuterRef("amount_fen")
    )
    settled = Payment.objects.filter(status=Payment.Status.SETTLED)
    for pk in settled.filter(~Exists(booking)).values_list("pk", flat=True):
        yield f"payment {pk} is settled and not booked"
    paid = settled.filter(order=OuterRef("order"), amount_fen=OuterRef("amount_fen"))
    entries = LedgerEntry.objects.filter(kind__in=["capture", "direct"])
    for pk in entries.filter(~Exists(paid)).values_list("pk", flat=True):
        yield f"booking {pk} has no settled payment"
    for pk in settled.exclude(amount_fen=F("order__fee_fen")).values_list("pk", flat=True):
        yield f"payment {pk} is not the fee of its order"


@invariants.register("money.refund_booked")
def executed_refund_is_booked_once() -> Iterator[str]:
    """Executed refunds and refund bookings are the same amounts, order by order."""
    executed = Refund.objects.filter(order=OuterRef("pk"), status=Refund.Status.EXECUTED)
    rows = Order.objects.annotate(done=_sum(executed, "amount_fen"), booked=_booked("refund")).exclude(done=F("booked"))
    for number in _numbers(rows):
        yield f"{number}: refunds executed and booked differ"


@invariants.register("money.closed_is_settled")
def closed_order_is_settled() -> Iterator[str]:
    """A closed order has been paid, and nothing of it lies in custody."""
    rows = Order.objects.filter(status=S.CLOSED).annotate(
        paid=_booked("capture", "direct"), into=_booked("capture"), out=_booked("release", "refund", custody="credit")
    )
    for number in _numbers(rows.filter(~Q(into=F("out")) | Q(paid=0))):
        yield f"{number}: closed and not settled"


@invariants.register("money.release_after_approval")
def nothing_is_released_early() -> Iterator[str]:
    """Held money goes to the agency only after approval, or when the centre terminated the order."""
    rows = LedgerEntry.objects.filter(kind="release").exclude(order__status__in=Order.RELEASABLE)
    for number in rows.values_list("order__number", flat=True):
        yield f"{number}: money was released without approval"


@invariants.register("money.stranded")
def nothing_is_stranded() -> Iterator[str]:
    """An order whose work is over holds money only while a complaint or a refund is open (or a refund has failed, of
    which the operators know)."""
    disputed = Complaint.objects.filter(order=OuterRef("pk"), status__in=["filed", "accepted"])
    going_back = Refund.objects.filter(order=OuterRef("pk"), status__in=Refund.OPEN)
    over = Order.objects.filter(status__in=[*Order.DONE, *Order.ENDED])
    rows = over.annotate(into=_booked("capture"), out=_booked("release", "refund", custody="credit"))
    for number in _numbers(rows.filter(~Exists(disputed), ~Exists(going_back), into__gt=F("out"))):
        yield f"{number}: its work is over and money still lies in custody"


@invariants.register("money.custodian")
def custodian_agrees() -> Iterator[str]:
    """Our book and the sandbox bank's: every settled payment is a paid deposit of the same amount; and every paid deposit
    is a payment that we have settled, returned, or hold as money that does not fit.

    What is still under way (a webhook of the last quarter of an hour) is not counted against either."""
    deposits = {row.reference: row for row in BankDeposit.objects.filter(status=BankDeposit.Status.PAID)}
    payments = Payment.objects.filter(gateway=Payment.Gateway.SANDBOX, status=Payment.Status.SETTLED)
    for payment in payments.iterator(chunk_size=CHUNK):
        deposit = deposits.get(payment.reference)
        if deposit is None or deposit.amount_fen != payment.amount_fen:
            yield f"payment {payment.pk} is settled here and not at the custodian"
        elif deposit.provider_ref != payment.provider_ref:
            yield f"payment {payment.pk} names another object of the custodian"
    known = Payment.objects.filter(
        Q(status__in=[Payment.Status.SETTLED, Payment.Status.RETURNED]) | Payment.STRAY,
        gateway=Payment.Gateway.SANDBOX,
    ).values("reference")
    late = clock.now() - timedelta(minutes=UNKNOWN_MINUTES)
    lost = BankDeposit.objects.filter(status=BankDeposit.Status.PAID, decided_at__lt=late).exclude(reference__in=known)
    for reference in lost.values_list("reference", flat=True).iterator(chunk_size=CHUNK):
        yield f"{reference} is paid at the custodian and unknown here"


@invariants.register("money.returned")
def returns_are_answered() -> Iterator[str]:
    """What the custodian was told to return is back with the payer within a day."""
    late = clock.now() - timedelta(hours=RETURN_HOURS)
    rows = Payment.objects.filter(status=Payment.Status.RETURNED, returned_at__isnull=True, return_ordered_at__lt=late)
    for pk in rows.values_list("pk", flat=True):
        yield f"payment {pk} was to be returned more than {RETURN_HOURS} hours ago, and nobody says that it was"


@invariants.register("money.unknown")
def nothing_stays_unknown() -> Iterator[str]:
    """No attempt is in doubt for more than a quarter of an hour; money that came and does not fit is in no doubt, it
    waits for an operator (and stands in the operators' queue)."""
    late = clock.now() - timedelta(minutes=UNKNOWN_MINUTES)
    rows = Payment.objects.filter(Payment.OPEN, status=Payment.Status.UNKNOWN, created_at__lt=late)
    for pk in rows.values_list("pk", flat=True):
        yield f"payment {pk} has been in doubt for more than {UNKNOWN_MINUTES} minutes"


@invariants.register("money.event_handled")
def known_events_are_handled() -> Iterator[str]:
    """An event about one of our payments was worked off in the transaction that stored it."""
    kinds = ["payment.succeeded", "payment.failed"]
    references = Payment.objects.values("reference")
    rows = PaymentEvent.objects.filter(kind__in=kinds, handled_at__isnull=True)
    rows = rows.annotate(reference=KT("body__reference")).filter(reference__in=references)
    for event_id in rows.values_list("event_id", flat=True):
        yield f"event {event_id} is stored and not worked off"


@invariants.register("money.two_people")
def large_refunds_have_two_people() -> Iterator[str]:
    """A refund above the limit was granted by a person other than the one who proposed it."""
    rows = Refund.objects.filter(two_people=True, granted_at__isnull=False).filter(
        Q(granted_by__isnull=True) | Q(granted_by=F("proposed_by"))
    )
    for reference in rows.values_list("reference", flat=True):
        yield f"{reference}: granted without a second person"


@invariants.register("complaints.frozen")
def open_complaint_freezes_money() -> Iterator[str]:
    """While a complaint was open, nothing of its order was released."""
    during = Complaint.objects.filter(order=OuterRef("order"), filed_at__lte=OuterRef("at")).filter(
        Q(status__in=["filed", "accepted"]) | Q(decided_at__gt=OuterRef("at"))
    )
    for number in (
        LedgerEntry.objects.filter(Exists(during), kind="release").values_list("order__number", flat=True).distinct()
    ):
        yield f"{number}: money was released under an open complaint"
