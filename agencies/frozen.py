"""The words and prices of a listing version do not change once it is before the desk, and nothing of it once published:
the order that was placed on it must stay readable as it was.

Kept by triggers on both engines, installed after every migrate (post_migrate), because SQLite drops triggers without a
word when it remakes a table. A draft stays writable, so append-only (kernel) would be too strict.
"""

from __future__ import annotations

from django.db import connections

from agencies.models import ListingVersion

# What may still change while a version is in review: the desk's verdict.
VERDICT = ("status", "published_at")
TRIGGERS = ("frozen_version_terms", "frozen_version_update", "frozen_version_delete")


def install(using: str = "default") -> None:
    """Create the triggers anew; nothing to do while the table is not there yet."""
    connection = connections[using]
    table = ListingVersion._meta.db_table
    if table not in connection.introspection.table_names():
        return
    terms = [f.column for f in ListingVersion._meta.concrete_fields if f.name not in VERDICT]
    statements = _postgresql(table, terms) if connection.vendor == "postgresql" else _sqlite(table, terms)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(using: str = "default") -> None:
    connection = connections[using]
    on = f' ON "{ListingVersion._meta.db_table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in TRIGGERS:
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _sqlite(table: str, terms: list[str]) -> list[str]:
    changed = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in terms)
    refuse = "BEGIN SELECT RAISE(ABORT, 'a listing version before the desk or published is frozen'); END"
    made = [
        f'CREATE TRIGGER "{TRIGGERS[0]}" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN OLD.status = \'in_review\' AND ({changed}) {refuse}',
        f'CREATE TRIGGER "{TRIGGERS[1]}" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN OLD.status = \'published\' {refuse}',
        f'CREATE TRIGGER "{TRIGGERS[2]}" BEFORE DELETE ON "{table}" FOR EACH ROW WHEN OLD.status = \'published\' {refuse}',
    ]
    return [f'DROP TRIGGER IF EXISTS "{name}"' for name in TRIGGERS] + made


def _postgresql(table: str, terms: list[str]) -> list[str]:
    changed = " OR ".join(f'OLD."{c}" IS DISTINCT FROM NEW."{c}"' for c in terms)
    refuse = "EXECUTE FUNCTION refuse_frozen_version()"
    return [
        "CREATE OR REPLACE FUNCTION refuse_frozen_version() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a listing version before the desk or published is frozen' "
        "USING ERRCODE = '23514'; END $$",
        *(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"' for name in TRIGGERS),
        f'CREATE TRIGGER "{TRIGGERS[0]}" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN (OLD.status = \'in_review\' AND ({changed})) {refuse}',
        f'CREATE TRIGGER "{TRIGGERS[1]}" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN (OLD.status = \'published\') {refuse}',
        f'CREATE TRIGGER "{TRIGGERS[2]}" BEFORE DELETE ON "{table}" FOR EACH ROW WHEN (OLD.status = \'published\') {refuse}',
    ]
