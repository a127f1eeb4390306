"""Adopt the shipped rulebook and calibration (or given files). Safe to run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from credit.models import Calibration, Rulebook
from credit.rulebook import CALIBRATION_DEFAULT, RULEBOOK_DEFAULT, RulebookError
from credit.services.rules import calibration_adopt, rulebook_adopt
from kernel.errors import DomainError


class Command(BaseCommand):
    help = "Adopt a rulebook (YAML) and a calibration (JSON); without options the shipped ones, if there is none yet"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--rulebook", type=Path)
        parser.add_argument("--calibration", type=Path)

    def handle(self, *, rulebook: Path | None, calibration: Path | None, **options: Any) -> None:
        # An installation that has adopted its own rules does not get the shipped ones back on every start.
        if rulebook is None and not Rulebook.objects.exists():
            rulebook = RULEBOOK_DEFAULT
        if calibration is None and not Calibration.objects.exists():
            calibration = CALIBRATION_DEFAULT
        try:
            if rulebook is not None:
                row = rulebook_adopt(source=rulebook, actor=None)
                self.stdout.write(f"rulebook {row.version} {row.sha256} from {row.effective_from}")
            if calibration is not None:
                made = calibration_adopt(source=calibration, actor=None)
                self.stdout.write(f"calibration {made.sha256} from {made.effective_from}")
        except RulebookError as error:
            raise CommandError("\n".join(error.problems)) from error
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
