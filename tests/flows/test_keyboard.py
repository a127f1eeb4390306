"""By keyboard there is no way to be lost: Tab and Shift+Tab agree, dialogs give the focus back, shortcuts can be turned
off; and what test_by_hand checks at every stop can fail."""

import pytest

from tests import factories
from tests.flows.keyboard import Keyboard, Stop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("chromium"), pytest.mark.slow]


@pytest.fixture
def hands(live_server, browser_page):
    return Keyboard(browser_page, live_server.url)


@pytest.fixture
def desk(hands, station):
    """At a page of the desk."""
    return hands.sign_in(factories.make_staff("operator")).open("/desk/review/")


@pytest.fixture
def station(db):
    """A case on the review desk, for a table with a row."""
    return factories.make_agency("submitted")


def round_of(hands, back=False):
    """Every stop from the first of the page to the first again."""
    stops = [hands.here()]
    while len(stops) == 1 or stops[-1].words != "跳到正文":
        stop = hands.tab(back)
        stops += [stop] if stop else []
    return [(stop.words, stop.kind, stop.group) for stop in stops]


def test_the_first_stop_leads_past_the_menus(desk):
    assert desk.tab().words == "跳到正文"
    desk.key("Enter")
    first = desk.tab()
    assert desk.page.evaluate("document.querySelector('main').contains(document.activeElement)"), first


def test_tab_and_shift_tab_pass_the_same_stops(desk):
    desk.reach("跳到正文")
    forth = round_of(desk)
    assert len(forth) > 20
    assert round_of(desk, back=True) == forth[::-1]


def test_the_list_of_shortcuts_opens_closes_and_gives_the_focus_back(desk):
    table = desk.page.get_by_role("dialog", name="键盘快捷键")
    for opens in (lambda: desk.key("?"), lambda: desk.key("Enter")):
        desk.open("/desk/review/").reach("键盘快捷键 ?", "button")
        opens()
        assert table.is_visible()
        assert desk.here().words == "关闭"
        desk.key("Escape")
        assert not table.is_visible()
        assert desk.here().words == "键盘快捷键 ?"


def test_shortcuts_lead_where_the_list_says(desk, station):
    desk.key("j")
    assert desk.here().words == station.organisation.name
    assert not desk.here().unseen
    desk.key("/")
    assert desk.here().kind == "search"
    desk.key("?")  # is a word to search for
    assert not desk.page.get_by_role("dialog").is_visible()
    desk.tab()
    desk.key("g")
    with desk.page.expect_navigation():
        desk.key("w")
    assert desk.path == "/work/"


def test_shortcuts_can_be_turned_off_and_on_again(desk):
    def switch():
        desk.open("/desk/review/").reach("键盘快捷键 ?", "button")
        desk.key("Enter")
        desk.tick("在这台电脑上使用快捷键").key("Escape")

    switch()
    desk.open("/desk/review/")
    for key in ("j", "/", "?"):
        desk.key(key)
    assert desk.here() is None
    assert not desk.page.get_by_role("dialog").is_visible()
    switch()
    desk.open("/desk/review/").key("?")
    assert desk.page.get_by_role("dialog", name="键盘快捷键").is_visible()


# --- they could fail -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("css", "why"),
    [
        ("* { outline: none !important }", "no focus ring"),
        ("label, input { opacity: 0 }", "no focus ring"),
        (".field input { inline-size: 0 !important; padding: 0 !important; border: 0 !important }", "no size"),
        ("h1 { position: fixed; inset: 0; z-index: 9 }", "something covers it"),
    ],
)
def test_a_lost_focus_would_be_noticed(hands, css, why):
    hands.open("/accounts/login/")
    hands.page.evaluate("(css) => document.styleSheets[0].insertRule(css, 0)", css)
    hands.page.locator("main").focus()
    with pytest.raises(AssertionError, match=why):
        hands.reach("手机号或电子邮箱")


def test_a_trap_would_be_noticed(hands):
    hands.open("/accounts/login/")
    keeps = "(event) => event.key === 'Tab' && event.preventDefault()"
    hands.page.evaluate(f"document.querySelector('[name=login]').addEventListener('keydown', {keeps})")
    with pytest.raises(AssertionError, match="cannot be reached"):
        hands.reach("登录", "button")


def test_a_button_that_is_none_would_be_noticed(hands):
    hands.open("/accounts/login/")
    hands.page.evaluate("document.querySelector('main button').outerHTML = '<div onclick=\"1\">登录</div>'")
    with pytest.raises(AssertionError, match="cannot be reached"):
        hands.reach("登录", "button")


def test_a_stop_knows_its_group(hands):
    """Else fields that are called the same could not be told apart."""
    hands.open("/accounts/login/")
    hands.page.evaluate(
        "document.querySelector('main').innerHTML = '<fieldset><legend>A b</legend><input aria-label=x></fieldset>'"
    )
    assert hands.reach("x", of="A") == Stop("x", "text", "A b", "", "")
