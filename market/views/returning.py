"""Back to where a person came from, if that is one of our pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def back(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """A redirect to ``next`` of the form when it stays on this site, else to the page named ``default``."""
    wanted = request.POST.get("next", "")[:2000]
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return HttpResponseRedirect(wanted)
    return HttpResponseRedirect(reverse(default))


def posted_id(request: HttpRequest, name: str = "listing") -> int | None:
    """A row's id out of a form; None when it is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
