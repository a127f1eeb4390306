import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from kernel.ui import navigation
from tests.kernel.ui import get, render

pytestmark = pytest.mark.django_db


def page(template: str, **context: object) -> BeautifulSoup:
    return BeautifulSoup(render('{% extends "' + template + '" %}', request=get(), **context), "html.parser")


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
@pytest.mark.parametrize("with_request", [True, False], ids=["request", "no request"])
def test_error_pages_need_nothing(name: str, with_request: bool) -> None:
    request = get() if with_request else None
    tree = BeautifulSoup(render('{% extends "' + name + '" %}', request=request), "html.parser")
    assert tree.h1.text
    assert tree.select_one("main :is(a.button, .ways-out a)")


def test_an_unknown_address_is_answered_with_our_page_and_404(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


def test_a_heading_has_no_full_stop_in_english_either() -> None:
    error = DomainError("x", _("这份表单已经提交过，或正在处理。"))
    made = render('{% extends "refused.html" %}', language="en", request=get(), error=error)
    heading = BeautifulSoup(made, "html.parser").h1.text
    assert heading and not re.search(r"[\u4e00-\u9fff]|[.\s]$", heading)


def test_a_refusal_shows_the_sentence_and_the_remedy() -> None:
    tree = page("refused.html", error=DomainError("order.full", "名额已满。", "请改日再来。"))
    assert tree.h1.text == "名额已满"  # a heading has no full stop
    assert "请改日再来。" in tree.text
    assert tree.select_one("[data-code]")["data-code"] == "order.full"
    assert "order.full" not in tree.text


@pytest.mark.parametrize("layout", ["base.html", "desk.html", "plain.html", "print.html"])
def test_every_layout_starts_with_a_skip_link_to_its_main(layout: str) -> None:
    tree = page(layout)
    first = tree.body.find("a")
    assert "skip-link" in first["class"]
    assert tree.select_one(first["href"]).name == "main"
    assert tree.select_one("link[rel=stylesheet]")["href"].startswith("/ui/")
    assert not tree.select("script:not([src]), style, [style]")


def test_an_aside_makes_two_columns_and_no_aside_one() -> None:
    two = render('{% extends "base.html" %}{% block aside %}<p>旁</p>{% endblock %}', request=get())
    one = render('{% extends "base.html" %}', request=get())
    assert "page-split" in two
    assert "<aside" in two
    assert "page-split" not in one
    assert "<aside" not in one


def test_filters_stand_in_the_document_where_they_are_seen() -> None:
    """Between heading and content: were they written after it, the content would jump down when they arrive."""
    page = render(
        '{% extends "base.html" %}{% block filters %}<p>筛选</p>{% endblock %}{% block content %}<p>结果</p>{% endblock %}',
        request=get(),
    )
    parts = BeautifulSoup(page, "html.parser").main.find_all(recursive=False)
    assert [part["class"] for part in parts] == [["page-lead"], ["page-filters"], ["page-main"]]
    assert "page-split" not in page
    assert "page-filters" not in render('{% extends "base.html" %}', request=get())


def test_the_language_switch_leads_to_this_very_page(client: Client) -> None:
    chinese = BeautifulSoup(client.get("/styleguide/?a=1").content, "html.parser")
    assert chinese.select_one(".header-tools .language-switch")["href"] == "/en/styleguide/?a=1"
    english = BeautifulSoup(client.get("/en/styleguide/?a=1").content, "html.parser")
    assert english.select_one(".header-tools .language-switch")["href"] == "/styleguide/?a=1"


@pytest.mark.parametrize("layout", ["base.html", "desk.html"])
def test_what_a_phone_hides_opens_without_a_script(layout: str, monkeypatch) -> None:
    group = navigation.Group("审查", [navigation.Link("入驻审查", "/desk/review/", True, 3)])
    monkeypatch.setattr(navigation, "links", lambda section, request: group.links)
    tree = page(layout, desk_menu=lambda request: [group])
    sheets = tree.select("[popover]")
    assert [sheet["id"] for sheet in sheets] == (["site-menu", "desk-menu"] if layout == "desk.html" else ["site-menu"])
    for sheet in sheets:
        opener = tree.select_one(f"button.sheet-opener[popovertarget={sheet['id']}]")
        assert opener.text.strip() and opener["type"] == "button"
        assert sheet.select_one("button[popovertargetaction=hide]")["popovertarget"] == sheet["id"]
        assert sheet.select("li > a[href]")
    if layout == "desk.html":
        assert "审查 · 入驻审查" in tree.select_one(".desk-bar").text


def test_the_elder_version_is_one_attribute_kept_in_a_cookie(client: Client) -> None:
    assert not BeautifulSoup(client.get("/styleguide/").content, "html.parser").html.has_attr("data-elder")
    answer = client.post("/elder/", {"elder": "1", "next": "/styleguide/"})
    assert answer["Location"] == "/styleguide/"
    assert BeautifulSoup(client.get("/styleguide/").content, "html.parser").html.has_attr("data-elder")
    client.post("/elder/", {"elder": "0", "next": "/styleguide/"})
    assert not BeautifulSoup(client.get("/styleguide/").content, "html.parser").html.has_attr("data-elder")


@pytest.mark.parametrize("path", ["/accounts/login/", "/en/accounts/signup/", "/no-such-page/"])
def test_quiet_pages_have_the_switch_to_the_elder_version_too(client: Client, path: str) -> None:
    switch = BeautifulSoup(client.get(path).content, "html.parser").select_one(".plain-header .elder-switch")
    assert (switch["action"], switch.select_one("[name=next]")["value"]) == ("/elder/", path)
    client.cookies["elder"] = "1"
    tree = BeautifulSoup(client.get(path).content, "html.parser")
    assert tree.html.has_attr("data-elder") and tree.select_one(".elder-switch button")["value"] == "0"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_elder_switch_leads_nowhere_else(client: Client, target: str) -> None:
    assert client.post("/elder/", {"elder": "1", "next": target})["Location"] == "/"


def test_the_layout_itself_costs_no_query(client: Client, django_assert_num_queries, monkeypatch) -> None:
    monkeypatch.setattr(navigation, "_items", [])
    monkeypatch.setattr(navigation, "_slots", {})
    with django_assert_num_queries(0):
        client.get("/styleguide/")


def test_a_layout_renders_without_a_request() -> None:
    assert "<main" in render('{% extends "base.html" %}')


def test_every_section_that_an_app_fills_has_a_name() -> None:
    assert navigation.unnamed_sections() == set()
