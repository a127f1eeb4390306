"""Keep the English catalogues: extract, check, compile."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.ui import catalogues


class Command(BaseCommand):
    help = (
        "Update the English catalogues from the sources; --check lists what is missing, --compile writes the .mo files"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("apps", nargs="*", help="only these apps (default: all)")
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 when an English text is faulty"
        )
        parser.add_argument("--compile", action="store_true", help="write .mo files that are missing or out of date")

    def handle(self, *labels: str, **options: Any) -> None:
        try:
            chosen = catalogues.rooms(options["apps"] or labels)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if options["check"]:
            self._check(chosen)
        elif options["compile"]:
            catalogues.compile_catalogues(chosen)
        else:
            self._update(chosen)

    def _update(self, chosen: list[catalogues.Room]) -> None:
        everybody = {room.name: catalogues.read(room) for room in catalogues.rooms()}
        for room in chosen:
            others = [catalog for name, catalog in everybody.items() if name != room.name]
            catalog, changed = catalogues.update(room, others)
            missing = sum(1 for fault in catalogues.check(room) if fault.reason == "no English")
            state = "updated" if changed else "unchanged"
            self.stdout.write(f"{room.name}: {len(catalog)} texts, {missing} without English, {state}")

    def _check(self, chosen: list[catalogues.Room]) -> None:
        faults = [fault for room in chosen for fault in catalogues.check(room)]
        for fault in faults:
            self.stdout.write(f"{fault.room}: {fault.text!r}: {fault.reason}")
        for conflict in catalogues.conflicts(chosen):
            self.stdout.write(f"note: {conflict.room}: {conflict.text!r}: {conflict.reason}")
        if faults:
            raise CommandError(f"{len(faults)} English texts need work", returncode=1)
        self.stdout.write("every text has its English")
