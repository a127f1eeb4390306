"""What a schema cannot say about a rulebook. Each lint returns sentences; none means adoptable."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

Rules = dict[str, Any]

# Display limits by class in months (信用修复管理办法, NDRC order 36 of 2026): minor ≤ 3, general 3–12, serious 12–36.
DISPLAY_LIMITS = {"minor": (0, 3), "general": (3, 12), "serious": (12, 36)}


def lint(rules: Rules) -> list[str]:
    """All problems of a rulebook that already fits its schema."""
    return [problem for check in CHECKS for problem in check(rules)]


def lint_calibration(calibration: dict[str, Any], rules: Rules) -> list[str]:
    """A calibration must know every pillar of its rulebook, and categories may only restate those."""
    wanted = {p["code"] for p in rules["pillars"]}
    problems = [f"pillars: no prior for {code}" for code in sorted(wanted - set(calibration["pillars"]))]
    scopes = {"pillars": calibration["pillars"]} | {
        f"categories/{code}": entry.get("pillars", {}) for code, entry in calibration["categories"].items()
    }
    for place, priors in scopes.items():
        problems += [f"{place}: unknown pillar {code}" for code in sorted(set(priors) - wanted)]
    return problems


def points_sum(rules: Rules) -> Iterator[str]:
    total = sum(p["points"] for p in rules["pillars"])
    if total != 1000:
        yield f"pillars: the points add up to {total}, not to 1000"


def codes_once(rules: Rules) -> Iterator[str]:
    for place in ("pillars", "events", "grades", "consequences"):
        codes = [entry["code"] for entry in rules[place]]
        yield from (f"{place}: {code} appears twice" for code in sorted({c for c in codes if codes.count(c) > 1}))


def decay_falls(rules: Rules) -> Iterator[str]:
    table = rules["decay"]["table"]
    if table[0] != 1_000_000:
        yield "decay/table: fresh evidence counts in full (1000000)"
    yield from (f"decay/table: rises after month {i}" for i, (a, b) in enumerate(pairwise(table)) if b > a)


def pair_cap_concave(rules: Rules) -> Iterator[str]:
    knots = rules["pair_cap"]["knots"]
    if knots[0] != [0, 0]:
        yield "pair_cap/knots: begins at [0, 0]"
    slopes = []
    for (w1, f1), (w2, f2) in pairwise(knots):
        if w2 <= w1:
            yield f"pair_cap/knots: {w2} does not come after {w1}"
            return
        slopes.append(Fraction(f2 - f1, w2 - w1))
    if any(s < 0 for s in slopes):
        yield "pair_cap/knots: more orders may not count less"
    if slopes and slopes[0] > 1:
        yield "pair_cap/knots: an order may not count more than itself"
    if any(b > a for a, b in pairwise(slopes)):
        yield "pair_cap/knots: not concave (a later slope is steeper)"


def value_weight_range(rules: Rules) -> Iterator[str]:
    weight = rules["value_weight"]
    if weight["floor"] > weight["cap"]:
        yield "value_weight: the floor is above the cap"


def parties_share_one_order(rules: Rules) -> Iterator[str]:
    total = sum(rules["parties"].values())
    if total != 1000:
        yield f"parties: the shares add up to {total}, not to 1000"


def grades_cover(rules: Rules) -> Iterator[str]:
    grades = rules["grades"]
    minima = [g["min_milli"] for g in grades]
    yield from (
        f"grades: {high['code']} and {low['code']} overlap or are out of order (best first, minima falling)"
        for high, low in pairwise(grades)
        if low["min_milli"] >= high["min_milli"]
    )
    if minima[-1] != 0:
        yield f"grades: nothing below {minima[-1]} (the last grade begins at 0)"
    if set(grades[-1]) & {"low_milli", "orders_milli", "clients"}:
        yield f"grades: {grades[-1]['code']} is the last and takes no conditions, else some score has no grade"
    stars = [g["stars"] for g in grades]
    if any(b > a for a, b in pairwise(stars)):
        yield "grades: a lower grade has more stars"
    if rules["newcomer"]["code"] in {g["code"] for g in grades}:
        yield "newcomer: its code is also a grade"


def events_whole(rules: Rules) -> Iterator[str]:
    pillars = {p["code"] for p in rules["pillars"]}
    grades = {g["code"] for g in rules["grades"]}
    events = {e["code"]: e for e in rules["events"]}
    for code, event in events.items():
        place = f"events/{code}"
        if event["kind"] == "evidence" and event["pillar"] not in pillars:
            yield f"{place}: there is no pillar {event['pillar']}"
        if event.get("cap_grade") and event["cap_grade"] not in grades:
            yield f"{place}: there is no grade {event['cap_grade']}"
        if event.get("class") == "serious" and not event.get("cap_grade"):
            yield f"{place}: a serious event caps the grade (cap_grade)"
        also = event.get("also")
        if also and (events.get(also, {}).get("kind") != "evidence" or "x" not in events[also]):
            yield f"{place}: also {also}, which is no evidence with an x of its own"
        target = event.get("escalates", {}).get("to")
        if target and events.get(target, {}).get("kind") != "incident":
            yield f"{place}: escalates to {target}, which is no incident"
    kinds = [e["kind"] for e in rules["events"]]
    yield from (f"events: exactly one code of kind {k} is needed" for k in ("void", "repair") if kinds.count(k) != 1)
    orders = events.get(rules["orders_code"], {})
    if orders.get("kind") != "evidence":
        yield f"orders_code: {rules['orders_code']} is no evidence"
    if rules["compliance"]["pillar"] not in pillars:
        yield f"compliance: there is no pillar {rules['compliance']['pillar']}"


def display_limits(rules: Rules) -> Iterator[str]:
    for event in rules["events"]:
        if event["kind"] != "incident":
            continue
        place, show = f"events/{event['code']}/display", event["display"]
        given = [show[k] for k in ("min", "months", "max")]
        if given == [None] * 3:
            continue
        if None in given:
            yield f"{place}: months, min and max are all given, or all empty (while listed)"
            continue
        low, months, high = given
        if not low <= months <= high:
            yield f"{place}: min ≤ months ≤ max does not hold ({low}, {months}, {high})"
        law_low, law_high = DISPLAY_LIMITS[event["class"]]
        if high > law_high or low < law_low:
            yield f"{place}: {event['class']} events are shown {law_low} to {law_high} months"


def consequences_have_a_basis(rules: Rules) -> Iterator[str]:
    grades = {g["code"] for g in rules["grades"]} | {rules["newcomer"]["code"]}
    for entry in rules["consequences"]:
        place = f"consequences/{entry['code']}"
        if entry["enabled"] and entry["blocks"] != "nothing" and not entry["legal_basis"]["zh"].strip():
            yield f"{place}: a bar states its legal basis before it is switched on"
        unknown = set(entry["when"].get("grades", [])) - grades
        yield from (f"{place}: there is no grade {code}" for code in sorted(unknown))
        if rules["newcomer"]["code"] in entry["when"].get("grades", []) and entry["blocks"] != "nothing":
            yield f"{place}: the unrated keep full rights"


def guidance_grades_exist(rules: Rules) -> Iterator[str]:
    known = {g["code"] for g in rules["grades"]}
    yield from (f"guidance: there is no grade {c}" for c in sorted(set(rules["guidance"]["grades"]) - known))


CHECKS = (
    points_sum,
    codes_once,
    decay_falls,
    pair_cap_concave,
    value_weight_range,
    parties_share_one_order,
    grades_cover,
    events_whole,
    display_limits,
    consequences_have_a_basis,
    guidance_grades_exist,
)
