"""In what order results stand and how they are narrowed, whichever engine answers."""

from datetime import timedelta

import pytest

from tests.market.asking import SURVEY, ask, ids
from tests.market.documents import TODAY, listing

YESTERDAY = TODAY - timedelta(days=1)


RATED = {"grade": "A", "score": 800_000, "score_low": 780_000}


def test_names_before_kind_before_text(engine):
    other = {**SURVEY, **RATED}
    engine.apply(
        [
            listing(1, **{**other, "body": "可同时办理 环评"}, on_time_permille=1000),
            listing(2, **{**other, "category": "环评"}),
            listing(3, **{**other, "title": "环评"}, on_time_permille=100),
        ]
    )
    result = ask(engine, "环评")
    assert ids(result) == [3, 2, 1]
    assert [hit.step for hit in result.hits] == ["names", "kind", "text"]


def test_merit_decides_within_a_step(engine):
    engine.apply(
        [
            listing(1, grade="A", score=820_000, score_low=700_000),
            listing(2, grade="A", score=810_000, score_low=790_000),
            listing(3, grade="A", score=810_000, score_low=790_000, on_time_permille=990),
            listing(4, grade="A", score=810_000, score_low=790_000, updated_on=TODAY - timedelta(days=400)),
        ]
    )
    result = ask(engine, "环评")
    assert ids(result) == [3, 2, 1, 4] or ids(result) == [3, 2, 4, 1]
    assert [hit.merit for hit in result.hits] == sorted((hit.merit for hit in result.hits), reverse=True)


def test_every_fifth_place_is_for_newcomers(engine):
    engine.apply([listing(n, grade="AAA", score=950_000, score_low=940_000) for n in range(1, 21)])
    engine.apply([listing(n) for n in (31, 32, 33)])
    result = ask(engine, "环评", size=23)
    new = [place for place, hit in enumerate(result.hits) if hit.listing_id > 30]
    assert new == [4, 9, 14]
    assert [place for place, hit in enumerate(result.hits) if hit.reserved] == [4, 9, 14]
    assert len(set(ids(result))) == 23


def test_no_reserved_places_where_newcomers_stand_anyway(engine):
    engine.apply([listing(n, grade="D", score=300_000, score_low=100_000) for n in range(1, 11)])
    engine.apply([listing(n) for n in (31, 32)])
    result = ask(engine, "环评")
    assert sorted(ids(result)[:2]) == [31, 32]
    assert not any(hit.reserved for hit in result.hits)


def test_an_agency_does_not_fill_the_top_of_a_page(engine):
    engine.apply([listing(n, **RATED, agency_id=7, on_time_permille=1000) for n in range(1, 6)])
    engine.apply([listing(n, **RATED, on_time_permille=800) for n in (8, 9)])
    assert [hit.agency_id for hit in ask(engine, "环评").hits] == [7, 7, 8, 7, 7, 9, 7] or [
        hit.agency_id for hit in ask(engine, "环评").hits
    ] == [7, 7, 9, 7, 7, 8, 7]
    assert [hit.agency_id for hit in ask(engine, "环评", sort="on_time").hits][:5] == [7] * 5


def test_a_near_miss_with_fewer_of_the_words_lets_nobody_pass(engine):
    """All near misses are called so, yet an agency makes room within a step of theirs only."""
    engine.apply([listing(n, **RATED, agency_id=7, on_time_permille=1000) for n in (1, 2, 3)])
    engine.apply([listing(4, **RATED, agency_id=8, title="环境影像报告书", item="环境影像报告书", category="其他")])
    result = ask(engine, "环境影响报告表 便宜")
    assert result.near and result.total == 4 and {hit.step for hit in result.hits} == {"near"}
    assert [hit.agency_id for hit in result.hits] == [7, 7, 7, 8]
    engine.apply([listing(5, **RATED, agency_id=9)])
    assert [hit.agency_id for hit in ask(engine, "环境影响报告表 便宜").hits] == [7, 7, 9, 7, 8]


def test_pages_follow_each_other_without_gap_or_repetition(engine):
    mixed = [listing(n, **RATED, on_time_permille=n * 7 % 1000) for n in range(1, 40)]
    engine.apply(
        [*mixed, *(listing(n) for n in range(40, 60)), *(listing(n, **{**SURVEY, "body": "环评"}) for n in (70, 71))]
    )
    for sort in ("best", "price", "on_time", "newest"):
        whole = ids(ask(engine, "环评", size=100, sort=sort))
        paged = [i for page in range(1, 10) for i in ids(ask(engine, "环评", size=7, page=page, sort=sort))]
        assert paged == whole
        assert len(whole) == 61 == len(set(whole))


def test_other_orders_take_no_notice_of_steps(engine):
    engine.apply([listing(1, price_fen=300), listing(2, **SURVEY, body="环评", price_fen=100)])
    assert ids(ask(engine, "环评")) == [1, 2]
    assert ids(ask(engine, "环评", sort="price")) == [2, 1]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("price", [2, 1, 3, 4]),
        ("price_desc", [3, 1, 2, 4]),
        ("days", [3, 2, 1, 4]),
        ("grade", [4, 2, 1, 3]),
        ("on_time", [1, 4, 2, 3]),
        ("newest", [4, 3, 2, 1]),
    ],
)
def test_sorts(engine, sort, expected):
    def day(back):
        return TODAY - timedelta(days=back)

    engine.apply(
        [
            listing(1, price_fen=200, days=20, grade="B", score_low=1, on_time_permille=999, updated_on=day(9)),
            listing(2, price_fen=100, days=10, grade="A", score_low=1, on_time_permille=0, updated_on=day(8)),
            listing(3, price_fen=300, days=5, grade="NR", on_time_permille=None, updated_on=day(7)),
            listing(4, price_fen=None, days=30, grade="A", score_low=2000, on_time_permille=998, updated_on=day(6)),
        ]
    )
    assert ids(ask(engine, sort=sort)) == expected


def test_depth_is_capped_and_said_so(engine):
    engine.apply([listing(n) for n in range(1, 1101)])
    result = ask(engine, size=100, page=999)
    assert (result.total, result.page, result.pages, len(result.hits)) == (1100, 10, 10, 100)


def test_values_of_one_filter_add_up_and_filters_narrow(engine):
    engine.apply([listing(1), listing(2, **SURVEY), listing(3, **SURVEY, grade="A", score_low=1)])
    assert sorted(ids(ask(engine, category=("03", "05")))) == [1, 2, 3]
    assert ids(ask(engine, category="05", grade="A")) == [3]
    assert ids(ask(engine, agency="2")) == [2]


def test_district_takes_everything_below_it(engine):
    engine.apply([listing(1), listing(2, region_codes=("330000", "330100", "330106"))])
    assert sorted(ids(ask(engine, district="330000"))) == [1, 2]
    assert ids(ask(engine, district="330106")) == [2]


def test_paused_listings_are_found_but_told_apart(engine):
    engine.apply([listing(1), listing(2, taking_orders=False)])
    assert {v.code: v.count for v in ask(engine).facets["taking"].values} == {"1": 1, "0": 1}
    assert ids(ask(engine, taking="1")) == [1]
