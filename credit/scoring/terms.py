"""Rulebook and calibration, made ready for arithmetic for one scope (all categories, or one)."""

from bisect import bisect_right
from fractions import Fraction
from math import gcd

from .integers import clamp, half_up


class PillarTerms:
    """One pillar: points, prior mean m, prior weight κ (milli-orders), variance σ² of x, and the clip of x."""

    def __init__(self, rule, prior):
        self.code = rule["code"]
        self.points = rule["points"]
        self.m = prior["m"]
        self.sigma2 = prior["sigma2"]
        # A fitted κ may strengthen the prior where the rulebook says so, never weaken it.
        self.kappa_milli = max(rule["kappa_milli"], prior["kappa_milli"] if rule.get("kappa_fitted") else 0)
        clip = rule.get("clip")
        self.x_low = 0 if clip is None else max(0, self.m - clip)
        self.x_high = 1000 if clip is None else min(1000, self.m + clip)
        self.by_party = bool(rule.get("by_party"))

    def clipped(self, x):
        return clamp(x, self.x_low, self.x_high)


class Terms:
    """Everything the arithmetic needs. `category` None = the overview; a code = only that category's evidence, with
    its calibration (honours and all but minor incidents belong to the whole agency and count in every scope).

    `unit` is one full order in the scale of all weights: 10^12 (v milli × party milli × decay 10^-6), times the
    common denominator of the pair cap's slopes so that the cap is exact too.
    """

    SCALE = 10**12

    def __init__(self, rulebook, calibration, category=None):
        self.rulebook = rulebook
        self.calibration = calibration
        self.category = category
        priors = dict(calibration["pillars"])
        priors.update(calibration["categories"].get(category, {}).get("pillars", {}))
        self.pillars = [PillarTerms(p, priors[p["code"]]) for p in rulebook["pillars"]]
        self.by_code = {p.code: p for p in self.pillars}
        self.codes = {e["code"]: e for e in rulebook["events"]}
        self.decay = rulebook["decay"]["table"]
        self._set_pair_cap(rulebook["pair_cap"]["knots"])

    def _set_pair_cap(self, knots):
        self._knots = [w * 10**9 for w, _ in knots]
        self._values = [f * 10**9 for _, f in knots]
        slopes = [Fraction(f2 - f1, w2 - w1) for (w1, f1), (w2, f2) in zip(knots, knots[1:])]
        self._slopes = [*slopes, Fraction(0)]
        self.factor = 1
        for slope in slopes:
            self.factor = self.factor * slope.denominator // gcd(self.factor, slope.denominator)
        self.unit = self.SCALE * self.factor

    def capped(self, weight):
        """φ(weight) × factor: what one client's `weight` (scale 10^12 an order) counts, in `unit`s an order."""
        i = bisect_right(self._knots, weight) - 1
        rise = self._slopes[i] * self.factor * (weight - self._knots[i])
        return self._values[i] * self.factor + rise.numerator

    def fade(self, age_months):
        """The decay d (scale 10^-6) of evidence so many months old; 0 beyond the table."""
        return self.decay[age_months] if 0 <= age_months < len(self.decay) else 0

    def value_milli(self, event):
        """v: fee over the category's median fee, within floor and cap (milli). No fee known = floor."""
        rule = self.rulebook["value_weight"]
        if event.fee_fen is None:
            return rule["floor"]
        medians = self.calibration["categories"].get(event.category, {})
        median = medians.get("fee_median_fen") or self.calibration["fee_median_fen"]
        return clamp(half_up(Fraction(event.fee_fen * 1000, median)), rule["floor"], rule["cap"])

    def weight(self, event, pillar):
        """v·party of an event, scale 10^6 = one full order, before it fades."""
        party = self.rulebook["parties"][event.party] if pillar.by_party else 1000
        return self.value_milli(event) * party
