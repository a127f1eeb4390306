"""What an inspection found: one table a check to read, and ``check.json`` for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from demo.tour.inspection import Finding, Report

UNUSED_PERMILLE = 150
WHOLE_BYTES, SCRIPT_BYTES = 120 * 1024, 20 * 1024
"""The aims: unused style, and what a public page may cost with an empty cache."""
CHECKS = {"page": "Faults of pages", "axe": "Accessibility (axe)", "inline": "Style or code inside HTML"}
LONGEST = 15


def missed(report: Report) -> list[str]:
    """The aims that were not reached, one sentence each."""
    found = [
        f"{title}: {count}"
        for check, title in CHECKS.items()
        if (count := sum(one.check == check for one in report.findings))
    ]
    idle, whole, _names = report.usage.unused()
    if idle * 1000 > whole * UNUSED_PERMILLE:
        found.append(f"{_percent(idle, whole)} of the style sheet is not used (aim: {UNUSED_PERMILLE // 10} %)")
    heavy = [one.stop for one in report.weights if one.whole > WHOLE_BYTES or one.script > SCRIPT_BYTES]
    if heavy:
        found.append(
            f"{len(heavy)} public pages are heavier than {WHOLE_BYTES >> 10} KB or {SCRIPT_BYTES >> 10} KB of script"
        )
    return found


def text(report: Report) -> str:
    return "\n".join([*_findings(report), *_usage(report), *_weights(report)])


def _findings(report: Report) -> Iterator[str]:
    for check, title in CHECKS.items():
        keys: dict[str, list[Finding]] = {}
        for one in report.findings:
            if one.check == check:
                keys.setdefault(one.key, []).append(one)
        yield f"\n{title}: {sum(map(len, keys.values())) or 'none'}"
        for key, ones in sorted(keys.items(), key=lambda row: -len(row[1])):
            stops = list(dict.fromkeys(one.stop for one in ones))
            yield f"  {len(ones):4} × {key}: {', '.join(stops[:6])}{f' and {len(stops) - 6} more' if stops[6:] else ''}"
            yield f"         e.g. {ones[0].guise}: {ones[0].words[:300]}"


def _usage(report: Report) -> Iterator[str]:
    idle, whole, names = report.usage.unused()
    yield f"\nUnused style: {_percent(idle, whole)} ({idle} of {whole} characters in rules), {len(names)} rules; the longest:"
    for name, size in names[:LONGEST]:
        yield f"  {size:5} {name[:120]}"


def _weights(report: Report) -> Iterator[str]:
    yield "\nBytes on the line of public pages, empty cache:         whole KB  script KB"
    for one in sorted(report.weights, key=lambda one: -one.whole)[:LONGEST]:
        yield f"  {one.stop:52} {one.whole / 1024:9.1f} {one.script / 1024:10.1f}"


def write(report: Report, path: Path) -> None:
    idle, whole, names = report.usage.unused()
    path.write_text(
        json.dumps(
            {
                "pages": report.pages,
                "findings": [asdict(one) for one in report.findings],
                "style": {
                    "unused": idle,
                    "whole": whole,
                    "rules": [{"rule": name, "size": size} for name, size in names],
                },
                "weights": [asdict(one) for one in report.weights],
                "missed": missed(report),
            },
            ensure_ascii=False,
            indent=1,
        ),
        encoding="utf-8",
    )


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f} %" if whole else "0 %"
