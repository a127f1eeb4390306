"""Several browsers share a walk: everything once, in order; an error ends it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from threading import Barrier, Event
from typing import Any

import pytest

from demo.tour import crew


@pytest.fixture(autouse=True)
def two_browsers(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    opened: list[object] = []

    @contextlib.contextmanager
    def chromium() -> Iterator[object]:
        opened.append(object())
        yield opened[-1]

    monkeypatch.setattr(crew, "chromium", chromium)
    monkeypatch.setattr(crew, "browsers", lambda: 2)
    return opened


def test_results_stand_in_order_and_both_browsers_work(two_browsers: list[object]) -> None:
    together = Barrier(2, timeout=10)

    def work(browser: Any, thing: int) -> tuple[int, Any]:
        if thing < 2:
            together.wait()  # passes only when two are at work at once
        return thing * 10, browser

    found = crew.shared(range(7), work)
    assert [value for value, _browser in found] == [0, 10, 20, 30, 40, 50, 60]
    assert {browser for _value, browser in found} == set(two_browsers)
    assert len(two_browsers) == 2


def test_an_error_ends_the_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[int] = []
    torn = Event()
    monkeypatch.setattr(crew, "Event", lambda: torn)

    def work(_browser: Any, thing: int) -> None:
        walked.append(thing)
        if thing == 3:
            raise ValueError("torn")
        if thing > 3:
            assert torn.wait(timeout=10)

    with pytest.raises(ValueError, match="torn"):
        crew.shared(range(1000), work)
    assert len(walked) <= 5


def test_nothing_to_walk_to_opens_no_browser(two_browsers: list[object]) -> None:
    assert crew.shared([], lambda _browser, thing: thing) == []
    assert two_browsers == []
