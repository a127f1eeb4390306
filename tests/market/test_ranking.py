"""The published order in small: merit, keys, the newcomers' share."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.search.document import number_fields
from market.search.ranking import NEWCOMER_EVERY, SORTS, Place, merit, spread_out, with_newcomers
from tests.market.documents import listing


def test_merit_is_six_tenths_grade_three_tenths_on_time_one_tenth_freshness():
    best = {"score_low": 1_000_000, "on_time_permille": 1000, "finished": 10**9, "age_days": 0}
    assert merit(**best) == 999
    assert merit(**{**best, "score_low": 0}) == 399
    assert merit(**{**best, "on_time_permille": 0}) == 700
    assert merit(**{**best, "age_days": 180}) == 899
    assert merit(score_low=None, on_time_permille=None, finished=0, age_days=0) == (6 * 600 + 3 * 850 + 1000) // 10
    few = merit(**{**best, "finished": 10})
    assert few == (6000 + 3 * (1000 + 850) // 2 + 1000) // 10, "ten orders are weighed in at the neutral rate"


@given(finished=st.integers(1, 3), age=st.integers(0, 10**3), many=st.integers(9, 10**4), late=st.integers(0, 1))
def test_a_handful_of_orders_never_stands_before_a_good_grade_with_many(finished, age, many, late):
    """An agency is rated from three orders on; AA is from 850 points, and nine orders narrow the interval to 70."""
    newcomer = merit(score_low=None, on_time_permille=1000, finished=finished, age_days=0)
    proven = merit(score_low=780_000, on_time_permille=1000 * (many - late) // many, finished=many, age_days=age)
    assert newcomer < proven
    known_bad = merit(score_low=450_000, on_time_permille=500, finished=many, age_days=age)
    assert known_bad < newcomer


@given(st.integers(-(10**9), 10**9), st.integers(-(10**6), 10**6), st.integers(-9, 10**9), st.integers(-(10**5), 10**5))
def test_merit_stays_in_its_range_whatever_it_is_given(score, on_time, finished, age):
    assert 0 <= merit(score_low=score, on_time_permille=on_time, finished=finished, age_days=age) <= 1000


@given(
    st.integers(1, 2**40),
    st.one_of(st.none(), st.integers(0, 10**13)),
    st.integers(0, 10**6),
    st.one_of(st.none(), st.integers(0, 1000)),
)
def test_keys_fit_a_signed_64_bit_number(pk, price, days, on_time):
    numbers = number_fields(listing(pk, price_fen=price, days=days, on_time_permille=on_time))
    assert all(0 <= number < 2**63 for number in numbers.values())


def test_neighbours_do_not_stand_together_on_a_tie():
    order = sorted(range(1, 101), key=lambda pk: number_fields(listing(pk))["by_best"])
    assert all(abs(a - b) > 1 for a, b in zip(order, order[1:], strict=False))


@pytest.mark.parametrize("sort", SORTS)
def test_merit_breaks_ties_of_every_order(sort):
    worse = listing(1, on_time_permille=500)
    better = replace(worse, listing_id=2, score_low=900_000)
    if sort == "grade":  # the score itself is part of this order
        better = replace(worse, listing_id=2, updated_on=worse.updated_on)
        worse = replace(worse, updated_on=worse.updated_on.replace(year=2025))
    assert number_fields(better)[f"by_{sort}"] < number_fields(worse)[f"by_{sort}"]


@given(st.lists(st.booleans(), max_size=60))
def test_newcomers_share(flags):
    ranked = [Place(pk, new) for pk, new in enumerate(flags)]
    newcomers = [place for place in ranked if place.newcomer]
    order = with_newcomers(ranked, newcomers)
    assert sorted(p.listing_id for p in order) == list(range(len(flags))), "nobody twice, nobody dropped"
    for start in range(0, len(order) - NEWCOMER_EVERY + 1, NEWCOMER_EVERY):
        block = order[start : start + NEWCOMER_EVERY]
        later = any(place.newcomer for place in order[start + NEWCOMER_EVERY :])
        assert any(place.newcomer for place in block) or not later
    regular = [place.listing_id for place in order if not place.newcomer]
    assert regular == sorted(regular), "the others keep their order"


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 60))
def test_the_beginning_is_the_same_however_far_one_looks(flags, n):
    ranked = [Place(pk, new) for pk, new in enumerate(flags)]
    newcomers = [place for place in ranked if place.newcomer]
    enough = n // NEWCOMER_EVERY + sum(place.newcomer for place in ranked[:n])
    assert with_newcomers(ranked[:n], newcomers[:enough]) == with_newcomers(ranked, newcomers)[:n]


@pytest.mark.parametrize(
    ("agencies", "kinds", "expected"),
    [
        ([1, 1, 1, 1, 2, 3], "xxxxxx", [0, 1, 4, 2, 3, 5]),
        ([1, 1, 2, 1, 1], "xxxxx", [0, 1, 2, 3, 4]),
        ([1, 1, 1], "xxx", [0, 1, 2]),
        ([1, 1, 1, 2, 3], "xxxny", [0, 1, 2, 3, 4]),
        ([1, 1, 1, 9, 1, 2], "xxxnxx", [0, 1, 5, 3, 2, 4]),
    ],
)
def test_an_agency_with_two_places_lets_the_next_one_pass(agencies, kinds, expected):
    assert spread_out(agencies, kinds) == expected


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from("xy")), max_size=20))
def test_spreading_moves_nobody_to_another_kind_and_keeps_each_agencys_order(rows):
    agencies, kinds = [a for a, _ in rows], [k for _, k in rows]
    order = spread_out(agencies, kinds)
    assert sorted(order) == list(range(len(rows)))
    assert [kinds[i] for i in order] == kinds
    for pair in set(rows):
        own = [i for i in order if rows[i] == pair]
        assert own == sorted(own)
