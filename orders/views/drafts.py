"""What a person typed before signing in, or before registering an organisation, until the form is shown again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode

from kernel import unsent


def take(request: HttpRequest, name: str) -> dict[str, str]:
    """What was put aside, once; what was left empty does not replace what is usual for the organisation."""
    said = unsent.take(request, name)
    return {field: values[-1] for field, values in said.items() if values and values[-1].strip()}


def sign_in(request: HttpRequest, back: str) -> HttpResponse:
    """To the sign-in page, and back here."""
    return HttpResponseRedirect(f"{resolve_url('account_login')}?{urlencode({'next': back})}")


def register_party(back: str) -> HttpResponse:
    """To the registration of an organisation, for people who have none to order for, and back here."""
    return HttpResponseRedirect(f"{reverse('kernel:party_register')}?{urlencode({'next': back})}")
