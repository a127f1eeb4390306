"""A person at Chromium with a keyboard and no mouse, who must see at every stop where the focus is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MAX_STOPS = 150

# The name of what has the focus (as its label or its own words), and why its focus cannot be seen, if so.
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const label = at.labels && at.labels[0];
  const words = at.getAttribute("aria-label") || (label || at).textContent || "";
  const box = at.getBoundingClientRect();
  const ring = [at, at.closest("form")].some((one) => {
    const style = one && getComputedStyle(one);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  let unseen = "";
  if (!at.matches(":focus-visible") || !ring) unseen = "it has no focus ring";
  else if (box.width < 2 || box.height < 2) unseen = "it has no size";
  else if (box.bottom <= 0 || box.top >= innerHeight) unseen = "it is outside the window";
  else if (!top || !(at.contains(top) || top.contains(at))) unseen = "something covers it";
  return { words: words.replace(/\\s+/g, " ").trim(), unseen };
}"""


@dataclass
class Stop:
    words: str
    unseen: str


class Keyboard:
    def __init__(self, page: Any) -> None:
        self.page = page

    def tab(self) -> Stop | None:
        """To the next stop; None where the browser's own bar has the focus."""
        self.page.keyboard.press("Tab")
        found = self.page.evaluate(STOP)
        return Stop(**found) if found else None

    def reach(self, words: str) -> Keyboard:
        """Tab on to the field, link or button with these words."""
        passed = []
        for _ in range(MAX_STOPS):
            stop = self.tab()
            if stop is None:
                continue
            assert not stop.unseen, f"“{stop.words}” on {self.page.url} has the focus, but {stop.unseen}"
            if stop.words == words:
                return self
            passed.append(stop.words)
        raise AssertionError(f"“{words}” cannot be reached by Tab on {self.page.url}; passed {passed}")

    def write(self, words: str, text: str) -> Keyboard:
        self.reach(words).page.keyboard.insert_text(text)
        return self

    def tick(self, words: str) -> Keyboard:
        self.reach(words).page.keyboard.press("Space")
        return self

    def enter(self, words: str = "") -> Keyboard:
        """Press Enter (on the link or button with these words) and wait for the page it leads to."""
        if words:
            self.reach(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def sees(self, *words: str) -> Keyboard:
        text = self.page.inner_text("body")
        for one in words:
            assert one in text, f"“{one}” is not on {self.page.url}: {text[:1500]}"
        return self
