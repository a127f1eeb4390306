"""axe-core in the page: what its rules object to. It is handed to the page by the browser's own door, past the content
security policy, once a load."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

# What sticks to an edge of the window covers others only until the person scrolls: it is laid down while axe measures.
RUN = """async (sizes) => {
  const sticking = [...document.querySelectorAll("body *")].filter((one) => getComputedStyle(one).position === "sticky");
  for (const one of sticking) one.style.position = "static";
  const found = await axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: sizes } } });
  for (const one of sticking) one.style.position = "";
  return found.violations.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.target.join(" "), node.failureSummary, node.html]));
}"""


@dataclass(frozen=True)
class Violation:
    rule: str
    target: str
    words: str
    html: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.target}: {self.words}"


@cache
def _script() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page: Any, *, sizes: bool = True) -> list[Violation]:
    """What the rules that are on by default, and that of WCAG 2.2 for the size of targets, object to in the page as it
    stands. Without ``sizes`` where menus are open that cover what lies below them."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_script())
    found = page.evaluate(RUN, sizes)
    return [Violation(rule, target, " ".join(words.split()), html) for rule, target, words, html in found]
