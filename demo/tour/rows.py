"""How a stop finds something to look at: a row of the wanted kind, and a person who may see it.

A finder takes the person the stop's role signs in (None for a visitor) and answers with a ``Sight``, or None when the
database holds no such row. A tenant's row is looked for among the person's own first; when there is none, somebody
who administers the row's organisation looks instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import translation

from kernel import access
from kernel.models import Membership, Organisation, User


@dataclass(frozen=True)
class Sight:
    """An address without its language, who looks at it, and the organisation this person acts for meanwhile."""

    path: str
    user: User | None = None
    party: Organisation | None = None


Finder = Callable[[User | None], Sight | None]
Rows = Callable[[], QuerySet[Any]]
Part = str | Callable[[Any], Any]
"""A part of an address: the dotted name of a field of the row, or a function of the row."""


def chinese(route: str, *args: Any) -> str:
    with translation.override("zh-hans"):
        return reverse(route, args=args)


def follow(row: Any, part: Part) -> Any:
    """``follow(order, "buyer.name")``, or what a function makes of the row."""
    if callable(part):
        return part(row)
    for name in filter(None, part.split(".")):
        row = getattr(row, name)
    return row


def at(path: str) -> Finder:
    """A fixed address."""
    return lambda user: Sight(path, user)


def plain(route: str, *args: Any, query: str = "") -> Finder:
    """A page that needs no row."""
    return lambda user: Sight(chinese(route, *args) + query, user)


def of_any(route: str, rows: Rows, *parts: Part) -> Finder:
    """The first of ``rows``; its ``parts`` go into the address."""

    def find(user: User | None) -> Sight | None:
        row = rows().first()
        return row and Sight(chinese(route, *(follow(row, part) for part in parts)), user)

    return find


def of_mine(route: str, rows: Rows, side: str, *parts: Part) -> Finder:
    """As ``of_any``, for a row with the organisation ``side`` ("agency__organisation"), seen by one of its people."""

    def find(user: User | None) -> Sight | None:
        found = tenant(rows(), side, user)
        if found is None:
            return None
        row, person, party = found
        return Sight(chinese(route, *(follow(row, part) for part in parts)), person, party)

    return find


def of_user(route: str, rows: Rows, link: str, *parts: Part) -> Finder:
    """A row of one person, found by the field ``link``: the signed-in person's own, else that of anybody."""

    def find(user: User | None) -> Sight | None:
        row = rows().filter(**{link: user}).first() or rows().filter(**{f"{link}__is_active": True}).first()
        return row and Sight(chinese(route, *(follow(row, part) for part in parts)), getattr(row, link))

    return find


def tenant(rows: QuerySet[Any], side: str, user: User | None) -> tuple[Model, User, Organisation] | None:
    """A row, somebody of its organisation, and that organisation. With ``side`` "" the rows are organisations."""
    path, prefix = side.replace("__", "."), f"{side}__" if side else ""
    mine = rows.filter(**{f"{side or 'pk'}__in": [party.pk for party in access.parties(user)]}).first()
    if mine is not None and user is not None:
        return mine, user, follow(mine, path)
    seat = {"role": Membership.Role.OWNER, "ended_at__isnull": True, "user__is_active": True}
    row = rows.filter(**{f"{prefix}memberships__{name}": value for name, value in seat.items()}).first()
    if row is None:
        return None
    party = follow(row, path)
    owner = party.memberships.filter(**seat).select_related("user").first()
    return row, owner.user, party
