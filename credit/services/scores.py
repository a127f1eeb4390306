"""Recomputing the live scores: set-wise, from events alone, one new row where a number changed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q

from agencies.models import Agency, Category
from credit.models import Score
from credit.scoring import Event, Terms, score_agency
from credit.scoring import Score as Computed
from credit.scoring.canonical import digest
from credit.selectors.facts import agency_labels, facts, last_event_id
from credit.selectors.rules import Rules, rules_on
from kernel import clock
from kernel.models import User

CHUNK = 500
# SQLite has one writer: leave it a gap between transactions (docs/decisions).
PAUSE_S = 0.002


def scores_recompute(*, as_of: date | None = None, agencies: Iterable[Agency] | None = None, actor: User | None) -> int:
    """Recompute the scores of `agencies` (default: all that ever entered or have events) on `as_of` (default: today):
    the overview, and each category in which an agency has evidence. Returns the number of rows written: a score whose
    digest is the agency's latest is not written again. Six queries for each 500 agencies."""
    as_of = as_of or clock.today()
    rules, through = rules_on(as_of), last_event_id()
    ids = _agency_ids() if agencies is None else sorted({a.pk for a in agencies})
    categories = dict(Category.objects.values_list("code", "pk"))
    terms: dict[str | None, Terms] = {}
    written = 0
    remaining = iter(ids)
    while chunk := list(islice(remaining, CHUNK)):
        labels = agency_labels(chunk)
        events = facts(labels, through=through)
        rows = [
            _row(rules, pk, categories.get(computed.category), computed, through, len(events[pk]))
            for pk in chunk
            for computed in _scopes(labels[pk][0], events[pk], rules, terms, as_of)
        ]
        written += _write(chunk, rows)
    return written


def record_digest(computed: Computed) -> str:
    """SHA-256 of a score's record without its date: the same number tomorrow is not news."""
    record = computed.as_json()
    del record["as_of"]
    return digest(record)


def scopes_of(events: Iterable[Event]) -> list[str | None]:
    """The overview, and every category with evidence."""
    return [None, *sorted({e.category for e in events if e.category and e.x is not None})]


def _scopes(
    label: str, events: list[Event], rules: Rules, terms: dict[str | None, Terms], as_of: date
) -> Iterator[Computed]:
    for scope in scopes_of(events):
        if scope not in terms:
            terms[scope] = rules.terms(scope)
        yield score_agency(label, events, terms[scope], None, as_of)


def _agency_ids() -> list[int]:
    counted = Agency.objects.filter(Q(activated_at__isnull=False) | Q(credit_events__isnull=False))
    return sorted(set(counted.order_by().values_list("pk", flat=True)))


def _row(
    rules: Rules, agency_id: int, category_id: int | None, computed: Computed, through: int, count: int
) -> dict[str, Any]:
    record = computed.as_json()
    return {
        "agency_id": agency_id,
        "category_id": category_id,
        "as_of": date.fromisoformat(record["as_of"]),
        "rulebook": rules.rulebook,
        "calibration": rules.calibration,
        "events_through": through,
        "events_count": count,
        "digest": record_digest(computed),
        **{
            key: record[key]
            for key in (
                "score_milli",
                "half_width_milli",
                "grade",
                "effective_orders_milli",
                "clients",
                "bonus_milli",
                "pillars",
                "serious",
            )
        },
    }


def _write(chunk: list[int], rows: list[dict[str, Any]]) -> int:
    with transaction.atomic():
        last = (
            Score.objects.filter(agency_id__in=chunk).order_by().values("agency", "category").annotate(last=Max("id"))
        )
        latest = {
            (agency, category): (sha, rulebook)
            for agency, category, sha, rulebook in Score.objects.filter(pk__in=last.values("last")).values_list(
                "agency_id", "category_id", "digest", "rulebook_id"
            )
        }
        now = clock.now()
        news = [
            Score(**row, computed_at=now)
            for row in rows
            if latest.get((row["agency_id"], row["category_id"])) != (row["digest"], row["rulebook"].pk)
        ]
        Score.objects.bulk_create(news, batch_size=200)
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE_S)
    return len(news)
