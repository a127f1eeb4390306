"""The control to the pinned digest: another seed tells another story, so the digest does see what happens."""

import json

import pytest

from tests.demo import story
from tests.demo.test_replay import DIGEST

pytestmark = pytest.mark.slow


def test_another_seed_gives_other_scores(django_db_setup, django_db_blocker, tmp_path):
    with django_db_blocker.unblock():
        told = story.tell(tmp_path, seed="another")
        story.forget()
    assert told.again == told.sha256 != DIGEST
    # Not only other names: numbers too.
    assert len({row["score_milli"] for row in json.loads(told.scores)}) > 3
