"""Every trigger that keeps a table append-only exists after all migrations, on both engines."""

import pytest
from django.apps import apps
from django.db import connection

from kernel import append_only

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def triggers() -> set[str]:
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(question[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def missing() -> set[str]:
    tables = [apps.get_model(label)._meta.db_table for label in append_only.REGISTRY]
    return {name for table in tables for name in append_only.trigger_names(table)} - triggers()


def test_all_are_there():
    assert append_only.REGISTRY
    assert not missing()


def test_a_lost_one_is_noticed():
    append_only.remove()
    assert missing()
    append_only.install()
    assert not missing()
