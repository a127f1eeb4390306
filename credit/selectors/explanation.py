"""Why an agency's score is what it is: rows that add up to it exactly, with the words and papers behind them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Agency, Category
from credit.models import CreditEvent
from credit.scoring import Event, Row, Score, explain
from credit.selectors.facts import agency_labels, facts
from credit.selectors.rules import Rules, rules_on, words
from credit.selectors.story import order_of, story
from kernel import clock
from kernel.ui.format import sentence


@dataclass(frozen=True)
class Line:
    """One line of the explanation. ``count`` events stand behind it; ``event`` is the row where it is one and the
    reader may see it. ``points_milli`` may be negative; ``until`` is when an incident ends."""

    kind: str
    pillar: str | None
    label: str
    points_milli: int
    count: int = 1
    on: date | None = None
    until: date | None = None
    x: int | None = None
    weight_milli: int | None = None
    party: str | None = None
    event: CreditEvent | None = None

    @property
    def story(self) -> str:
        """What happened, for evidence and honours; incidents are named by their clause (``label``)."""
        if self.event is None or self.kind == "incident":
            return ""
        if self.kind == "bonus":
            return sentence(_("%(name)s：%(what)s"), name=self.label, what=story(self.event))
        return story(self.event)

    @property
    def order(self) -> str:
        return order_of(self.event.evidence) if self.event else ""

    @property
    def case(self) -> str:
        """The number of the case behind an incident, "" where there is none or it may not be read."""
        made = getattr(self.event, "case", None) if self.event else None
        return made.number if made else ""


@dataclass(frozen=True)
class PillarLines:
    """One pillar with its lines; Σ lines.points_milli = points_milli."""

    code: str
    name: str
    points: int
    points_milli: int
    mean_milli: int
    weight_milli: int
    lines: list[Line]


@dataclass(frozen=True)
class Explanation:
    """Σ of all lines (the pillars' and ``other``: bonus, ceiling) = score.score_milli, exactly."""

    agency: Agency
    category: Category | None
    as_of: date
    rules: Rules
    score: Score
    grade_label: str
    pillars: list[PillarLines]
    other: list[Line]
    # What the score was computed from, for asking "what if" without reading it again.
    events: list[Event] = field(default_factory=list, repr=False)

    @property
    def lines(self) -> list[Line]:
        return [line for pillar in self.pillars for line in pillar.lines] + self.other

    @property
    def total_milli(self) -> int:
        return sum(line.points_milli for line in self.lines)


def explanation(
    agency: Agency,
    as_of: date | None = None,
    category: Category | None = None,
    *,
    public: bool = False,
    through: int | None = None,
) -> Explanation:
    """Explain the agency's score on `as_of` (default today), over all or in one category. Four queries.
    ``through`` leaves out later rows: with a publication's, the numbers are the published ones.

    ``public``: evidence is summed up by code, ratings say nothing before three are revealed, minor incidents are one
    line (they are not displayed by default), and no event row is handed out. The numbers are the same.
    """
    as_of = as_of or clock.today()
    rules = rules_on(as_of)
    labels = agency_labels([agency.pk])
    events = facts(labels, through=through, books=rules.books)[agency.pk]
    code = category.code if category else None
    score, rows = explain(labels[agency.pk][0], events, rules.terms(code), as_of)
    if public:
        lines = _public_lines(rows, rules)
    else:
        found = {e.source_ref: e for e in CreditEvent.objects.filter(agency=agency).select_related("case", "category")}
        lines = [_line(row, rules, found.get(row.ref or "")) for row in rows]
    names = {p["code"]: words(p["name"]) for p in rules.content["pillars"]}
    pillars = [
        PillarLines(
            p.code,
            names[p.code],
            p.points,
            p.points_milli,
            p.mean_milli,
            p.weight_milli,
            [line for line in lines if line.pillar == p.code],
        )
        for p in score.pillars
    ]
    entry = rules.grade(score.grade)
    return Explanation(
        agency,
        category,
        as_of,
        rules,
        score,
        words(entry["name"]),
        pillars,
        [line for line in lines if line.pillar is None],
        events,
    )


def _label(row: Row, rules: Rules) -> str:
    if row.code is not None:
        return words((row.rule or rules.event(row.code))["name"])
    return {
        "prior": _("起始分（无记录时的分数）"),
        "floor": _("分项不低于 0 分"),
        "ceiling": _("总分不超过 1000 分"),
    }[row.kind]


def _line(row: Row, rules: Rules, event: CreditEvent | None) -> Line:
    return Line(
        row.kind,
        row.pillar,
        _label(row, rules),
        row.points_milli,
        on=date.fromisoformat(row.on) if row.on else None,
        until=date.fromisoformat(row.until) if row.until else None,
        x=row.x,
        weight_milli=row.weight_milli,
        party=row.party if row.kind == "evidence" else None,
        event=event,
    )


def _public_lines(rows: list[Row], rules: Rules) -> list[Line]:
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    batch = rules.content["publication"]["ratings_batch"]
    for row in rows:
        groups[_public_key(row)].append(row)
    lines = []
    for (kind, *_rest), members in groups.items():
        first = members[0]
        if kind == "single":
            lines.append(_line(first, rules, None))
            continue
        weight = sum(r.weight_milli or 0 for r in members)
        mean = sum((r.x or 0) * (r.weight_milli or 0) for r in members) // weight if weight else None
        label = _label(first, rules) if kind == "evidence" else _("轻微事项合计")
        lines.append(
            Line(
                first.kind,
                first.pillar,
                label,
                sum(r.points_milli for r in members),
                count=len(members),
                # Fewer than a batch: one could guess who rated what.
                x=mean if kind == "evidence" and len(members) >= batch else None,
                weight_milli=weight if kind == "evidence" else None,
            )
        )
    return lines


def _public_key(row: Row) -> tuple[Any, ...]:
    if row.kind == "evidence":
        return "evidence", row.pillar, row.code
    if row.rule and row.rule["class"] == "minor":
        return "minor", row.pillar
    return "single", row.kind, row.pillar, row.ref
