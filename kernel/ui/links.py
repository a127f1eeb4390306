"""Addresses for templates: by name, by name if it exists, with a changed query, in the other language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """``reverse`` with positional or keyword parts of the path."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def url_or_none(name: str, *args: Any, **kwargs: Any) -> str | None:
    """As ``url``, but nothing when the name is not wired: layouts drop the link instead of failing."""
    try:
        return url(name, *args, **kwargs)
    except NoReverseMatch:
        return None


def query(request: HttpRequest, **changes: Any) -> str:
    """The page's own query with some parts changed: ``query(request, page=2)``; ``None`` drops a part.

    A list or tuple sets several values. The answer starts with ``?``.
    """
    parts = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            parts.pop(name, None)
        elif isinstance(value, list | tuple):
            parts.setlist(name, [str(item) for item in value])
        else:
            parts[name] = str(value)
    return "?" + parts.urlencode()


def in_language(request: HttpRequest, language: str) -> str:
    """The address of this very page in another language."""
    return translate_url(request.get_full_path(), language)


def absolute(path: str) -> str:
    """The address under which the public knows a page; what search engines and shared links want."""
    return settings.PUBLIC_URL.rstrip("/") + path
