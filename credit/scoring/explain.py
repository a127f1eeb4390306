"""Why the score is what it is: rows of milli-points that add up to it exactly, from the newcomer's prior on."""

from dataclasses import dataclass, field
from fractions import Fraction

from .compliance import honour_points, incident_cost
from .events import standing
from .integers import half_up, month_index, shares
from .score import TOP, pillar_exact, score_sums, sums_of
from .sums import evidence_x, incident_until


@dataclass(frozen=True)
class Row:
    """One line: `kind` is prior, evidence, incident, bonus, floor (a pillar cannot go below 0) or ceiling (a score
    cannot pass 1000). points_milli may be negative. x as counted (clipped), weight_milli in orders as counted; rule:
    the clause that an incident counts by."""

    kind: str
    pillar: str | None
    points_milli: int
    ref: str | None = None
    code: str | None = None
    on: str | None = None
    until: str | None = None
    client: str | None = None
    party: str | None = None
    x: int | None = None
    weight_milli: int | None = None
    rule: dict | None = field(default=None, hash=False)


def explain(agency, events, terms, as_of):
    """(Score, rows). Σ points_milli of the rows = score_milli, exactly; so do a pillar's rows give its points."""
    events = list(events)
    sums = sums_of(agency, events, terms, as_of)
    score = score_sums(sums, agency, as_of)
    standing_events = _evidence(sums, agency, events, as_of)
    rows = []
    for pillar in terms.pillars:
        rows += _pillar_rows(sums, pillar, standing_events[pillar.code], as_of)
    rows += [
        Row("bonus", None, milli, ref=e.ref, code=e.code, on=e.on.isoformat())
        for e, milli in honour_points(sums, as_of)
    ]
    excess = TOP - sum(r.points_milli for r in rows)
    if excess < 0:
        rows.append(Row("ceiling", None, excess))
    return score, rows


def _evidence(sums, agency, events, as_of):
    """{pillar: evidence events that stand and have not faded away}, in order of (day, ref)."""
    terms = sums.terms
    found = {p.code: [] for p in terms.pillars}
    for event in standing([e for e in events if e.agency == agency], terms.codes, as_of):
        rule = event.rule(terms.codes)
        in_scope = terms.category is None or event.category == terms.category
        if rule["kind"] == "evidence" and in_scope and terms.fade(month_index(as_of) - month_index(event.on)):
            found[rule["pillar"]].append(event)
    return found


def _pillar_rows(sums, pillar, events, as_of):
    terms = sums.terms
    _, _, weight, prior = pillar_exact(sums, pillar, as_of)
    clients = sums.clients(pillar.code, month_index(as_of))
    rows, amounts = [], []
    for event in events:
        counted = _counted_weight(terms, pillar, event, clients, as_of)
        x = pillar.clipped(evidence_x(event, terms.codes[event.code]))
        amounts.append(pillar.points * counted * (x - pillar.m) / (prior + weight))
        rows.append((event, x, half_up(counted * 1000 / terms.unit)))
    incidents = []
    if pillar.code == terms.rulebook["compliance"]["pillar"]:
        for event in sorted(sums.incidents.values(), key=lambda e: (e.on, e.ref)):
            cost = incident_cost(sums, event, as_of)
            if cost:
                incidents.append(event)
                amounts.append(-cost)
    start = pillar.points * pillar.m
    total = half_up(sum(amounts, Fraction(0)))
    milli = shares(amounts, total) if amounts else []
    result = [Row("prior", pillar.code, start, x=pillar.m, weight_milli=pillar.kappa_milli)]
    result += [_evidence_row(pillar, e, x, w, m) for (e, x, w), m in zip(rows, milli)]
    result += [_incident_row(terms, pillar, e, m) for e, m in zip(incidents, milli[len(rows) :])]
    if start + total < 0:
        result.append(Row("floor", pillar.code, -(start + total)))
    return result


def _counted_weight(terms, pillar, event, clients, as_of):
    """What one event counts after fading and the pair cap of its client (exact, in `unit`)."""
    fade = terms.fade(month_index(as_of) - month_index(event.on))
    weight = clients[event.client or ""][0]
    return Fraction(terms.weight(event, pillar) * fade * terms.capped(weight), weight)


def _evidence_row(pillar, event, x, weight_milli, milli):
    return Row(
        "evidence",
        pillar.code,
        milli,
        ref=event.ref,
        code=event.code,
        on=event.on.isoformat(),
        client=event.client,
        party=event.party,
        x=x,
        weight_milli=weight_milli,
    )


def _incident_row(terms, pillar, event, milli):
    rule = event.rule(terms.codes)
    until = incident_until(event, rule)
    return Row(
        "incident",
        pillar.code,
        milli,
        ref=event.ref,
        code=event.code,
        on=event.on.isoformat(),
        until=until.isoformat() if until else None,
        rule=rule,
    )
