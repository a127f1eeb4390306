"""Lists as files: CSV that Excel opens rightly, and XLSX. Rows are written as they come, so a long list needs no memory.

A cell that a spreadsheet would take for a formula is written as text (a quote mark in front): what strangers typed must
not compute on somebody's desk.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from kernel.clock import CHINA

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Full-width forms too: some spreadsheets fold them to the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_CELL = 32_767  # what one cell of XLSX holds


def table(kind: str, name: str, heads: list[Any], rows: Iterable[list[Any]]) -> HttpResponseBase:
    """``kind`` is ``csv`` or ``xlsx``; ``name`` the file's name without extension. Cells may be texts, integers, dates
    and moments (written in China's time); nothing becomes an empty cell."""
    if kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(_csv(heads, rows), content_type=KINDS["csv"])
    elif kind == "xlsx":
        response = FileResponse(_xlsx(heads, rows), content_type=KINDS["xlsx"])
    else:
        raise ValueError(f"no such kind of file: {kind}")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def plain(value: Any) -> str | int:
    """What a cell shows: integers stay numbers, everything else is text, harmless to a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = "".join(c for c in str(value) if c.isprintable() or c in "\n\t")[:MAX_CELL]
    return "'" + text if text.startswith(FORMULA_STARTS) else text


class _Echo:
    """A file that hands back what is written, for streaming."""

    def write(self, text: str) -> str:
        return text


def _csv(heads: list[Any], rows: Iterable[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # The mark tells Excel that this is UTF-8.
    yield "\ufeff" + writer.writerow([plain(head) for head in heads])
    for row in rows:
        yield writer.writerow([plain(value) for value in row])


def _xlsx(heads: list[Any], rows: Iterable[list[Any]]) -> Any:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    bold = []
    for head in heads:
        cell = WriteOnlyCell(sheet, value=plain(head))
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([plain(value) for value in row])
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it)
    book.save(file)
    file.seek(0, os.SEEK_SET)
    return file
