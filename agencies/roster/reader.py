"""Reading a roster: file → lines → rows and faults, in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import IO

from agencies.roster.cells import CellFault, text_of
from agencies.roster.checks import Reading, check_line
from agencies.roster.faults import FileRefused, RosterFault, fault
from agencies.roster.headings import Columns, find_columns
from agencies.roster.lines import Line
from agencies.roster.rows import RosterRow
from agencies.roster.sources import Source, open_source
from agencies.roster.vocabulary import Vocabulary, folded

MAX_ROWS = 20_000
_TOTAL = re.compile(r"^(合计|总计|小计|共计|汇总|总数|总和|total)|^共.{0,12}[家个条户]", re.IGNORECASE)
_REMARK = re.compile(r"^(注|备注|说明|填表|制表|填报|审核|制作|联系|填写)[^,，]{0,12}[:：]")


def read_roster(
    file: IO[bytes], name: str, *, today: date, words: Vocabulary | None = None, max_rows: int = MAX_ROWS
) -> Iterator[RosterRow | RosterFault]:
    """Read a directory roster (XLSX or CSV) of any column order, streaming.

    ``file`` is seekable and binary, ``name`` its name as uploaded, ``today`` the day against which certificates expire.
    Yields each good row, each fault in the order of the rows, and ends after a fault of severity ``file``. A row with a
    blocking fault is not yielded; warnings come before their row. Memory grows with the number of agencies and
    certificates (a few hundred bytes each), never with the file.
    """
    words = words or Vocabulary.shipped()
    refused: RosterFault | None = None
    try:
        for source in open_source(file, name):
            try:
                columns, lines, warnings = find_columns(source.lines)
            except FileRefused as error:
                if error.fault.code not in ("heading.not_found", "file.empty"):
                    raise
                if refused is None or error.fault.code == "heading.not_found":
                    refused = error.fault  # a cover sheet: the roster may be on the next one
                continue
            yield from warnings
            yield from _rows(lines, columns, source, _Seen(today, words, max_rows))
            return
    except FileRefused as error:
        refused = error.fault
    yield refused or fault("file.empty")


@dataclass
class _Seen:
    """What must be remembered across rows."""

    today: date
    words: Vocabulary
    max_rows: int
    count: int = 0
    names: dict[str, tuple[str, int]] = field(default_factory=dict)
    entries: dict[int, int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)


def _rows(lines: Iterator[Line], columns: Columns, source: Source, seen: _Seen) -> Iterator[RosterRow | RosterFault]:
    for line in lines:
        if line.blank or _is_footer(line, columns):
            continue
        seen.count += 1
        if seen.count > seen.max_rows:
            raise FileRefused(fault("file.too_many_rows", line.number, limit=seen.max_rows))
        if line.damaged:
            yield fault("bytes.undecodable", line.number, *_damaged_cell(line, columns))
            continue
        if source.ragged and len(line.cells) != columns.width:
            yield fault("row.ragged", line.number, "", "", found=len(line.cells), expected=columns.width)
            continue
        reading = Reading(line, columns, seen.today, source.epoch_1904)
        row = check_line(reading, seen.words)
        if row:
            row = _compare(row, reading, seen)
        yield from reading.faults
        if row:
            yield row


def _compare(row: RosterRow, reading: Reading, seen: _Seen) -> RosterRow | None:
    """What one row says against another: names of a code, owners of a certificate number, repetition."""
    name, first = seen.names.setdefault(row.uscc, (row.name, row.number))
    if folded(name) != folded(row.name):
        reading.report("uscc.two_names", "name", first=first, name=name)
        return None
    held = row.certificate
    if held and held.number:
        owner, first = seen.numbers.setdefault((held.type, held.number), (row.uscc, row.number))
        if owner != row.uscc:
            reading.report("certificate.taken", "number", first=first)
            return None
    key = hash((row.uscc, row.categories, (held.type, held.number) if held else None))
    first = seen.entries.setdefault(key, row.number)
    if first != row.number:
        reading.report("row.duplicate", "number" if held else "name", first=first)
        return None
    return row


def _is_footer(line: Line, columns: Columns) -> bool:
    """A closing total, or a remark under the table; never a row with a code in its place."""
    place = columns.places["uscc"]
    code = _safe(line.cells[place]) if place < len(line.cells) else ""
    if len(re.sub(r"[^0-9A-Za-z]", "", code)) >= 9:
        return False
    texts = [text for text in (_safe(cell) for cell in line.cells) if text]
    if not texts:
        return False
    return bool(_TOTAL.match(texts[0]) or (len(texts) <= 2 and _REMARK.match(texts[0])))


def _safe(cell: object) -> str:
    try:
        return text_of(cell)
    except CellFault:
        return str(cell)


def _damaged_cell(line: Line, columns: Columns) -> tuple[str, object]:
    for name, place in columns.places.items():
        if place < len(line.cells) and "\ufffd" in str(line.cells[place]):
            return columns.written[name], line.cells[place]
    return "", ""
