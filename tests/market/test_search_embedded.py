"""What is peculiar to the embedded engine: files, locks, several processes. Each guard is also tried switched off."""

import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from market.search import SearchQuery
from market.search.embedded import EmbeddedEngine
from tests.market.documents import TODAY, listing
from tests.market.engines import LEXICON, embedded


@pytest.fixture
def engine(tmp_path):
    return embedded(tmp_path / "search")


def _write_at_once(engine):
    """Four threads write at the same time; the errors they met."""
    errors = []
    gate = threading.Barrier(4)

    def write(number):
        gate.wait()
        try:
            for step in range(3):
                engine.apply([listing(number * 10 + step)])
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_writers_wait_for_each_other(engine):
    assert _write_at_once(engine) == []
    assert len(engine.listing_ids()) == 12


def test_without_the_lock_writers_fail(engine):
    @contextmanager
    def no_lock():
        yield

    engine.apply([listing(99)])
    engine._writing = no_lock
    assert _write_at_once(engine) or len(engine.listing_ids()) < 13


def _rebuild_with_a_write_in_the_middle(engine):
    def documents():
        yield listing(1)
        engine.apply([listing(2, version=5)])

    engine.rebuild(documents())
    return engine.listing_ids()


def test_the_journal_keeps_writes_during_a_rebuild(engine):
    assert _rebuild_with_a_write_in_the_middle(engine) == {1, 2}


def test_without_the_journal_they_are_lost(engine):
    engine._being_built = lambda: False
    assert _rebuild_with_a_write_in_the_middle(engine) == {1}


def test_another_process_sees_a_batch_and_a_switch(engine, tmp_path):
    reader = EmbeddedEngine(tmp_path / "search", lambda: LEXICON)
    engine.apply([listing(1)])
    assert reader.listing_ids() == {1}
    engine.apply([listing(2)])
    assert reader.listing_ids() == {1, 2}
    engine.rebuild([listing(3)])
    assert reader.listing_ids() == {3}


def test_a_killed_rebuild_leaves_the_index_in_use(engine, tmp_path):
    engine.apply([listing(1)])
    script = f"""
import os, signal
from pathlib import Path
from tests.market.documents import listing
from tests.market.engines import embedded

def documents():
    yield listing(7)
    os.kill(os.getpid(), signal.SIGKILL)

embedded(Path({str(tmp_path / "search")!r})).rebuild(documents())
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert ended.returncode == -9
    engine.apply([listing(2)])
    assert engine.listing_ids() == {1, 2}
    assert engine.rebuild([listing(3)]) == 1
    assert engine.listing_ids() == {3}
    assert len(list((tmp_path / "search").glob("index-*"))) == 2, "the one in use and the one just left"


def test_an_index_of_another_format_is_not_opened(engine, tmp_path):
    engine.apply([listing(1)])
    (tmp_path / "search" / "current").write_text("0 index-1")
    assert EmbeddedEngine(tmp_path / "search", lambda: LEXICON).search(SearchQuery(on=TODAY)).total == 0
