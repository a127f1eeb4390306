"""Every trigger that keeps a table append-only exists after all migrations, on both engines."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

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
    return {name for table in tables for name in append_only.trigger_names(table, connection.vendor)} - triggers()


def test_all_are_there():
    assert append_only.REGISTRY
    assert not missing()


def test_a_lost_one_is_noticed():
    append_only.remove()
    assert missing()
    append_only.install()
    assert not missing()


@pytest.mark.needs("postgresql")
@pytest.mark.parametrize("label", sorted(append_only.REGISTRY))
def test_a_table_cannot_be_emptied_at_once(label):
    """TRUNCATE passes row triggers by; so does emptying another table with CASCADE."""
    table = apps.get_model(label)._meta.db_table
    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'TRUNCATE "{table}" CASCADE')


@pytest.mark.needs("postgresql")
def test_only_the_guard_stood_in_the_way():
    append_only.remove()
    with connection.cursor() as cursor:
        for label in append_only.REGISTRY:
            cursor.execute(f'TRUNCATE "{apps.get_model(label)._meta.db_table}" CASCADE')
    append_only.install()


@pytest.mark.needs("postgresql")
def test_cascading_from_another_table_is_stopped_too():
    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE kernel_user CASCADE")
