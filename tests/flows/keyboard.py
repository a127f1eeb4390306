"""A person at Chromium with a keyboard and no mouse, who must see at every stop where the focus is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.flows.hands import Hands

MAX_STOPS = 150
MAX_OPTIONS = 150

# What has the focus: its name (label, or its own words), the group or part of the page it stands in, what it is, what
# it says now; and why its focus cannot be seen, if so.
STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const said = (one) => (one ? one.textContent : "").replace(/\\s+/g, " ").trim();
  const label = at.labels && at.labels[0];
  const group = at.closest("fieldset, section[aria-label]");
  const ring = [at, label, at.closest("form")].some((one) => {
    const style = one && one.checkVisibility({ opacityProperty: true }) && getComputedStyle(one);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = at.getBoundingClientRect();
  const line = at.getClientRects()[0] || box;
  const seen = [Math.max(line.top, 0), Math.min(line.bottom, innerHeight)];
  const top = document.elementFromPoint(line.left + line.width / 2, (seen[0] + seen[1]) / 2);
  let unseen = "";
  if (!ring) unseen = "it has no focus ring";
  else if (box.width < 2 || box.height < 2) unseen = "it has no size";
  else if (box.bottom <= 0 || box.top >= innerHeight) unseen = "it is outside the window";
  else if (!top || !(at.contains(top) || top.contains(at) || (label && label.contains(top)))) unseen = "something covers it";
  const kind = at.tagName === "INPUT" ? at.type : at.tagName.toLowerCase();
  return {
    words: (at.getAttribute("aria-label") || said(label || at)).replace(/\\s+/g, " ").trim(), kind, unseen,
    group: group ? group.getAttribute("aria-label") || said(group.querySelector("legend")) : "",
    value: kind === "select" ? said(at.selectedOptions[0]) : ["radio", "checkbox"].includes(kind) ? String(at.checked) : "",
  };
}"""


@dataclass
class Stop:
    words: str
    kind: str
    group: str
    value: str
    unseen: str


class Keyboard(Hands):
    # --- to a stop ---------------------------------------------------------------------------------------------------
    def tab(self, back: bool = False) -> Stop | None:
        """To the next stop, or the one before; None where the browser's own bar has the focus."""
        self.key("Shift+Tab" if back else "Tab")
        return self.here()

    def here(self) -> Stop | None:
        found = self.page.evaluate(STOP)
        return Stop(**found) if found else None

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)

    def reach(self, words: str, *kinds: str, of: str = "") -> Stop:
        """Tab on to the field, link or button with these words."""
        return self._reach(
            words, lambda one: one.words == words and one.kind in (kinds or (one.kind,)) and one.group.startswith(of)
        )

    def _reach(self, words: str, right: Callable[[Stop], bool]) -> Stop:
        passed = []
        for _ in range(MAX_STOPS):
            stop = self.tab()
            if stop is None:
                continue
            assert not stop.unseen, f"“{stop.words}” on {self.page.url} has the focus, but {stop.unseen}"
            if right(stop):
                return stop
            passed.append(stop.words)
        raise AssertionError(f"“{words}” cannot be reached by Tab on {self.page.url}; passed {passed}")

    # --- what hands do -----------------------------------------------------------------------------------------------
    def write(self, label: str, text: str) -> Keyboard:
        kind = self.reach(label).kind
        if kind == "date":
            return self._write_day(text)
        self.key("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)
        return self

    def _write_day(self, text: str) -> Keyboard:
        """Into the parts of a date, in the order of Chromium's own language: month, day, year."""
        year, month, day = text.split("-")
        self.page.keyboard.type(month + day + year)
        written = self.page.evaluate("document.activeElement.value")
        assert written == text, f"wrote {text}, the field took {written}"
        return self

    def tick(self, label: str) -> Keyboard:
        self.reach(label, "checkbox")
        self.key("Space")
        return self

    def choose(self, of: str, option: str) -> Keyboard:
        """Tab leads into a group once; the arrows lead from one to the next, and round."""
        stop: Stop | None = self._reach(of, lambda one: one.kind == "radio" and one.group.startswith(of))
        for _ in range(MAX_OPTIONS):
            assert stop and not stop.unseen, f"in “{of}” on {self.page.url} the focus is lost: {stop}"
            if stop.words.startswith(option):
                if stop.value != "true":
                    self.key("Space")
                return self
            self.key("ArrowDown")
            stop = self.here()
        raise AssertionError(f"no “{option}” among “{of}” on {self.page.url}")

    def pick(self, label: str, option: str) -> Keyboard:
        stop: Stop | None = self.reach(label, "select")
        self.key("Home")
        for _ in range(MAX_OPTIONS):
            stop = self.here()
            if stop and stop.value == option:
                return self
            self.key("ArrowDown")
        raise AssertionError(f"no “{option}” in “{label}” on {self.page.url}: {stop}")

    def attach(self, label: str, file: Path, of: str = "") -> Keyboard:
        self.reach(label, "file", of=of)
        with self.page.expect_file_chooser() as chooser:
            self.key("Space")
        chooser.value.set_files(file)
        return self

    def enter(self) -> Keyboard:
        """Press Enter where the focus is, and wait for the page it leads to."""
        with self._next_page():
            self.key("Enter")
        return self

    def click(self, link: str) -> Keyboard:
        self.reach(link, "a")
        return self.enter()

    def press(self, button: str) -> Keyboard:
        self.reach(button, "button")
        with self._next_page():
            self.key("Space")
        return self

    def unfold(self, words: str) -> Keyboard:
        self.reach(words, "summary")
        self.key("Space")
        return self

    def download(self, link: str) -> bytes:
        self.reach(link, "a")
        with self.page.expect_download() as arrival:
            self.key("Enter")
        return Path(arrival.value.path()).read_bytes()
