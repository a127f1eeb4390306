"""What a decision would do to the score: the consequence that stands in the notice and before the button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from credit.models import Case
from credit.scoring import Event, score_agency
from credit.scoring.integers import add_months
from credit.selectors.facts import agency_labels, facts
from credit.selectors.rules import Rules
from kernel import clock


@dataclass(frozen=True)
class Consequence:
    """If the case were upheld today: points of the ledger, the score before and after (milli-points), both grades,
    and the day the display ends (None: no end of its own)."""

    rule: dict[str, Any]
    before_milli: int
    after_milli: int
    grade_before: str
    grade_after: str
    until: date | None

    @property
    def cost_milli(self) -> int:
        return self.before_milli - self.after_milli


def if_upheld(case: Case, rules: Rules) -> Consequence:
    """Two queries. The clause must be named (from the allegation on)."""
    rule, today = rules.event(case.event_code), clock.today()
    labels = agency_labels([case.agency_id])
    label, events = labels[case.agency_id][0], facts(labels)[case.agency_id]
    months = case.display_months or rule["display"]["months"]
    until = add_months(today, months) if months else None
    code = case.category.code if case.category else None
    incident = Event(case.number, label, case.event_code, today, category=code, until=until)
    terms = rules.terms()
    before = score_agency(label, events, terms, None, today)
    after = score_agency(label, [*events, incident], terms, None, today)
    return Consequence(rule, before.score_milli, after.score_milli, before.grade, after.grade, until)
