"""Whatever is typed or listed, whichever engine answers: nothing raises, nothing is an operator."""

import pytest

from market.search import SearchQuery
from tests.market.asking import SURVEY, ask
from tests.market.documents import TODAY, listing

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
