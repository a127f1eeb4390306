import pytest
from django.utils import translation

from kernel.ui import translation as ours
from tests.kernel.ui import render


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """English texts of this test alone, in Django's place."""
    texts = {"还剩 %(n)s 天": "%(n)s days left", "占 30%%": "30%% of all", "占 30%": "30% of all", "提交": "Submit"}
    monkeypatch.setattr(translation, "gettext", lambda message: texts.get(message, message))
    monkeypatch.setattr(translation, "ngettext", lambda one, many, n: "%(n)s item" if n == 1 else "%(n)s items")


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("source", "chinese", "english"),
    [
        ("{{ _('提交') }}", "提交", "Submit"),
        ("{{ _('还剩 %(n)s 天', n=3) }}", "还剩 3 天", "3 days left"),
        ("{{ _('还剩 %(n)s 天') % {'n': 3} }}", "还剩 3 天", "3 days left"),
        ("{% trans n=3 %}还剩 {{ n }} 天{% endtrans %}", "还剩 3 天", "3 days left"),
        ("{{ _('占 30%') }}", "占 30%", "30% of all"),
        ("{% trans %}占 30%{% endtrans %}", "占 30%", "30% of all"),
        ("{{ ngettext('%(n)s 项', '%(n)s 项', 1) }}", "1 项", "1 item"),
        ("{{ ngettext('%(n)s 项', '%(n)s 项', 2) }}", "2 项", "2 items"),
    ],
)
def test_every_way_of_writing_a_text_works_in_both_languages(source: str, chinese: str, english: str) -> None:
    assert render(source) == chinese
    assert render(source, language="en") == english


@pytest.mark.parametrize("source", ["{{ _('甲 %(x)s', x=x) }}", "{{ _('甲 %(x)s') % {'x': x} }}", "{{ x }}"])
def test_values_are_escaped_however_they_are_filled_in(source: str) -> None:
    written = render(source, x="<b>&")
    assert "<b>" not in written
    assert "&lt;b&gt;&amp;" in written


def test_without_a_language_the_text_is_its_msgid() -> None:
    with translation.override(None):
        assert ours.gettext("提交") == "提交"


def test_a_sentence_may_write_its_number_its_own_way() -> None:
    """``n`` is the name of a value too: 1,200 reads better than 1200."""
    assert "1,200" in str(ours.ngettext("%(n)s 件", "%(n)s 件", 1200, n="1,200"))
