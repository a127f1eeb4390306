"""Which certificates an agency can show on a day, and what an item's rule still lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from agencies.models import Agency, CertificateType, Qualification, ServiceItem

Held = list[Qualification]

_HANDED_IN = Qualification.objects.filter(renews=OuterRef("pk")).exclude(status=Qualification.Status.REJECTED)
# Of certificates, those to renew when their end comes: confirmed, and no renewal handed in that was not rejected.
# For ``filter``; pages ask ``with_renewable``.
RENEWABLE = Q(status=Qualification.Status.CONFIRMED) & ~Exists(_HANDED_IN)


@dataclass(frozen=True)
class Requirement:
    """One demand of a rule: any of these (type code, lowest level or None) will do. ``text`` says it to people, each in
    the own language."""

    options: tuple[tuple[str, str | None], ...]
    text: Any

    def __str__(self) -> str:
        return str(self.text)


def missing(agency: Agency, item: ServiceItem, on: date) -> list[Requirement]:
    """The demands of the item's certificate rule that the agency's confirmed certificates do not meet on ``on``.

    A certificate counts through its last day. Abolished types and voluntary grades are never demanded, whatever a
    rule says. An empty list means: may offer the item."""
    return unmet(item, held_by([agency.pk])[agency.pk], on, types())


def unmet(item: ServiceItem, held: Held, on: date, known: dict[str, CertificateType]) -> list[Requirement]:
    """``missing`` for callers that have read the certificates of many agencies at once."""
    return [demand for demand in demands(item, on, known) if not any(_serves(paper, demand, on) for paper in held)]


def valid_until(item: ServiceItem, held: Held, on: date, known: dict[str, CertificateType]) -> date | None:
    """Last day on which every demand that is met on ``on`` stays met; None when nothing ends it."""
    ends = []
    for demand in demands(item, on, known):
        papers = [paper for paper in held if _serves(paper, demand, on)]
        if papers and all(paper.expires_on for paper in papers):
            ends.append(max(paper.expires_on for paper in papers if paper.expires_on))
    return min(ends, default=None)


def held_by(agency_ids: Iterable[int]) -> dict[int, Held]:
    """Confirmed certificates by agency, expired ones included; one query."""
    found: dict[int, Held] = defaultdict(list)
    rows = Qualification.objects.filter(agency__in=list(agency_ids), status=Qualification.Status.CONFIRMED)
    for row in rows.select_related("type"):
        found[row.agency_id].append(row)
    return found


def with_renewable(agency: Agency) -> QuerySet[Qualification]:
    """All certificates of an agency, each with ``renewable``."""
    rows = Qualification.objects.filter(agency=agency).select_related("type", "scan")
    return rows.annotate(renewable=ExpressionWrapper(RENEWABLE, BooleanField()))


def types() -> dict[str, CertificateType]:
    """All certificate types by code; one query."""
    return {row.code: row for row in CertificateType.objects.all()}


def demands(item: ServiceItem, on: date, known: dict[str, CertificateType]) -> list[Requirement]:
    """What the item's rule demands on ``on``: every entry of all_of, and one of any_of."""
    rule: dict[str, Any] = item.certificate_rule or {}
    each = [[entry] for entry in rule.get("all_of", [])]
    groups = [*each, rule.get("any_of", [])]
    found = []
    for group in groups:
        options = tuple(
            (entry["type"], entry.get("level")) for entry in group if _may_be_demanded(known.get(entry["type"]), on)
        )
        if options:
            found.append(Requirement(options, _in_words(options, known)))
    return found


def _may_be_demanded(row: CertificateType | None, on: date) -> bool:
    if row is None or row.kind == CertificateType.Kind.VOLUNTARY:
        return False
    return row.abolished_on is None or row.abolished_on > on


def _say(options: tuple[tuple[str, str | None], ...], known: dict[str, CertificateType]) -> str:
    return _(" 或 ").join(_words(code, level, known) for code, level in options)


_in_words = lazy(_say, str)


def _words(code: str, level: str | None, known: dict[str, CertificateType]) -> str:
    return f"{known[code].name} {level}" if level else known[code].name


def _serves(paper: Qualification, demand: Requirement, on: date) -> bool:
    if (paper.expires_on and paper.expires_on < on) or (paper.issued_on and paper.issued_on > on):
        return False
    return any(code == paper.type.code and _high_enough(paper, level) for code, level in demand.options)


def _high_enough(paper: Qualification, level: str | None) -> bool:
    """``levels`` of a type are listed from the highest; a type without levels is never too low."""
    levels = paper.type.levels
    if not level or level not in levels:
        return True
    return paper.level in levels and levels.index(paper.level) <= levels.index(level)
