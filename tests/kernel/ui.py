"""Rendering small pieces of templates through the product's own environment."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation


def render(source: str, *, language: str = "zh-hans", request: HttpRequest | None = None, **context: Any) -> str:
    with translation.override(language):
        return engines["jinja2"].from_string(source).render(context, request)


def soup(source: str, **context: Any) -> BeautifulSoup:
    return BeautifulSoup(render(source, **context), "html.parser")


def get(path: str = "/somewhere/") -> HttpRequest:
    """A stranger's request, with what the middleware puts on every one."""
    request = RequestFactory().get(path)
    request.user, request.parties, request.party = AnonymousUser(), [], None
    return request
