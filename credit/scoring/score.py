"""Events → score with its interval and grade."""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from .compliance import honour_points, incident_cost, open_serious, orders_at
from .events import standing
from .grades import grade_of
from .integers import clamp, half_up, month_index
from .sums import Sums, counted
from .terms import Terms

TOP = 1_000_000


@dataclass(frozen=True)
class PillarScore:
    """One pillar: milli-points reached, of `points`; mean evidence (milli-x) with the prior in it; weight of the
    evidence (milli-orders, pair-capped); sd of the pillar (milli-points, inflated); prior mean m and κ used."""

    code: str
    points: int
    points_milli: int
    mean_milli: int
    weight_milli: int
    sd_milli: int
    m: int
    kappa_milli: int


@dataclass(frozen=True)
class Score:
    """One agency on one day in one scope. `variance` is in milli-points², inflation included; `half_width_milli` is
    the nominal 90 % half width; `serious` lists the refs of open serious incidents."""

    agency: str
    category: "str | None"
    as_of: str
    score_milli: int
    half_width_milli: int
    variance: int
    grade: str
    bonus_milli: int
    effective_orders_milli: int
    clients: int
    serious: tuple
    pillars: tuple

    @property
    def low_milli(self):
        return max(0, self.score_milli - self.half_width_milli)

    @property
    def high_milli(self):
        return min(TOP, self.score_milli + self.half_width_milli)

    def as_json(self):
        """The record that is digested, exported and published."""
        data = {k: v for k, v in self.__dict__.items() if k not in ("pillars", "serious")}
        data["serious"] = list(self.serious)
        data["pillars"] = [dict(p.__dict__) for p in self.pillars]
        return data


def pillar_exact(sums, pillar, as_of):
    """(exact milli-points before incidents, exact mean x, weight in `unit`, κ in `unit`) of one pillar."""
    terms = sums.terms
    weight, weighted = counted(terms, sums.clients(pillar.code, month_index(as_of)))
    prior = pillar.kappa_milli * (terms.unit // 1000)
    mean = (prior * pillar.m + Fraction(weighted)) / (prior + weight)
    return pillar.points * mean, mean, weight, prior


def _pillar(sums, pillar, as_of):
    terms = sums.terms
    exact, mean, weight, prior = pillar_exact(sums, pillar, as_of)
    if pillar.code == terms.rulebook["compliance"]["pillar"]:
        costs = [incident_cost(sums, e, as_of) for e in sums.incidents.values() if e.on <= as_of]
        exact = max(Fraction(0), exact - sum(costs, Fraction(0)))
    inflation = terms.rulebook["interval"]["inflation_milli"]
    variance = pillar.points**2 * pillar.sigma2 * terms.unit * inflation**2 // ((prior + weight) * 10**6)
    score = PillarScore(
        code=pillar.code,
        points=pillar.points,
        points_milli=half_up(exact),
        mean_milli=half_up(mean * 1000),
        weight_milli=half_up(Fraction(weight * 1000, terms.unit)),
        sd_milli=isqrt(variance),
        m=pillar.m,
        kappa_milli=pillar.kappa_milli,
    )
    return score, variance


def score_sums(sums, agency, as_of):
    """The score that one agency's `sums` give on `as_of`. Events after `as_of` must not have been added."""
    if sums.last_on is not None and sums.last_on > as_of:
        raise ValueError("the sums already hold events after %s" % as_of)
    terms = sums.terms
    pillars, variances = zip(*(_pillar(sums, p, as_of) for p in terms.pillars))
    variance = sum(variances)
    bonus = sum(milli for _, milli in honour_points(sums, as_of))
    orders_pillar = terms.codes[terms.rulebook["orders_code"]]["pillar"]
    orders = orders_at(sums, month_index(as_of))
    values = {
        "score_milli": clamp(sum(p.points_milli for p in pillars) + bonus, 0, TOP),
        "half_width_milli": isqrt(terms.rulebook["interval"]["z_milli"] ** 2 * variance // 10**6),
        "effective_orders_milli": orders * 1000 // terms.unit,
        "clients": len(sums.clients(orders_pillar, month_index(as_of))),
        "serious": tuple(e.ref for e in open_serious(sums, as_of)),
    }
    clauses = [sums.incidents[ref].rule(terms.codes) for ref in values["serious"]]
    grade = grade_of(terms.rulebook, [clause["cap_grade"] for clause in clauses if clause.get("cap_grade")], values)
    return Score(
        agency=agency,
        category=terms.category,
        as_of=as_of.isoformat(),
        variance=variance,
        grade=grade,
        bonus_milli=bonus,
        pillars=pillars,
        **values,
    )


def score_agency(agency, events, rulebook, calibration, as_of, category=None):
    """The score of one agency from its events (any order, duplicates allowed; other agencies' are ignored)."""
    terms = rulebook if isinstance(rulebook, Terms) else Terms(rulebook, calibration, category)
    return score_sums(sums_of(agency, events, terms, as_of), agency, as_of)


def sums_of(agency, events, terms, as_of):
    """The sums of one agency's standing events on `as_of`."""
    sums = Sums(terms)
    for event in standing([e for e in events if e.agency == agency], terms.codes, as_of):
        sums.add(event)
    return sums
