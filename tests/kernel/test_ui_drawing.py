"""Lines of charts and faces of shops: pure geometry."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.ui import drawing


def point(value, half=50):
    return {"value": value} if value is None else {"value": value, "low": value - half, "high": value + half}


def test_a_trend_runs_from_edge_to_edge_and_upwards():
    drawn = drawing.trend([point(0), point(500), point(1000)], 1000)
    assert drawn.line == "M0 100L500 50L1000 0"
    assert drawn.dots.count("h0") == 3
    assert [number for _y, number in drawn.ticks] == [0, 250, 500, 750, 1000]


def test_a_gap_parts_the_line_and_the_band():
    drawn = drawing.trend([point(600), point(700), point(None), point(800), point(900)], 1000)
    assert drawn.line.count("M") == 2 and drawn.band.count("Z") == 2


def test_values_outside_the_scale_stay_in_the_box():
    drawn = drawing.trend([point(2000), point(-5)], 1000, 600)
    assert drawn.line == "M0 0L1000 100"


def test_a_value_is_drawn_where_it_is_nearest():
    """Thousandths are not cut: 995.6 of 1,000 is drawn at the top, 994.9 one below."""
    drawn = drawing.trend([{"value": 995_600}, {"value": 994_900}], 1_000_000)
    assert drawn.line == "M0 0L1000 1"


def test_one_point_stands_in_the_middle_and_none_draws_nothing():
    assert drawing.trend([point(500)], 1000).line == "M500 50"
    assert drawing.trend([], 1000).line == "" == drawing.trend([point(None)], 1000).dots


@settings(deadline=None)
@given(st.lists(st.dates(date(2024, 1, 1), date(2027, 1, 1)), min_size=1, max_size=20))
def test_the_calendar_has_every_day_once_between_first_and_last(days):
    drawn = drawing.calendar([{"on": day, "tone": "good"} for day in days])
    first, last = min(days).replace(day=1), max(days)
    assert len(drawn.days) == (last - first).days + 1 == len({(day.x, day.y) for day in drawn.days})
    assert sum(day.tone == "good" for day in drawn.days) == len(set(days))
    assert all(day.x + drawing.CELL <= drawn.width and day.y < drawn.height for day in drawn.days)
    assert [on for _x, on in drawn.months] == sorted({day.replace(day=1) for day in _days(first, last)})


def _days(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def test_a_calendar_may_begin_before_and_end_after_what_happened():
    drawn = drawing.calendar([{"on": date(2026, 8, 20), "tone": "bad"}], date(2026, 6, 10), date(2026, 9, 2))
    assert [on.month for _x, on in drawn.months] == [6, 7, 8, 9]
    assert len(drawn.days) == 30 + 31 + 31 + 2 and [day.tone for day in drawn.days].count("bad") == 1


def test_no_days_no_calendar():
    assert drawing.calendar([]).days == ()


def test_the_kernel_takes_a_name_as_it_begins():
    assert drawing.shop_word(" 清源环境咨询有限公司") == "清源"


@given(st.text(max_size=40))
def test_any_name_is_drawn_and_always_the_same(name):
    assert drawing.shop_picture(name) == drawing.shop_picture(name)
    assert len(drawing.shop_picture(name).hills) == 3


def test_names_differ_in_their_pictures():
    assert len({drawing.shop_picture(f"澄湖{n}号咨询有限公司").hills for n in range(50)}) == 50
