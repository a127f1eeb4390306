"""The rows of credit events as the records that scoring works on, read set-wise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q

from agencies.models import Agency
from credit.models import CreditEvent
from credit.scoring import Event
from credit.scoring.canonical import digest
from credit.selectors.rules import Rulebooks

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
    "case__occurred_on",
    "kind",
)


def last_event_id() -> int:
    """Events up to here are what a computation has seen."""
    return CreditEvent.objects.aggregate(last=Max("id"))["last"] or 0


def agency_labels(agency_ids: Iterable[int] | None = None) -> dict[int, tuple[str, str]]:
    """{agency id: (label, name)}: the label is the USCC, which is the same on every database."""
    rows = Agency.objects.all() if agency_ids is None else Agency.objects.filter(pk__in=agency_ids)
    return {
        pk: (label_of(pk, uscc), name)
        for pk, uscc, name in rows.order_by().values_list("pk", "organisation__uscc", "organisation__name")
    }


def label_of(agency_id: int, uscc: str | None) -> str:
    return uscc or f"agency:{agency_id}"


def facts(
    labels: dict[int, tuple[str, str]], *, through: int | None = None, books: Rulebooks | None = None
) -> dict[int, list[Event]]:
    """{agency id: its events}, one query for all agencies of `labels`; `through` leaves out later rows. ``books`` where
    they are read already, else one query more where there are deductions."""
    rows = CreditEvent.objects.filter(agency_id__in=list(labels))
    if through is not None:
        rows = rows.filter(pk__lte=through)
    found: dict[int, list[Event]] = defaultdict(list)
    books = books or Rulebooks()
    for row in rows.order_by("id").values_list(*_COLUMNS).iterator(chunk_size=5000):
        *columns, happened_on, kind = row
        decided = kind == CreditEvent.Kind.INCIDENT
        clause = books.decided(row[2], row[3], happened_on) if decided else None
        found[row[0]].append(_event(labels[row[0]][0], columns, clause))
    return found


def _event(label: str, columns: list[Any], clause: dict[str, Any] | None) -> Event:
    _agency, ref, code, on, client, category, fee_fen, x, party, until, target = columns
    return Event(ref, label, code, on, client or None, category, fee_fen, x, party, until, target, clause)


def facts_sha256(events: Iterable[Event], as_of: date) -> str:
    """One digest over everything dated by `as_of`, whatever the order."""
    return digest([e.as_json() for e in sorted(events, key=lambda e: e.ref) if e.on <= as_of])


@dataclass(frozen=True)
class Decision:
    """A deduction in effect, and the clause it was decided under."""

    event: CreditEvent
    clause: dict[str, Any]

    @property
    def serious(self) -> bool:
        return bool(self.clause["class"] == "serious")


def decisions(agency_ids: Collection[int], day: date, *classes: str, books: Rulebooks | None = None) -> list[Decision]:
    """The deductions of these classes in effect on `day`, the newest first: begun, not expired, neither voided nor
    repaired. One query, and one more where there are any and no ``books``."""
    undone = CreditEvent.objects.filter(target=OuterRef("pk"), occurred_on__lte=day)
    rows = CreditEvent.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gt=day),
        ~Exists(undone),
        agency_id__in=agency_ids,
        kind=CreditEvent.Kind.INCIDENT,
        occurred_on__lte=day,
    ).select_related("case")
    books = books or Rulebooks()
    found = [Decision(row, books.decided(row.code, row.occurred_on, _happened_on(row))) for row in rows.order_by("-id")]
    return [decision for decision in found if decision.clause["class"] in classes]


def serious_agencies(agency_ids: Collection[int], day: date, *, books: Rulebooks | None = None) -> set[int]:
    """Which of these agencies have a serious decision in effect on `day`."""
    return {decision.event.agency_id for decision in decisions(agency_ids, day, "serious", books=books)}


def _happened_on(event: CreditEvent) -> date | None:
    case = getattr(event, "case", None)
    return case.occurred_on if case else None
