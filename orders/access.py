"""Who stands on which side of an order.

At the counter a member of staff acts for the enterprise whose authorisation is attached (代办): such an order's buyer
side is open to operators, and the audit trail names both.
"""

from __future__ import annotations

from typing import Any

from kernel import access
from kernel.access import Role
from kernel.models import Organisation, User
from orders.models import Order
from orders.parties import AGENCY, BUYER


def is_buyer(user: User | Any, order: Order) -> bool:
    return access.belongs_to(user, order.buyer_id) or (
        order.channel == Order.Channel.COUNTER and access.holds(user, Role.OPERATOR)
    )


def is_agency(user: User | Any, order: Order) -> bool:
    return access.belongs_to(user, order.agency.organisation_id)


def may_read(user: User | Any, order: Order) -> bool:
    """Both sides, and every role of an authority."""
    return is_buyer(user, order) or is_agency(user, order) or access.is_staff(user)


def require_buyer(actor: User | None, order: Order) -> Organisation:
    """Forbidden unless the person stands on the buyer's side; gives the buyer, for whom the act counts."""
    access.require(actor is not None and is_buyer(actor, order), "order.buyer_side")
    return order.buyer


def require_agency(actor: User | None, order: Order) -> Organisation:
    access.require(actor is not None and is_agency(actor, order), "order.agency_side")
    return order.agency.organisation


def require_side(actor: User | None, order: Order) -> str:
    """``"buyer"`` or ``"agency"``; Forbidden for anybody else."""
    if actor is not None and is_agency(actor, order):
        return AGENCY
    require_buyer(actor, order)
    return BUYER


def organisation_of(side: str, order: Order) -> Organisation:
    return order.buyer if side == BUYER else order.agency.organisation


def related(order: Order) -> bool:
    """Are the two sides one interest (same control, affiliation, or shared people)? Such deals earn no evidence."""
    agency, buyer = order.agency, order.buyer
    own = agency.organisation
    return (
        buyer.pk == own.pk
        or buyer.client_key == own.client_key
        or agency.affiliated_with_id == buyer.pk
        or (agency.parent_id is not None and agency.parent.organisation.client_key == buyer.client_key)
        or _share_people(own.pk, buyer.pk)
    )


def _share_people(one: int, other: int) -> bool:
    live = User.objects.filter(memberships__organisation_id=one, memberships__ended_at__isnull=True)
    return live.filter(
        pk__in=User.objects.filter(memberships__organisation_id=other, memberships__ended_at__isnull=True).values("pk")
    ).exists()
