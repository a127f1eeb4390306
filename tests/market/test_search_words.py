"""What is found, whichever engine answers: parts of names, synonyms, pinyin, near misses."""

from datetime import timedelta

import pytest

from market.search.embedded import EmbeddedEngine
from market.search.words import Lexicon
from tests.market.asking import SURVEY, ask, ids
from tests.market.documents import TODAY, listing


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
