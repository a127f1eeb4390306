"""One line of a table, as the file formats hand it over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# More than any roster needs; what lies further right is ignored.
MAX_COLUMNS = 64


@dataclass(frozen=True)
class Line:
    """``number`` as the spreadsheet program counts rows, ``cells`` as stored, ``damaged`` when bytes were lost."""

    number: int
    cells: tuple[Any, ...]
    damaged: bool = False

    @property
    def blank(self) -> bool:
        return not any(cell is not None and str(cell).strip() for cell in self.cells)
