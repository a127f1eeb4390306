"""./run manage load_synonyms: the groups of synonyms that ship with the product."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from market.services.synonyms import synonyms_load


class Command(BaseCommand):
    help = "Add the synonyms that ship with the product; running it again adds nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{synonyms_load(actor=None)} groups added")
