"""What a demo adds to the pages: the sign-in buttons and a strip that says that this is one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from markupsafe import Markup

from demo import progress
from demo.logins import logins


def sign_in_buttons(request: HttpRequest) -> str:
    return _part("demo/sign_in.html", request, logins=logins(), next=request.GET.get("next", ""))


def strip(request: HttpRequest) -> str:
    return _part("demo/strip.html", request, progress=progress.read())


def _part(template: str, request: HttpRequest, **context: Any) -> Markup:
    return Markup(render_to_string(template, context, request))  # noqa: S704 (our own template)
