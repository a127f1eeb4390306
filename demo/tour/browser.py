"""Debian's Chromium: a window of a visit's person, dressed in a guise, that remembers what went wrong in it."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from demo.tour.guises import HEIGHTS, Guise
from demo.tour.visits import Visit

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ASKED_APART = "Failed to load resource"
"""How the console begins what ``_fetched`` and ``_lost`` report with its address."""

SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
STICKS_OUT = """(width) => {
  const reach = (node, box) => Math.max(box.right, box.left + node.scrollWidth);
  const out = Array.from(document.querySelectorAll("body *")).filter((node) => reach(node, node.getBoundingClientRect()) > width + 0.5);
  const scrolled = (node) => node && (getComputedStyle(node).overflowX !== "visible" || scrolled(node.parentElement));
  const last = out.filter((node) => !scrolled(node) && !Array.from(node.children).some((child) => out.includes(child)));
  return last.slice(0, 3).map((node) => node.tagName.toLowerCase() + Array.from(node.classList, (name) => "." + name).join(""));
}"""
"""The innermost elements that reach beyond the window, outside of boxes that scroll."""


class NoBrowser(RuntimeError):
    """No Chromium on this machine."""


def program() -> str:
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser("The tour needs Chromium. On Debian: apt-get install chromium fonts-wqy-microhei")
    return found


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A browser that ends with the block."""
    executable = program()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """The page of one visit. ``faults`` holds, for the page as it was loaded last: a wrong status, an error of a script,
    whatever the console calls an error (a breach of the content security policy is one), and what could not be loaded."""

    def __init__(self, browser: Any, visit: Visit, base: str) -> None:
        self.base, self.faults = base, []
        self.context = browser.new_context(
            locale=LOCALES["zh"],
            base_url=base,
            reduced_motion="reduce",
            service_workers="block",  # they load what the page did not ask for
        )
        self.receive(visit)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self._note(f"script: {error}"))
        self.page.on("console", self._said)
        self.page.on("response", self._fetched)
        self.page.on("requestfailed", self._lost)

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.context.close()

    def receive(self, visit: Visit) -> None:
        """Let this visit's person sit down; a window of one's own for each visit has an empty cache besides."""
        self.visit = visit
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": visit.cookie, "url": self.base}])

    def load(self, guise: Guise) -> str:
        """Open the page in a guise; its HTML, "" when nothing came."""
        self.faults = []
        self.page.set_extra_http_headers({"Accept-Language": LOCALES[guise.language]})
        elder = "1" if guise.mode == "elder" else "0"
        self.context.add_cookies([{"name": "elder", "value": elder, "url": self.base}])
        self.dress(guise)
        from playwright.sync_api import Error

        try:
            answer = self.page.goto(self.visit.path(guise.language), wait_until="load", timeout=60_000)
        except Error as error:
            self._note(f"did not open: {error.message.splitlines()[0]}")
            return ""
        if answer.status != self.visit.stop.status:
            self._note(f"answered {answer.status}, not {self.visit.stop.status}")
        return str(answer.text())

    def dress(self, guise: Guise) -> list[str]:
        """Size and media of a guise, without a new load; the faults of the page in it."""
        self.page.emulate_media(
            media="print" if guise.mode == "print" else "screen",
            color_scheme="dark" if guise.mode == "dark" else "light",
        )
        self.page.set_viewport_size({"width": guise.width, "height": HEIGHTS[guise.width]})
        wide, _tall = self.size()
        if wide <= guise.width:
            return list(self.faults)
        out = ", ".join(self.page.evaluate(STICKS_OUT, guise.width))
        return [*self.faults, f"{wide} px wide in a window of {guise.width} px: {out}"]

    def size(self) -> tuple[int, int]:
        """Width and height of the whole page, in pixels."""
        wide, tall = self.page.evaluate(SIZE)
        return wide, tall

    def _note(self, fault: str) -> None:
        if fault not in self.faults:
            self.faults.append(fault)

    def _said(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(ASKED_APART):
            self._note(f"console: {message.text}")

    def _fetched(self, answer: Any) -> None:
        """Whatever a page loads must be there; its own status is judged apart."""
        if answer.status >= 400 and not answer.request.is_navigation_request():
            self._note(f"{answer.status} for {answer.url}")

    def _lost(self, request: Any) -> None:
        self._note(f"{request.failure} for {request.url}")
