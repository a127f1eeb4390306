"""XLSX, streamed by openpyxl in read-only mode after a look at what the archive would unpack to."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import openpyxl
from openpyxl.cell.read_only import EmptyCell
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from agencies.roster.cells import Formula
from agencies.roster.faults import FileRefused, fault
from agencies.roster.lines import MAX_COLUMNS, Line

# 200 MiB of zeros zip to 204 kB, so the archive's own figures are read before anything is unpacked; zipfile stops at the
# size a member declares, so the figures cannot lie upwards.
MAX_MEMBERS = 500
MAX_UNPACKED_MB = 120
MAX_STRINGS_MB = 30
MAX_SHEET_ROWS = 200_000
_MAX_MERGES = 50_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


@dataclass(frozen=True)
class Table:
    """One sheet."""

    lines: Iterator[Line]
    epoch_1904: bool


def tables(file: IO[bytes]) -> Iterator[Table]:
    """The sheets in order. FileRefused when the file is no workbook, too large, or damaged."""
    check_archive(file)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception:  # a foreign parser on a foreign file: whatever it trips over, the file is damaged
        raise FileRefused(fault("file.damaged")) from None
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield Table(_lines(file, sheet), book.epoch == CALENDAR_MAC_1904)
    finally:
        book.close()


def check_archive(file: IO[bytes]) -> None:
    """Refuse a zip bomb, a damaged archive, and an archive that is no workbook."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise FileRefused(fault("file.damaged")) from None
    strings = sum(m.file_size for m in members if m.filename.lower().endswith("sharedstrings.xml"))
    unpacked = sum(m.file_size for m in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED_MB << 20 or strings > MAX_STRINGS_MB << 20:
        raise FileRefused(fault("file.too_big", limit=MAX_UNPACKED_MB))
    if not any(m.filename == "xl/workbook.xml" for m in members):
        raise FileRefused(fault("file.kind"))
    file.seek(0)


def _lines(file: IO[bytes], sheet: Any) -> Iterator[Line]:
    merges = _vertical_merges(file, sheet)
    held: dict[int, tuple[int, Any]] = {}
    rows = sheet.iter_rows(min_row=1, max_row=MAX_SHEET_ROWS, max_col=MAX_COLUMNS)
    number = width = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception:
            raise FileRefused(fault("file.damaged", number + 1)) from None
        number += 1
        cells = [_value(cell) for cell in row]
        while cells and cells[-1] is None and len(cells) > width:
            cells.pop()
        width = max(width, len(cells))
        _fill_down(cells, number, merges, held)
        yield Line(number, tuple(cells))


def _value(cell: Any) -> Any:
    if isinstance(cell, EmptyCell) or cell.value is None:
        return None
    return Formula(cell.value) if cell.data_type == "f" else cell.value


def _fill_down(
    cells: list[Any], number: int, merges: dict[tuple[int, int], int], held: dict[int, tuple[int, Any]]
) -> None:
    """A cell merged over several rows counts in each of them (an agency with three certificates)."""
    for column, (last, value) in list(held.items()):
        if number > last:
            del held[column]
        elif column < len(cells) and cells[column] is None:
            cells[column] = value
    for column, value in enumerate(cells):
        last = merges.get((number, column))
        if last and value is not None:
            held[column] = (last, value)


def _vertical_merges(file: IO[bytes], sheet: Any) -> dict[tuple[int, int], int]:
    """(row, column index) of each cell merged downwards → its last row. Read-only mode leaves merges out, and they
    stand after the rows, so the sheet's XML is run through once for them."""
    path = getattr(sheet, "_worksheet_path", "").lstrip("/")
    found: dict[tuple[int, int], int] = {}
    if not path:
        return found
    try:
        with zipfile.ZipFile(file) as archive, archive.open(path) as xml:
            rest = b""
            while chunk := xml.read(256 * 1024):
                text = rest + chunk
                for match in _MERGE.finditer(text):
                    left, top, _right, bottom = range_boundaries(match[1].decode())
                    if bottom > top and len(found) < _MAX_MERGES:
                        found[(top, left - 1)] = bottom
                rest = text[-80:]
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, EOFError):
        raise FileRefused(fault("file.damaged")) from None
    return found
