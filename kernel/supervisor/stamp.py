"""Has anything changed that `manage.py prepare` looks at? A later start should not load Django just to find out."""

import contextlib
import hashlib
import sqlite3

from kernel.supervisor.surroundings import ROOT, VAR, chosen, sqlite_path, uses_sqlite

STAMP = VAR / "prepared"


def is_current() -> bool:
    """Only an embedded database is trusted to be as it was left; others are asked every time."""
    return uses_sqlite() and STAMP.exists() and STAMP.read_text() == state()


def forget() -> None:
    STAMP.unlink(missing_ok=True)


def renew() -> None:
    STAMP.write_text(state())


def state() -> str:
    """Digest of the files that preparation reads and of the migrations that the database says it has."""
    digest = hashlib.sha256()
    for path in sorted(files()):
        facts = path.stat()
        digest.update(f"{path.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    digest.update(repr(applied_migrations()).encode() + chosen("DATABASE_URL").encode() + chosen("DEMO").encode())
    return digest.hexdigest()


def files():
    yield ROOT / "requirements.lock"
    for app in ROOT.iterdir():
        if (app / "__init__.py").exists() and app.name != "tests":
            for pattern in (
                "migrations/*.py",
                "data/**/*",
                "locale/*/LC_MESSAGES/*.po",
                "management/commands/*.py",
                "*.py",
                "models/*.py",
                "search/*.py",
            ):
                yield from (path for path in app.glob(pattern) if path.is_file())


def applied_migrations() -> list:
    path = sqlite_path()
    if not path.exists():
        return []
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            return database.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
        except sqlite3.DatabaseError:
            return []
