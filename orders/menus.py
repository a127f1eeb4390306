"""The entries of this room in the menus."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel import access
from kernel.access import Role
from kernel.models import Organisation
from kernel.ui.navigation import ACCOUNT, NavItem, register, register_section


def _buys(request: HttpRequest) -> bool:
    return any(party.is_buyer for party in access.parties(request.user))


def _serves(request: HttpRequest) -> bool:
    return bool(access.parties(request.user, [Organisation.Kind.AGENCY]))


def _trades(request: HttpRequest) -> bool:
    return _buys(request) or _serves(request)


def _staff(request: HttpRequest) -> bool:
    return access.is_staff(request.user)


def _operator(request: HttpRequest) -> bool:
    return access.holds(request.user, Role.OPERATOR)


def _rates(request: HttpRequest) -> bool:
    return access.holds(request.user, Role.OPERATOR, Role.SUPERVISOR)


register(NavItem(ACCOUNT, _("我的订单"), "orders:orders", visible=_buys, order=5))
register(NavItem(ACCOUNT, _("收到的订单"), "orders:agency_orders", visible=_serves, order=6))
register_section("orders", _("订单"), order=10)
register_section("centre", _("服务中心"), order=20)
register(
    NavItem("orders", _("我的订单"), "orders:orders", visible=_buys, order=10),
    NavItem("orders", _("收到的订单"), "orders:agency_orders", visible=_serves, order=20),
    NavItem("orders", _("我的投诉"), "orders:my_complaints", visible=_trades, order=30),
    NavItem("centre", _("窗口代办"), "orders:counter", visible=_operator, order=10),
    NavItem("centre", _("订单监管"), "orders:desk_orders", visible=_staff, order=20),
    NavItem("centre", _("投诉处理"), "orders:desk_complaints", visible=_staff, order=30),
    NavItem("centre", _("部门与中心评价"), "orders:desk_ratings", visible=_rates, order=40),
)
