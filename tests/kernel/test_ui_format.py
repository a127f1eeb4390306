from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from kernel.ui import format
from tests.kernel.ui import render

NIGHT = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)  # 01:30 on the 21st in China


@pytest.mark.parametrize(
    ("template", "chinese", "english"),
    [
        ("{{ 1280000|money }}", "¥12,800.00", "¥12,800.00"),
        ("{{ -5|money_plain }}", "-0.05", "-0.05"),
        ("{{ 1280000|capital }}", "壹万贰仟捌佰元整", "壹万贰仟捌佰元整"),
        ("{{ 3|wd }}", "3 个工作日", "3 working days"),
        ("{{ 1|wd }}", "1 个工作日", "1 working day"),
        ("{{ 1|days }} {{ 2|days }}", "1 天 2 天", "1 day 2 days"),
        ("{{ 965|percent_permille }} {{ 1000|percent_permille }}", "96.5% 100%", "96.5% 100%"),
        ("{{ none|money }}{{ none|date_cn }}{{ none|wd }}", "———", "———"),
        ("{{ 128640000000|wan }}", "¥12.86 亿", "¥1,286.4 million"),
        ("{{ 990000|wan }}", "¥9,900", "¥9,900"),
        ("{{ 12800|count_cn }}", "12,800", "12,800"),
        ("{{ 3251200|file_size }} {{ 820|file_size }}", "3.1 MB 820 B", "3.1 MB 820 B"),
        ("{{ '+8613800138000'|telephone }} {{ none|telephone }}", "13800138000 ", "13800138000 "),
        ("{{ '+85291234567'|telephone }} {{ '0573-1'|telephone }}", "+85291234567 0573-1", "+85291234567 0573-1"),
        ("{{ '+86573828218'|telephone }}", "+86573828218", "+86573828218"),
        ("{{ true|cell }} {{ none|cell }} {{ ''|cell }}", "是 — —", "Yes — —"),
    ],
)
def test_a_value_reads_as_people_write_it_in_either_language(template: str, chinese: str, english: str) -> None:
    assert render(template) == chinese
    assert render(template, language="en") == english


def test_moments_are_shown_in_chinas_time() -> None:
    assert render("{{ at|date_cn }}", at=NIGHT) == "2026年11月21日（周六）"
    assert render("{{ at|date_cn }}", at=NIGHT, language="en") == "Sat 21 Nov 2026"
    assert render("{{ at|datetime_cn }}", at=NIGHT) == "2026年11月21日 01:30"
    assert render("{{ at|datetime_cn }}", at=NIGHT, language="en") == "21 Nov 2026, 01:30"
    assert render("{{ at|iso }}", at=NIGHT) == "2026-11-21T01:30:00+08:00"
    assert render("{{ on|date_cn(weekday=false) }}", on=date(2026, 2, 1)) == "2026年2月1日"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        format.datetime_cn(datetime(2026, 1, 1))


def test_a_constant_is_not_frozen_in_the_language_that_compiled_it() -> None:
    from django.template import engines

    template = engines["jinja2"].from_string("{{ 3|wd }}")
    with translation.override("en"):
        assert template.render() == "3 working days"
    with translation.override("zh-hans"):
        assert template.render() == "3 个工作日"


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_headline_amount_is_within_half_a_step_of_the_amount(fen: int) -> None:
    with translation.override("zh-hans"):
        text = format.wan(fen)
    number, _, unit = text.replace("¥", "").replace(",", "").partition(" ")
    factor, step = {"": (100, 100), "万": (1_000_000, 100_000), "亿": (10_000_000_000, 100_000_000)}[unit]
    whole, _, fraction = number.partition(".")
    sign = -1 if whole.startswith("-") else 1
    shown = sign * (abs(int(whole)) * factor + int(fraction.ljust(2, "0") or 0) * factor // 100)
    assert abs(shown - fen) * 2 <= step
