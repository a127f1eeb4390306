"""What a demo adds to the pages: the sign-in buttons and a strip that says that this is one."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from markupsafe import Markup
from stdnum.cn import uscc

from demo import progress
from demo.logins import logins
from kernel.models import Organisation

FREE = "91339900MA"
"""An enterprise of a division that is not assigned, so that no real one is met."""


def sign_in_buttons(request: HttpRequest) -> str:
    return _part("demo/sign_in.html", request, logins=logins(), next=request.GET.get("next", ""))


def sign_in_hint(request: HttpRequest) -> str:
    return _part("demo/sign_in_hint.html", request)


def strip(request: HttpRequest) -> str:
    return _part("demo/strip.html", request, progress=progress.read())


def code_hint(request: HttpRequest) -> str:
    """A registration asks for a code with a right check character, which nobody knows by heart."""
    taken = set(Organisation.objects.filter(uscc__startswith=FREE).values_list("uscc", flat=True))
    code = next(code for n in count() if (code := _code(n)) not in taken)
    return _part("demo/code_hint.html", request, code=code)


def _code(number: int) -> str:
    body = f"{FREE}{number:07d}"
    return body + uscc.calc_check_digit(body)


def _part(template: str, request: HttpRequest, **context: Any) -> Markup:
    return Markup(render_to_string(template, context, request))  # noqa: S704 (our own template)
