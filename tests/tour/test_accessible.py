"""axe finds nothing to complain of on any page type of the tour; of each kind of page one in a phone's window too."""

import pytest

from demo.tour.camera import WIDTHS, window
from demo.tour.stops import every
from demo.tour.visits import signed_in
from tests.tour import town

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.django_db(transaction=True)]
NOT_OURS = {"back-office": "Wagtail's own pages"}


def violations(page):
    """(rule, selector, what to do) of each element that axe objects to."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        (rule["id"], " ".join(map(str, node["target"])), node["failureSummary"].replace("\n", " "))
        for rule in found
        for node in rule["nodes"]
    ]


def test_axe_sees_what_is_wrong(browser_page):
    """Else the other test could not fail."""
    browser_page.set_content("<!doctype html><html lang=en><title>x</title><main><h1>x</h1><input><img src=x></main>")
    assert {"label", "image-alt"} <= {rule for rule, _selector, _words in violations(browser_page)}


def test_no_page_of_the_tour_has_a_violation(chromium, live_server):
    found, kinds = [], set()
    with signed_in(every(), town.build().people) as (visits, _absent):
        for visit in visits:
            if visit.stop.name not in NOT_OURS:
                widths = [1280] if visit.stop.kind in kinds else [1280, 390]
                found += look(chromium, visit, live_server.url, widths)
                kinds.add(visit.stop.kind)
    assert found == [], "\n".join(found)


def look(browser, visit, base, widths):
    context = window(browser, visit, "zh", base)
    page = context.new_page()
    seen = {}
    try:
        assert page.goto(visit.path("zh")).status == visit.stop.status, visit.stop.name
        for width in widths:
            page.set_viewport_size({"width": width, "height": WIDTHS[width]})
            for rule, selector, words in violations(page):
                seen.setdefault((rule, selector), f"{visit.stop.name} at {width} px: {rule}: {selector}: {words}")
    finally:
        context.close()
    return list(seen.values())
