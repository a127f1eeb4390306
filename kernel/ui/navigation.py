"""Menus that the apps fill in ``AppConfig.ready``; the kernel knows no desk by name.

    navigation.register_section("review", _("审核"), order=30)
    navigation.register(NavItem("review", _("入驻审核"), "agencies:review_queue", visible=is_registrar, order=10))

Three sections exist from the start: ``public`` (the row under the header), ``account`` (the menu under the person's
name) and ``footer``. An item whose URL name is not
wired, or whose ``visible`` says no, is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from markupsafe import Markup, escape

from kernel.ui.links import url_or_none

PUBLIC, ACCOUNT, FOOTER = "public", "account", "footer"


def anyone(request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True)
class NavItem:
    """One entry. ``visible(request)`` and ``count(request)`` must not cost a query each: read what the request has."""

    section: str
    label: Any
    url_name: str
    visible: Callable[[HttpRequest], bool] = anyone
    order: int = 100
    count: Callable[[HttpRequest], int | None] | None = None
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Section:
    code: str
    label: Any
    order: int


@dataclass(frozen=True)
class Link:
    """An item as a page shows it; ``current`` when the page is the item's own or one below it."""

    label: Any
    href: str
    current: bool
    count: int | None


@dataclass(frozen=True)
class Group:
    label: Any
    links: list[Link]


_sections: dict[str, Section] = {}
_items: list[NavItem] = []
_slots: dict[str, list[Callable[[HttpRequest], str]]] = {}


def register(*items: NavItem) -> None:
    """Add entries; registering an equal entry again changes nothing."""
    _items.extend(item for item in items if item not in _items)


def register_section(code: str, label: Any, order: int = 100) -> None:
    """Name a desk's section. Two apps may name the same section; the first name stays."""
    _sections.setdefault(code, Section(code, label, order))


def register_slot(name: str, render: Callable[[HttpRequest], str]) -> None:
    """Let an upper room fill a place of the layout (``footer``): ``render`` returns markup (plain text is escaped)."""
    fills = _slots.setdefault(name, [])
    if render not in fills:
        fills.append(render)


def slot(name: str, request: HttpRequest | None) -> Markup:
    """What the rooms put into a place of the layout; empty on a page without a request."""
    if not request:
        return Markup("")
    return Markup("").join(escape(render(request)) for render in _slots.get(name, ()))


def links(section: str, request: HttpRequest | None) -> list[Link]:
    """The visible entries of one section, in order."""
    if not request:
        return []
    chosen = sorted((item for item in _items if item.section == section), key=lambda item: item.order)
    made = [link for item in chosen if (link := _link(item, request)) is not None]
    best = max((len(link.href) for link in made if link.current), default=0)
    return [
        Link(link.label, link.href, link.current and len(link.href) == best, link.count) if link.current else link
        for link in made
    ]


def desk_menu(request: HttpRequest | None) -> list[Group]:
    """All desk sections with at least one visible entry, in order."""
    ordered = sorted(_sections.values(), key=lambda section: section.order)
    groups = [Group(section.label, links(section.code, request)) for section in ordered]
    best = max((len(link.href) for group in groups for link in group.links if link.current), default=0)
    return [Group(group.label, [_only(link, best) for link in group.links]) for group in groups if group.links]


def _only(link: Link, best: int) -> Link:
    """The page is below several entries: the nearest alone is current."""
    return replace(link, current=False) if link.current and len(link.href) < best else link


def unnamed_sections() -> set[str]:
    """Sections that have entries but no name; a test keeps this empty."""
    return {item.section for item in _items} - set(_sections) - {PUBLIC, ACCOUNT, FOOTER}


def _link(item: NavItem, request: HttpRequest) -> Link | None:
    href = url_or_none(item.url_name, *item.args)
    if href is None or not item.visible(request):
        return None
    current = request.path == href or (href.rstrip("/").count("/") > 0 and request.path.startswith(href))
    return Link(item.label, href, current, item.count(request) if item.count else None)
