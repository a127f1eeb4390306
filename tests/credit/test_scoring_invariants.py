"""The promises of the score, each for any history hypothesis can think of."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.scoring import Event, EventConflict, Sums, Terms, explain, score_agency, score_sums
from credit.scoring.canonical import digest
from credit.scoring.compliance import incident_cost
from credit.scoring.events import standing
from credit.scoring.integers import add_months
from credit.scoring.score import sums_of
from tests.credit import events_made as made
from tests.credit.events_made import AS_OF, CALIBRATION, CODES, RULEBOOK, TERMS, promise

GRADES = [g["code"] for g in RULEBOOK["grades"]]
EIA = Terms(RULEBOOK, CALIBRATION, "eia")
SCOPED = {None: TERMS, "eia": EIA}


def scored(events, as_of=AS_OF, category=None):
    return score_agency("a", events, SCOPED[category], None, as_of)


@promise
@given(made.histories(), made.SCOPES, st.randoms(use_true_random=False))
def test_order_and_duplicates_do_not_matter(events, scope, random):
    shuffled = events + [e for e in events if random.random() < 0.5]
    random.shuffle(shuffled)
    assert scored(shuffled, category=scope) == scored(events, category=scope)


def test_one_reference_with_two_contents_is_refused():
    one = Event("r", "a", "rating", AS_OF, client="c", x=500)
    with pytest.raises(EventConflict):
        scored([one, replace(one, x=600)])


@promise
@given(made.histories(), st.integers(0, 800), made.SCOPES)
def test_incremental_is_full(events, days_back, scope):
    """Sums kept from an earlier day, moved forward by what came and went since, score as sums built from nothing."""
    terms, then = SCOPED[scope], AS_OF - timedelta(days=days_back)
    before = {e.ref: e for e in standing(events, terms.codes, then)}
    now = {e.ref: e for e in standing(events, terms.codes, AS_OF)}
    sums = sums_of("a", events, terms, then)
    for ref in now.keys() - before.keys():
        sums.add(now[ref])
    for ref in before.keys() - now.keys():
        sums.remove(before[ref])
    assert score_sums(sums, "a", AS_OF) == scored(events, category=scope)
    assert sums.cells == sums_of("a", events, terms, AS_OF).cells


def test_sums_that_know_the_future_refuse_the_past():
    sums = Sums(TERMS)
    sums.add(Event("r", "a", "rating", AS_OF, client="c", x=500))
    with pytest.raises(ValueError, match="already hold events"):
        score_sums(sums, "a", AS_OF - timedelta(days=1))


@promise
@given(made.histories(), made.evidence(x=1000), made.evidence(x=0), made.SCOPES)
def test_a_perfect_event_never_lowers_and_a_worst_one_never_raises(events, best, worst, scope):
    base = scored(events, category=scope).score_milli
    assert scored([*events, replace(best, ref="new")], category=scope).score_milli >= base
    if "x" not in CODES[worst.code]:
        assert scored([*events, replace(worst, ref="new")], category=scope).score_milli <= base


@promise
@given(made.histories(), made.evidence(), st.integers(0, 1000), made.SCOPES)
def test_better_evidence_never_scores_less(events, event, other_x, scope):
    low, high = sorted((event.x, other_x))
    worse = scored([*events, replace(event, ref="new", x=low)], category=scope)
    better = scored([*events, replace(event, ref="new", x=high)], category=scope)
    assert better.score_milli >= worse.score_milli


@promise
@given(made.histories(), made.incidents(), made.bonuses(), made.SCOPES)
def test_an_incident_never_raises_and_an_honour_never_lowers(events, incident, honour, scope):
    base = scored(events, category=scope)
    hit = scored([*events, replace(incident, ref="new")], category=scope)
    praised = scored([*events, replace(honour, ref="new")], category=scope)
    assert hit.score_milli <= base.score_milli <= praised.score_milli


@promise
@given(made.histories(), st.lists(made.evidence(x=1000), max_size=5))
def test_the_grade_is_monotone_too(events, more):
    base = scored(events)
    lifted = scored(events + made.numbered(more, "new"))
    if "NR" not in (base.grade, lifted.grade):
        assert GRADES.index(lifted.grade) <= GRADES.index(base.grade)


@promise
@given(made.histories(), made.histories(agency="b", prefix="b"))
def test_another_agency_changes_nothing(events, others):
    assert scored(events + others) == scored(events)


def bounded_move(pillar, cap=2, steps=2000):
    """The most one client can move a pillar of an agency with any other evidence, in exact milli-points.

    With other clients' weight f the pillar can already lean clip·f/(κ+f) to the other side, which adds to the move:
    the largest value over f is a little above the newcomer's φmax/(κ+φmax)·clip·points.
    """
    kappa, clip = Fraction(pillar.kappa_milli, 1000), 200
    values = (Fraction(i, 100) for i in range(steps))
    return max(pillar.points * clip * cap / (kappa + f + cap) * (1 + f / (kappa + f)) for f in values)


BOUND = bounded_move(TERMS.pillars[0])


@promise
@given(made.histories(), st.lists(made.evidence("rating", client="one"), max_size=40))
def test_one_client_moves_the_rating_pillar_by_little(events, ratings):
    others = [e for e in events if e.client != "one"]
    before = scored(others).pillars[0].points_milli
    after = scored(others + made.numbered(ratings, "one")).pillars[0].points_milli
    assert abs(after - before) <= BOUND + 1


@pytest.mark.parametrize(("x", "move"), [(0, -12_000), (1000, 11_400)])
def test_one_client_at_an_agency_without_other_ratings(x, move):
    """However many ratings one client sends: −12.0 or +11.4 points, reached and never passed."""
    ratings = [
        Event(f"r{i}", "a", "rating", AS_OF, client="one", fee_fen=5_000_000, x=x, party="owner") for i in range(300)
    ]
    start = scored([]).score_milli
    assert scored(ratings).score_milli - start == move
    assert abs(scored(ratings[:3]).score_milli - start) < abs(move)


@promise
@given(made.SCOPES)
def test_a_newcomer_is_the_prior_exactly(scope):
    score = scored([], category=scope)
    assert score.score_milli == sum(p.points * p.m for p in SCOPED[scope].pillars)
    assert (score.grade, score.effective_orders_milli, score.clients) == ("NR", 0, 0)


@promise
@given(made.histories(), st.dates(date(2023, 1, 1), date(2027, 12, 31)), made.SCOPES)
def test_range_interval_and_rows_add_up(events, as_of, scope):
    score, rows = explain("a", events, SCOPED[scope], as_of)
    assert 0 <= score.low_milli <= score.score_milli <= score.high_milli <= 1_000_000
    assert sum(r.points_milli for r in rows) == score.score_milli
    for pillar in score.pillars:
        assert sum(r.points_milli for r in rows if r.pillar == pillar.code) == pillar.points_milli
        assert 0 <= pillar.points_milli <= pillar.points * 1000
    assert score == scored(events, as_of, scope)


def test_the_ceiling_and_the_floor_are_rows():
    orders = [
        Event(f"{code}{i}", "a", code, AS_OF, client=f"c{i}", fee_fen=5_000_000, x=1000, party=party)
        for i in range(400)
        for code, party in [("rating", "owner"), ("timeliness", "owner"), ("performance", "owner"), ("order", "")]
    ]
    honours = [Event(f"h{i}", "a", "commendation", date(2023 + i % 4, 12, 1)) for i in range(20)]
    honours = [replace(h, on=min(h.on, AS_OF)) for h in honours]
    score, rows = explain("a", orders + honours, TERMS, AS_OF)
    assert (score.score_milli, score.bonus_milli, score.grade) == (1_000_000, 30_000, "AAA")
    assert rows[-1].kind == "ceiling" and rows[-1].points_milli < 0
    assert sum(r.points_milli for r in rows) == 1_000_000

    crimes = [Event(f"i{i}", "a", "collusion", AS_OF) for i in range(3)]
    score, rows = explain("a", crimes, TERMS, AS_OF)
    assert [r.points_milli for r in rows if r.kind == "floor"] == [600_000 - 190_000]
    assert score.score_milli == sum(r.points_milli for r in rows) == 883_000 - 190_000
    assert score.grade == "D"


@promise
@given(made.histories(), made.incidents(), st.integers(0, 1400), st.integers(0, 60))
def test_a_penalty_never_grows_and_is_nothing_at_expiry(events, incident, age, later):
    incident = replace(incident, ref="new")
    rule = CODES[incident.code]
    first = incident.on + timedelta(days=age)
    second = first + timedelta(days=later)
    known = [e for e in events if e.on <= incident.on]  # later orders only make it cheaper

    def cost(day):
        return incident_cost(sums_of("a", [*known, incident], TERMS, day), incident, day)

    if any(e.code == "void" for e in events):  # voiding an old order afterwards is a different history
        known = [e for e in known if e.target is None and e.ref not in {v.target for v in events}]
    assert cost(second) <= cost(first)
    if rule["display"]["months"] is not None:
        assert cost(add_months(incident.on, rule["display"]["months"])) == 0
        assert cost(add_months(incident.on, rule["display"]["months"]) - timedelta(days=1)) > 0


@promise
@given(made.histories(), made.incidents(), st.integers(0, 900), made.SCOPES)
def test_repair_is_as_if_absent_from_that_day_on(events, incident, later, scope):
    incident = replace(incident, ref="new")
    repair = Event("fix", "a", "repair", incident.on + timedelta(days=later), target="new")
    for day in (repair.on - timedelta(days=1), repair.on, AS_OF):
        expected = events if day >= repair.on else [*events, incident]
        assert scored([*events, incident, repair], day, scope) == scored(expected, day, scope)


@promise
@given(made.histories(), st.integers(1, 50), st.permutations(["c1", "c2", "c3", "c4", "c5", "c6"]))
def test_units_and_labels_do_not_matter(events, scale, names):
    """Money in another unit, clients and references under other names: the same numbers."""
    rename = dict(zip(["c1", "c2", "c3", "c4", "c5", "c6"], names, strict=True))
    other = [
        replace(
            e,
            ref="x" + e.ref,
            target="x" + e.target if e.target else None,
            client=rename.get(e.client),
            fee_fen=None if e.fee_fen is None else e.fee_fen * scale,
        )
        for e in events
    ]
    scaled = {
        **CALIBRATION,
        "fee_median_fen": CALIBRATION["fee_median_fen"] * scale,
        "categories": {"eia": {**CALIBRATION["categories"]["eia"], "fee_median_fen": 1_500_000 * scale}},
    }
    one, two = scored(events), score_agency("a", other, RULEBOOK, scaled, AS_OF)
    assert replace(two, serious=()) == replace(one, serious=())
    assert {"x" + r for r in one.serious} == set(two.serious)


@promise
@given(made.histories(), made.incidents(made.OF_CLASS["serious"]), st.lists(made.bonuses(), max_size=10))
def test_nothing_gets_past_an_open_serious_event(events, incident, honours):
    incident = replace(incident, ref="new", on=AS_OF - timedelta(days=30))
    events = [e for e in events if e.target != "new"] + [incident] + made.numbered(honours, "h")
    score = scored(events)
    assert score.grade == "D"
    assert score.bonus_milli == 0
    assert "new" in score.serious


@promise
@given(made.histories(), made.evidence(), made.SCOPES)
def test_the_interval_shrinks_with_evidence(events, event, scope):
    before = scored(events, category=scope)
    after = scored([*events, replace(event, ref="new")], category=scope)
    assert after.half_width_milli <= before.half_width_milli
    assert after.variance <= before.variance


@promise
@given(made.histories(), made.SCOPES)
def test_the_record_is_canonical(events, scope):
    record = scored(events, category=scope).as_json()
    assert digest(record) == digest(scored(list(reversed(events)), category=scope).as_json())


@promise
@given(made.histories(serious=False), made.incidents(["late_minor"]))
def test_a_busy_agency_pays_less_for_one_slip(events, slip):
    slip = replace(slip, ref="new", on=AS_OF, category=None)
    busy = [
        Event(f"o{i}", "a", "order", AS_OF - timedelta(days=i), client=f"k{i}", fee_fen=5_000_000) for i in range(40)
    ]

    def cost(history):
        return incident_cost(sums_of("a", [*history, slip], TERMS, AS_OF), slip, AS_OF)

    assert cost(events + busy) < cost(events)
