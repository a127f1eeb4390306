"""Clients for the people around an order, and forms posted the way a browser posts them."""

from __future__ import annotations

import itertools
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kernel.models import User
from tests import factories

_tokens = itertools.count(1)


def client_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def pdf(name: str = "成果.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories.PDF, content_type="application/pdf")


def act(client: Client, number: str, code: str, pk: int | None = None, /, **data: Any) -> Any:
    """Post an act's form with a fresh token."""
    row = f"{pk}/" if pk else ""
    given = {"idempotency_token": f"token-of-form-{next(_tokens)}", **data}
    return client.post(f"/orders/{number}/do/{code}/{row}", given)


def did(response: Any) -> Any:
    """The act was done: a redirect; else the page says why not."""
    assert response.status_code == 302, errors(response)
    return response


def errors(response: Any) -> str:
    """The error summary of a page, or its beginning."""
    text = response.content.decode()
    _before, mark, rest = text.partition('class="error-summary"')
    return f"{response.status_code}: {rest[:600] if mark else text[:600]}"
