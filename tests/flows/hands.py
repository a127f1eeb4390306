"""A person at Chromium. What they do is told once, by the words on the page; how their hands do it, they know themselves:
``Keyboard`` has no mouse, ``Pointer`` has a browser that runs no script."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

PASSWORD = "correct-horse-battery"
PATIENCE_MS = 15_000


class Hands:
    """``of`` names the group or part of the page in which a control stands, where its own words are not enough; groups
    and options may be named by their first words. Verbs that lead to another page wait for it."""

    SCRIPTS = True  # whether the browser runs them

    def __init__(self, page: Any, site: str) -> None:
        page.set_default_timeout(PATIENCE_MS)
        self.page = page
        self.site = site

    # --- each in its own way -----------------------------------------------------------------------------------------
    def write(self, label: str, text: str) -> Self:
        """Put ``text`` into a field, instead of what is there."""
        raise NotImplementedError

    def tick(self, label: str) -> Self:
        raise NotImplementedError

    def choose(self, of: str, option: str) -> Self:
        """One of a group of radio buttons."""
        raise NotImplementedError

    def pick(self, label: str, option: str) -> Self:
        """One line of a list box."""
        raise NotImplementedError

    def attach(self, label: str, file: Path, of: str = "") -> Self:
        raise NotImplementedError

    def click(self, link: str) -> Self:
        """The first link with these words."""
        raise NotImplementedError

    def press(self, button: str) -> Self:
        raise NotImplementedError

    def unfold(self, words: str) -> Self:
        """Open what is folded away under these words."""
        raise NotImplementedError

    def download(self, link: str) -> bytes:
        """The file behind the first link with these words."""
        raise NotImplementedError

    # --- the same for all --------------------------------------------------------------------------------------------
    def open(self, path: str) -> Self:
        self.page.goto(self.site + path)
        return self

    def sign_in(self, user: Any) -> Self:
        """By the password, as ``factories.make_person`` sets it."""
        self.open("/accounts/login/").write("手机号或电子邮箱", user.mobile).write("密码", PASSWORD).press("登录")
        assert "/accounts/login/" not in self.page.url
        return self

    def sees(self, *words: str) -> Self:
        text = self.page.inner_text("body")
        for one in words:
            assert one in text, f"“{one}” is not on {self.page.url}: {text[:1500]}"
        return self

    def sees_not(self, *words: str) -> Self:
        text = self.page.inner_text("body")
        for one in words:
            assert one not in text, f"“{one}” is on {self.page.url}"
        return self

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site)

    @contextlib.contextmanager
    def _next_page(self) -> Iterator[None]:
        with self.page.expect_navigation() as arrival:
            yield
        answer = arrival.value
        assert answer is None or answer.status < 400, f"{answer.status} at {self.page.url}: {self._wrong()}"

    def _wrong(self) -> str:
        return self.page.inner_text("body")[:800]
