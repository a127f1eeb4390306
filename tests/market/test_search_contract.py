"""What the market expects of its search, whichever engine answers."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from market.search import Removal, SearchQuery
from market.search.embedded import EmbeddedEngine
from market.search.words import Lexicon
from tests.market.documents import TODAY, listing
from tests.market.engines import ENGINES

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(params=ENGINES)
def engine(request, tmp_path):
    return ENGINES[request.param](tmp_path / "search")


def ask(engine, text="", on=TODAY, **filters):
    paging = {name: filters.pop(name) for name in ("sort", "page", "size") if name in filters}
    chosen = {name: (value,) if isinstance(value, str) else value for name, value in filters.items()}
    return engine.search(SearchQuery(on=on, text=text, filters=chosen, **paging))


def ids(result):
    return [hit.listing_id for hit in result.hits]


SURVEY = {
    "title": "1:500 地形图测绘",
    "title_en": "Topographic survey 1:500",
    "agency": "澄湖衡准测绘有限公司",
    "item_code": "0501",
    "item": "地形图测绘",
    "category_code": "05",
    "category": "工程测绘",
}


# --- words -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "测绘",
        "地形",
        "形图",
        "图",
        "地形图测绘",
        "衡准",
        "衡准测绘",
        "湖衡",
        "TOPOGRAPHIC",
        "topo",
        "５００",
        "survey 地形",
    ],
)
def test_finds_what_stands_in_a_name(engine, text):
    engine.apply([listing(1), listing(2, **SURVEY)])
    assert ids(ask(engine, text)) == [2]


def test_two_character_words_and_words_in_no_dictionary(engine):
    engine.apply([listing(1, agency="澄湖砼犇检测技术有限公司"), listing(2, agency="澄湖甪端检测技术有限公司")])
    assert ids(ask(engine, "砼犇")) == [1]
    assert ids(ask(engine, "甪端检测")) == [2]
    assert sorted(ids(ask(engine, "检测"))) == [1, 2]


@pytest.mark.parametrize(
    "text", ["环评", "环境影响评价", "eia", "EIA", "Environmental  Impact Assessment", "环评报告表"]
)
def test_synonyms_find_each_other(engine, text):
    long_name = listing(1, title="环境影响评价报告表", item="环境影响评价", category="评价")
    short_name = listing(2, title="环评报告表", item="环评", category="评价")
    engine.apply([long_name, short_name, listing(3, **SURVEY)])
    assert sorted(ids(ask(engine, text))) == [1, 2]


@pytest.mark.parametrize("text", ["huanping", "HuanPing", "hp", "huanp", "huan ping"])
def test_pinyin_in_full_by_initials_and_half_typed(engine, text):
    engine.apply([listing(1, title="环评报告表", item="环评"), listing(2, **SURVEY)])
    assert ids(ask(engine, text)) == [1]


def test_pinyin_reaches_synonyms(engine):
    engine.apply([listing(1, title="环境影响评价", item="环境影响评价"), listing(2, **SURVEY)])
    assert ids(ask(engine, "huanping")) == [1]


def test_brand_by_pinyin(engine):
    engine.apply([listing(1), listing(2, **SURVEY)])
    assert ids(ask(engine, "hengzhun")) == [2]


@pytest.mark.parametrize(("text", "suggested"), [("还评", "环评"), ("环境影向评价", "环境影响评价")])
def test_near_misses_are_called_so(engine, text, suggested):
    engine.apply([listing(1, title="环评报告表", item="环境影响评价"), listing(2, **SURVEY)])
    result = ask(engine, text)
    assert (result.near, ids(result)) == (True, [1])
    assert suggested in result.suggestions
    assert {hit.step for hit in result.hits} == {"near"}


def test_a_letter_off_in_english(engine):
    engine.apply([listing(1), listing(2, **SURVEY)])
    result = ask(engine, "topografic")
    assert (result.near, ids(result)) == (True, [2]) or ids(result) == []
    result = ask(engine, "topogrpahic")
    assert (result.near, ids(result)) == (True, [2])


def test_near_results_go_by_the_words_in_title_and_item(engine):
    best = {"grade": "AAA", "score": 950_000, "score_low": 940_000}
    cleaner = {"title": "清洁生产审核", "item": "清洁生产审核", "item_code": "0901", "category": "清洁生产", **best}
    flood = {
        "title": "洪水影响评价报告编制",
        "item": "洪水影响评价报告编制",
        "item_code": "0601",
        "category": "防洪",
        **best,
    }
    engine.apply([
        listing(1, **cleaner, agency="秀川区清洁生产服务有限公司", body="秀川区内的环境影响报告表另行委托"),
        listing(2, **flood),
        listing(3, grade="D", score=300_000, score_low=200_000, updated_on=TODAY - timedelta(days=400)),
    ])  # fmt: skip
    for text in ("环境影响报告表 秀川区 快", "环评 便宜", "环境影响报告表 便宜 加急"):
        result = ask(engine, text)
        assert result.near and ids(result)[0] == 3, (text, ids(result))
        assert len(ids(result)) == result.total, "the pieces are the whole"
        paged = [i for page in (1, 2, 3) for i in ids(ask(engine, text, size=1, page=page))]
        assert paged == ids(result)


def test_initials_of_two_words_find_both(tmp_path):
    lexicon = Lexicon(synonyms=[("环评", "环境影响评价"), ("洪评", "洪水影响评价")])
    engine = EmbeddedEngine(tmp_path / "both", lambda: lexicon)
    engine.apply([
        listing(1, title="环境影响评价", item="环境影响评价", category="其他"),
        listing(2, title="洪水影响评价", item="洪水影响评价", category="其他"),
    ])  # fmt: skip
    assert sorted(ids(ask(engine, "hp"))) == [1, 2]


def test_all_words_are_needed(engine):
    engine.apply([listing(1, body="含现场监测"), listing(2, **SURVEY, body="含现场放线")])
    assert ids(ask(engine, "测绘 放线")) == [2]
    assert ids(ask(engine, "环评 放线")) != [2]
    assert not ask(engine, "测绘 放线").near


def test_nothing_similar_gives_nothing(engine):
    engine.apply([listing(1)])
    result = ask(engine, "殡葬冰淇淋")
    assert (result.total, result.hits, result.pages) == (0, (), 1)


def test_marks_join_to_the_original_text(engine):
    engine.apply([listing(1, title="ＥＩＡ 环评（Report）", item="环评")])
    (hit,) = ask(engine, "eia").hits
    assert "".join(piece for piece, _ in hit.marks["title"]) == "ＥＩＡ 环评（Report）"
    assert [piece for piece, matched in hit.marks["title"] if matched] == ["ＥＩＡ", "环评"]


NASTY = [
    "",
    " ",
    "\x00",
    "环评\x00",
    "\u202e环评\u2066",
    "\ud800",
    "环" * 1_000_000,
    "a" * 1_000_000,
    "a b " * 300_000,
    "\ufdfa" * 1000,
    "AND OR NOT",
    "title:环评 AND +(a -b)",
    '"环评',
    "'; DROP TABLE listing; --",
    "环评 OR 1=1",
    "*",
    "?*[a-",
    "names:[* TO *]",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "\\",
    "~1 ^5",
    "=环评",
    "~hp",
    "𠮷野家",
    "👨‍👩‍👧",
    "😀" * 50,
    "ʼn ﬀ İ ß",
    "9" * 400,
    "-1",
    "NaN",
    "\t\r\n",
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nothing_typed_raises(engine, text):
    engine.apply([listing(1), listing(2, **SURVEY)])
    result = ask(engine, text)
    assert 0 <= result.total <= 2


@pytest.mark.parametrize("text", [t for t in NASTY if t], ids=range(len(NASTY) - 1))
def test_nothing_listed_raises(engine, text):
    body = text[:100_000]
    engine.apply([listing(1, title=body, agency=body, item=body, category=body, body=body, aliases=(body,))])
    assert ask(engine).total == 1


def test_nasty_filters_are_only_values(engine):
    engine.apply([listing(1)])
    for text in NASTY:
        assert ask(engine, category=text or "x").total == 0
    unknown = engine.search(SearchQuery(on=TODAY, filters={"password": ("x",)}, sort="__class__", page=-5, size=10**9))
    assert unknown.total == 1


# --- life of a document ----------------------------------------------------------------------------------------------
def test_expired_is_hidden_on_the_next_day_without_any_write(engine):
    engine.apply([listing(1, valid_until=TODAY), listing(2, valid_until=YESTERDAY), listing(3)])
    assert sorted(ids(ask(engine))) == [1, 3]
    assert ids(ask(engine, on=TODAY + timedelta(days=1))) == [3]
    assert sorted(ids(ask(engine, "环评", on=YESTERDAY))) == [1, 2, 3]


def test_expired_is_not_counted_by_facets(engine):
    engine.apply([listing(1, valid_until=YESTERDAY), listing(2)])
    (value,) = ask(engine).facets["category"].values
    assert (value.code, value.count) == ("03", 1)


def test_an_older_version_is_ignored(engine):
    engine.apply([listing(1, version=5, title="新名称")])
    applied = engine.apply([listing(1, version=4, title="旧名称")])
    assert applied.stale == 1
    assert ids(ask(engine, "新名称")) == [1]
    assert not ask(engine, "旧名称").total or ask(engine, "旧名称").near


def test_a_newer_version_replaces(engine):
    engine.apply([listing(1, version=5, **SURVEY)])
    engine.apply([listing(1, version=6)])
    assert ask(engine).total == 1
    assert ask(engine, category="05").total == 0


def test_the_newest_of_one_batch_wins(engine):
    engine.apply([listing(1, version=7), listing(1, version=6, **SURVEY)])
    assert [value.code for value in ask(engine).facets["category"].values] == ["03"]


def test_removed_stays_removed_for_an_older_write(engine):
    engine.apply([listing(1, version=5), listing(2)])
    assert engine.apply([Removal(1, version=6)]).removed == 1
    assert engine.apply([listing(1, version=5)]).stale == 1
    assert ids(ask(engine)) == [2]
    assert engine.listing_ids() == {2}
    engine.apply([listing(1, version=7)])
    assert engine.listing_ids() == {1, 2}


def test_removing_what_was_never_there(engine):
    engine.apply([Removal(99, version=1)])
    assert ask(engine).total == 0


def test_the_same_batch_twice_changes_nothing(engine):
    batch = [listing(1), listing(2, **SURVEY), Removal(3, version=2)]
    engine.apply(batch)
    engine.apply(batch)
    assert engine.listing_ids() == {1, 2}
    assert ask(engine).total == 2


def test_an_empty_index_answers(engine):
    result = ask(engine, "环评", category="03")
    assert (result.total, result.hits, result.page, result.pages) == (0, (), 1, 1)
    assert result.facets["category"].values[0].count == 0


def test_rebuild_replaces_everything(engine):
    engine.apply([listing(1), listing(2)])
    assert engine.rebuild([listing(3), listing(4, **SURVEY)]) == 2
    assert engine.listing_ids() == {3, 4}
    assert ids(ask(engine, "测绘")) == [4]


def test_rebuild_keeps_what_is_written_meanwhile(engine):
    engine.apply([listing(1), listing(2), listing(3)])

    def slowly():
        yield listing(1)
        assert ask(engine).total == 3, "the old index answers until the switch"
        engine.apply([listing(2, version=9, **SURVEY), listing(5, version=9), Removal(3, version=9)])
        yield listing(2)
        yield listing(3)

    engine.rebuild(slowly())
    assert engine.listing_ids() == {1, 2, 5}
    assert ids(ask(engine, "测绘")) == [2]


def test_a_rebuild_that_fails_leaves_the_old_index(engine):
    engine.apply([listing(1)])

    def failing():
        yield listing(2)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.rebuild(failing())
    assert engine.listing_ids() == {1}
    engine.apply([listing(3)])
    assert engine.listing_ids() == {1, 3}
    assert engine.rebuild([listing(4)]) == 1
    assert engine.listing_ids() == {4}


def test_readers_and_writers_at_the_same_time(engine):
    failures = []

    def write(start):
        try:
            for number in range(start, start + 5):
                engine.apply([listing(number)])
        except Exception as error:
            failures.append(error)

    def read():
        try:
            for _ in range(30):
                result = ask(engine, "环评")
                assert len(result.hits) == min(result.total, 20)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in (100, 200)]
    threads += [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(engine.listing_ids()) == 10


# --- order -----------------------------------------------------------------------------------------------------------
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


# --- filters ---------------------------------------------------------------------------------------------------------
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


def test_there_is_one_engine_a_folder(settings, tmp_path):
    from market.search.embedded import EmbeddedEngine
    from market.selectors.engine import search_engine

    settings.SEARCH_INDEX_DIR = tmp_path
    assert isinstance(search_engine(), EmbeddedEngine)
    assert search_engine() is search_engine()


def test_a_copy_of_a_document_is_the_document():
    assert replace(listing(1), title="x") != listing(1)
