"""./run manage ensure_index: a search index that this version can read."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from market.services.index import index_ensure


class Command(BaseCommand):
    help = "Build the search index where there is none, or one of another version; else nothing is done."

    def handle(self, *args: Any, **options: Any) -> None:
        if count := index_ensure():
            self.stdout.write(f"{count} listings in search")
