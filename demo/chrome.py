"""What a demo adds to the pages: the sign-in buttons and a strip that says that this is one."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string

from demo import progress
from demo.logins import logins


def sign_in_buttons(request: HttpRequest) -> str:
    if not settings.DEMO:
        return ""
    return render_to_string("demo/sign_in.html", {"logins": logins(), "next": request.GET.get("next", "")}, request)


def strip(request: HttpRequest) -> str:
    if not settings.DEMO:
        return ""
    return render_to_string("demo/strip.html", {"progress": progress.read()}, request)
