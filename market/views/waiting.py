"""What waits for the person who is signed in: one line for the home page, which asks for it after it is shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import work

SHOWN = 3


@require_safe
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """A piece of a page. Empty for a visitor, so that it says nothing about anybody."""
    if not request.user.is_authenticated:
        return HttpResponse("")
    found = work.summary(request.user, request.party)
    context = {"waiting": found, "queues": found.own[:SHOWN]}
    return render(request, "market/waiting.html", context)
