"""A listing comes, changes, expires and goes, and an index is built anew, whichever engine answers."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from market.search import Removal
from market.search.embedded import EmbeddedEngine
from tests.market.asking import SURVEY, ask, ids
from tests.market.documents import TODAY, listing

YESTERDAY = TODAY - timedelta(days=1)


def test_expired_is_hidden_on_the_next_day_without_any_write(engine):
    engine.apply([listing(1, valid_until=TODAY), listing(2, valid_until=YESTERDAY), listing(3)])
    assert sorted(ids(ask(engine))) == [1, 3]
    assert ids(ask(engine, on=TODAY + timedelta(days=1))) == [3]
    assert sorted(ids(ask(engine, "环评", on=YESTERDAY))) == [1, 2, 3]


def test_expired_is_not_counted_by_facets(engine):
    engine.apply([listing(1, valid_until=YESTERDAY), listing(2)])
    (value,) = ask(engine).facets["category"].values
    assert (value.code, value.count) == ("03", 1)


def test_an_older_version_is_ignored(engine):
    engine.apply([listing(1, version=5, title="新名称")])
    applied = engine.apply([listing(1, version=4, title="旧名称")])
    assert applied.stale == 1
    assert ids(ask(engine, "新名称")) == [1]
    assert not ask(engine, "旧名称").total or ask(engine, "旧名称").near


def test_a_newer_version_replaces(engine):
    engine.apply([listing(1, version=5, **SURVEY)])
    engine.apply([listing(1, version=6)])
    assert ask(engine).total == 1
    assert ask(engine, category="05").total == 0


def test_the_newest_of_one_batch_wins(engine):
    engine.apply([listing(1, version=7), listing(1, version=6, **SURVEY)])
    assert [value.code for value in ask(engine).facets["category"].values] == ["03"]


def test_removed_stays_removed_for_an_older_write(engine):
    engine.apply([listing(1, version=5), listing(2)])
    assert engine.apply([Removal(1, version=6)]).removed == 1
    assert engine.apply([listing(1, version=5)]).stale == 1
    assert ids(ask(engine)) == [2]
    assert engine.listing_ids() == {2}
    engine.apply([listing(1, version=7)])
    assert engine.listing_ids() == {1, 2}


def test_removing_what_was_never_there(engine):
    engine.apply([Removal(99, version=1)])
    assert ask(engine).total == 0


def test_the_same_batch_twice_changes_nothing(engine):
    batch = [listing(1), listing(2, **SURVEY), Removal(3, version=2)]
    engine.apply(batch)
    engine.apply(batch)
    assert engine.listing_ids() == {1, 2}
    assert ask(engine).total == 2


def test_an_empty_index_answers(engine):
    result = ask(engine, "环评", category="03")
    assert (result.total, result.hits, result.page, result.pages) == (0, (), 1, 1)
    assert result.facets["category"].values[0].count == 0


def test_rebuild_replaces_everything(engine):
    engine.apply([listing(1), listing(2)])
    assert engine.rebuild([listing(3), listing(4, **SURVEY)]) == 2
    assert engine.listing_ids() == {3, 4}
    assert ids(ask(engine, "测绘")) == [4]


def test_rebuild_keeps_what_is_written_meanwhile(engine):
    engine.apply([listing(1), listing(2), listing(3)])

    def slowly():
        yield listing(1)
        assert ask(engine).total == 3, "the old index answers until the switch"
        engine.apply([listing(2, version=9, **SURVEY), listing(5, version=9), Removal(3, version=9)])
        yield listing(2)
        yield listing(3)

    engine.rebuild(slowly())
    assert engine.listing_ids() == {1, 2, 5}
    assert ids(ask(engine, "测绘")) == [2]


def test_a_rebuild_that_fails_leaves_the_old_index(engine):
    engine.apply([listing(1)])

    def failing():
        yield listing(2)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.rebuild(failing())
    assert engine.listing_ids() == {1}
    engine.apply([listing(3)])
    assert engine.listing_ids() == {1, 3}
    assert engine.rebuild([listing(4)]) == 1
    assert engine.listing_ids() == {4}


def test_readers_and_writers_at_the_same_time(engine):
    failures = []

    def write(start):
        try:
            for number in range(start, start + 5):
                engine.apply([listing(number)])
        except Exception as error:
            failures.append(error)

    def read():
        try:
            for _ in range(30):
                result = ask(engine, "环评")
                assert len(result.hits) == min(result.total, 20)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in (100, 200)]
    threads += [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(engine.listing_ids()) == 10


def test_there_is_one_engine_a_folder(settings, tmp_path):
    from market.selectors.engine import search_engine

    settings.SEARCH_INDEX_DIR = tmp_path
    assert isinstance(search_engine(), EmbeddedEngine)
    assert search_engine() is search_engine()


def test_a_copy_of_a_document_is_the_document():
    assert replace(listing(1), title="x") != listing(1)
