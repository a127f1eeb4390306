"""Load the service catalogue; safe to run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agencies import catalogue
from agencies.services.catalogue import catalogue_load


class Command(BaseCommand):
    help = "Load categories, service items and certificate types from agencies/data (or your own files)"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--catalogue", type=Path, help="another catalogue.yaml")
        parser.add_argument("--types", type=Path, help="another certificate_types.yaml")
        parser.add_argument("--refresh", action="store_true", help="bring entries edited here back to the files")

    def handle(self, **options: Any) -> None:
        try:
            read = catalogue.read(options["catalogue"], options["types"])
        except catalogue.CatalogueError as error:
            raise CommandError("\n".join(error.sentences)) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        done = catalogue_load(catalogue=read, refresh=options["refresh"], actor=None)
        self.stdout.write(
            f"catalogue {read.version}: {len(done.created)} new, {len(done.updated)} brought up to date, {len(done.kept)} kept"
        )
