"""How much of the style sheets a walk used: the rules that matched something, united over all pages and guises.

Chromium counts a rule as used when its selector matched an element while the page was styled. A rule for a pointer or
a focus counts when it matches an element that is pointed at or focused: ``poke`` does that to one control of each look.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

CONTROLS = "a, button, input, select, textarea, summary, label, tr, li, [tabindex]"
STATES = ["hover", "focus", "focus-visible", "focus-within", "active", "target"]
OPEN = "() => { for (const part of document.querySelectorAll('details')) part.open = true; }"
LOOKS = """(controls) => {
  const seen = new Set(), chosen = [];
  document.querySelectorAll(controls).forEach((node, place) => {
    const look = node.tagName + "." + node.className + "<" + node.parentElement.className;
    if (!seen.has(look)) { seen.add(look); chosen.push(place); }
  });
  return chosen;
}"""
TOKEN = re.compile(r"/\*.*?\*/|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|[{};]", re.S)
HOLDS_RULES = ("@media", "@supports", "@layer", "@container", "@scope", "@starting-style")


@dataclass
class Usage:
    """``texts``: style sheets by address. ``used``: (start, end) of the rules that matched, by address."""

    texts: dict[str, str] = field(default_factory=dict)
    used: dict[str, set[tuple[int, int]]] = field(default_factory=dict)

    def add(self, other: Usage) -> None:
        self.texts |= other.texts
        for address, ranges in other.used.items():
            self.used.setdefault(address, set()).update(ranges)

    def rules(self) -> dict[str, bool]:
        """Was it used, by the text of every rule. The same rule in two sheets, one renewed during the walk, is one."""
        found: dict[str, bool] = {}
        for address, text in self.texts.items():
            ranges = self.used.get(address, set())
            for start, end in rules(text):
                used = any(begin < end and start < stop for begin, stop in ranges)
                found[text[start:end]] = found.get(text[start:end], False) or used
        return found

    def unused(self) -> tuple[int, int, list[tuple[str, int]]]:
        """Length of the rules never used, of all rules, and the unused ones, longest first."""
        every = self.rules()
        idle = [(" ".join(rule.partition("{")[0].split()), len(rule)) for rule, used in every.items() if not used]
        idle.sort(key=lambda row: -row[1])
        return sum(size for _name, size in idle), sum(map(len, every)), idle


def rules(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each style rule in a style sheet, those inside @media and its kin too; a rule with rules nested
    in it counts as one."""
    start, depth, inside = 0, 0, False
    for token in TOKEN.finditer(text):
        mark, end = token.group(), token.end()
        if mark[0] in "\"'/":
            continue
        if mark == "{":
            holds = text[start : token.start()].strip().startswith(HOLDS_RULES)
            if inside or not holds:
                depth, inside = depth + 1, True
            else:
                start = end
            continue
        if mark == "}" and inside:
            depth -= 1
            if depth == 0:
                inside = False
                begin = start + len(text[start:]) - len(text[start:].lstrip())
                if not text.startswith("@", begin):
                    yield begin, end
        if not inside:
            start = end


class Meter:
    """Counts in one window. ``snap`` before each new load and at the end."""

    def __init__(self, page: Any, usage: Usage) -> None:
        self.page, self.usage = page, usage
        self.sheets: dict[str, str] = {}
        self.line = page.context.new_cdp_session(page)
        self.line.on("CSS.styleSheetAdded", self._added)
        for command in ("DOM.enable", "CSS.enable", "CSS.startRuleUsageTracking"):
            self.line.send(command)

    def _added(self, event: dict[str, Any]) -> None:
        address = event["header"]["sourceURL"]
        if event["header"]["origin"] == "regular" and address:
            self.sheets[event["header"]["styleSheetId"]] = address

    def poke(self) -> None:
        """Open what can be opened; point at, focus and press one control of each look."""
        self.page.evaluate(OPEN)
        places = self.page.evaluate(LOOKS, CONTROLS)
        root = self.line.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        nodes = self.line.send("DOM.querySelectorAll", {"nodeId": root, "selector": CONTROLS})["nodeIds"]
        chosen = [nodes[place] for place in places if place < len(nodes)]
        for states in (STATES, []):
            for node in chosen:
                self.line.send("CSS.forcePseudoState", {"nodeId": node, "forcedPseudoClasses": states})
            self.page.evaluate("document.body.offsetHeight")

    def snap(self) -> None:
        """Take over what was used since the last call."""
        for row in self.line.send("CSS.takeCoverageDelta")["coverage"]:
            address = self.sheets.get(row["styleSheetId"])
            if address and row["used"]:
                self.usage.used.setdefault(address, set()).add((int(row["startOffset"]), int(row["endOffset"])))
        for sheet, address in self.sheets.items():
            if address not in self.usage.texts:
                with contextlib.suppress(Exception):  # a sheet of a page that is gone; the next page has it again
                    text = self.line.send("CSS.getStyleSheetText", {"styleSheetId": sheet})["text"]
                    self.usage.texts[address] = text
