"""Everything an order's pages show of it, each part read once and only when a page asks for it."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from agencies.phrases import phrase
from agencies.pricing import fee
from kernel import lamps
from kernel.errors import DomainError
from kernel.models import AuditEntry, Deadline
from orders.forms.fields import quantity_text
from orders.machines import LIMITS, PAYING
from orders.models import (
    Complaint,
    Contract,
    Deliverable,
    Extension,
    ExternalReviewRound,
    Invoice,
    LeadChange,
    LedgerEntry,
    Material,
    MaterialRequest,
    Order,
    PauseConsent,
    Payment,
    Rating,
    Refund,
)
from orders.selectors.materials import Wanted, wanted_papers
from orders.selectors.money import Balance, owed_by_rule, reckoned
from orders.services.begin import pays_first
from orders.views.sides import Side, sides_of

Status = Order.Status
# Which open deadline the lamp of an order shows first.
MAIN_DEADLINES = ("order.service", "order.review", "order.approve", "order.inspect", "order.accept", "order.rate")


class Dossier:
    """An order as one person sees it. ``order`` comes from the selector that knows who may see it."""

    def __init__(self, request: HttpRequest, order: Order) -> None:
        self.request = request
        self.order = order
        self.user = request.user
        self.sides = sides_of(request, order)
        self.side = self.sides[0]

    # --- who ---------------------------------------------------------------------------------------------------------
    @property
    def is_buyer(self) -> bool:
        return Side.BUYER in self.sides

    @property
    def is_agency(self) -> bool:
        return self.side == Side.AGENCY

    @property
    def trading_side(self) -> Side:
        """The side of the deal the person acts on (staff at the counter act for the buyer)."""
        return Side.AGENCY if self.is_agency else Side.BUYER

    @property
    def stands_in(self) -> bool:
        """Staff at the counter, acting for the buyer of an order they entered."""
        return self.is_buyer and Side.STAFF in self.sides

    @property
    def watches(self) -> bool:
        """Staff who are of neither side."""
        return self.side not in (Side.BUYER, Side.AGENCY)

    @property
    def may_repeat(self) -> bool:
        """Whether the person orders for itself; the counter places orders in its own way."""
        return self.is_buyer and not self.stands_in

    def name_of(self, side: str) -> str:
        if side == Side.STAFF:
            return _("服务中心")
        return self.order.agency.organisation.name if side == Side.AGENCY else self.order.buyer.name

    @property
    def pays_first(self) -> bool:
        return pays_first(self.order)

    @property
    def quantity(self) -> str:
        """``1,200 平方米``; for a price by the thousand, the base amount in yuan."""
        o = self.order
        unit = _("元（计费额）") if o.unit == "permille" else o.get_unit_display()
        whole, point, rest = quantity_text(o.quantity_milli, o.unit).partition(".")
        return f"{int(whole):,}{point}{rest} {unit}"

    @cached_property
    def minimum_fen(self) -> int | None:
        """The minimum fee of the offer, where it is what is charged; None where the quantity alone makes the fee, or the
        agency proposed another."""
        o = self.order
        least = o.version.min_fee_fen
        try:
            reckoned_fee = fee(o.version, o.quantity_milli)
        except DomainError:
            return None
        return least if reckoned_fee.is_minimum and o.fee_fen == least else None

    # --- rows of which there is one ----------------------------------------------------------------------------------
    @cached_property
    def contract(self) -> Contract | None:
        return getattr(self.order, "contract", None)

    def confirmed(self, side: str) -> datetime | None:
        """When a side confirmed the contract."""
        if self.contract is None:
            return None
        return self.contract.agency_confirmed_at if side == Side.AGENCY else self.contract.buyer_confirmed_at

    @cached_property
    def material_request(self) -> MaterialRequest | None:
        return getattr(self.order, "material_request", None)

    @cached_property
    def materials(self) -> list[Material]:
        """Papers the client has filed, the oldest first."""
        return list(self.order.materials.select_related("file", "filed_by").order_by("id"))

    @cached_property
    def wanted_papers(self) -> list[Wanted]:
        """The papers the work needs from the client, each with what was filed for it."""
        return wanted_papers(self.order, self.material_request, self.materials)

    def english_of(self, name: str) -> str:
        """What the order keeps as the English of a paper of its list, empty for any other."""
        return next((paper["en"] for paper in self.order.papers if paper["zh"] == name), "")

    @property
    def asked_papers(self) -> str:
        """The papers of the 补正通知 in the reader's language, for a page."""
        names = self.material_request.missing if self.material_request else []
        return Markup.escape(_("；")).join(phrase(name, self.english_of(name)) for name in names)

    @property
    def filed_count(self) -> int:
        return sum(bool(paper.files) for paper in self.wanted_papers)

    @cached_property
    def papers_lapsed(self) -> bool:
        """The agency said nothing in time, so the papers count as complete."""
        return any(row.code == "order.materials" and row.state == Deadline.State.FIRED for row in self._limits)

    @cached_property
    def extension(self) -> Extension | None:
        return getattr(self.order, "extension", None)

    @cached_property
    def invoice(self) -> Invoice | None:
        return getattr(self.order, "invoice", None)

    # --- rows of which there are several -----------------------------------------------------------------------------
    @cached_property
    def deliverables(self) -> list[Deliverable]:
        if self.order.started_at is None:
            return []
        return list(self.order.deliverables.select_related("file", "delivered_by").order_by("number"))

    @property
    def submitted(self) -> Deliverable | None:
        return next((d for d in self.deliverables if d.status == Deliverable.Status.SUBMITTED), None)

    @property
    def approved(self) -> Deliverable | None:
        return next((d for d in self.deliverables if d.status == Deliverable.Status.APPROVED), None)

    @property
    def to_hand_over(self) -> Deliverable | None:
        """At the counter: the result that the enterprise has not been given yet."""
        if self.order.channel != Order.Channel.COUNTER:
            return None
        return next((d for d in reversed(self.deliverables) if d.opened_at is None), None)

    @cached_property
    def review_rounds(self) -> list[Any]:
        return list(self.order.review_rounds.order_by("number")) if self.order.external_review else []

    @property
    def review_running(self) -> bool:
        return self.order.status in Order.RUNNING and any(r.result == "pending" for r in self.review_rounds)

    @property
    def review_status(self) -> str:
        """What became of a delivery that needs an external review; empty for anything else."""
        if self.order.status != Status.DELIVERED or not self.order.external_review:
            return ""
        if self.reviewed:
            return str(self.order.get_status_display())
        return _("已交付，送审中") if self.review_running else _("已交付，待送审")

    @property
    def reviewed(self) -> bool:
        return any(r.result in ExternalReviewRound.PASSED for r in self.review_rounds)

    @cached_property
    def batches(self) -> list[Any]:
        if not self.has_batches:
            return []
        return list(self.order.batches.select_related("report", "retest_of").order_by("id"))

    @property
    def has_batches(self) -> bool:
        return self.order.unit == "test_group"

    @cached_property
    def payments(self) -> list[Payment]:
        if self.order.accepted_at is None:
            return []
        return list(self.order.payments.select_related("slip").order_by("id"))

    @property
    def paid(self) -> Payment | None:
        return next((p for p in self.payments if p.status == Payment.Status.SETTLED), None)

    @property
    def open_payment(self) -> Payment | None:
        return next((p for p in self.payments if p.is_open), None)

    @property
    def stray(self) -> Payment | None:
        """Money that came and does not fit, the oldest first."""
        return next((p for p in self.payments if p.is_stray), None)

    @property
    def offline_waiting(self) -> Payment | None:
        payment = self.open_payment
        return payment if payment and payment.gateway == Payment.Gateway.OFFLINE else None

    @cached_property
    def ledger(self) -> list[LedgerEntry]:
        """What has moved, the oldest first; nothing moves before an attempt to pay."""
        return list(self.order.ledger.order_by("id")) if self.payments else []

    @cached_property
    def refunds(self) -> list[Refund]:
        """The oldest first; nothing goes back before something was paid."""
        return list(self.order.refunds.order_by("id")) if self.paid else []

    @cached_property
    def balance(self) -> Balance:
        return reckoned(self.ledger, self.refunds)

    @property
    def owed_by_rule(self) -> bool:
        """Must what is left go back to the payer?"""
        return owed_by_rule(self.order, self.balance)

    @property
    def held_fen(self) -> int:
        """What the custodian holds now."""
        return self.balance.held

    @property
    def pays_now(self) -> bool:
        """Whether the fee is asked for now."""
        return self.pay_by is not None and not self.paid and not self.offline_waiting

    @property
    def pay_by(self) -> Deadline | None:
        """The limit for paying the fee, where it is due."""
        return next((self.deadlines[code] for code in PAYING if code in self.deadlines), None)

    @property
    def payer(self) -> Side:
        """Who owes the fee: the buyer, or the centre's operators for an authority that pays for the applicant."""
        return Side.STAFF if self.order.payer == Order.Payer.AUTHORITY else Side.BUYER

    @property
    def asked_to_pay(self) -> bool:
        """Whether the person is asked for money now."""
        return self.pays_now and self.payer in self.sides

    @cached_property
    def pauses(self) -> list[PauseConsent]:
        """While the order runs; nobody may ask for one later."""
        return list(self.order.pauses.order_by("id")) if self.order.status in Order.RUNNING else []

    @property
    def open_pause(self) -> PauseConsent | None:
        return next((p for p in self.pauses if p.status in ("asked", "running")), None)

    @cached_property
    def lead_changes(self) -> list[LeadChange]:
        """While the order runs."""
        if self.order.status not in Order.RUNNING:
            return []
        return list(self.order.lead_changes.select_related("previous", "proposed").order_by("id"))

    @property
    def open_lead_change(self) -> LeadChange | None:
        return next((c for c in self.lead_changes if c.status == LeadChange.Status.ASKED), None)

    @cached_property
    def complaints(self) -> list[Complaint]:
        return list(self.order.complaints.select_related("filed_by", "decided_by", "paper").order_by("id"))

    @property
    def open_complaint(self) -> Complaint | None:
        return next((c for c in self.complaints if c.status in ("filed", "accepted")), None)

    @cached_property
    def ratings(self) -> list[Rating]:
        if self.order.approved_at is None:
            return []
        return list(self.order.ratings.order_by("id"))

    def rating_of(self, side: str) -> Rating | None:
        return next((r for r in self.ratings if r.side == side), None)

    @cached_property
    def audit(self) -> list[AuditEntry]:
        return list(
            AuditEntry.objects.filter(stream=self.order.stream)
            .select_related("actor", "on_behalf_of", "detail")
            .order_by("seq")
        )

    @property
    def ended_at(self) -> datetime | None:
        """When the order ended early."""
        last = AuditEntry.objects.filter(stream=self.order.stream, to_state=self.order.status).order_by("-seq")
        return last.values_list("at", flat=True).first()

    @property
    def list_url(self) -> str:
        """The list from which a person of this side comes."""
        if self.side == Side.AGENCY:
            return reverse("orders:agency_orders")
        return reverse("orders:orders" if self.side == Side.BUYER else "orders:desk_orders")

    # --- time --------------------------------------------------------------------------------------------------------
    @cached_property
    def deadlines(self) -> dict[str, Deadline]:
        """Open deadlines of the order, and of the review that is going on, by code."""
        if self.order.status in Order.ENDED:
            return {}
        return {row.code: row for row in self._limits if row.state == Deadline.State.OPEN}

    @cached_property
    def _limits(self) -> list[Deadline]:
        """Open limits, and that for checking the papers where it has passed; read together."""
        subjects = [self.order.stream, *(f"review_round:{r.pk}" for r in self.review_rounds if r.result == "pending")]
        told = Q(state=Deadline.State.OPEN) | Q(state=Deadline.State.FIRED, code="order.materials")
        return list(Deadline.objects.filter(told, subject__in=subjects).order_by("due_at"))

    @property
    def paused(self) -> bool:
        """The clock stands still: a pause both sides agreed to, or a round of external review."""
        if self.order.status not in Order.RUNNING:
            return False
        return self.review_running or bool(self.open_pause and self.open_pause.status == "running")

    def stops(self, row: Deadline) -> bool:
        """Whether a limit waits for the clock: all of the order's do, that of the review goes on."""
        return self.paused and row.subject == self.order.stream

    @property
    def main_deadline(self) -> Deadline | None:
        return next((self.deadlines[code] for code in MAIN_DEADLINES if code in self.deadlines), None)

    @property
    def lamp_word(self) -> str:
        """What is due and how it stands: ``互相评价：还剩 6 个工作日``."""
        row = self.main_deadline
        if row is None or self.lamp is None:
            return ""
        return _("%(what)s：%(word)s") % {"what": LIMITS[row.code].label, "word": self.lamp.word}

    @cached_property
    def lamp(self) -> lamps.Lamp | None:
        """None where nothing is due."""
        row = self.main_deadline
        return lamps.lamp(row, paused=self.stops(row)) if row else None


def complaint_limits(row: Complaint) -> dict[str, datetime]:
    """The open limits of a complaint: when each is due, by code."""
    rows = Deadline.objects.filter(subject=f"complaint:{row.pk}", state=Deadline.State.OPEN)
    return dict(rows.values_list("code", "due_at"))
