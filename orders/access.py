"""Who stands on which side of an order.

At the counter a member of staff acts for the enterprise whose authorisation is attached (代办): such an order's buyer
side is open to operators, and the audit trail names both. Whoever belongs to a side, or to what stands behind it, does
nothing for the centre in that order (回避).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.selectors.interests import has_stake, interests
from kernel import access
from kernel.access import Role
from kernel.errors import DomainError
from kernel.models import Organisation, User
from orders.models import Order
from orders.parties import AGENCY, BUYER


def is_buyer(user: User | Any, order: Order) -> bool:
    return access.belongs_to(user, order.buyer_id) or (
        order.channel == Order.Channel.COUNTER and at_desk(user, order, Role.OPERATOR)
    )


def is_agency(user: User | Any, order: Order) -> bool:
    return access.belongs_to(user, order.agency.organisation_id)


def concerned(user: User | Any, order: Order) -> bool:
    """Does the person belong to a side: to the buyer, to the agency, to its head office, to the organisation it is
    affiliated with, or to whoever is under one control with any of them?"""
    return has_stake(user, order.agency, order.buyer.client_key)


def at_desk(user: User | Any, order: Order, *roles: str) -> bool:
    """Holds one of the roles of an authority and belongs to neither side."""
    return access.holds(user, *roles) and not concerned(user, order)


def require_unconcerned(order: Order, actor: User | None) -> None:
    """DomainError ``order.recusal`` for whoever is concerned; the system never is."""
    if actor is not None and concerned(actor, order):
        raise DomainError(
            "order.recusal",
            _("您是本订单一方（或其关联单位）的成员，应当回避。"),
            _("请转交与本订单双方没有利害关系的工作人员办理。"),
        )


def may_read(user: User | Any, order: Order) -> bool:
    """Both sides, and every role of an authority."""
    return is_buyer(user, order) or is_agency(user, order) or access.is_staff(user)


def require_buyer(actor: User | None, order: Order) -> Organisation:
    """Forbidden unless the person stands on the buyer's side; gives the buyer, for whom the act counts."""
    access.require(actor is not None and is_buyer(actor, order), "order.buyer_side")
    return order.buyer


def require_payer(actor: User | None, order: Order) -> Organisation | None:
    """Whoever owes the fee: the buyer's side, for which the act counts; for a fee that an authority bears, the centre's
    operators alone, who act for nobody else (None). DomainError ``payment.authority`` for the buyer's people then."""
    if order.payer == Order.Payer.BUYER:
        return require_buyer(actor, order)
    if not at_desk(actor, order, Role.OPERATOR):
        require_buyer(actor, order)
        raise DomainError(
            "payment.authority",
            _("这笔服务费由审批部门承担，您无需支付。"),
            _("付款和退款由服务中心办理；机构要求您付款的，可以投诉。"),
        )
    return None


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
    return buyer.client_key in interests(agency) or _share_people(agency.organisation_id, buyer.pk)


def _share_people(one: int, other: int) -> bool:
    live = User.objects.filter(memberships__organisation_id=one, memberships__ended_at__isnull=True)
    return live.filter(
        pk__in=User.objects.filter(memberships__organisation_id=other, memberships__ended_at__isnull=True).values("pk")
    ).exists()
