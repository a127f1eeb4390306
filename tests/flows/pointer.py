"""A person at a Chromium that runs no script, with a mouse: what a page offers them it must do without one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.flows.hands import Hands


class Pointer(Hands):
    SCRIPTS = False

    def write(self, label: str, text: str) -> Pointer:
        self.page.get_by_label(label, exact=True).fill(text)
        return self

    def tick(self, label: str) -> Pointer:
        self.page.get_by_label(label, exact=True).check()
        return self

    def choose(self, of: str, option: str) -> Pointer:
        self._within(of).get_by_role("radio", name=_begins(option)).check()
        return self

    def pick(self, label: str, option: str) -> Pointer:
        self.page.get_by_label(label, exact=True).select_option(label=option)
        return self

    def attach(self, label: str, file: Path, of: str = "") -> Pointer:
        self._within(of).get_by_label(label, exact=True).set_input_files(file)
        return self

    def click(self, link: str) -> Pointer:
        with self._next_page():
            self._link(link).click()
        return self

    def press(self, button: str) -> Pointer:
        with self._next_page():
            self.page.get_by_role("button", name=button, exact=True).click()
        return self

    def unfold(self, words: str) -> Pointer:
        self.page.locator("summary").get_by_text(words, exact=True).click()
        return self

    def download(self, link: str) -> bytes:
        with self.page.expect_download() as arrival:
            self._link(link).click()
        return Path(arrival.value.path()).read_bytes()

    def _link(self, words: str) -> Any:
        return self.page.get_by_role("link", name=words, exact=True).first

    def _within(self, of: str) -> Any:
        """The group or part of the page that is called so; the page."""
        if not of:
            return self.page
        name = _begins(of)
        return self.page.get_by_role("group", name=name).or_(self.page.get_by_role("region", name=name))


def _begins(words: str) -> re.Pattern[str]:
    return re.compile("^" + re.escape(words))
