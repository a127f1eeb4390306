"""Test databases are copies of a template that was migrated once per schema.

A first migrate costs ten seconds and more; a copy costs milliseconds. So every worker starts from a copy, and a test with
real transactions gives its database back by copying again: what migrations and triggers put there is there once more, and
nothing has to be deleted from tables that refuse deletion.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connections
from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
APPS = ("kernel", "agencies", "credit", "orders", "market", "cms", "demo")
KEPT = ROOT / ".pytest_cache" / "schema"
TEMPLATE = "chengxuan_template"


def schema_digest() -> str:
    """Changes when anything changes that a migrated database could depend on."""
    digest = hashlib.sha256()
    for path in sorted([*_schema_files(), ROOT / "requirements.lock", Path(__file__)]):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _schema_files():
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            parts = path.relative_to(ROOT).parts
            if (
                "migrations" in parts
                or "models" in parts
                or path.name in ("models.py", "apps.py")
                or any(word in path.read_bytes() for word in (b"post_migrate", b"append_only"))
            ):
                yield path


def prepare(worker: str) -> None:
    """Point the default connection at this worker's own copy."""
    connection = connections["default"]
    connection.close()
    if connection.vendor == "sqlite":
        name = str(Path(settings.VAR_DIR) / f"test-{worker}.sqlite3")
    else:
        name = f"test_{worker}"
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    restore()


def restore() -> None:
    """Throw the worker's database away and copy the template again."""
    connections.close_all()
    (_restore_sqlite if connections["default"].vendor == "sqlite" else _restore_postgresql)()


def remove() -> None:
    connections.close_all()
    connection = connections["default"]
    if connection.vendor == "sqlite":
        _remove_sqlite(Path(connection.settings_dict["NAME"]))
    else:
        _on_server(f'DROP DATABASE IF EXISTS "{connection.settings_dict["NAME"]}" WITH (FORCE)')


# --- SQLite ----------------------------------------------------------------------------------------------------------
def _restore_sqlite() -> None:
    target = Path(connections["default"].settings_dict["NAME"])
    template = sqlite_template()
    _remove_sqlite(target)
    shutil.copyfile(template, target)


def _remove_sqlite(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def sqlite_template() -> Path:
    template = KEPT / f"{_digest()}.sqlite3"
    if template.exists():
        return template
    KEPT.mkdir(parents=True, exist_ok=True)
    with FileLock(KEPT / "lock"):
        if not template.exists():
            building = template.with_suffix(".building")
            _remove_sqlite(building)
            _migrate(f"sqlite:///{building}")
            building.rename(template)
            for other in KEPT.glob("*.sqlite3"):
                if other != template:
                    _remove_sqlite(other)
    return template


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
def _restore_postgresql() -> None:
    name = connections["default"].settings_dict["NAME"]
    _postgresql_template()
    _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')


_template_ready = False


def _postgresql_template() -> None:
    global _template_ready
    if _template_ready:
        return
    port = connections["default"].settings_dict["PORT"]
    KEPT.mkdir(parents=True, exist_ok=True)
    with FileLock(KEPT / f"postgresql-{port}.lock"):
        if not _on_server(f"SELECT 1 FROM pg_database WHERE datname = '{TEMPLATE}'"):
            _on_server(f"DROP DATABASE IF EXISTS {TEMPLATE}_building", f"CREATE DATABASE {TEMPLATE}_building")
            _migrate(_url_of(f"{TEMPLATE}_building"))
            _on_server(f"ALTER DATABASE {TEMPLATE}_building RENAME TO {TEMPLATE}")
    _template_ready = True


def _url_of(database: str) -> str:
    of = connections["default"].settings_dict
    return f"postgres://{of['USER']}@{of['HOST']}:{of['PORT']}/{database}"


def _on_server(*statements: str):
    """Run on the maintenance database; the first row of the last statement, or None."""
    import psycopg

    with psycopg.connect(_url_of("postgres"), autocommit=True) as line:
        cursor = None
        for statement in statements:
            cursor = line.execute(statement)
        return cursor.fetchone() if cursor and cursor.description else None


# --- both ------------------------------------------------------------------------------------------------------------
_known_digest = ""


def _digest() -> str:
    global _known_digest
    _known_digest = _known_digest or schema_digest()
    return _known_digest


def _migrate(url: str) -> None:
    """In a process of its own: this one may already have started tests' threads and patches."""
    answer = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise RuntimeError(f"migrate failed on {url}:\n{answer.stdout}{answer.stderr}")
