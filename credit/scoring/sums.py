"""Sums of evidence per (pillar, client, month): whatever the date, a score is a table dot product over them.

Integers only, so adding events one by one, in any order, gives exactly what adding all at once gives, and taking one
out again leaves no trace.
"""

from fractions import Fraction

from .integers import add_months, month_index


class Sums:
    """What one agency's standing events add up to in one scope.

    cells: {(pillar, client, month): [Σ v·party, Σ v·party·x]}; incidents and honours are kept as they are: there are
    few, and each runs by its own days.
    """

    def __init__(self, terms):
        self.terms = terms
        self.cells = {}
        self.incidents = {}
        self.honours = {}
        self.last_on = None

    def add(self, event):
        self._book(event, 1)
        self.last_on = event.on if self.last_on is None else max(self.last_on, event.on)

    def remove(self, event):
        """Take a voided or repaired event out again."""
        self._book(event, -1)

    def _book(self, event, sign):
        rule = event.rule(self.terms.codes)
        if rule["kind"] == "record":
            return
        if rule["kind"] == "evidence":
            self._book_evidence(event, rule, sign)
            return
        if rule["kind"] == "incident" and not self._in_scope(event, rule):
            return
        shelf = self.incidents if rule["kind"] == "incident" else self.honours
        if sign > 0:
            shelf[event.ref] = event
        else:
            shelf.pop(event.ref, None)

    def _in_scope(self, event, rule):
        """A minor incident of another category says little about this one; graver ones follow the whole agency."""
        return self.terms.category is None or rule["class"] != "minor" or event.category in (None, self.terms.category)

    def _book_evidence(self, event, rule, sign):
        if self.terms.category is not None and event.category != self.terms.category:
            return
        pillar = self.terms.by_code[rule["pillar"]]
        x = evidence_x(event, rule)
        weight = sign * self.terms.weight(event, pillar)
        key = pillar.code, event.client or "", month_index(event.on)
        cell = self.cells.setdefault(key, [0, 0])
        cell[0] += weight
        cell[1] += weight * pillar.clipped(x)
        if cell[0] == 0:
            del self.cells[key]

    def clients(self, pillar, month):
        """{client: (W, S)} of a pillar as seen from `month`: faded weight and weight·x, scale 10^12 an order."""
        found = {}
        for (code, client, cell_month), (weight, weighted) in self.cells.items():
            fade = self.terms.fade(month - cell_month) if code == pillar else 0
            if fade:
                w, s = found.get(client, (0, 0))
                found[client] = w + weight * fade, s + weighted * fade
        return found


def evidence_x(event, rule):
    """The x of an evidence event: its own, or the one its code fixes."""
    x = rule.get("x", event.x)
    if x is None or not 0 <= x <= 1000:
        raise ValueError("event %s needs evidence x from 0 to 1000" % event.ref)
    return x


def counted(terms, clients):
    """(Σ φ(W), Σ φ(W)·x̄) over the clients of one pillar, in `terms.unit`; exact (the second may be a Fraction)."""
    weight_sum, value_sum, odd = 0, 0, Fraction(0)
    for weight, weighted in clients.values():
        capped = terms.capped(weight)
        weight_sum += capped
        if capped == weight * terms.factor:
            value_sum += weighted * terms.factor
        else:
            odd += Fraction(capped * weighted, weight)
    return weight_sum, value_sum + odd


def incident_until(event, rule):
    """The day an incident ends (exclusive): its own, or so many months after `on`; None = while listed."""
    if event.until is not None:
        return event.until
    months = rule["display"]["months"]
    return None if months is None else add_months(event.on, months)


def incident_share(event, rule, as_of, fade="linear"):
    """How much of an incident is left on `as_of`: a Fraction from 1 to 0, linear by days or (fade "step") whole until
    it ends; 0 at expiry; 1 while listed."""
    until = incident_until(event, rule)
    if until is None:
        return Fraction(1)
    if as_of >= until:
        return Fraction(0)
    if fade == "step":
        return Fraction(1)
    return Fraction((until - as_of).days, (until - event.on).days)
