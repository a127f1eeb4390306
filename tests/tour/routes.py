"""What the URLconf offers: its named routes and the methods their views take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver

OF_WAGTAIL = ("back-office/", "documents/")


def named_routes(resolver: Any = None, space: str = "") -> Iterator[tuple[str, Any]]:
    """("orders:order", view) of every named route outside Wagtail's own admin."""
    for entry in (resolver or get_resolver()).url_patterns:
        if str(entry.pattern) in OF_WAGTAIL:
            continue
        name = getattr(entry, "name", None)
        if hasattr(entry, "url_patterns"):
            yield from named_routes(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif name and not name.startswith("wagtail_serve"):
            yield space + name, entry.callback


def methods(view: Any) -> list[str] | None:
    """What ``require_http_methods`` and its kin let through, under whatever other decorators; None: everything."""
    while view is not None:
        names = view.__code__.co_freevars if hasattr(view, "__code__") else ()
        if "request_method_list" in names:
            return list(view.__closure__[names.index("request_method_list")].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return None


def pages() -> set[str]:
    """Names of the routes that answer GET."""
    return {name for name, view in named_routes() if "GET" in (methods(view) or ["GET"])}
