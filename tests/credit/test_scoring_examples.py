"""Small cases worked out by hand, and the rules of arithmetic the score stands on."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.scoring import Event, Terms, explain, rank_list, score_agency
from credit.scoring.canonical import canonical
from credit.scoring.compliance import incident_cost
from credit.scoring.evidence import performance_x, rating_x, timeliness_x
from credit.scoring.integers import add_months, half_up, parse_day, shares
from credit.scoring.ranks import apart
from credit.scoring.score import sums_of
from credit.scoring.sums import counted, incident_share
from tests.credit.events_made import AS_OF, CALIBRATION, CODES, RULEBOOK, TERMS, promise


def order(n, client, code="order", **kw):
    return Event(f"{code}-{n}", "a", code, kw.pop("on", AS_OF), client=client, fee_fen=kw.pop("fee", 900_000), **kw)


# --- arithmetic -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "nearest"),
    [(Fraction(1, 2), 1), (Fraction(-1, 2), 0), (Fraction(-3, 2), -1), (Fraction(7, 5), 1), (3, 3)],
)
def test_half_goes_up(value, nearest):
    assert half_up(value) == nearest


@promise
@given(st.lists(st.fractions(-50, 50), min_size=1, max_size=30))
def test_shares_add_up_and_stay_near(exact):
    total = half_up(sum(exact))
    parts = shares(exact, total)
    assert sum(parts) == total
    assert all(abs(part - value) <= 1 for part, value in zip(parts, exact, strict=True))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-01-31", 1, "2026-02-28"), ("2023-12-31", 2, "2024-02-29"), ("2026-10-15", 36, "2029-10-15")],
)
def test_months_end_where_the_month_ends(start, months, end):
    assert add_months(parse_day(start), months) == parse_day(end)


@pytest.mark.parametrize("text", ["2026-1-01", "20260101", "2026-01-01T00:00", "２０２６-01-01", "", None, 20260101])
def test_only_one_spelling_of_a_day(text):
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        parse_day(text)


@pytest.mark.parametrize("value", [1.0, {"a": 0.5}, 2**53, {1: 2}, {"𠮷": 1}, {1, 2}])
def test_what_cannot_be_signed(value):
    with pytest.raises(ValueError):
        canonical(value)


@promise
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text(st.characters(max_codepoint=0xD7FF), max_size=6), inner, max_size=4)
        ),
    )
)
def test_canonical_is_rfc_8785(value):
    import rfc8785

    assert canonical(value) == rfc8785.dumps(value)


# --- evidence ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("stars_milli", "x"), [(1000, 0), (2000, 250), (5000, 1000), (4400, 850), (4333, 833)])
def test_stars(stars_milli, x):
    assert rating_x(RULEBOOK, stars_milli) == x


@pytest.mark.parametrize(
    ("used", "limit", "x"),
    [(0, 10, 1000), (10, 10, 1000), (11, 10, 800), (15, 10, 0), (40, 10, 0), (8, 7, 714), (2, 1, 0)],
)
def test_timeliness_falls_to_nothing_at_one_and_a_half_limits(used, limit, x):
    assert timeliness_x(RULEBOOK, used, limit) == x


def test_performance_steps():
    assert performance_x(RULEBOOK) == 1000
    assert performance_x(RULEBOOK, review="revised", rework_rounds=1) == 550
    assert performance_x(RULEBOOK, fee_within=False) == 750
    assert performance_x(RULEBOOK, review="returned", rework_rounds=9) == 0
    assert performance_x(RULEBOOK, complaint_upheld=True) == 0


# --- weights ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("orders", "counted"), [(0, 0), (500, 500), (1000, 1000), (2000, 1500), (3000, 2000), (9000, 2000)]
)
def test_pair_cap(orders, counted):
    assert TERMS.capped(orders * 10**9) == counted * TERMS.unit // 1000


def test_the_cap_is_exact_to_the_last_unit():
    """Half of an odd number is no integer: weights are doubled, so nothing is lost."""
    assert TERMS.unit == 2 * 10**12
    assert TERMS.capped(10**12 + 1) == 2 * 10**12 + 1


@pytest.mark.parametrize(
    ("fee", "v"), [(None, 125), (0, 125), (112_500, 125), (450_000, 500), (900_000, 1000), (10**9, 1000)]
)
def test_value_of_an_order(fee, v):
    assert TERMS.value_milli(order(1, "c", fee=fee)) == v


def test_a_capped_client_s_mean_is_exact():
    weight_sum, value_sum = counted(TERMS, {"c": (5 * 10**12 + 7, 3 * 10**15 + 1)})
    assert (weight_sum, value_sum) == (4 * 10**12, Fraction(4 * 10**12 * (3 * 10**15 + 1), 5 * 10**12 + 7))


def test_points_of_a_ledger_count_in_full_until_they_end():
    event, rule = Event("f", "a", "raises_fee", date(2026, 1, 31)), CODES["raises_fee"]
    shares_left = [incident_share(event, rule, date(2027, 1, day), "step") for day in (30, 31)]
    assert shares_left == [1, 0]


def test_a_rating_is_clipped_on_both_sides_of_the_prior():
    pillar = Terms(RULEBOOK, CALIBRATION, "eia").by_code["R"]
    assert [pillar.clipped(x) for x in (0, 559, 700, 961, 1000)] == [560, 560, 700, 960, 960]
    assert (TERMS.by_code["R"].x_low, TERMS.by_code["R"].x_high) == (610, 1000)
    assert TERMS.by_code["T"].clipped(0) == 0


def test_the_median_is_the_category_s_own():
    assert TERMS.value_milli(order(1, "c", fee=750_000, category="eia")) == 500


def test_decay_table_is_the_half_life():
    table = RULEBOOK["decay"]["table"]
    assert len(table) == 37
    assert [table[i] for i in (0, 12, 24, 36)] == [1_000_000, 500_000, 250_000, 125_000]
    # The nearest integer to 10^6·2^(-k/12), checked without floats: (2t ± 1)^12 brackets (2·10^6)^12 / 2^k
    for k, t in enumerate(table):
        assert (2 * t - 1) ** 12 * 2**k < (2 * 10**6) ** 12 < (2 * t + 1) ** 12 * 2**k
    assert TERMS.fade(37) == 0


def test_four_orders_by_hand():
    """Two clients, two full orders each: φ = 1.5 + 1.5 effective orders; C = 200·(15·950 + 3·1000)/18."""
    events = [order(i, f"c{i % 2}") for i in range(4)]
    score = score_agency("a", events, RULEBOOK, CALIBRATION, AS_OF)
    assert (score.effective_orders_milli, score.clients) == (3000, 2)
    assert score.pillars[3].points_milli == half_up(Fraction(200 * (15 * 950 + 3 * 1000), 18)) == 191_667
    assert score.grade == "AA"
    assert score_agency("a", events[1:], RULEBOOK, CALIBRATION, AS_OF).grade == "NR"


def test_one_late_order_by_hand():
    """A minor point at 3 effective orders: 200·1000/(15 + 3) at once, melting over three months."""
    events = [order(i, f"c{i % 2}") for i in range(4)] + [Event("late", "a", "late_minor", AS_OF)]
    _, rows = explain("a", events, TERMS, AS_OF)
    assert [r.points_milli for r in rows if r.kind == "incident"] == [-11_111]
    _, rows = explain("a", events, TERMS, date(2027, 1, 31))
    assert [r for r in rows if r.kind == "incident"] == []


def test_old_orders_leaving_the_horizon_do_not_make_a_slip_dearer():
    """Twenty orders of three years ago drop out while a minor incident runs: its cost still falls every day."""
    slip = Event("late", "a", "late_minor", date(2026, 10, 20))
    orders = [order(i, f"c{i}", on=date(2023, 11, 5)) for i in range(20)]
    days = [date(2026, 10, 20) + timedelta(days=n) for n in range(93)]
    costs = [incident_cost(sums_of("a", [*orders, slip], TERMS, day), slip, day) for day in days]
    assert all(later < earlier for earlier, later in zip(costs, costs[1:], strict=False))
    assert costs[0] == 200 * 1000 / (15 + Fraction(20 * TERMS.decay[35], 10**6))
    assert costs[-1] == 0


def test_a_general_breach_of_another_category_counts_everywhere():
    """A minor one does not (see the test of scopes); a graver one follows the whole agency."""
    breach = Event("fee", "a", "raises_fee", AS_OF, category="survey")
    eia = score_agency("a", [breach], Terms(RULEBOOK, CALIBRATION, "eia"), None, AS_OF)
    assert eia.score_milli == 883_000 - 300 * 50 - 50_000


def test_a_general_breach_melts_by_the_day():
    breach = Event("fee", "a", "raises_fee", date(2025, 10, 31))
    costs = {}
    for day in (date(2025, 10, 31), date(2026, 5, 1), date(2026, 10, 30), date(2026, 10, 31)):
        _, rows = explain("a", [breach], TERMS, day)
        costs[day] = [r.points_milli for r in rows if r.kind == "incident"]
    # 183 of 365 days are left on 1 May 2026: 50000·183/365
    assert list(costs.values()) == [[-50_000], [-25_068], [-137], []]


def test_an_event_of_tomorrow_does_not_count_today():
    tomorrow = Event("i", "a", "collusion", date(2026, 11, 1))
    assert score_agency("a", [tomorrow], RULEBOOK, CALIBRATION, AS_OF).grade == "NR"


def test_the_national_list_lasts_until_the_agency_leaves_it():
    listed = Event("n", "a", "dishonesty_list", date(2020, 1, 1))
    assert score_agency("a", [listed], RULEBOOK, CALIBRATION, AS_OF).grade == "D"
    left = Event("r", "a", "repair", AS_OF, target="n")
    assert score_agency("a", [listed, left], RULEBOOK, CALIBRATION, AS_OF).grade == "NR"


@pytest.mark.parametrize("cap", ["D", "a grade of another rulebook"])
def test_a_decision_counts_by_its_clause_whatever_the_rulebook_says(cap):
    """A code the rulebook has not, with the clause it was decided under: points, cap, end and repair are the clause's.
    Without it the code counts for nothing."""
    clause = CODES["collusion"] | {"code": "old", "cap_grade": cap, "display": {"months": 12, "min": 3, "max": 12}}
    decided = Event("i", "a", "old", date(2026, 5, 1), clause=clause)
    unknown = Event("i", "a", "old", date(2026, 5, 1))
    repaired = Event("r", "a", "repair", AS_OF, target="i")
    assert Event.from_json(decided.as_json()) == decided

    def made_of(*events, on=AS_OF):
        score, rows = explain("a", list(events), TERMS, on)
        return score.grade, score.score_milli, [row.points_milli for row in rows if row.kind == "incident"]

    clean = made_of()
    # 182 of 365 days are left on 31 October 2026: 200000·182/365
    assert made_of(decided) == ("D", clean[1] - 99_726, [-99_726])
    assert made_of(decided, on=date(2027, 4, 30))[0] == "D"
    assert made_of(decided, on=date(2027, 5, 1)) == made_of(decided, repaired) == made_of(unknown) == clean


def test_only_the_same_agency_can_be_voided_by_its_row():
    event = Event("n", "a", "collusion", AS_OF)
    foreign = Event("v", "b", "void", AS_OF, target="n")
    assert score_agency("a", [event, foreign], RULEBOOK, CALIBRATION, AS_OF).grade == "D"


@pytest.mark.parametrize(
    ("orders", "clients", "grade"), [(20, 20, "AAA"), (20, 4, "AA"), (9, 9, "AA"), (2, 2, "NR"), (3, 3, "AA")]
)
def test_the_best_grade_needs_orders_and_clients(orders, clients, grade):
    perfect = [
        order(i, f"c{i % clients}", code, x=1000)
        for i in range(orders)
        for code in ("rating", "timeliness", "performance", "order")
    ]
    # Four clients with five orders each count two apiece: 8 effective orders.
    assert score_agency("a", perfect, RULEBOOK, CALIBRATION, AS_OF).grade == grade


def test_scope_takes_its_own_evidence_and_prior():
    events = [order(1, "c", "rating", x=0, category="survey"), Event("s", "a", "no_answer", AS_OF, category="survey")]
    eia = score_agency("a", events, Terms(RULEBOOK, CALIBRATION, "eia"), None, AS_OF)
    assert eia.score_milli == 883_000 - 300 * 50
    whole = score_agency("a", events, TERMS, None, AS_OF)
    assert whole.score_milli < 883_000


@pytest.mark.parametrize(
    "bad", [{"x": 1.5}, {"x": True}, {"fee_fen": "1"}, {"extra": 1}, {"on": "1 Jan"}, {"clause": "late"}]
)
def test_a_crooked_record_is_refused(bad):
    record = order(1, "c", "rating", x=900).as_json()
    with pytest.raises(ValueError):
        Event.from_json({**record, **bad})
    assert Event.from_json(record).as_json() == record
    assert "clause" not in record  # what was digested before decisions carried theirs keeps its digest


def test_evidence_without_a_value_is_refused():
    with pytest.raises(ValueError, match="x from 0 to 1000"):
        score_agency("a", [order(1, "c", "rating")], RULEBOOK, CALIBRATION, AS_OF)


# --- places in a list -------------------------------------------------------------------------------------------------
entries = st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 10**9)), max_size=15).map(
    lambda rows: [(f"a{i:02}", *row) for i, row in enumerate(rows)]
)


@promise
@given(entries)
def test_places(rows):
    ranked = rank_list(rows, 1645)
    by_name = {name: (score, variance) for name, score, variance in rows}
    assert [r.agency for r in ranked] == [n for n, *_ in sorted(rows, key=lambda e: (-e[1], e[0]))]
    for r in ranked:
        me = by_name[r.agency]
        assert r.rank == 1 + sum(score > me[0] for score, _ in by_name.values())
        assert r.best == 1 + sum(apart(1645, other, me) for other in by_name.values())
        assert r.worst == len(rows) - sum(apart(1645, me, other) for other in by_name.values())
        assert 1 <= r.best <= r.rank <= r.worst <= len(rows)
        leader = next(o for o in ranked if o.group == r.group)
        assert not apart(1645, by_name[leader.agency], me)
    for above, below in zip(ranked, ranked[1:], strict=False):
        assert below.group - above.group in (0, 1)
        if below.group > above.group:
            leader = next(o for o in ranked if o.group == above.group)
            assert apart(1645, by_name[leader.agency], by_name[below.agency])


def test_apart_is_exact_at_the_edge():
    """1.645·√(400² + 300²) = 822.5: 822 is not enough, 823 is."""
    assert not apart(1645, (10_822, 400**2), (10_000, 300**2))
    assert apart(1645, (10_823, 400**2), (10_000, 300**2))


def test_certain_evidence_ranks_like_plain_numbers():
    ranked = rank_list([("b", 5, 0), ("a", 9, 0), ("c", 5, 0)], 1645)
    assert [(r.agency, r.rank, r.best, r.worst, r.group) for r in ranked] == [
        ("a", 1, 1, 1, 1),
        ("b", 2, 2, 3, 2),
        ("c", 2, 2, 3, 2),
    ]
