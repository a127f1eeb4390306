"""The rulebook as a file: read, checked against its schema and lints, frozen as canonical bytes with their digest."""

from .files import CALIBRATION_DEFAULT, RULEBOOK_DEFAULT, RulebookError, calibration_load, presets, rulebook_load
from .lints import lint

__all__ = [
    "CALIBRATION_DEFAULT",
    "RULEBOOK_DEFAULT",
    "RulebookError",
    "calibration_load",
    "lint",
    "presets",
    "rulebook_load",
]
