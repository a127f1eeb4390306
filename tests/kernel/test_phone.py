"""The head of a page on a phone: low, and its menus open and close by keyboard."""

import pytest

from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("chromium")]
# CSS pixels; a third of a phone's height would be too much before the page begins
LOWEST = 112


@pytest.fixture
def phone(live_server, browser_page):
    browser_page.set_viewport_size({"width": 320, "height": 700})
    browser_page.goto(f"{live_server.url}/en/accounts/login/")
    staff = factories.make_staff()
    browser_page.fill("[name=login]", staff.mobile)
    browser_page.fill("[name=password]", "correct-horse-battery")
    browser_page.click("main form button[type=submit]")
    return browser_page


@pytest.mark.parametrize("path", ["/work/", "/styleguide/"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_head_of_a_phone_is_low_and_nothing_stands_out_of_it(phone, live_server, path, language):
    phone.goto(f"{live_server.url}{language}{path}")
    height = phone.evaluate(
        "[...document.querySelectorAll('.header-row, .desk-bar')].reduce((sum, part) => sum + part.offsetHeight, 0)"
    )
    assert 40 < height <= LOWEST
    assert phone.evaluate("document.querySelector('.header-row').scrollWidth") <= 320


def test_a_menu_opens_by_keyboard_holds_every_desk_and_gives_the_focus_back(phone, live_server):
    phone.goto(f"{live_server.url}/work/")
    opener = phone.locator("button[popovertarget=desk-menu].sheet-opener")
    assert not phone.locator("#desk-menu a").first.is_visible()
    opener.focus()
    phone.keyboard.press("Enter")
    for link in phone.locator("#desk-menu a").all():
        assert link.is_visible()
    phone.keyboard.press("Escape")
    assert not phone.locator("#desk-menu a").first.is_visible()
    assert opener.evaluate("button => button === document.activeElement")
    phone.set_viewport_size({"width": 1280, "height": 800})
    assert phone.locator("#desk-menu a").first.is_visible() and not opener.is_visible()


@pytest.mark.parametrize("elder", ["0", "1"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_a_quiet_page_fits_the_narrowest_phone(live_server, browser_page, language, elder):
    browser_page.set_viewport_size({"width": 320, "height": 600})
    browser_page.context.add_cookies([{"name": "elder", "value": elder, "url": live_server.url}])
    browser_page.goto(f"{live_server.url}{language}/accounts/signup/")
    assert browser_page.locator(".elder-switch").is_visible()
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320
