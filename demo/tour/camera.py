"""Debian's Chromium, driven through the visits; a picture of every page, and what is wrong with it at a glance."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from demo.tour.visits import Visit

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
WIDTHS = {390: 844, 1280: 800}
"""Width and height of the window in pixels: a phone, a desk."""
TALLEST = 12_000
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(RuntimeError):
    """No Chromium on this machine."""


@dataclass
class Shot:
    """One picture, and the faults seen while taking it: a wrong status, an error of a script, a missing file, a page
    wider than its window."""

    visit: Visit
    language: str
    width: int
    file: str
    faults: list[str] = field(default_factory=list)


def program() -> str:
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser("The tour needs Chromium. On Debian: apt-get install chromium fonts-wqy-microhei")
    return found


def shoot(visits: Sequence[Visit], base: str, folder: Path, seen: Callable[[Shot], None]) -> list[Shot]:
    """Walk through ``visits`` at ``base``; pictures go into ``folder``, ``seen`` hears of each."""
    from playwright.sync_api import sync_playwright

    executable, shots = program(), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            for visit in visits:
                for language in LANGUAGES:
                    for shot in _visit(browser, visit, language, base, folder):
                        shots.append(shot)
                        seen(shot)
        finally:
            browser.close()
    return shots


def window(browser: Any, visit: Visit, language: str, base: str) -> Any:
    """A browser window of the visit's person."""
    context = browser.new_context(
        locale=LANGUAGES[language],
        viewport={"width": 1280, "height": WIDTHS[1280]},
        base_url=base,
        color_scheme="light",
    )
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": visit.cookie, "url": base}])
    return context


def _visit(browser: Any, visit: Visit, language: str, base: str, folder: Path) -> Iterator[Shot]:
    context = window(browser, visit, language, base)
    try:
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("response", lambda answer: _fetched(answer, page, faults))
        answer = page.goto(visit.path(language), wait_until="load", timeout=60_000)
        if answer.status != visit.stop.status:
            faults.append(f"answered {answer.status}, not {visit.stop.status}")
        for width, height in sorted(WIDTHS.items(), reverse=True):
            yield _picture(page, Shot(visit, language, width, "", faults), height, folder)
    finally:
        context.close()


def _picture(page: Any, shot: Shot, height: int, folder: Path) -> Shot:
    page.set_viewport_size({"width": shot.width, "height": height})
    wide, tall = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    shot.faults = [*shot.faults, *([f"{wide} px wide in a window of {shot.width} px"] if wide > shot.width else [])]
    shot.file = f"{shot.visit.stop.name}.{shot.language}.{shot.width}.png"
    clip = {"x": 0, "y": 0, "width": shot.width, "height": min(max(tall, height), TALLEST)}
    page.screenshot(path=folder / shot.file, full_page=True, clip=clip, animations="disabled")
    return shot


def _fetched(answer: Any, page: Any, faults: list[str]) -> None:
    """Whatever a page loads must be there; its own status is judged apart."""
    if answer.status >= 400 and not answer.request.is_navigation_request():
        faults.append(f"{answer.status} for {answer.url}")
