"""One term is used for one thing: the glossary of the README holds in every text of the interface, in both languages."""

import re

import pytest
from babel.messages.pofile import read_po

from tests.architecture.walls import ROOT

NEVER_ZH = {
    "供应商": "中介机构",
    "商家": "中介机构",
    "卖家": "中介机构",
    "买家": "项目业主",
    "采购方": "项目业主",
    "购物车": "项目清单",
    "店面": "店铺",
    "网店": "店铺",
    "打分": "评价",
    "差评": "评价",
    "信誉分": "信用分",
    "积分": "信用分",
    "黑名单": "失信记录",
    "排行榜": "信用排行",
    "保证金": "托管",
    "下线": "下架",
    "审批通过": "准予入驻",
    "文件指纹": "核对码",
    "停表": "暂停计时",
    "口径": "计算方法",
}
NEVER_EN = {
    r"vendors?": "agency",
    r"suppliers?": "agency",
    r"merchants?": "agency",
    r"sellers?": "agency",
    r"(shopping )?cart": "project list",
    r"escrow": "custody",
    r"blacklist": "incident",
    r"leader ?boards?": "credit ranking",
    r"credit rating score": "score",
    r"tickets?": "complaint",
    r"wish ?list": "favourites",
}


def glossary() -> dict[str, list[str]]:
    """Chinese term → its English, from the README's table; "店铺 · 服务 | storefront · listing" holds two."""
    table = (ROOT / "README.md").read_text("utf-8").split("## Glossary")[1].split("\n## ")[0]
    pairs: dict[str, list[str]] = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for chinese, english in zip(cells[0::3], cells[1::3], strict=False):
            terms, words = chinese.split(" · "), english.split(" · ")
            if len(terms) == len(words):
                pairs |= {
                    term: re.split(r", ", re.sub(r" \(.*?\)", "", word))
                    for term, word in zip(terms, words, strict=True)
                }
    return {term: words for term, words in pairs.items() if re.match(r"[\u4e00-\u9fff]", term) and term != "中文"}


def texts(*, alone: bool = False):
    """(app, ids, strings); ``alone``: without those that a context tells apart, as a verb on a button or a line of a history."""
    for path in sorted(ROOT.glob("*/locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                if ids[0] and not (alone and message.context):
                    yield path.parts[-5], ids, strings


def wrong_labels(found) -> list[str]:
    """Labels that are a term of the glossary and nothing else must be its English and nothing else."""
    terms = glossary()
    return [
        f"{app}: {ids[0]} is {' / '.join(terms[ids[0]])}, not {strings[0]!r}"
        for app, ids, strings in found
        if ids[0] in terms and not any(same(strings[0], word) for word in terms[ids[0]])
    ]


def same(text: str, word: str) -> bool:
    """But for capitals and number."""
    plain = [re.sub(r"(ies|y|es|s)$", "", part.strip().lower()) for part in (text, word)]
    return plain[0] == plain[1]


def strangers(found) -> list[str]:
    """Texts with a word that the glossary has another for."""
    said = []
    for app, ids, strings in found:
        said += [
            f"{app}: {text!r} says {word}; the term is {term}"
            for text in ids
            for word, term in NEVER_ZH.items()
            if word in text
        ]
        said += [
            f"{app}: {text!r} says {match[0]}; the term is {term}"
            for text in strings
            for word, term in NEVER_EN.items()
            if (match := re.search(rf"\b{word}\b", text or "", re.I))
        ]
    return said


def test_the_glossary_is_read():
    terms = glossary()
    assert len(terms) >= 45 and terms["订单"] == ["order"] and terms["店铺"] == ["storefront"]


def test_a_label_that_is_a_term_has_its_english():
    assert wrong_labels(texts(alone=True)) == []


def test_no_text_uses_another_word_for_a_term():
    assert strangers(texts()) == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (wrong_labels, ("x", ("订单",), ("Purchase",))),
        (strangers, ("x", ("请选择供应商",), ("Choose an agency",))),
        (strangers, ("x", ("请选择中介机构",), ("Choose a vendor",))),
    ],
)
def test_the_checks_can_find_something(check, text):
    assert len(check([text])) == 1
