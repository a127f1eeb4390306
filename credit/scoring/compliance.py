"""What incidents cost. A minor one is a rate (per order the agency had when it happened), a general or serious one
costs points that melt away to the expiry; a serious one also caps the grade for as long as it is open."""

from fractions import Fraction

from .integers import month_index
from .sums import counted, incident_share


def orders_at(sums, month):
    """Effective orders (Σ φ over clients, in `terms.unit`) as seen from `month`."""
    code = sums.terms.rulebook["orders_code"]
    pillar = sums.terms.codes[code]["pillar"]
    return counted(sums.terms, sums.clients(pillar, month))[0]


def incident_cost(sums, event, as_of):
    """Milli-points (exact) that one incident costs on `as_of`; never grows with time, 0 at expiry.

    The rate of a minor incident is taken over the effective orders *of its month*: later fading of old orders then
    cannot make an old slip dearer, while a busy agency still pays less for one slip in many orders.
    """
    terms = sums.terms
    rule = event.rule(terms.codes)
    settings = terms.rulebook["compliance"]
    share = incident_share(event, rule, as_of, settings["fade"])
    if not share:
        return Fraction(0)
    if rule["class"] != "minor":
        return share * rule["points"] * settings["incident_unit_milli"]
    pillar = terms.by_code[settings["pillar"]]
    prior = pillar.kappa_milli * (terms.unit // 1000)
    orders = orders_at(sums, month_index(event.on))
    return share * rule["points"] * settings["minor_x"] * pillar.points * Fraction(terms.unit, prior + orders)


def open_serious(sums, as_of):
    """The serious incidents still open on `as_of`, by (day, ref)."""
    ruled = [(e, e.rule(sums.terms.codes)) for e in sums.incidents.values() if e.on <= as_of]
    found = [e for e, rule in ruled if rule["class"] == "serious" and incident_share(e, rule, as_of)]
    return sorted(found, key=lambda e: (e.on, e.ref))


def honour_points(sums, as_of):
    """[(event, milli-points)] of the honours that count on `as_of`: young enough, within the yearly number of points
    and within the maximum, earlier ones first. Nothing while a serious incident is open: honours never offset one."""
    rule = sums.terms.rulebook["bonus"]
    if open_serious(sums, as_of):
        return []
    left, by_year, found = rule["max"] * 1000, {}, []
    for event in sorted(sums.honours.values(), key=lambda e: (e.on, e.ref)):
        age = month_index(as_of) - month_index(event.on)
        if event.on > as_of or age > rule["months"]:
            continue
        taken = by_year.get(event.on.year, 0)
        points = min(sums.terms.codes[event.code]["points"], rule["yearly_points"] - taken)
        by_year[event.on.year] = taken + points
        milli = min(points * rule["unit_milli"], left)
        left -= milli
        found.append((event, milli))
    return found
