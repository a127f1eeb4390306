"""An order brought to life by the services, the way a real one is, up to whatever state a test needs."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from agencies.models import Listing, Practitioner, ServiceItem
from kernel import clock
from kernel.errors import DomainError
from kernel.models import Attachment, Organisation, OutboxMessage, User
from kernel.registries import outbox_handlers
from kernel.services.attachments import attachment_store
from orders.gateways import bank
from orders.models import LedgerEntry, Order, Payment
from orders.services import accept, cancel, contract, deliver, materials, pay, place, projects, rate
from orders.services import credit as reports
from tests import factories

ENDS = ("declined", "cancelled", "terminated")
STATES = ("placed", "accepted", "in_contract", "paid", "in_service", "delivered", "approved", "closed")


class Life:
    """One order with the people around it. ``until("delivered")`` walks on from wherever it is."""

    def __init__(
        self,
        *,
        buyer: Organisation | None = None,
        listing: Listing | None = None,
        lead: Practitioner | None = None,
        **terms: Any,
    ) -> None:
        self.buyer = buyer or factories.make_organisation()
        self.listing = listing or factories.make_listing()
        self.agency = self.listing.agency
        self.lead = lead or factories.make_practitioner(self.agency)
        self.by_buyer = factories.owner_of(self.buyer)
        self.by_agency = factories.owner_of(self.agency.organisation)
        self.project = projects.project_create(
            buyer=self.buyer,
            name="年产两万吨饲料技改项目",
            region=factories.make_region(),
            fund=terms.pop("fund", "private"),
            actor=self.by_buyer,
        )
        self.order = self.place(**terms)
        self.reached = "placed"

    def place(self, **terms: Any) -> Order:
        return place_order(self.project, self.listing, self.by_buyer, **terms)

    @property
    def fresh(self) -> Order:
        self.order = Order.objects.get(pk=self.order.pk)
        return self.order

    # --- steps -------------------------------------------------------------------------------------------------------
    def accepted(self) -> None:
        accept.order_accept(order=self.order, lead=self.lead, actor=self.by_agency)

    def in_contract(self) -> None:
        contract.contract_confirm(order=self.order, actor=self.by_agency)
        contract.contract_confirm(order=self.order, actor=self.by_buyer)

    def paid(self) -> None:
        """Through the sandbox bank, when this buyer pays first."""
        from orders.services.begin import pays_first

        if pays_first(self.fresh):
            self.pay_now()

    def pay_now(self) -> Payment:
        payment = pay.payment_start(order=self.order, gateway="sandbox", actor=self.by_buyer)
        bank.deposit_decide(reference=payment.reference, pay=True)
        deliver_bank_news()
        return Payment.objects.get(pk=payment.pk)

    def in_service(self) -> None:
        materials.materials_complete(order=self.order, actor=self.by_agency)

    def delivered(self) -> None:
        if self.order.unit == ServiceItem.Unit.TEST_GROUP:
            self.test()
        deliver.order_deliver(order=self.order, file=self.paper(), actor=self.by_agency)

    def approved(self) -> None:
        deliver.deliverable_open(deliverable=self.order.deliverables.latest("number"), actor=self.by_buyer)
        deliver.order_approve(order=self.order, actor=self.by_buyer)

    def closed(self) -> None:
        from orders.services.begin import pays_first

        if not pays_first(self.fresh):
            self.pay_now()
        self.rate("buyer")
        self.rate("agency")
        deliver_bank_news()

    def until(self, state: str) -> Life:
        if state in ENDS:
            return self._end(state)
        start = STATES.index(self.reached) + 1
        for step in STATES[start : STATES.index(state) + 1]:
            getattr(self, step)()
            self.reached = step
        self.fresh  # noqa: B018 (re-read)
        return self

    def _end(self, state: str) -> Life:
        if state == "declined":
            accept.order_decline(order=self.order, reason="busy", actor=self.by_agency)
        elif state == "cancelled":
            cancel.order_cancel(order=self.order, reason="project_dropped", actor=self.by_buyer)
        else:
            self.until("in_service")
            staff = factories.make_staff()
            cancel.order_terminate(order=self.order, reason="agreed", note="双方协商一致", actor=staff)
        deliver_bank_news()
        self.fresh  # noqa: B018 (re-read)
        return self

    # --- single acts -------------------------------------------------------------------------------------------------
    def rate(self, side: str, stars: int = 4, **words: str) -> Any:
        return rate.rating_submit(
            order=self.order,
            side=side,
            quality=stars,
            timeliness=stars,
            attitude=stars,
            charging=stars,
            compliance=stars,
            actor=self.by_buyer if side == "buyer" else self.by_agency,
            **words,
        )

    def test(self) -> None:
        from datetime import timedelta

        from orders.services import batch

        row = batch.batch_receive(
            order=self.order,
            number=f"WT-{self.order.pk}",
            groups=self.order.quantity_milli // 1000,
            works_part="三层柱",
            witness="赵工",
            sampled_on=clock.today() - timedelta(days=1),
            actor=self.by_agency,
        )
        batch.batch_report(batch=row, report_number=f"BG-{self.order.pk}", actor=self.by_agency)

    def paper(self, purpose: str = "deliverable") -> Attachment:
        return self.paper_of(self.order, purpose)

    @staticmethod
    def paper_of(order: Order, purpose: str = "deliverable") -> Attachment:
        return attachment_store(
            file=io.BytesIO(factories.PDF), name="成果.pdf", subject=order.stream, purpose=purpose, actor=None
        )


def late(order: Order, days: int = 1) -> None:
    """What approval reports of an order of which a delivery missed its limit by so many working days."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reports, "days_late", lambda _order: days)
        reports.late_report(order)


@contextlib.contextmanager
def refused(code: str) -> Iterator[None]:
    """The block must be refused with this code, and leave nothing behind."""
    with pytest.raises(DomainError) as caught, transaction.atomic():
        yield
    assert caught.value.code == code
    assert str(caught.value.sentence)


BANK_TOPICS = ("bank_webhook", "payment_check", "payment_withdraw", "refund_execute", "custody_release",
               "payment_return")  # fmt: skip


def deliver_bank_news() -> None:
    """What the worker does with the messages about money, in order, until there are none; the search index and the mail
    are left alone, they would only cost time here."""
    while rows := list(OutboxMessage.objects.filter(topic__in=BANK_TOPICS, done_at__isnull=True).order_by("id")):
        for row in rows:
            for handler in outbox_handlers[row.topic]:
                handler([row.payload])
            OutboxMessage.objects.filter(pk=row.pk).update(done_at=clock.now())


_tokens = iter(range(10**9))


def place_order(project: Any, listing: Listing, actor: User, **terms: Any) -> Order:
    given: dict[str, Any] = {
        "quantity_milli": 1000,
        "token": f"token-{next(_tokens)}",
        "matter": "",
        "not_secret": True,
        "invoice_title": project.buyer.name,
    }
    return place.order_place(
        project=project, listing=listing, version=terms.pop("version", listing.version), actor=actor, **(given | terms)
    )


def signed_messages() -> list[tuple[bytes, str]]:
    """The bank's undelivered messages as they would cross the wire, taken off the outbox."""
    from orders.gateways.signature import sign

    rows = list(OutboxMessage.objects.filter(topic="bank_webhook", done_at__isnull=True).order_by("id"))
    OutboxMessage.objects.filter(pk__in=[row.pk for row in rows]).delete()
    bodies = [json.dumps(row.payload, ensure_ascii=False).encode() for row in rows]
    return [(body, sign(body)) for body in bodies]


def book(order) -> list[tuple[str, int]]:
    """The ledger of an order: (kind, fen), the oldest first."""
    return list(LedgerEntry.objects.filter(order=order).values_list("kind", "amount_fen"))


def paid_message(payment) -> tuple[bytes, str]:
    """The payer pays: the one message of the bank, with its signature."""
    bank.deposit_decide(reference=payment.reference, pay=True)
    (message,) = signed_messages()
    return message
