"""File formats: a roster file as a stream of lines, one at a time, whatever the format."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from agencies.roster import delimited, workbook
from agencies.roster.faults import FileRefused, fault
from agencies.roster.lines import Line

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, .et, .doc, and any workbook with a password
_OLD = frozenset({".xls", ".et", ".ett", ".xlsb", ".xlt", ".dbf"})
_TEXT = frozenset({".csv", ".txt", ".tsv", ""})


@dataclass(frozen=True)
class Source:
    """Lines of one table. ``ragged``: the format can lose cells (CSV). ``epoch_1904``: how day serials count."""

    lines: Iterator[Line]
    ragged: bool
    epoch_1904: bool = False


def open_source(file: IO[bytes], name: str) -> Iterator[Source]:
    """The tables of the file, one after another (a CSV has one). FileRefused when it is no roster file."""
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    extension = os.path.splitext(name)[1].lower()
    if not size:
        raise FileRefused(fault("file.empty"))
    if head.startswith(_OLE) or extension in _OLD:
        raise FileRefused(fault("file.old_format", None, "", name))
    if head.startswith(b"PK"):
        yield from (_workbook_source(table) for table in workbook.tables(file))
        return
    if extension not in _TEXT:
        raise FileRefused(fault("file.kind", None, "", name))
    yield Source(delimited.lines(file), ragged=True)


def _workbook_source(table: workbook.Table) -> Source:
    return Source(table.lines, ragged=False, epoch_1904=table.epoch_1904)


def filled(cells: tuple[Any, ...]) -> int:
    """How many cells hold something."""
    return sum(1 for cell in cells if cell is not None and str(cell).strip())
