"""The papers an order needs from the client, and which of them are filed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from orders.models import Material, MaterialRequest, Order


@dataclass(frozen=True)
class Wanted:
    """One paper of the list with the files that answer it, the newest last; ``english`` is its name as the order keeps it
    (empty: not known); ``asked``: the agency has asked for it in its 补正通知."""

    name: str
    english: str = ""
    files: list[Material] = field(default_factory=list)
    asked: bool = False


def wanted_papers(order: Order, request: MaterialRequest | None, filed: Iterable[Material]) -> list[Wanted]:
    """The list as it stood when the order was placed and whatever the agency has asked for besides, in that order."""
    asked = [str(name) for name in request.missing] if request else []
    names = {paper["zh"]: paper["en"] for paper in order.papers}
    rows = list(filed)
    return [
        Wanted(name, names.get(name, ""), [row for row in rows if row.name == name], name in asked)
        for name in dict.fromkeys([*names, *asked])
    ]


def missing_papers(order: Order) -> list[str]:
    """Names of what is wanted and not filed on the platform (it may have been handed over on paper)."""
    request = MaterialRequest.objects.filter(order=order).first()
    filed = Material.objects.filter(order=order)
    return [paper.name for paper in wanted_papers(order, request, filed) if not paper.files]
