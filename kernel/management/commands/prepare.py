"""Bring an installation to the state its code expects: migrations, translations, data files. Safe to run again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    help = "Migrate if needed, compile the translations, load the data files"

    def handle(self, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("migrating…")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("messages", compile=True)
        for command in settings.PREPARE_COMMANDS:
            call_command(command)
