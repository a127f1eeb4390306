"""Write docs/processes.md from the transition tables, or check that it is what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from kernel.machine import MACHINES, Machine

TARGET = Path(settings.BASE_DIR) / "docs" / "processes.md"
HEAD = """# 流程 Processes

Drawn from the transition tables in each app's `machines.py` by `./run manage processes`; do not edit by hand.
Time limits are working days.
"""


class Command(BaseCommand):
    help = "Write docs/processes.md from the transition tables"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="exit 1 when the file is out of date")

    def handle(self, *, check: bool, **options: Any) -> None:
        with translation.override("zh-hans"):
            text = "\n".join([HEAD, *(line for name in sorted(MACHINES) for line in section(MACHINES[name]))])
        if not check:
            TARGET.write_text(text, encoding="utf-8")
        elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            raise CommandError("docs/processes.md is out of date: ./run manage processes")


def section(machine: Machine) -> Iterator[str]:
    """One machine as a heading, a diagram and a table."""
    yield f"## {machine.label} `{machine.name}`\n"
    yield "```mermaid\nstateDiagram-v2"
    yield f"    [*] --> {machine.initial}"
    for value, label in machine.states.choices:
        yield f"    {value}: {label}"
    for row in machine.transitions:
        for source in row.sources:
            yield f"    {source} --> {row.target}: {row.label}"
    for final in machine.finals:
        yield f"    {final} --> [*]"
    yield "```\n"
    yield "| 动作 | 代码 | 从 | 到 | 谁 | 到达后的期限 | 提醒 | 说明 |\n|---|---|---|---|---|---|---|---|"
    for row in machine.transitions:
        sources = "、".join(str(machine.states(value).label) for value in row.sources)
        limit = f"{row.limit_days} 日 `{row.deadline}`" if row.limit_days else ""
        reminders = "、".join(f"前 {days} 日" for days in row.reminders)
        target = machine.states(row.target).label
        yield f"| {row.label} | `{row.name}` | {sources} | {target} | {'、'.join(row.who)} | {limit} | {reminders} | {row.note} |"
    yield ""
