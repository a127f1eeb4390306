"""The rows of credit events as the records that scoring works on, read set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from agencies.models import Agency
from credit.models import CreditEvent
from credit.scoring import Event
from credit.scoring.canonical import digest

_COLUMNS = (
    "agency_id",
    "source_ref",
    "code",
    "occurred_on",
    "client_key",
    "category__code",
    "fee_fen",
    "x",
    "party",
    "expires_on",
    "target__source_ref",
)


def last_event_id() -> int:
    """Events up to here are what a computation has seen."""
    return CreditEvent.objects.aggregate(last=Max("id"))["last"] or 0


def agency_labels(agency_ids: Iterable[int] | None = None) -> dict[int, tuple[str, str]]:
    """{agency id: (label, name)}: the label is the USCC, which is the same on every database."""
    rows = Agency.objects.all() if agency_ids is None else Agency.objects.filter(pk__in=agency_ids)
    return {
        pk: (uscc or f"agency:{pk}", name)
        for pk, uscc, name in rows.order_by().values_list("pk", "organisation__uscc", "organisation__name")
    }


def facts(labels: dict[int, tuple[str, str]], *, through: int | None = None) -> dict[int, list[Event]]:
    """{agency id: its events}, one query for all agencies of `labels`; `through` leaves out later rows."""
    rows = CreditEvent.objects.filter(agency_id__in=list(labels))
    if through is not None:
        rows = rows.filter(pk__lte=through)
    found: dict[int, list[Event]] = defaultdict(list)
    for row in rows.order_by("id").values_list(*_COLUMNS).iterator(chunk_size=5000):
        found[row[0]].append(_event(labels[row[0]][0], row))
    return found


def _event(label: str, row: tuple[Any, ...]) -> Event:
    _agency, ref, code, on, client, category, fee_fen, x, party, until, target = row
    return Event(ref, label, code, on, client or None, category, fee_fen, x, party, until, target)


def facts_sha256(events: Iterable[Event], as_of: date) -> str:
    """One digest over everything dated by `as_of`, whatever the order."""
    return digest([e.as_json() for e in sorted(events, key=lambda e: e.ref) if e.on <= as_of])


def open_incidents(agency_ids: Collection[int], codes: Collection[str], day: date) -> QuerySet[CreditEvent]:
    """Incidents with one of `codes` that are in effect on `day`: begun, not expired, neither voided nor repaired."""
    undone = CreditEvent.objects.filter(target=OuterRef("pk"), occurred_on__lte=day)
    return CreditEvent.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gt=day),
        ~Exists(undone),
        agency_id__in=agency_ids,
        kind=CreditEvent.Kind.INCIDENT,
        code__in=codes,
        occurred_on__lte=day,
    )


def serious_codes(content: dict[str, Any]) -> list[str]:
    return [e["code"] for e in content["events"] if e.get("class") == "serious"]
