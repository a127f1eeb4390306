"""Several browsers at once: what a walk waits for is the browser, and one browser lays out one page at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar

from demo.tour.browser import chromium

Thing, Result = TypeVar("Thing"), TypeVar("Result")
MOST = 4


def browsers() -> int:
    return min(os.cpu_count() or 1, MOST)


def shared(things: Sequence[Thing], work: Callable[[Any, Thing], Result]) -> list[Result]:
    """``work(browser, thing)`` for all of them, in the order of ``things``. The first error ends the walk."""
    waiting = iter(range(len(things)))  # each walker takes the next; a step of such an iterator is not divided
    done: dict[int, Result] = {}
    torn = Event()

    def walk() -> None:
        with chromium() as browser:
            for place in waiting:
                if torn.is_set():
                    return
                try:
                    done[place] = work(browser, things[place])
                except BaseException:
                    torn.set()
                    raise

    with ThreadPoolExecutor(browsers()) as pool:
        for walker in [pool.submit(walk) for _ in range(min(browsers(), len(things)))]:
            walker.result()
    return [done[place] for place in range(len(things))]
