"""On which side of an order a person stands."""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpRequest

from kernel import access as people
from orders import access, parties
from orders.models import Order


class Side(StrEnum):
    """``staff`` (operators) acts for the centre; ``supervisor`` speaks and rates for the department; ``reader``
    (inspectors and other roles of an authority, and staff who belong to a side) only looks."""

    BUYER = parties.BUYER
    AGENCY = parties.AGENCY
    STAFF = parties.OPERATOR
    SUPERVISOR = "supervisor"
    READER = "reader"


def sides_of(request: HttpRequest, order: Order) -> tuple[Side, ...]:
    """The sides the person may act on, the one shown first in front: the organisation chosen now decides between two.

    Staff who placed an order at the counter also stand on the buyer's side (代办)."""
    user, found = request.user, []
    if access.is_agency(user, order):
        found.append(Side.AGENCY)
    if access.is_buyer(user, order):
        found.append(Side.BUYER)
    if access.at_desk(user, order, people.Role.OPERATOR):
        found.append(Side.STAFF)
    if access.at_desk(user, order, people.Role.SUPERVISOR):
        found.append(Side.SUPERVISOR)
    chosen = getattr(request.party, "pk", None)  # type: ignore[attr-defined]
    if chosen == order.buyer_id and Side.BUYER in found:
        found.sort(key=lambda side: side != Side.BUYER)
    return tuple(found) or (Side.READER,)
