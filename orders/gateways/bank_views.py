"""The sandbox bank's own hosted page, and the door for its messages. Not part of the site: no menu, no sign-in; whoever
has the address of a payment may pay it, as with a real bank's payment link. It exists in a demo only."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.gateways import bank
from orders.gateways.sandbox import BadSignature, handle_webhook
from orders.models import BankDeposit

MAX_BODY_BYTES = 64 * 1024


def pay(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the request for payment; take the customer's decision; send the customer back to the merchant."""
    deposit = _deposit(reference)
    language = _language(request)
    with translation.override(language):
        if request.method == "POST" and request.POST.get("decision") in ("pay", "refuse"):
            bank.deposit_decide(reference=reference, pay=request.POST["decision"] == "pay")
            return HttpResponseRedirect(_return_url(reference))
        return render(request, "bank/pay.html", _context(deposit, language))


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """200 for everything the bank provably sent, known or not; 400 for the rest."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY_BYTES:
        return HttpResponse("too large", status=413, content_type="text/plain")
    try:
        outcome = handle_webhook(request.body, request.headers.get("Bank-Signature", ""))
    except BadSignature:
        return HttpResponse("bad signature", status=400, content_type="text/plain")
    return HttpResponse(outcome, content_type="text/plain")


def _deposit(reference: str) -> BankDeposit:
    deposit = bank.deposit_find(reference) if settings.DEMO else None
    if deposit is None:
        raise Http404
    return deposit


def _context(deposit: BankDeposit, language: str) -> dict[str, Any]:
    return {
        "deposit": deposit,
        "open": deposit.status == BankDeposit.Status.OPEN,
        "return_url": _return_url(deposit.reference),
        "language": language,
    }


def _language(request: HttpRequest) -> str:
    """The one the merchant's link names; a bare address goes by the browser."""
    wanted = request.GET.get("lang", "")
    return wanted if wanted in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


def _return_url(reference: str) -> str:
    return reverse("orders:payment_return", args=[reference])
