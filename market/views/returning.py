"""Back to where a person came from, if that is one of our pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def back(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """A redirect to ``next`` of the form when it stays on this site, else to the page named ``default``.

    Whoever pressed a button of one row in a list (``posted_change``) comes back to that row.
    """
    wanted = request.POST.get("next", "")[:2000]
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return HttpResponseRedirect(reverse(default))
    row = posted_id(request, "add") or posted_id(request, "remove")
    return HttpResponseRedirect(f"{wanted.partition('#')[0]}#offer-{row}" if row else wanted)


def posted_change(request: HttpRequest) -> tuple[str, int | None]:
    """(``add``, ``remove`` or ``clear``, listing id): from the button of a row (``add=7``) or from a form of its own
    (``action=add``, ``listing=7``)."""
    for action in ("add", "remove"):
        if action in request.POST:
            return action, posted_id(request, action)
    return request.POST.get("action", ""), posted_id(request)


def posted_id(request: HttpRequest, name: str = "listing") -> int | None:
    """A row's id out of a form; None when it is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
