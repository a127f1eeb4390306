"""Placing an order, and an order through its life, as its two sides and the centre see it."""

from __future__ import annotations

from typing import Any

from agencies.models import Listing
from agencies.selectors import listings
from demo.tour.rows import Finder, Rows, Sight, chinese, of_any, of_mine, plain
from demo.tour.stops import Stop
from kernel.models import Organisation, User
from orders.models import BankDeposit, Complaint, Order, Payment, Project, TestBatch

S = Order.Status
SIDES = {"buyer": "buyer", "public_buyer": "buyer", "agency": "agency__organisation"}


def _orders(*statuses: str, **having: Any) -> Rows:
    return lambda: Order.objects.filter(status__in=statuses or S.values, **having).order_by("-id")


def _order(role: str, route: str, *statuses: str, **having: Any) -> Finder:
    """An order's page for a side of it, or for the staff, who see all."""
    rows = _orders(*statuses, **having)
    return of_mine(route, rows, SIDES[role], "number") if role in SIDES else of_any(route, rows, "number")


def _state(role: str, status: str) -> Stop:
    return Stop(
        f"order-{status.replace('_', '-')}-{role}", "Order", role, "orders:order", _order(role, "orders:order", status)
    )


def _page(name: str, role: str, *statuses: str, kind: str = "Order", **having: Any) -> Stop:
    route = f"orders:{name}"
    return Stop(f"order-{name.replace('_', '-')}", kind, role, route, _order(role, route, *statuses, **having))


def _act(role: str, code: str, *statuses: str, **having: Any) -> Stop:
    """The form of an act."""
    rows = _orders(*statuses, **having)
    parts = ("number", lambda _row: code)
    finder = of_mine("orders:act", rows, SIDES[role], *parts) if role in SIDES else of_any("orders:act", rows, *parts)
    return Stop(f"order-act-{code}", "Order: act", role, "orders:act", finder)


def _open_listings() -> Any:
    return listings.public().filter(status=Listing.Status.PUBLISHED, item__orderable=True).order_by("id")


def _counter(user: User | None) -> Sight | None:
    buyer, listing = Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE).first(), _open_listings().first()
    return Sight(chinese("orders:counter_place", buyer.pk, listing.pk), user) if buyer and listing else None


PLACING = [
    Stop("order-new", "Order: placing", "buyer", "orders:place", of_any("orders:place", _open_listings, "pk")),
    Stop("order-new-visitor", "Order: placing", "", "orders:place", of_any("orders:place", _open_listings, "pk")),
    Stop(
        "order-new-public",
        "Order: placing",
        "public_buyer",
        "orders:place",
        of_any("orders:place", _open_listings, "pk"),
    ),
    Stop("order-new-project", "Order: placing", "buyer", "orders:project_place", plain("orders:project_place")),
    Stop(
        "project",
        "Order",
        "buyer",
        "orders:project",
        of_mine("orders:project", lambda: Project.objects.order_by("-id"), "buyer", "pk"),
    ),
    Stop("counter", "Counter", "operator", "orders:counter", plain("orders:counter", query="?q=%E6%9C%89%E9%99%90")),
    Stop("counter-register", "Counter", "operator", "orders:counter_register", plain("orders:counter_register")),
    Stop(
        "counter-choose",
        "Counter",
        "operator",
        "orders:counter_choose",
        of_any("orders:counter_choose", lambda: Organisation.objects.filter(kind="enterprise"), "pk"),
    ),
    Stop("counter-place", "Counter", "operator", "orders:counter_place", _counter),
]
LIFE = [
    _state("buyer", S.PLACED),
    _state("agency", S.PLACED),
    _state("buyer", S.ACCEPTED),
    _state("agency", S.ACCEPTED),
    _state("buyer", S.IN_SERVICE),
    _state("agency", S.IN_SERVICE),
    _state("operator", S.IN_SERVICE),
    _state("buyer", S.DELIVERED),
    _state("buyer", S.APPROVED),
    _state("agency", S.APPROVED),
    _state("operator", S.APPROVED),
    _state("buyer", S.CLOSED),
    _state("agency", S.CLOSED),
    _state("operator", S.CLOSED),
    _state("agency", S.DECLINED),
    _state("buyer", S.CANCELLED),
    _state("operator", S.TERMINATED),
    _page("work", "agency", S.IN_SERVICE, S.DELIVERED),
    _page("money", "buyer", S.APPROVED, S.CLOSED, payments__status=Payment.Status.SETTLED),
    _page("messages", "buyer", messages__isnull=False),
    _page("ratings", "agency", S.CLOSED),
    _page("complaints", "buyer", complaints__isnull=False),
    _page("contract", "buyer", contract__isnull=False),
]
MONEY = [
    _page(
        "pay",
        "buyer",
        S.ACCEPTED,
        S.APPROVED,
        kind="Payment",
        payments__isnull=True,
        contract__agency_confirmed_at__isnull=False,
        contract__buyer_confirmed_at__isnull=False,
    ),
    Stop(
        "payment-return",
        "Payment",
        "buyer",
        "orders:payment_return",
        of_mine("orders:payment_return", lambda: Payment.objects.order_by("-id"), "order__buyer", "reference"),
    ),
    Stop(
        "bank", "Payment", "", "bank_pay", of_any("bank_pay", lambda: BankDeposit.objects.order_by("-id"), "reference")
    ),
]
ACTS = [
    _act("agency", "accept", S.PLACED),
    _act("agency", "propose", S.PLACED),
    _act("agency", "decline", S.PLACED),
    _act("buyer", "cancel", S.PLACED, S.ACCEPTED),
    _act("agency", "ask-materials", S.ACCEPTED, material_request__isnull=True, materials_complete_at=None),
    _act("buyer", "upload-materials", S.PLACED, S.ACCEPTED, S.IN_SERVICE),
    _act("buyer", "answer-materials", S.ACCEPTED, material_request__isnull=False, material_request__answered_at=None),
    _act("agency", "submit-review", S.IN_SERVICE, S.DELIVERED, external_review=True, review_rounds__isnull=True),
    _act("agency", "ask-extension", S.IN_SERVICE, extension__isnull=True),
    _act("agency", "ask-pause", S.IN_SERVICE),
    _act("agency", "ask-lead", S.IN_SERVICE),
    _act("agency", "deliver", S.IN_SERVICE),
    _act("agency", "add-batch", S.IN_SERVICE, unit="test_group"),
    _act("agency", "invoice", S.IN_SERVICE, S.APPROVED, S.CLOSED, invoice__isnull=True),
    _act("buyer", "approve", S.DELIVERED),
    _act("buyer", "request-changes", S.DELIVERED),
    _act("buyer", "rate", S.APPROVED),
    _act("operator", "rate-officially", S.APPROVED, S.CLOSED),
    _act("buyer", "message", S.IN_SERVICE),
    _act("buyer", "complain", S.IN_SERVICE, S.DELIVERED, S.APPROVED),
    _act("operator", "propose-refund", S.IN_SERVICE, payments__status=Payment.Status.SETTLED),
    _act("operator", "terminate", S.IN_SERVICE),
    Stop(
        "order-act-report-batch",
        "Order: act",
        "agency",
        "orders:act_row",
        of_mine(
            "orders:act_row",
            lambda: TestBatch.objects.filter(status=TestBatch.Status.RECEIVED).order_by("-id"),
            "order__agency__organisation",
            "order.number",
            lambda _row: "report-batch",
            "pk",
        ),
    ),
]
PAPER = [
    _page(
        "transfer_slip",
        "buyer",
        kind="Order: on paper",
        payments__gateway=Payment.Gateway.OFFLINE,
        payments__status__in=(Payment.Status.CREATED, Payment.Status.UNKNOWN),
    ),
    _page("ordered", "buyer", kind="Order: on paper"),
    _page("process_record", "operator", S.CLOSED, kind="Order: on paper"),
    _page("transaction_record", "operator", S.CLOSED, kind="Order: on paper"),
    _page("sign_off", "buyer", S.APPROVED, S.CLOSED, kind="Order: on paper", deliverables__status="approved"),
    _page("receipt", "agency", kind="Order: on paper", payments__status=Payment.Status.SETTLED),
]
LISTS = [
    Stop("orders-buyer", "Order lists", "buyer", "orders:orders", plain("orders:orders")),
    Stop("orders-agency", "Order lists", "agency", "orders:agency_orders", plain("orders:agency_orders")),
    Stop("orders-desk", "Order lists", "operator", "orders:desk_orders", plain("orders:desk_orders")),
    Stop("complaints-mine", "Complaints", "buyer", "orders:my_complaints", plain("orders:my_complaints")),
    Stop("complaints-desk", "Complaints", "operator", "orders:desk_complaints", plain("orders:desk_complaints")),
    Stop(
        "complaint-desk",
        "Complaints",
        "operator",
        "orders:desk_complaint",
        of_any("orders:desk_complaint", lambda: Complaint.objects.order_by("decided_at", "id"), "number"),
    ),
    Stop("ratings-desk", "Order lists", "operator", "orders:desk_ratings", plain("orders:desk_ratings")),
]
STOPS = [*PLACING, *LIFE, *MONEY, *ACTS, *PAPER, *LISTS]
