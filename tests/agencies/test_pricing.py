"""The fee of an order. What holds for every price list: exact integers, never below the minimum, never falling with the
quantity, no jump at the edge of a band, and independence from bands that are not reached."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.pricing import check_tiers, fee_fen
from kernel.errors import DomainError


@dataclass
class Price:
    unit_price_fen: int
    min_fee_fen: int = 0
    tiers: list = field(default_factory=list)


prices = st.integers(1, 10**7)
quantities = st.integers(1, 10**8)


@st.composite
def price_lists(draw):
    edges = sorted(draw(st.sets(st.integers(1, 10**5), max_size=5)))
    tiers = [{"up_to": edge, "unit_price_fen": draw(prices)} for edge in edges]
    return Price(draw(prices), draw(st.integers(0, 10**8)), tiers)


@given(price_lists(), quantities, st.integers(0, 10**6))
def test_never_falls_with_the_quantity(price, quantity, more):
    assert fee_fen(price, quantity) <= fee_fen(price, quantity + more)


@given(price_lists(), quantities)
def test_a_little_more_costs_at_most_a_little_more(price, quantity):
    dearest = max([price.unit_price_fen, *(tier["unit_price_fen"] for tier in price.tiers)])
    assert fee_fen(price, quantity + 1) - fee_fen(price, quantity) <= dearest // 1000 + 1


@given(price_lists(), quantities)
def test_lies_between_the_cheapest_and_the_dearest_price(price, quantity):
    every = [price.unit_price_fen, *(tier["unit_price_fen"] for tier in price.tiers)]
    fee = fee_fen(price, quantity)
    assert isinstance(fee, int)
    assert fee >= max(price.min_fee_fen, quantity * min(every) // 1000)
    assert fee <= max(price.min_fee_fen, quantity * max(every) // 1000 + 1)


@given(price_lists(), st.integers(1, 10**5))
def test_bands_beyond_the_quantity_do_not_matter(price, units):
    reached = [tier for tier in price.tiers if tier["up_to"] <= units]
    nearest = [tier for tier in price.tiers if tier["up_to"] > units][:1]
    only = Price(price.unit_price_fen, price.min_fee_fen, reached + nearest)
    if nearest:
        assert fee_fen(price, units * 1000) == fee_fen(only, units * 1000)


@given(prices, st.integers(1, 10**5))
def test_without_bands_whole_units_are_exact(price, units):
    assert fee_fen(Price(price), units * 1000) == price * units


@pytest.mark.parametrize(
    "price,milli,fee",
    [
        (Price(52), 28_436_000, 1_478_672),  # 0.52 yuan × 28,436 m² = 14,786.72 yuan
        (Price(1_200_000), 1000, 1_200_000),
        (Price(4_000, min_fee_fen=80_000), 3000, 80_000),
        (Price(15), 100, 2),  # 1.5 fen rounds half up
        (Price(13), 100, 1),
        # cost consulting: 3 ‰ up to 5 million yuan, 2 ‰ above; base 8 million = 8,000 thousand-yuan units
        (Price(200, 200_000, [{"up_to": 5000, "unit_price_fen": 300}]), 8_000_000, 2_100_000),
    ],
)
def test_worked_examples(price, milli, fee):
    assert fee_fen(price, milli) == fee


@pytest.mark.parametrize("milli", [0, -1])
def test_no_quantity_no_fee(milli):
    with pytest.raises(DomainError) as caught:
        fee_fen(Price(100), milli)
    assert caught.value.code == "pricing.quantity"


def test_beyond_any_budget():
    with pytest.raises(DomainError) as caught:
        fee_fen(Price(10**13), 10**9)
    assert caught.value.code == "pricing.amount"


@pytest.mark.parametrize(
    "tiers",
    [
        [{"up_to": 100, "unit_price_fen": 0}],
        [{"up_to": 0, "unit_price_fen": 1}],
        [{"up_to": 100, "unit_price_fen": 5}, {"up_to": 100, "unit_price_fen": 4}],
        [{"up_to": 100}],
        [{"up_to": "many", "unit_price_fen": 5}],
        [{"up_to": 10**12, "unit_price_fen": 5}],
        ["nonsense"],
    ],
)
def test_bad_bands_are_refused(tiers):
    with pytest.raises(DomainError) as caught:
        check_tiers(tiers)
    assert caught.value.field == "tiers"
