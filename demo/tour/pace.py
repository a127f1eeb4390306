"""How far a walk is, and how long it still takes: a bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextlib.contextmanager
def shown(total: int) -> Iterator[tuple[Callable[[str], None], Callable[[str], None]]]:
    """``step(name)`` after each of ``total``; ``say(line)`` prints above the bar."""
    console = Console(file=sys.stderr)
    columns = TextColumn("{task.description:32.32}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)

        def step(name: str) -> None:
            bar.update(task, advance=1, description=name)

        def say(line: str) -> None:
            (bar.console.out if console.is_terminal else lambda text: print(text, flush=True))(line)  # noqa: T201

        yield step, say
