"""What a decision, or one more good order, would do to the score: the consequence that stands before the button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from credit.models import Case
from credit.scoring import Event, Score, score_agency
from credit.scoring.integers import add_months
from credit.selectors.explanation import Explanation
from credit.selectors.facts import facts, label_of
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


def if_upheld(case: Case, rule: dict[str, Any], rules: Rules) -> Consequence:
    """``rule`` is the clause it would be decided by. One query."""
    agency, today = case.agency, clock.today()
    label, name = label_of(agency.pk, agency.organisation.uscc), agency.organisation.name
    events = facts({agency.pk: (label, name)}, books=rules.books)[agency.pk]
    months = case.display_months or rule["display"]["months"]
    until = add_months(today, months) if months else None
    code = case.category.code if case.category else None
    incident = Event(case.number, label, case.event_code, today, category=code, until=until, clause=rule)
    terms = rules.terms()
    before = score_agency(label, events, terms, None, today)
    after = score_agency(label, [*events, incident], terms, None, today)
    return Consequence(rule, before.score_milli, after.score_milli, before.grade, after.grade, until)


def one_more_order(why: Explanation) -> Score:
    """The score if one more order of the median fee were closed today for a client never served before, in time,
    passed at first and with full marks: what "more orders" is worth in figures. No query."""
    label = why.score.agency
    code = why.category.code if why.category else None
    prices = why.rules.calibration.content
    fee = prices["categories"].get(code, {}).get("fee_median_fen") or prices["fee_median_fen"]
    good = [
        Event(f"+{e['code']}", label, e["code"], why.as_of, client="+", category=code, fee_fen=fee, x=e.get("x", 1000))
        for e in why.rules.content["events"]
        if e["kind"] == "evidence"
    ]
    return score_agency(label, [*why.events, *good], why.rules.terms(code), None, why.as_of)
