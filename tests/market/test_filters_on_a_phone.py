"""The filters of the search page on a phone: near the top, opened by a tap, and every line of them can be tapped."""

import pytest
from django.core.management import call_command

from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("chromium")]
# CSS pixels: within the first screen
FIRST_SCREEN = 800
HIT = "link => { const box = link.getBoundingClientRect(); const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2); return link.contains(hit) }"


@pytest.fixture
def phone(chromium, live_server, deliver):
    call_command("load_rulebook", verbosity=0)
    # A filter with one value alone is not offered.
    for code in ("eia", "survey"):
        category = factories.make_category(code)
        agency = factories.make_agency(category=category)
        factories.make_listing(agency=agency, item=factories.make_item(category=category))
    deliver()
    context = chromium.new_context(locale="zh-CN", viewport={"width": 390, "height": FIRST_SCREEN}, has_touch=True)
    yield context
    context.close()


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_the_filters_open_and_can_be_tapped(phone, live_server, elder):
    if elder:
        phone.add_cookies([{"name": "elder", "value": "1", "url": live_server.url}])
    page = phone.new_page()
    page.goto(f"{live_server.url}/search/")
    assert bool(page.locator("html[data-elder]").count()) == elder
    opener = page.locator(".filter-sheet > summary")
    assert opener.bounding_box()["y"] < FIRST_SCREEN
    assert opener.bounding_box()["y"] < page.locator(".page-main").bounding_box()["y"]
    link = page.locator(".filter-sheet .facets a").first
    assert not link.is_visible()
    opener.tap()
    assert link.is_visible() and link.evaluate(HIT)
    link.tap()
    page.wait_for_url("**/search/?*")
    assert page.locator(".filter-sheet .facets [aria-current]").count() == 1
    assert "已选 1 项" in page.locator(".filter-sheet > summary").inner_text()


def test_on_a_wide_screen_they_stand_open_beside_the_results(phone, live_server):
    page = phone.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_server.url}/search/")
    assert not page.locator(".filter-sheet > summary").is_visible()
    link = page.locator(".filter-sheet .facets a").first
    assert link.is_visible() and link.evaluate(HIT)
