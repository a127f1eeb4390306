"""Published scores over time, as they are drawn."""

import pytest

from credit.selectors.history import Published, trend, trend_from
from kernel.ui.drawing import trend as drawing
from tests.kernel.ui import render


def line(score_milli, half_milli=20_000, grade="AA"):
    return Published("2026-10", None, grade, score_milli, half_milli)


def test_nothing_of_a_score_is_cut():
    """Drawn to the thousandth, said to one decimal, half up, as everywhere."""
    (point,) = trend([line(899_950, 20_049)])
    assert (point["value"], point["low"], point["high"]) == (899_950, 879_901, 919_999)
    assert (point["text"], point["range_text"]) == ("900.0 AA", "879.9–920.0")
    assert drawing(trend([line(507_499), line(507_500)]), 1_000_000, 500_000).line == "M0 99L1000 98"


@pytest.mark.parametrize(("low_milli", "begins"), [(500_000, 500), (499_999, 0)])
def test_the_scale_begins_below_every_interval(low_milli, begins):
    drawn = trend([line(low_milli + 20_000), line(0, grade="NR")])
    assert trend_from(drawn) == begins


def test_the_scale_is_in_points():
    drawn = trend([line(900_000), line(912_340)])
    html = render('{{ ui.trend("分数", drawn, minimum=500, unit=1000) }}', drawn=drawn)
    for number in (500, 625, 750, 875, 1000):
        assert f"<li>{number}</li>" in html
    assert "912.3 AA" in html
