"""Two short lists a visitor carries along without an account: offers to compare, and services for one project."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError

COMPARE, BASKET = "compare", "project_list"
"""Keys in the session; orders reads the project list from it (`orders.views.project`)."""
LIMITS = {COMPARE: 5, BASKET: 20}


def chosen(session: Any, name: str) -> list[int]:
    """The listing ids of a list, in the order they were added."""
    return [pk for pk in session.get(name, []) if isinstance(pk, int)][: LIMITS[name]]


def choose(session: Any, name: str, listing_id: int, wanted: bool) -> None:
    """Add or take away; doing it twice changes nothing. A full list refuses with a sentence."""
    ids = chosen(session, name)
    if wanted and listing_id not in ids:
        if len(ids) >= LIMITS[name]:
            raise DomainError(
                f"{name}.full",
                _("最多同时选择 %(n)s 项。") % {"n": LIMITS[name]},
                _("请先移出一项，再添加新的服务。"),
            )
        ids.append(listing_id)
    elif not wanted:
        ids = [pk for pk in ids if pk != listing_id]
    session[name] = ids


def clear(session: Any, name: str) -> None:
    session.pop(name, None)
