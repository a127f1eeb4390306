"""What is left out on paper."""

import pytest

from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("chromium")]


def test_no_menu_of_desks_on_paper(live_server, browser_page, client):
    client.force_login(factories.make_staff())
    session = client.cookies["sessionid"].value
    browser_page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    browser_page.set_viewport_size({"width": 794, "height": 1100})
    browser_page.goto(f"{live_server.url}/work/")
    bar = browser_page.locator(".desk-bar")
    assert bar.is_visible()
    browser_page.emulate_media(media="print")
    assert not bar.is_visible() and browser_page.locator("h1").is_visible()
