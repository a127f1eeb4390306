import pytest

from kernel.ui import navigation
from kernel.ui.navigation import NavItem
from tests.kernel.ui import get, render


@pytest.fixture(autouse=True)
def empty_menus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", [])
    monkeypatch.setattr(navigation, "_sections", {})
    monkeypatch.setattr(navigation, "_slots", {})


def test_links_come_in_order_and_only_those_that_exist_and_may_be_seen() -> None:
    navigation.register(
        NavItem("public", "乙", "kernel:styleguide", order=20),
        NavItem("public", "甲", "healthz", order=10),
        NavItem("public", "没有的", "nowhere:page"),
        NavItem("public", "看不见的", "healthz", visible=lambda request: False, order=5),
    )
    assert [link.label for link in navigation.links("public", get())] == ["甲", "乙"]


def test_the_page_one_is_on_is_marked_and_so_is_the_page_above_it() -> None:
    navigation.register(NavItem("public", "组件", "kernel:styleguide"), NavItem("public", "健康", "healthz"))
    assert [link.current for link in navigation.links("public", get("/styleguide/"))] == [True, False]
    assert [link.current for link in navigation.links("public", get("/styleguide/deep/"))] == [True, False]
    assert [link.current for link in navigation.links("public", get("/"))] == [False, False]


def test_desk_sections_without_a_visible_entry_are_left_out() -> None:
    navigation.register_section("later", "后", order=20)
    navigation.register_section("early", "先", order=10)
    navigation.register_section("empty", "空", order=5)
    navigation.register(
        NavItem("later", "一", "healthz"),
        NavItem("early", "二", "healthz", count=lambda request: 7),
        NavItem("empty", "三", "healthz", visible=lambda request: False),
    )
    menu = navigation.desk_menu(get())
    assert [(group.label, [link.count for link in group.links]) for group in menu] == [("先", [7]), ("后", [None])]
    navigation.register(NavItem("lost", "四", "healthz"))
    assert navigation.unnamed_sections() == {"lost"}


def test_registering_twice_changes_nothing() -> None:
    item = NavItem("public", "甲", "healthz")
    navigation.register(item)
    navigation.register(item)
    assert len(navigation.links("public", get())) == 1


def test_a_slot_is_filled_by_the_rooms_above_and_plain_text_is_escaped() -> None:
    navigation.register_slot("footer", lambda request: "<b>备案号</b>")
    assert navigation.slot("footer", get()) == "&lt;b&gt;备案号&lt;/b&gt;"
    assert navigation.slot("footer", None) == ""


def test_without_a_request_there_are_no_menus() -> None:
    navigation.register(NavItem("public", "甲", "healthz"))
    assert navigation.links("public", None) == []
    assert navigation.desk_menu(None) == []


def test_a_page_without_desks_still_renders() -> None:
    page = render('{% extends "desk.html" %}{% block title %}队列{% endblock %}', request=get())
    assert "<h1>队列</h1>" in page
    assert "desk-menu" not in page
