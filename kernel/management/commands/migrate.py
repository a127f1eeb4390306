"""Django's migrate, except that an empty database gets the libraries' tables before ours.

Every migration of Wagtail redraws all models related to the user; with our models already there that was most of a first
start (29 s of CPU; libraries first 19 s, measured on a busy machine). Drawing models leaves cycles by the hundred
thousand, so the garbage collector rests meanwhile. The result is the same.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        special = ("app_label", "fake", "fake_initial", "plan", "check_unapplied", "prune")
        if not any(options.get(name) for name in special):
            with lazy_garbage_collector():
                migrate_libraries_first(options["database"])
                super().handle(*args, **options)
        else:
            super().handle(*args, **options)


@contextlib.contextmanager
def lazy_garbage_collector() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def migrate_libraries_first(using: str) -> None:
    """On an empty database, apply what the libraries bring (and what they need of ours: the user)."""
    connection = connections[using]
    if MigrationRecorder(connection).applied_migrations():
        return
    executor = MigrationExecutor(connection)
    executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if not _is_ours(leaf[0])])


def _is_ours(label: str) -> bool:
    return Path(apps.get_app_config(label).path).parent == settings.BASE_DIR
