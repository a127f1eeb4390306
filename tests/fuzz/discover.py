"""Every form of the site, found on the pages of the tour; and what an honest client would send with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from demo.tour.visits import Visit
from tests.flows.browser import UNTOUCHED, Control, Form, Page

# Signing in and moving the demo's clock by a click are the demo's; the plain buttons of every page are enough once.
LEFT_OUT = ("demo:sign_in", "demo:advance", "account_logout")
HONEST = {"date": "2026-11-20", "month": "2026-10", "number": "1", "email": "a@example.com", "tel": "13900001111"}
KEPT = ("hidden",)


@dataclass
class Target:
    """A form on a page of the tour; ``visit`` says who has it in front of them."""

    visit: Visit
    path: str
    form: Form

    @property
    def name(self) -> str:
        return f"{self.visit.stop.name} → {self.form.method} {self.path}"

    def fields(self) -> list[Control]:
        """What a person can fill in, and the hidden fields: to a hostile client all are alike."""
        return [control for control in self.form.controls if control.kind != "file" and control.name]

    def files(self) -> list[Control]:
        return [control for control in self.form.controls if control.kind == "file"]

    def honest(self) -> list[tuple[str, str]]:
        """As the form stands, empty fields filled in plausibly."""
        pairs = []
        for control in self.fields():
            sent = [str(value) for value in control.sent(UNTOUCHED)]
            if not any(sent):
                sent = [_plausible(control)]
            pairs += [(control.name, value) for value in sent]
        return pairs + [(button.name, button.value) for button in self.form.buttons[:1] if button.name]


def _plausible(control: Control) -> str:
    if control.kind == "select":
        return next((option.value for option in control.options if option.value), "")
    if control.kind in ("checkbox", "radio"):
        return control.value
    return HONEST.get(control.kind, "一般情况说明")


def client_of(visit: Visit) -> Client:
    client = Client(raise_request_exception=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = visit.cookie
    return client


def targets(visits: list[Visit]) -> list[Target]:
    """One for each route, method and set of fields: the same form on fifty pages is one form."""
    found: dict[Any, Target] = {}
    for visit in visits:
        path = visit.path("zh")
        answer = client_of(visit).get(path)
        if "html" not in answer["Content-Type"] or path.startswith("/back-office/"):
            continue
        for form in Page(answer.content.decode()).forms:
            where = urljoin(path, form.action or path)
            route = _route(where)
            if route is None or route[0] in LEFT_OUT:
                continue
            key = (route, form.method, tuple(sorted({control.name for control in form.controls})))
            found.setdefault(key, Target(visit, where, form))
    return list(found.values())


def _route(path: str) -> tuple[str, str] | None:
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    return match.view_name, str(match.kwargs.get("act", ""))
