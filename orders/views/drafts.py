"""What a person typed before signing in, kept in the session until the form is shown again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import urlencode

from kernel.services.drafts import writer_of
from kernel.unsent import DRAFT_FIELD

MAX_CHARS = 20_000
DROPPED = {"csrfmiddlewaretoken", "idempotency_token"}


def keep(request: HttpRequest, key: str) -> None:
    """Put the posted form aside under ``key``; one that is absurdly long is not kept."""
    data = request.POST.copy()
    for name in DROPPED:
        data.pop(name, None)
    text = data.urlencode()
    if len(text) <= MAX_CHARS:
        request.session[f"draft:{key}"] = text


def take(request: HttpRequest, key: str) -> dict[str, str]:
    """What was put aside, once; what was left empty does not replace what is usual for the organisation.

    What somebody wrote before their session ended is for nobody else who signs in here."""
    text = request.session.pop(f"draft:{key}", "") if request.user.is_authenticated else ""
    put = QueryDict(text)
    if DRAFT_FIELD in put and writer_of(put[DRAFT_FIELD]) != request.user.pk:
        return {}
    return {name: value for name, value in put.items() if str(value).strip()}


def sign_in(request: HttpRequest, back: str) -> HttpResponse:
    """To the sign-in page, and back here."""
    return HttpResponseRedirect(f"{resolve_url('account_login')}?{urlencode({'next': back})}")


def register_party(back: str) -> HttpResponse:
    """To the registration of an organisation, for people who have none to order for, and back here."""
    return HttpResponseRedirect(f"{reverse('kernel:party_register')}?{urlencode({'next': back})}")
