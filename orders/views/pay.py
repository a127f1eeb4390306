"""Paying: choose the way, go to the custodian's page, come back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from kernel.forms import attempt
from orders.access import require_payer
from orders.gateways import GatewayDown, available, gateway
from orders.models import Payment
from orders.selectors import orders
from orders.services.pay import payment_check, payment_start
from orders.views.dossier import Dossier

WAYS = {Payment.Gateway.SANDBOX: _("托管支付"), Payment.Gateway.OFFLINE: _("线下转账")}


class GatewayForm(forms.Form):
    gateway = forms.ChoiceField(
        label=_("付款方式"),
        choices=lambda: [(code, WAYS[code]) for code in available()],
        widget=forms.RadioSelect,
    )


NOTES = {
    Payment.Gateway.SANDBOX: _(
        "款项由托管银行保管，验收后才放给机构。服务开始前取消订单的，全额原路退回；开始后要终止的，由服务中心核实后决定退还金额。"
    ),
    Payment.Gateway.OFFLINE: _("直接转到机构账户，不经托管；转账后双方在平台确认，并上传转账凭证。"),
}


@login_required
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """The amount, who holds it, and the two ways."""
    d = Dossier(request, orders.order_for(request.user, number))
    require_payer(request.user, d.order)
    if d.paid:
        return redirect("orders:money", number=number)
    form = GatewayForm(request.POST or None, initial={"gateway": _open_gateway(d)})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["gateway"]
        payment = attempt(form, payment_start, order=d.order, gateway=chosen, actor=request.user)
        if payment is not None:
            away = gateway(payment.gateway).pay_url(payment)
            return HttpResponseRedirect(away) if away else redirect("orders:money", number=number)
    context = {
        "d": d,
        "order": d.order,
        "form": form,
        "notes": NOTES,
        "due": d.pay_by,
        "custodian": Payment.Gateway.SANDBOX.label if Payment.Gateway.SANDBOX in available() else None,
    }
    return render(request, "orders/pay.html", context)


@login_required
def returned(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the custodian's page sends people back to. The outcome is asked for, never believed from the address."""
    payment = _payment(request, reference)
    if payment.is_open:
        try:
            payment = payment_check(payment=payment)
        except GatewayDown:
            payment = _payment(request, reference)
    context = {"payment": payment, "order": payment.order, "d": Dossier(request, payment.order)}
    return render(request, "orders/payment_return.html", context)


def _open_gateway(d: Dossier) -> str:
    return d.open_payment.gateway if d.open_payment else available()[0]


def _payment(request: HttpRequest, reference: str) -> Any:
    """An attempt of an order the person may see."""
    payment = get_object_or_404(Payment.objects.select_related("order"), reference=reference)
    payment.order = orders.order_for(request.user, payment.order.number)
    return payment
