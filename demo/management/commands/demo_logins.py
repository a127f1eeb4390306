"""Print one login for each role of the demo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from demo.logins import logins
from demo.world import PASSWORD


class Command(BaseCommand):
    help = "Print one login for each role of the demo"

    def handle(self, **options: Any) -> None:
        for row in logins():
            self.stdout.write(f"  {row.mobile}  {PASSWORD}  {row.label}（{row.user.name}）")
