"""The folder from which anybody recomputes the scores of a day: events, rules, scores, and the program."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.db.models import Q

from agencies.models import Agency
from credit.scoring import Event, score_agency
from credit.scoring.canonical import canonical, digest
from credit.selectors.facts import agency_labels, facts, last_event_id
from credit.selectors.rules import rules_on
from credit.services.scores import scopes_of

PROGRAM = Path(__file__).resolve().parent / "scoring"


def bundle_write(folder: Path, as_of: date) -> str:
    """Write events.jsonl, rulebook.json, calibration.json, scores.json, scores.sha256 and the folder `scoring` (run
    `python scoring/rescore.py .` in it). Returns the SHA-256 of scores.json. Every agency with events is in it.

    Clients appear as c1, c2… in order of their first event: the score does not depend on what they are called.
    """
    rules, through = rules_on(as_of), last_event_id()
    counted = Agency.objects.filter(Q(credit_events__isnull=False) | Q(activated_at__isnull=False))
    labels = agency_labels(set(counted.order_by().values_list("pk", flat=True)))
    by_agency = facts(labels, through=through)
    events = _without_names(sorted((e for found in by_agency.values() for e in found), key=lambda e: e.ref), as_of)
    grouped: dict[str, list[Event]] = {label: [] for label, _name in labels.values()}
    for event in events:
        grouped[event.agency].append(event)
    terms = {}
    scores = []
    for label in sorted(grouped):
        for scope in scopes_of(grouped[label]):
            terms[scope] = terms.get(scope) or rules.terms(scope)
            scores.append(score_agency(label, grouped[label], terms[scope], None, as_of).as_json())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "events.jsonl").write_bytes(b"".join(canonical(e.as_json()) + b"\n" for e in events))
    (folder / "rulebook.json").write_bytes(canonical(rules.rulebook.content))
    (folder / "calibration.json").write_bytes(canonical(rules.calibration.content))
    (folder / "scores.json").write_bytes(canonical(scores))
    sha256 = digest(scores)
    (folder / "scores.sha256").write_text(f"{sha256}  scores.json\n", encoding="ascii")
    shutil.copytree(
        PROGRAM, folder / "scoring", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.pyc")
    )
    return sha256


def _without_names(events: list[Event], as_of: date) -> list[Event]:
    """Dated by `as_of`, clients under numbers."""
    numbers: dict[str, str] = {}
    kept = []
    for event in events:
        if event.on > as_of:
            continue
        client = numbers.setdefault(event.client, f"c{len(numbers) + 1}") if event.client else None
        kept.append(replace(event, client=client))
    return kept
