"""The one door to orders: what a person may see. A foreign number is a 404, whoever asks for it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from kernel import access
from kernel.models import User
from orders.access import may_read
from orders.models import Complaint, Order, Project

# What a page of an order names
PARTS = (
    "project", "buyer", "agency__organisation", "agency__parent__organisation", "agency__affiliated_with", "item", "category",
    "listing", "version", "lead",
)  # fmt: skip
ONCE = ("contract__scan", "material_request", "extension__document", "invoice__file")
SHOWN = (*PARTS, "project__region", "agency__organisation__region", *ONCE)


def order_for(user: User | Any, number: str) -> Order:
    """The order with everything its page names; 404 for anybody but its two sides and the staff."""
    order = Order.objects.select_related(*SHOWN).filter(number=number).first()
    if order is None or not may_read(user, order):
        raise Http404
    return order


def project_for(user: User | Any, pk: int) -> Project:
    """A project for its buyer and the staff; 404 otherwise."""
    project = Project.objects.select_related("buyer", "region").filter(pk=pk).first()
    if project is None or not (access.belongs_to(user, project.buyer_id) or access.is_staff(user)):
        raise Http404
    return project


def complaint_for(user: User | Any, number: str) -> Complaint:
    """A complaint for both sides of its order and the staff; 404 otherwise."""
    rows = Complaint.objects.select_related(*(f"order__{part}" for part in PARTS))
    complaint = rows.filter(number=number).first()
    if complaint is None or not may_read(user, complaint.order):
        raise Http404
    return complaint


def orders_of_buyers(user: User | Any) -> QuerySet[Order]:
    """Orders placed by any organisation the person belongs to."""
    return Order.objects.filter(buyer__in=_own(user))


def orders_of_agencies(user: User | Any) -> QuerySet[Order]:
    """Orders that came to any agency the person belongs to."""
    return Order.objects.filter(agency__organisation__in=_own(user))


def complaints_of(user: User | Any) -> QuerySet[Complaint]:
    """Complaints of the person's own orders, on either side; all of them for staff."""
    rows = Complaint.objects.select_related("order__buyer", "order__agency__organisation", "order__item")
    if access.is_staff(user):
        return rows
    own = _own(user)
    return rows.filter(Q(order__buyer__in=own) | Q(order__agency__organisation__in=own))


def _own(user: User | Any) -> list[int]:
    return [m.organisation_id for m in access.live_memberships(user)]
