"""The rulebook as a file: what the schema and the lints refuse, and the digest that is its identity."""

import copy
import hashlib
import json

import pytest
import rfc8785
import yaml

from credit.rulebook import (
    CALIBRATION_DEFAULT,
    RULEBOOK_DEFAULT,
    RulebookError,
    calibration_load,
    lint,
    presets,
    rulebook_load,
)
from credit.scoring import Event, Terms, explain
from tests.credit.events_made import AS_OF

TEXT = RULEBOOK_DEFAULT.read_text(encoding="utf-8")


def spoilt(path, value):
    """The default rulebook with one place changed; `path` like "decay/table/3" or "events/late_minor/points"."""
    rules = copy.deepcopy(rulebook_load(RULEBOOK_DEFAULT).content)
    *steps, last = path.split("/")
    place = rules
    for step in steps:
        if isinstance(place, list):
            place = next((e for e in place if isinstance(e, dict) and e.get("code") == step), None) or place[int(step)]
        else:
            place = place[step]
    last = int(last) if isinstance(place, list) else last
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return rules


def problems(rules):
    try:
        rulebook_load(yaml.safe_dump(rules, allow_unicode=True))
    except RulebookError as error:
        return " | ".join(error.problems)
    return ""


def test_identity_is_the_digest_of_the_canonical_json():
    frozen = rulebook_load(RULEBOOK_DEFAULT)
    assert frozen.canonical == rfc8785.dumps(frozen.content)
    assert frozen.sha256 == hashlib.sha256(frozen.canonical).hexdigest()
    # Comments, order and layout of the YAML do not matter; any content does.
    assert rulebook_load(yaml.safe_dump(frozen.content, allow_unicode=True)).sha256 == frozen.sha256
    other = rulebook_load(TEXT.replace('version: "1"', 'version: "2"'))
    assert other.sha256 != frozen.sha256


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("pillars/R/points", 301, "add up to 1001"),
        ("decay/table/3", 999_999, "rises after month 2"),
        ("decay/table/0", 900_000, "fresh evidence"),
        ("pair_cap/knots", [[0, 0], [1000, 500], [2000, 2000]], "not concave"),
        ("pair_cap/knots", [[0, 0], [1000, 1500]], "more than itself"),
        ("pair_cap/knots", [[0, 0], [1000, 900], [2000, 800]], "not count less"),
        ("pair_cap/knots", [[0, 0], [1000, 900], [1000, 950]], "does not come after"),
        ("pair_cap/knots", [[1, 0], [1000, 900]], "begins at"),
        ("value_weight/floor", 1000, ""),
        ("value_weight/cap", 100, "floor is above the cap"),
        ("parties/owner", 600, "add up to 1100"),
        ("grades/AA/min_milli", 900_000, "overlap"),
        ("grades/D/min_milli", 1000, "nothing below 1000"),
        ("grades/D/clients", 1, "takes no conditions"),
        ("grades/B/stars", 5, "more stars"),
        ("grades/B/code", "NR", "also a grade"),
        ("newcomer/code", "AAA", "also a grade"),
        ("events/late_minor/display/max", 4, "shown 0 to 3 months"),
        ("events/late_minor/display/months", 0, "does not hold"),
        ("events/collusion/display/min", 11, "shown 12 to 36"),
        ("events/collusion/display/max", None, "all given, or all empty"),
        ("events/collusion/cap_grade", ..., "caps the grade"),
        ("events/collusion/cap_grade", "E", "no grade E"),
        ("events/substandard/escalates/to", "rating", "no incident"),
        ("events/rating/pillar", "Z", "no pillar Z"),
        ("events/timeliness/also", "rating", "no evidence with an x"),
        ("events/late_major/code", "late_minor", "appears twice"),
        ("events/repair/kind", "void", "exactly one code of kind"),
        ("orders_code", "collusion", "is no evidence"),
        ("compliance/pillar", "Z", "no pillar Z"),
        ("consequences/grade_d_public/enabled", True, "states its legal basis"),
        ("consequences/serious_open/when", {"grades": ["NR"]}, "keep full rights"),
        ("consequences/grade_low_notice/when", {"grades": ["E"]}, "no grade E"),
        ("guidance/grades", ["X"], "no grade X"),
        # the schema
        ("formula", "eval('1')", "formula"),
        ("decay/table", [1_000_000, 0.5], "not of type 'integer'"),
        ("bonus/max", 31, "greater than the maximum"),
        ("events/bribery/points", "20", "not of type 'integer'"),
        ("events/bribery/weight", 3, "weight"),
        ("legal_basis", [], "legal_basis"),
        ("effective_from", "1 May", "effective_from"),
    ],
)
def test_what_cannot_be_adopted(path, value, said):
    found = problems(spoilt(path, value))
    assert said in found
    assert bool(found) == bool(said)


def test_every_lint_is_exercised_by_the_shipped_rulebook():
    assert lint(rulebook_load(RULEBOOK_DEFAULT).content) == []


@pytest.mark.parametrize(
    "text", ["", "[]", "a: b: c", "id: one\nid: two", "!!python/object/apply:os.system ['true']", "\x00", "&a [*a]"]
)
def test_unreadable_files_are_said_so(text):
    with pytest.raises(RulebookError):
        rulebook_load(text)


def test_days_stay_text():
    assert rulebook_load(TEXT.replace('"2026-01-01"', "2026-01-01")).content["effective_from"] == "2026-01-01"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["pillars"].pop("T"), "no prior for T"),
        (lambda c: c["pillars"].update(Z=c["pillars"]["T"]), "unknown pillar Z"),
        (lambda c: c["categories"].update(eia={"pillars": {"Z": c["pillars"]["T"]}}), "categories/eia: unknown pillar"),
        (lambda c: c.update(fee_median_fen=0), "fee_median_fen"),
        (lambda c: c["pillars"]["R"].update(sigma2=0), "sigma2"),
    ],
)
def test_a_calibration_knows_its_pillars(change, said):
    rules = rulebook_load(RULEBOOK_DEFAULT).content
    content = json.loads(CALIBRATION_DEFAULT.read_text(encoding="utf-8"))
    change(content)
    with pytest.raises(RulebookError, match=said):
        calibration_load(json.dumps(content), rules)


@pytest.mark.parametrize("path", presets(), ids=lambda p: p.stem)
def test_presets_are_adoptable_and_score(path):
    """Each preset passes the same checks, and the same function scores by it."""
    rules = rulebook_load(path).content
    calibration = calibration_load(path.with_name(rules["calibration"]), rules).content
    terms = Terms(rules, calibration)
    evidence = [e["code"] for e in rules["events"] if e["kind"] == "evidence"]
    events = [
        Event(
            f"{code}{i}", "a", code, AS_OF, client=f"c{i}", fee_fen=10**9, x=None if "x" in terms.codes[code] else 1000
        )
        for i in range(12)
        for code in evidence
    ]
    best, rows = explain("a", events, terms, AS_OF)
    assert sum(r.points_milli for r in rows) == best.score_milli
    worst, _ = explain("a", [*events, *(Event(f"i{e}", "a", e, AS_OF) for e in _incidents(rules))], terms, AS_OF)
    grades = [g["code"] for g in rules["grades"]]
    assert grades.index(worst.grade) > grades.index(best.grade)
    newcomer, _ = explain("a", [], terms, AS_OF)
    assert (newcomer.grade == rules["newcomer"]["code"]) == (rules["newcomer"]["orders_milli"] > 0)


def _incidents(rules):
    return [e["code"] for e in rules["events"] if e["kind"] == "incident"]


def test_the_three_presets_are_there():
    assert {p.stem for p in presets()} == {"three-party-stars", "regulator-70-10-20", "point-ledger"}
