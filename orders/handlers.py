"""What the kernel calls in this room: deadlines that pass, reminders, messages of the outbox, and papers' guard."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kernel.models import Reminder, User
from kernel.registries import Subject, deadline_handlers, outbox_handlers, reminder_handlers, subject_locks, subjects
from kernel.services import notify, schedule
from kernel.wording import filled
from orders.access import may_read
from orders.gateways import gateway
from orders.gateways.sandbox import handle_webhook
from orders.gateways.signature import sign
from orders.locks import lock_complaint, lock_order
from orders.machines import LIMITS
from orders.models import Complaint, Order, PauseConsent, Payment, Refund
from orders.parties import OPERATOR
from orders.services import (
    accept,
    cancel,
    complaint,
    contract,
    deliver,
    extension,
    lead,
    materials,
    pause,
    pay,
    rate,
    transfer,
)
from orders.services.release import frozen

TIMEOUT_S = 10

for code, handler in {
    "order.accept": accept.no_answer,
    "order.proposal": accept.proposal_lapses,
    "order.contract": contract.contract_lapses,
    "order.pay": cancel.payment_lapses,
    "order.transfer": transfer.transfer_unconfirmed,
    "order.materials": materials.materials_deemed_complete,
    "order.supplement": materials.supplement_lapses,
    "order.approve": deliver.approve_in_silence,
    "order.rate": rate.rating_window_ends,
    "order.extension": extension.extension_lapses,
    "order.lead_change": lead.lead_change_lapses,
    "pause.answer": pause.pause_unanswered,
    "pause.cap": pause.pause_cap_reached,
    "complaint.accept": complaint.complaint_unanswered,
    "complaint.respond": complaint.response_lapses,
}.items():
    deadline_handlers.register(code)(handler)


# A deadline is claimed under the lock that its order's services take.
subject_locks.register("order")(lock_order)
subject_locks.register("complaint")(lambda pk: lock_complaint(Complaint.objects.get(pk=pk)))
subject_locks.register("pause")(lambda pk: lock_order(PauseConsent.objects.get(pk=pk).order_id))


def remind(reminder: Reminder) -> None:
    """Tell whoever must act: the deadline's party, else both sides, else the centre."""
    deadline = reminder.deadline
    limit = LIMITS[deadline.code]
    prefix, pk = deadline.subject.split(":")
    if deadline.code == "complaint.decide" and reminder.days_before == 0:
        complaint.decision_overdue(int(pk))
        return
    order, n = _order_of(prefix, int(pk)), reminder.days_before
    left = ngettext_lazy(
        "%(what)s：还剩 %(n)s 个工作日（%(number)s）", "%(what)s：还剩 %(n)s 个工作日（%(number)s）", n
    )
    words = filled(left, what=limit.label, n=n, number=order.number)
    url = f"/orders/{order.number}/"
    text: dict[str, Any] = {
        "kind": "reminder",
        "title": words,
        "body": filled(_("逾期：%(outcome)s。"), outcome=limit.outcome) if limit.outcome else "",
        "subject": order.stream,
        "url": url,
    }
    if OPERATOR in limit.who:
        notify.role(role=OPERATOR, **text)
        return
    parties = [deadline.party] if deadline.party else [order.buyer, order.agency.organisation]
    for party in parties:
        notify.organisation(to=party, sms=True, **text)


for code, limit in LIMITS.items():
    if limit.reminders:
        reminder_handlers.register(code)(remind)


def _order_of(prefix: str, pk: int) -> Order:
    rows = Order.objects.select_related("buyer", "agency__organisation")
    lookups = {
        "order": {"pk": pk},
        "pause": {"pauses__pk": pk},
        "review_round": {"review_rounds__pk": pk},
        "complaint": {"complaints__pk": pk},
    }
    return rows.get(**lookups[prefix])


# --- outbox -----------------------------------------------------------------------------------------------------------
@outbox_handlers.register("bank_webhook", singly=True)
def bank_webhook(payloads: list[dict[str, Any]]) -> None:
    """The sandbox bank sends: over HTTP to our own door, or, while nobody serves it (replay, tests), by hand."""
    for payload in payloads:
        body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        if settings.SANDBOX_BANK_HTTP and not schedule.held():
            _post(body, sign(body))
        else:
            handle_webhook(body, sign(body))


def _post(body: bytes, signature: str) -> None:
    request = urllib.request.Request(  # noqa: S310 (the address is our own setting)
        f"{settings.PUBLIC_URL.rstrip('/')}/pay/webhook/sandbox/",
        data=body,
        headers={"Content-Type": "application/json", "Bank-Signature": signature},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
        pass


@outbox_handlers.register("payment_check", singly=True)
def payment_check(payloads: list[dict[str, Any]]) -> None:
    for payment in Payment.objects.filter(Payment.OPEN, pk__in=[p["payment"] for p in payloads]):
        pay.payment_check(payment=payment)


@outbox_handlers.register("payment_withdraw", singly=True)
def payment_withdraw(payloads: list[dict[str, Any]]) -> None:
    """Open attempts of an order that has ended: taken back, or settled and refunded if they were paid meanwhile."""
    for payment in Payment.objects.filter(Payment.OPEN, pk__in=[p["payment"] for p in payloads]):
        pay.payment_cancel(payment=payment, actor=None)


@outbox_handlers.register("refund_execute", singly=True)
def refund_execute(payloads: list[dict[str, Any]]) -> None:
    rows = Refund.objects.filter(pk__in=[p["refund"] for p in payloads], status=Refund.Status.GRANTED)
    for refund in rows.select_related("payment", "order"):
        if frozen(refund.order):
            continue  # the end of the complaint asks again
        gateway(refund.payment.gateway).refund(refund)


@outbox_handlers.register("payment_return", singly=True)
def payment_return(payloads: list[dict[str, Any]]) -> None:
    rows = Payment.objects.filter(pk__in=[p["payment"] for p in payloads], status=Payment.Status.RETURNED)
    for payment in rows.filter(returned_at__isnull=True):
        gateway(payment.gateway).give_back(payment)


@outbox_handlers.register("custody_release", singly=True)
def custody_release(payloads: list[dict[str, Any]]) -> None:
    for payload in payloads:
        payment = Payment.objects.get(pk=payload["payment"])
        gateway(payment.gateway).release(payment.reference, payload["amount_fen"])


# --- papers -----------------------------------------------------------------------------------------------------------
def _may_read_order(user: User, pk: int) -> bool:
    order = Order.objects.select_related("agency").filter(pk=pk).first()
    return order is not None and may_read(user, order)


def _may_read_complaint(user: User, pk: int) -> bool:
    row = Complaint.objects.select_related("order__agency").filter(pk=pk).first()
    return row is not None and may_read(user, row.order)


def _order_number(pk: int) -> str:
    return Order.objects.values_list("number", flat=True).get(pk=pk)


subjects.register("order")(
    Subject(
        may_read=_may_read_order, url=lambda pk: f"/orders/{_order_number(pk)}/", label=lambda pk: _order_number(pk)
    )
)
subjects.register("complaint")(
    Subject(
        may_read=_may_read_complaint,
        url=lambda pk: f"/orders/{Complaint.objects.get(pk=pk).order.number}/",
        label=lambda pk: Complaint.objects.get(pk=pk).number,
    )
)
