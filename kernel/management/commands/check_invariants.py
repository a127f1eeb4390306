"""Check everything that must always be true; exit 1 and say what is not."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.registries import invariants


class Command(BaseCommand):
    help = "Check the invariants of every app"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("names", nargs="*", help="only these (default: all)")

    def handle(self, *, names: list[str], **options: Any) -> None:
        found = 0
        for name, check in sorted(invariants.items()):
            if names and name not in names:
                continue
            begun, sentences = time.monotonic(), list(check())
            self.stdout.write(f"{'FAIL' if sentences else 'ok':4} {name} ({time.monotonic() - begun:.2f} s)")
            for sentence in sentences[:20]:
                self.stdout.write(f"     {sentence}")
            found += len(sentences)
        if found:
            raise CommandError(f"{found} violations")
        self.stdout.write("all invariants hold")
