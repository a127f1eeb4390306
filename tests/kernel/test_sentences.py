"""Sentences that follow each other: a blank between them in English, none in Chinese."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from kernel.errors import DomainError
from kernel.wording import sentences

ROOT = Path(__file__).resolve().parents[2]
TOUCHING = re.compile(r"[a-z0-9)%][.!?:](?=[A-Z])")
# A text that ends a sentence, and right behind it the next one or a link.
JOINED = re.compile(
    r'[。！？]"(?:,[^{}]*)?\) ?\}\}(?:\{% if [^%]*%\})?(?:\{\{ ?n?p?(?:_|gettext)\(|<(?:a|strong|span|code)\b)'
)


@pytest.mark.parametrize(("path", "language"), [("/check/uscc/?value=123", "zh"), ("/en/check/uscc/?value=123", "en")])
def test_a_refusal_and_its_remedy_are_two_sentences(client, path, language):
    text = client.get(path).json()["text"]
    assert not TOUCHING.search(text)
    assert bool(re.search(r"\. [A-Z]", text)) is (language == "en") and bool(re.search("。 ", text)) is False


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("Done.", "Go on."), "Done. Go on."),
        (("Done. ", "Go on."), "Done. Go on."),
        (("好了。", "请继续。"), "好了。请继续。"),
        (("好了。", "Go on."), "好了。Go on."),
        (("", "Go on."), "Go on."),
        (("Done.", ""), "Done."),
        (("One.", "Two?", "Three."), "One. Two? Three."),
        ((), ""),
    ],
)
def test_where_the_blank_stands(parts, whole):
    assert str(sentences(*parts)) == whole


def test_a_refusal_is_read_in_the_readers_language():
    error = DomainError("x", translation.gettext_lazy("没有内容发生变化。"), translation.gettext_lazy("请重新登录。"))
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert str(error) == str(sentences(error.sentence, error.remedy))
            assert not TOUCHING.search(str(error))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_a_link_stands_off_the_sentence_before_it(client, path):
    english, chinese = (client.get(start + path).content.decode() for start in ("/en", ""))
    assert re.search(r"account(?: yet)?\? <a ", english) and re.search("账户？<a ", chinese)


def test_no_template_runs_two_sentences_together():
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in ROOT.glob("*/jinja2/**/*.html")
        for hit in JOINED.finditer(path.read_text("utf-8"))
    ]
    assert not found


def test_no_template_writes_the_blank_that_chinese_has_not():
    by_hand = re.compile(r'" " ~ _\(')
    assert by_hand.search('{{ _("一。") ~ " " ~ _("二。") }}')
    assert not [path for path in ROOT.glob("*/jinja2/**/*.html") if by_hand.search(path.read_text("utf-8"))]


def test_the_rule_for_templates_finds_what_it_is_for():
    assert JOINED.search('{{ _("一。") }}{{ _("二。") }}') and JOINED.search('{{ _("一？") }}<a href="x">')
    assert JOINED.search('{{ _("一 %(n)s。", n=n) }}{% if x %}{{ _("二。") }}')
    assert not JOINED.search('{{ _("一。") }}{{ gap() }}{{ _("二。") }}') and not JOINED.search('{{ _("一。") }}</p>')
