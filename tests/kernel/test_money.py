"""Money: reading what people type, splitting, rounding, capital figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import money
from kernel.errors import DomainError


@pytest.mark.parametrize(
    ("text", "fen"),
    [("12800", 1280000), ("12,800.50", 1280050), ("１２.５", 1250), (" ¥3 ", 300), ("0.01元", 1), ("-5", -500)],
)
def test_reads_what_people_type(text, fen):
    assert money.parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "abc", "1.234", "NaN", "Infinity", "1e99", "9" * 40, "1.2.3", "\x00", "𠮷"])
def test_refuses_what_is_no_amount_with_a_remedy(text):
    with pytest.raises(DomainError) as refused:
        money.parse_yuan(text)
    assert refused.value.code == "money.unreadable"
    assert str(refused.value.remedy)


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_a_refusal(text):
    try:
        assert abs(money.parse_yuan(text)) <= money.MAX_FEN
    except DomainError as refused:
        assert refused.code == "money.unreadable"


@given(st.integers(-money.MAX_FEN, money.MAX_FEN))
def test_writing_and_reading_meet(fen):
    assert money.parse_yuan(money.plain(fen)) == fen
    assert money.parse_yuan(money.yuan(fen)) == fen


@given(st.integers(0, money.MAX_FEN), st.lists(st.integers(1, 10**6), min_size=1, max_size=9))
def test_shares_lose_nothing_and_the_first_gets_the_remainder(amount, parts):
    shares = money.share(amount, parts)
    assert sum(shares) == amount
    exact = [amount * part // sum(parts) for part in parts]
    assert shares[1:] == exact[1:]


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_rounds_half_away_from_zero(numerator, denominator):
    rounded = money.round_div(numerator, denominator)
    assert 2 * abs(numerator - rounded * denominator) <= denominator
    assert money.round_div(-numerator, denominator) == -rounded


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (5, "伍分"), (50, "伍角整"), (100, "壹元整"), (101, "壹元零壹分"), (110, "壹元壹角整"),
        (1280050, "壹万贰仟捌佰元伍角整"), (10000500, "壹拾万零伍元整"), (1005000000, "壹仟零伍万元整"),
        (20000100, "贰拾万零壹元整"), (100000000001, "壹拾亿元零壹分"), (-100, "负壹元整"), (123456789, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
    ],
)  # fmt: skip
def test_capital_figures(fen, words):
    assert money.capital(fen) == words


@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_capital_figures_are_distinct(one, other):
    assert (money.capital(one) == money.capital(other)) == (one == other)
