"""Rows that are written once: guarded by triggers in both databases, not by good intentions.

``REGISTRY`` maps a table to the columns that may still change (empty: none). The triggers are installed after every
migrate, because an SQLite table remake drops them without a word.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections

REGISTRY: dict[str, tuple[str, ...]] = {}


def append_only(*mutable: str) -> Any:
    """Class decorator for models: refuse DELETE, TRUNCATE and every UPDATE that touches a column not named in
    ``mutable``."""

    def keep(model: Any) -> Any:
        REGISTRY[model._meta.label] = mutable
        return model

    return keep


def trigger_names(table: str, vendor: str) -> list[str]:
    """What guards a table: each row, and on PostgreSQL, where TRUNCATE passes the row triggers by, the whole."""
    acts = ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")
    return [f"append_only_{table}_{act}" for act in acts]


def install(using: str = "default") -> None:
    """Create all triggers anew; skips tables that are not there yet."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for label, mutable in REGISTRY.items():
            meta = apps.get_model(label)._meta
            if meta.db_table in tables:
                columns = [f.column for f in meta.concrete_fields if f.name not in mutable]
                for statement in _statements(connection.vendor, meta.db_table, columns, bool(mutable)):
                    cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take all triggers away (emptying a demo needs that)."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for label in REGISTRY:
            table = apps.get_model(label)._meta.db_table
            if table in tables:
                for name in trigger_names(table, connection.vendor):
                    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                    cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _statements(vendor: str, table: str, columns: list[str], some_mutable: bool) -> list[str]:
    names = trigger_names(table, vendor)
    update, delete = names[:2]
    message = f"{table} is append-only"
    if vendor == "postgresql":
        changed = " OR ".join(f'OLD."{c}" IS DISTINCT FROM NEW."{c}"' for c in columns)
        when = f"WHEN ({changed}) " if some_mutable else ""
        return [
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514'; END $$",
            *(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"' for name in names),
            f'CREATE TRIGGER "{update}" BEFORE UPDATE ON "{table}" FOR EACH ROW {when}EXECUTE FUNCTION refuse_change()',
            f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION refuse_change()',
            f'CREATE TRIGGER "{names[2]}" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT '
            "EXECUTE FUNCTION refuse_change()",
        ]
    changed = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in columns)
    when = f"WHEN {changed} " if some_mutable else ""
    return [
        f'DROP TRIGGER IF EXISTS "{update}"',
        f'DROP TRIGGER IF EXISTS "{delete}"',
        f'CREATE TRIGGER "{update}" BEFORE UPDATE ON "{table}" FOR EACH ROW {when}'
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        f'CREATE TRIGGER "{delete}" BEFORE DELETE ON "{table}" FOR EACH ROW '
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
    ]
