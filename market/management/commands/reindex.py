"""./run manage reindex: build the search index anew."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand

from market.services.index import index_rebuild

EVERY = 500


class Command(BaseCommand):
    help = "Build the search index anew from the public listings and switch to it; the site stays usable meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()

        def progress(done: int, total: int) -> None:
            if done % EVERY == 0 or done == total:
                self.stdout.write(f"{done}/{total}")

        count = index_rebuild(progress)
        self.stdout.write(self.style.SUCCESS(f"{count} listings in {time.perf_counter() - started:.1f} s"))
