"""A stored file that no attachment names goes after a day; every other one stays."""

import io
import os
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.models import Attachment
from kernel.registries import nightly
from kernel.services import stray_files
from kernel.services.attachments import attachment_path, attachment_store
from kernel.services.schedule import run_nightly
from tests.factories import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"


def store(*, hours_ago, rolled_back=False):
    """A paper taken in so long ago by the file system's time; where it lies."""
    with transaction.atomic():
        row = attachment_store(file=io.BytesIO(PDF), name="a.pdf", subject="thing:1", purpose="scan", actor=None)
        transaction.set_rollback(rolled_back)
    path = attachment_path(row)
    then = time.time() - hours_ago * 3600
    os.utime(path, (then, then))
    return path


def test_only_old_files_without_a_row_go():
    stray = store(hours_ago=25, rolled_back=True)
    named, young = store(hours_ago=25), store(hours_ago=23, rolled_back=True)
    assert stray.exists()
    assert stray_files.stray_files_sweep() == 1
    assert (stray.exists(), named.exists(), young.exists()) == (False, True, True)
    assert stray_files.stray_files_sweep() == 0


def test_the_night_runs_it():
    stray = store(hours_ago=25, rolled_back=True)
    assert "stray_files" in nightly
    assert "stray_files" in run_nightly()
    assert not stray.exists()


def test_without_it_the_file_stays():
    stray = store(hours_ago=25, rolled_back=True)
    run_nightly(skip=frozenset({"stray_files"}))
    assert stray.exists()


def test_many_files_are_looked_up_a_batch_at_a_time(monkeypatch):
    monkeypatch.setattr(stray_files, "BATCH", 4)
    kept = [store(hours_ago=30) for _n in range(5)]
    gone = [store(hours_ago=30, rolled_back=True) for _n in range(5)]
    with CaptureQueriesContext(connection) as captured:
        assert stray_files.stray_files_sweep() == 5
    assert len(captured) == 3
    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in gone)
    assert Attachment.objects.count() == 5


def test_nothing_stored_yet():
    assert stray_files.stray_files_sweep() == 0
