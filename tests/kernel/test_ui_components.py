import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import engines
from django.test import Client, RequestFactory

from kernel.ui.namespace import component_macros
from kernel.ui.stylesheet import FOLDER
from kernel.views.styleguide import SampleForm
from tests.kernel.ui import render, soup

pytestmark = pytest.mark.django_db
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "path", "rect", "circle"}
LANGUAGES = ["/", "/en/"]


@pytest.fixture
def guide(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get("/styleguide/").content, "html.parser")


def files() -> dict[str, list[str]]:
    return component_macros(engines["jinja2"].env)


# --- the guide and the rules every component keeps ----------------------------------------------------------------------
def test_the_style_guide_shows_every_component_with_a_sentence(guide: BeautifulSoup) -> None:
    shown = {part["data-component"]: part.select_one(".guide-head p").text for part in guide.select("[data-component]")}
    assert set(shown) == set(files())
    assert all(len(sentence) >= 8 for sentence in shown.values())


def test_every_component_has_its_style_file_and_tells_its_use() -> None:
    named = {path.stem for path in FOLDER.glob("*.css")}
    for name in files():
        assert name in named, f"static/ui/{name}.css is missing"
        source = Path(engines["jinja2"].env.get_template(f"ui/{name}.html").filename).read_text("utf-8")
        for macro in files()[name]:
            assert f"ui.{macro}" in source.split("#}")[0], f"ui/{name}.html does not document {macro}"


@pytest.mark.parametrize("start", LANGUAGES)
def test_the_guide_is_well_formed_and_keeps_styles_and_scripts_out_of_the_page(client: Client, start: str) -> None:
    page = client.get(f"{start}styleguide/").content.decode()
    assert unbalanced(page) == []
    tree = BeautifulSoup(page, "html.parser")
    assert tree.html["lang"] == ("en" if start == "/en/" else "zh-Hans")
    assert not tree.select("style, [style], script:not([src])")
    assert not [name for tag in tree.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert not [name for tag in tree.find_all(True) for name in tag.attrs if name.startswith("hx-")]
    ids = [tag["id"] for tag in tree.select("[id]")]
    assert len(ids) == len(set(ids)), sorted(name for name in ids if ids.count(name) > 1)
    for reference in ("for", "aria-describedby", "aria-labelledby"):
        for tag in tree.select(f"[{reference}]"):
            assert set(tag[reference].split() if isinstance(tag[reference], str) else tag[reference]) <= set(ids)
    for table in tree.select("table"):
        assert table.caption
        assert table.caption.text.strip()
        assert all(head.get("scope") for head in table.select("th"))


def test_the_english_guide_has_no_chinese_left_but_names(client: Client) -> None:
    tree = BeautifulSoup(client.get("/en/styleguide/").content, "html.parser")
    for tag in tree.select("[lang=zh-Hans]:not(html), .facts"):
        tag.decompose()
    texts = " ".join(text for part in tree.select("main, .page-lead, title") for text in part.stripped_strings)
    assert set(re.findall(r"[\u4e00-\u9fff]", texts)) <= set("诚选")


def test_an_unknown_component_is_an_error_that_names_it() -> None:
    with pytest.raises(Exception, match="buton"):
        render("{{ ui.buton('x') }}")


def test_texts_from_people_are_escaped_in_every_component() -> None:
    evil = "<script>alert(1)</script>"
    source = """{{ ui.button(x, href="/a?b=1&c=2") }}{{ ui.status(x) }}{{ ui.lamp("red", x) }}{{ ui.table(x, [x], [[x]]) }}
    {{ ui.facts([(x, x)]) }}{{ ui.timeline([{"title": x, "text": x, "by": x}]) }}{{ ui.notice(x, title=x) }}{{ ui.empty(x) }}
    {{ ui.files([{"name": x, "note": x}]) }}{{ ui.breadcrumbs([(x, "/"), (x, none)]) }}{{ ui.diff(x, [{"label": x, "old": x, "new": 1}]) }}
    {% call ui.card(x, meta=x) %}{{ x }}{% endcall %}{{ ui.compare(x, [{"title": x}], [{"label": x, "values": [x]}]) }}
    {{ ui.bars(x, [{"label": x, "value": 1, "text": x}]) }}{{ ui.facets([{"label": x, "options": [{"label": x, "href": "#"}]}]) }}"""
    written = render(source, x=evil)
    assert "<script" not in written
    assert written.count("&lt;script&gt;") > 25


# --- single components --------------------------------------------------------------------------------------------------
def test_a_post_button_carries_the_forgery_token_and_a_fresh_idempotency_token() -> None:
    request = RequestFactory().get("/")
    one = BeautifulSoup(render('{{ ui.post_button("收藏", "/x/", {"pk": 7}) }}', request=request), "html.parser")
    two = BeautifulSoup(render('{{ ui.post_button("收藏", "/x/", {"pk": 7}) }}', request=request), "html.parser")
    assert one.form["method"] == "post"
    assert one.select_one("input[name=csrfmiddlewaretoken]")
    assert one.select_one("input[name=pk]")["value"] == "7"
    tokens = [form.select_one("input[name=idempotency_token]")["value"] for form in (one, two)]
    assert len(tokens[0]) == 32
    assert tokens[0] != tokens[1]


def test_a_form_by_get_carries_no_tokens() -> None:
    written = render('{% call ui.form(method="get", submit="查找") %}{% endcall %}', request=RequestFactory().get("/"))
    assert "csrfmiddlewaretoken" not in written
    assert "idempotency_token" not in written


def test_errors_stand_at_the_field_and_in_the_summary_with_a_link_to_it() -> None:
    form = SampleForm({"title": "", "mode": "direct", "note": "写了很久"})
    assert not form.is_valid()
    tree = soup('{{ ui.form(form, submit="提交审核") }}', form=form)
    title = tree.select_one("#id_title")
    assert title["aria-invalid"] == "true"
    described = title["aria-describedby"].split()
    assert {"id_title_error", "id_title_helptext"} == set(described)
    assert "请填写" in tree.select_one("#id_title_error").text
    links = {link["href"] for link in tree.select(".error-summary a")}
    assert "#id_title" in links
    assert all(tree.select_one(href) for href in links)
    assert tree.select_one(".error-summary")["role"] == "alert"
    assert tree.textarea.text.strip() == "写了很久", "nothing typed is lost"
    assert tree.select_one("input[name=mode][checked]")["value"] == "direct"
    assert tree.form["enctype"] == "multipart/form-data"


def test_a_group_of_choices_is_a_fieldset_whose_legend_is_the_label() -> None:
    tree = soup("{{ ui.field(form.mode) }}", form=SampleForm())
    assert tree.fieldset.legend.text.strip() == "选取方式"
    for choice in tree.select("input[type=radio]"):
        assert tree.select_one(f'label[for="{choice["id"]}"]').text.strip()


def test_optional_fields_say_so_and_units_stand_behind() -> None:
    tree = soup('{{ ui.field(form.note, unit="元") }}{{ ui.field(form.title) }}', form=SampleForm())
    optional, required = tree.select("label")
    assert "（选填）" in optional.text
    assert "（选填）" not in required.text
    assert tree.select_one(".field-unit").text == "元"


def test_hidden_fields_are_sent_and_their_errors_are_shown() -> None:
    class Form(forms.Form):
        step = forms.IntegerField(widget=forms.HiddenInput)

    form = Form({"step": "三"})
    assert not form.is_valid()
    tree = soup('{{ ui.form(form, submit="继续") }}', form=form)
    assert tree.select_one("input[type=hidden][name=step]")["value"] == "三"
    assert "整数" in tree.select_one(".error-summary").text


def test_a_table_takes_cells_of_any_kind_and_marks_its_sorting() -> None:
    tree = soup(
        """{{ ui.table("订单", [{"label": "机构", "sort": "?s=a", "sorted": "desc"}, {"label": "金额", "kind": "num"}],
        [{"cells": ["甲", none], "href": "/1/", "tone": "bad"}, ["乙", true]], foot=["合计", "1"]) }}"""
    )
    assert tree.select_one("thead th")["aria-sort"] == "descending"
    assert [cell.text.strip() for cell in tree.select("tbody th")] == ["甲", "乙"]
    assert tree.select_one("tbody th a")["href"] == "/1/"
    assert [cell.text.strip() for cell in tree.select("tbody td")] == ["—", "是"]
    assert "cell-num" in tree.select_one("tbody td")["class"]
    assert tree.select_one(".table-box")["tabindex"] == "0", "a box that scrolls must be reachable by keyboard"


def test_cells_of_a_table_of_more_than_two_columns_name_their_column() -> None:
    wide = soup("""{{ ui.table("表", ["甲", {"label": "乙"}, "丙"], [["一", "二", "三"], ["四", "", "六"]]) }}""")
    assert "table-wide" in wide.select_one(".table-box")["class"]
    assert [cell.get("data-label") for cell in wide.select("tbody td")] == ["乙", "丙", None, "丙"]
    narrow = soup("""{{ ui.table("表", ["甲", "乙"], [["一", "二"]]) }}""")
    assert "table-wide" not in narrow.select_one(".table-box")["class"] and not narrow.select("[data-label]")


# Ledgers of two columns: words and a number.
LEDGERS = {"credit/parts.html", "orders/offer.html"}


def test_rows_written_by_hand_name_their_columns() -> None:
    """In the elder version on a phone their table becomes cards, where a cell without its label is left out."""
    seen = 0
    for path in Path(settings.BASE_DIR).glob("*/jinja2/**/*.html"):
        name = str(path.relative_to(next(above for above in path.parents if above.name == "jinja2")))
        for table in re.findall(r"{% call ui\.table\(.*?{% endcall %}", path.read_text(), re.DOTALL):
            for cell in re.findall(r"<td[^>]*>(?:[^<{]|$)?", table):
                seen += 1
                assert name in LEDGERS or "data-label" in cell or "cell-act" in cell, (name, cell)
    assert seen > 50


def test_a_table_without_rows_says_what_to_do() -> None:
    tree = soup('{{ ui.table("申请", ["甲"], [], empty="现在没有申请。") }}')
    assert not tree.table
    assert "现在没有申请。" in tree.text


def test_pagination_keeps_the_rest_of_the_query() -> None:
    request = RequestFactory().get("/search/", {"q": "环评 & 测绘", "page": "4", "grade": ["A", "B"]})
    page = Paginator(range(240), 20).page(4)
    written = render("{{ ui.pagination(page) }}", request=request, page=page)
    tree = BeautifulSoup(written, "html.parser")
    following = tree.select_one("a[rel=next]")["href"]
    assert "page=5" in following
    assert "grade=A&grade=B" in following
    assert "%26" in following
    assert tree.select_one("[aria-current=page]").text == "4"
    assert render("{{ ui.pagination(page) }}", request=request, page=Paginator([1], 20).page(1)).strip() == ""


@pytest.mark.parametrize("grade", ["AAA", "AA", "A", "B", "C", "D", None])
def test_a_seal_says_its_grade_to_those_who_do_not_see_it(grade: str | None) -> None:
    tree = soup("{{ ui.seal(grade) }}", grade=grade)
    words = tree.svg["aria-label"]
    assert (grade in words) if grade else ("样本不足" in words)
    assert not tree.select("[style]")


def test_seals_differ_without_their_colour() -> None:
    frames = {
        grade: re.sub(r"(seal seal-m) seal-\w+|>AA?A?<|>[BCD]<", "", render("{{ ui.seal(g) }}", g=grade))
        for grade in ("A", "B", "C", None)
    }
    drawings = [re.findall(r"seal-(?:double|single|broken|thin)", frame) for frame in frames.values()]
    assert len({tuple(kind) for kind in drawings}) == 4


def test_lamps_have_a_shape_and_a_word_each() -> None:
    shapes = {
        re.search(r"<(circle|path)[^>]*>", render("{{ ui.lamp(c) }}", c=colour)).group()
        for colour in ("green", "amber", "red", "grey")
    }
    assert len(shapes) == 4
    assert "临期" in render("{{ ui.lamp('amber') }}")
    assert "Due soon" in render("{{ ui.lamp('amber') }}", language="en")


@pytest.mark.parametrize(("value", "width"), [(0, "0"), (50, "500"), (100, "1000"), (130, "1000"), (-5, "0")])
def test_a_bar_is_as_long_as_its_share_and_stays_in_its_track(value: int, width: str) -> None:
    tree = soup('{{ ui.bars("份额", [{"label": "甲", "value": v, "max": 100}]) }}', v=value)
    assert tree.select_one(".bars-fill")["width"] == width


def test_bars_of_nothing_but_zeros_do_not_divide_by_zero() -> None:
    assert 'width="0"' in render('{{ ui.bars("份额", [{"label": "甲", "value": 0}]) }}')


def test_components_nest_as_values_and_as_bodies() -> None:
    tree = soup(
        '{% call ui.panel("证书", actions=ui.button("新增", href="/n/")) %}{{ ui.status("有效") }}{% endcall %}'
    )
    assert tree.select_one(".panel-actions a.button")
    assert tree.select_one("section.panel > .status")


def unbalanced(page: str) -> list[str]:
    """Tags that are closed without being open, or left open."""
    faults: list[str] = []

    class Checker(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[str] = []

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in VOID:
                self.open.append(tag)

        def handle_startendtag(self, tag: str, attrs: object) -> None:
            pass

        def handle_endtag(self, tag: str) -> None:
            if not self.open or self.open.pop() != tag:
                faults.append(f"{tag} at {self.getpos()}")

    checker = Checker()
    checker.feed(page)
    return faults + checker.open


class Papers(forms.Form):
    licence = forms.FileField(label="营业执照", required=False)
    photo = forms.FileField(label="直接拍照", required=False)


def test_a_file_field_with_a_label_of_its_own_still_says_which_paper_it_is() -> None:
    source = '{{ ui.field(form.licence, label="选择文件") }}{{ ui.field(form.photo, of="营业执照") }}{{ ui.field(form.licence) }}'
    labels = [label.text for label in soup(source, form=Papers()).select("label")]
    assert labels == ["选择文件 · 营业执照（选填）", "直接拍照 · 营业执照（选填）", "营业执照（选填）"]
