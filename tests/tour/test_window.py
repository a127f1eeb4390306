"""The checks of the walk see what is wrong: planted faults are found. Else the walks could not fail."""

import pytest

from demo.tour import axe
from demo.tour.browser import Window
from demo.tour.guises import Guise
from demo.tour.rows import Sight, at
from demo.tour.stops import Stop
from demo.tour.usage import Meter, Usage
from demo.tour.visits import Visit

pytestmark = pytest.mark.needs("chromium")
BASE = "http://planted.invalid"
GOOD = "<!doctype html><html lang=en><title>x</title><meta charset=utf-8><main><h1>x</h1>%s</main>"
SMALL = "<button style='width: 9px; height: 9px; padding: 0' aria-label=a></button>" * 2
POLICY = {"Content-Security-Policy": "default-src 'self'"}


@pytest.fixture
def planted(chromium):
    """``open(body)``: a window in which the site answers with this page."""
    windows = []

    def serve(body, *, headers=None, status=200, css=""):
        window = Window(chromium, Visit(Stop("planted", "Planted", "", "", at("/")), Sight("/"), "none"), BASE)
        windows.append(window)

        def answer(route):
            path = route.request.url.removeprefix(BASE)
            if path in ("/", "/en/"):
                route.fulfill(
                    status=status, body=GOOD % body, headers={"Content-Type": "text/html"} | dict(headers or {})
                )
            elif path == "/x.css":
                route.fulfill(body=css, content_type="text/css")
            elif path == "/lost.js":
                route.abort()
            else:
                route.fulfill(status=404, body="")

        window.context.route("**/*", answer)
        return window

    yield serve
    for window in windows:
        window.context.close()


def seen(window, guise=None):
    window.load(guise or Guise())
    return window.dress(guise or Guise())


def test_a_good_page_has_no_fault(planted):
    window = planted("<p>x")
    assert seen(window) == []
    assert axe.violations(window.page) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<script>fail()</script>", "script: fail is not defined"),
        ("<img src=/gone.png alt=x>", "404 for http://planted.invalid/gone.png"),
        ("<script src=/lost.js></script>", "net::ERR_FAILED for http://planted.invalid/lost.js"),
        ("<script>console.error('oh')</script>", "console: oh"),
        ("<div style='width: 2000px'>x</div>", "2008 px wide in a window of 1280 px: div"),
    ],
)
def test_a_fault_is_named(planted, body, fault):
    assert [words for words in seen(planted(body)) if fault in words]


def test_a_wrong_status_is_named(planted):
    assert seen(planted("", status=403)) == ["answered 403, not 200"]


def test_a_page_that_does_not_open_is_named(planted):
    window = planted("")
    window.context.unroute_all()
    assert window.load(Guise()) == ""
    assert [words for words in window.dress(Guise()) if words.startswith("did not open: ")]


def test_a_breach_of_the_policy_is_named(planted):
    assert [words for words in seen(planted("<p style='color: red'>x", headers=POLICY)) if "Content Security" in words]


def test_faults_of_one_page_are_not_held_against_the_next(planted):
    window = planted("<script>if (location.pathname === '/') fail()</script>")
    assert seen(window) != []
    assert seen(window, Guise("light", "en")) == []


def test_a_guise_is_worn(planted):
    window = planted("<p>x")
    ask = (
        "[matchMedia('(prefers-color-scheme: dark)').matches, matchMedia('print').matches, innerWidth, document.cookie]"
    )
    seen(window, Guise("dark", "zh", 390))
    assert window.page.evaluate(ask)[:3] == [True, False, 390]
    seen(window, Guise("print", "zh", 673))
    assert window.page.evaluate(ask)[:3] == [False, True, 673]
    seen(window, Guise("elder"))
    assert "elder=1" in window.page.evaluate(ask)[3]
    seen(window, Guise("light"))
    assert "elder=1" not in window.page.evaluate(ask)[3]


def test_axe_sees_what_is_wrong(planted):
    window = planted("<input><img src=data:, alt><a href=/x></a><p style='color: #ddd'>pale words</p>" + SMALL)
    seen(window)
    assert {"label", "link-name", "color-contrast", "target-size"} <= {one.rule for one in axe.violations(window.page)}


def test_axe_runs_under_a_strict_policy(planted):
    window = planted("<input>", headers=POLICY)
    seen(window)
    assert [one.rule for one in axe.violations(window.page)] == ["label"]


def test_usage_tells_used_rules_from_others(planted):
    css = "p { color: #111 } @media print { h1 { color: #222 } } .idle { color: #333 } a:hover { color: #444 }"
    window, usage = planted("<link rel=stylesheet href=/x.css><p>x<a href=/x>x</a>", css=css), Usage()
    meter = Meter(window.page, usage)
    seen(window)
    meter.snap()
    names = {name for name, _size in usage.unused()[2]}
    assert names == {"h1", ".idle", "a:hover"}
    meter.poke()
    window.dress(Guise("print", "zh", 673))
    meter.snap()
    idle, whole, names = usage.unused()
    assert names == [(".idle", 21)]
    assert (idle, whole) == (21, 79)
