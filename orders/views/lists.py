"""The buyer's orders, the agency's queue, the operator's desk."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kernel import access, clock, export
from kernel.models import Organisation
from kernel.ui import format
from orders.forms.fields import quantity_text
from orders.forms.queue import LAMPS
from orders.machines import LIMITS
from orders.models import Order
from orders.parties import AGENCY, BUYER
from orders.selectors import orders
from orders.selectors.money import AT_THE_DESK
from orders.views import queue

MAX_EXPORT = 50_000


@login_required
def of_buyer(request: HttpRequest) -> HttpResponseBase:
    """Orders of the organisations the person buys for."""
    return _list(request, orders.orders_of_buyers(request.user), "buyer", _("我的订单"))


@login_required
def of_agency(request: HttpRequest) -> HttpResponseBase:
    """Orders that came to the person's agency."""
    kinds = {party.kind for party in request.parties}  # type: ignore[attr-defined]
    access.require(Organisation.Kind.AGENCY in kinds, "order.agency_side")
    return _list(request, orders.orders_of_agencies(request.user), "agency", _("收到的订单"))


@login_required
def of_desk(request: HttpRequest) -> HttpResponseBase:
    """All orders, for the staff of an authority."""
    access.require(access.is_staff(request.user), "access.role")
    return _list(request, Order.objects.all(), "desk", _("订单监管"))


def _list(request: HttpRequest, base: QuerySet[Order], audience: str, title: str) -> HttpResponseBase:
    if request.GET.get("export") in ("csv", "xlsx"):
        return _file(request, base)
    found = queue.queue(request, base, audience if audience in (BUYER, AGENCY) else "")
    lamps = [(code, label, _with(request, "lamp", code)) for code, label in LAMPS]
    context = {"queue": found, "audience": audience, "title": title, "tabs": _tabs(request, found), "lamps": lamps}
    return render(request, "orders/list.html", context)


def _tabs(request: HttpRequest, found: queue.Queue) -> list[dict[str, Any]]:
    """One tab a state that occurs, and all of them."""
    chosen, only = request.GET.get("status", ""), _only(found)
    tabs = [
        {
            "label": _("全部"),
            "href": _with(request, "status", ""),
            "count": sum(found.counts.values()),
            "current": not chosen and not only,
        }
    ]
    if only:
        tabs.insert(
            0,
            {
                "label": only,
                "href": "?" + request.GET.urlencode(),
                "count": found.page.paginator.count,
                "current": True,
            },
        )
    for code, name in Order.Status.choices:
        # Of what was delivered, a row says whether it must pass a review first
        label = _("已交付、待验收") if code == Order.Status.DELIVERED else name
        if found.counts.get(code):
            href = _with(request, "status", code)
            tabs.append(
                {"label": label, "href": href, "count": found.counts[code], "current": chosen == code and not only}
            )
    return tabs


def _only(found: queue.Queue) -> Any:
    """What a link from the work home has narrowed the list to, in words; its own tab says so."""
    wanted = found.form.wanted()
    if "due" in wanted:
        return LIMITS[wanted["due"]].label
    return AT_THE_DESK[wanted["money"]].label if "money" in wanted else ""


def _with(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    for other in ("page", "due", "money") if name == "status" else ("page",):
        query.pop(other, None)
    query[name] = value
    return "?" + query.urlencode()


def _file(request: HttpRequest, base: QuerySet[Order]) -> HttpResponseBase:
    rows = queue.narrow(base, queue.QueueForm(request.GET).wanted(), user=request.user)[:MAX_EXPORT]
    heads = [
        _("订单号"), _("状态"), _("服务事项"), _("服务名称"), _("所属项目"), _("项目代码"), _("项目业主"), _("中介机构"),
        _("渠道"), _("数量"), pgettext("计量", "单位"), _("服务费（元）"), _("合同时限（工作日）"), _("用时（工作日）"),
        _("首次申请"), _("受理"), _("办结"), _("送达"), _("到期"),
    ]  # fmt: skip
    lines = (_line(order) for order in rows.iterator(chunk_size=500))
    name = f"orders-{clock.today():%Y%m%d}"
    return export.table(request.GET["export"], name, heads, lines)


def _line(order: Any) -> list[Any]:
    return [
        order.number,
        order.get_status_display(),
        order.item.name,
        order.title,
        order.project.name,
        order.project.code,
        order.buyer.name,
        order.agency.organisation.name,
        order.get_channel_display(),
        quantity_text(order.quantity_milli, order.unit),
        order.get_unit_display(),
        format.money_plain(order.fee_fen).replace(",", ""),
        order.days,
        order.days_used,
        *(_moment(at) for at in (order.placed_at, order.accepted_at, order.completed_at, order.received_at)),
        _moment(order.due_at),
    ]


def _moment(at: Any) -> str:
    return format.local(at).strftime("%Y-%m-%d %H:%M") if at else ""
