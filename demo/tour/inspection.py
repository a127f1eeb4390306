"""The walk that looks for faults instead of taking pictures: every stop, in every guise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from demo.tour import axe, crew
from demo.tour.browser import Window
from demo.tour.guises import Guise, loads
from demo.tour.inline import inline
from demo.tour.usage import Meter, Usage
from demo.tour.visits import Visit

PASSES = (
    Guise("light", "zh", 1280),
    Guise("dark", "zh", 1280),
    Guise("print", "zh", 673),
    Guise("light", "zh", 390),
    Guise("dark", "zh", 390),
    Guise("narrow", "zh", 320),
    Guise("elder", "zh", 1280),
    Guise("elder", "zh", 390),
    Guise("light", "en", 1280),
    Guise("print", "en", 673),
    Guise("light", "en", 390),
    Guise("dark", "en", 390),
    Guise("narrow", "en", 320),
    Guise("elder", "en", 390),
)
AXE = (PASSES[0], PASSES[1], PASSES[3], PASSES[7], PASSES[8])
"""Where axe looks: light, dark, phone, elder on a phone, English. Contrast takes most of its time, so that the rules of
colour alone would not make the dark pass shorter."""
ALL_AXE = tuple(guise for guise in PASSES if guise.mode in ("light", "dark", "elder"))
NOT_OURS = {"back-office": "Wagtail's own pages"}
SHOWS_ALL = "styleguide"
"""Uses every component because it is there to show them: its use of a rule is no use of the product's, nor its weight."""


@dataclass(frozen=True)
class Finding:
    """``check``: page, axe, inline. ``key`` is what the same fault on two pages has in common."""

    check: str
    stop: str
    guise: str
    key: str
    words: str


@dataclass(frozen=True)
class Weight:
    """Bytes on the line for one page with an empty cache, heads included."""

    stop: str
    whole: int
    script: int


@dataclass
class Report:
    findings: list[Finding] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    pages: int = 0

    def add(self, other: Report) -> None:
        self.findings += other.findings
        self.weights += other.weights
        self.usage.add(other.usage)
        self.pages += other.pages


def inspect(
    visits: Sequence[Visit], base: str, seen: Callable[[Visit, list[Finding]], None], with_axe: Sequence[Guise] = AXE
) -> Report:
    """Walk through the visits at ``base``; ``seen`` hears what was found at each."""

    def look(browser: Any, visit: Visit) -> Report:
        report = Report()
        if visit.stop.name not in NOT_OURS:
            with Window(browser, visit, base) as window:
                _visit(window, with_axe, report)
        seen(visit, report.findings)
        return report

    whole = Report()
    for part in crew.shared(visits, look):
        whole.add(part)
    return whole


def _visit(window: Window, with_axe: Sequence[Guise], report: Report) -> None:
    meter = Meter(window.page, Usage() if window.visit.stop.name == SHOWS_ALL else report.usage)
    answers: list[Any] = []
    window.page.on("requestfinished", lambda request: answers.append(request))
    note = _noter(report, window.visit.stop.name)
    for group in loads(PASSES):
        meter.snap()
        html = window.load(group[0])
        report.pages += 1
        first = group[0] is PASSES[0]
        if first and not window.visit.stop.role and window.visit.stop.name != SHOWS_ALL:
            report.weights.append(_weight(window.visit.stop.name, answers))
        note("inline", group[0], ((words.partition(": ")[2], words) for words in inline(html)))
        for guise in group:
            note("page", guise, ((_kind(fault), fault) for fault in window.dress(guise)))
            if guise in with_axe:
                note("axe", guise, _words(axe.violations(window.page)))
        if first:
            window.dress(group[0])
            meter.poke()
            note("axe", group[0], _words(axe.violations(window.page, sizes=False)))
    meter.snap()


def _words(found: Iterable[axe.Violation]) -> Iterator[tuple[str, str]]:
    return ((one.rule, f"{one} {one.html}") for one in found)


def _noter(report: Report, stop: str) -> Callable[[str, Guise, Iterable[tuple[str, str]]], None]:
    known: set[tuple[str, str]] = set()

    def note(check: str, guise: Guise, faults: Iterable[tuple[str, str]]) -> None:
        for key, words in faults:
            if (check, words) not in known:
                known.add((check, words))
                report.findings.append(Finding(check, stop, guise.label, key, words))

    return note


def _kind(fault: str) -> str:
    """ "1300 px wide in a window of 390 px" → "wider than its window"."""
    return "wider than its window" if " px wide in " in fault else fault


def _weight(stop: str, requests: Sequence[Any]) -> Weight:
    whole = script = 0
    for request in requests:
        sizes = request.sizes()
        size = sizes["responseBodySize"] + sizes["responseHeadersSize"]
        whole += size
        script += size if request.resource_type == "script" else 0
    return Weight(stop, whole, script)
