"""Load the region tree; safe to run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from agencies.services.regions import read_regions, regions_load


class Command(BaseCommand):
    help = "Load provinces, cities and counties from agencies/data/regions.yaml (or a file of your own)"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="another regions.yaml")

    def handle(self, **options: Any) -> None:
        try:
            tree = read_regions(options["path"])
        except (OSError, yaml.YAMLError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{regions_load(tree=tree, actor=None)} new regions")
