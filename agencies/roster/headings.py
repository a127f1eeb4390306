"""Finding the heading row under merged titles, and what each column means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from agencies.roster.cells import CellFault, text_of
from agencies.roster.faults import FileRefused, RosterFault, fault
from agencies.roster.fields import FIELDS, IGNORED, Field, field_of, folded
from agencies.roster.lines import Line

_SEARCHED = 40  # titles, notes and blank rows above the headings
_ENOUGH = 3


@dataclass(frozen=True)
class Columns:
    """Field name → column index, the heading as written, and how many cells the heading row has."""

    row: int
    places: dict[str, int]
    written: dict[str, str]
    width: int


def find_columns(lines: Iterator[Line]) -> tuple[Columns, Iterator[Line], list[RosterFault]]:
    """The columns, the lines below the heading row, and warnings about columns nobody knows. FileRefused when there is
    no heading row, a required heading is missing, or two headings mean one field."""
    first = list(islice(lines, _SEARCHED))
    if all(line.blank for line in first):
        raise FileRefused(fault("file.empty"))
    scored = [(len(set(_fields(line))), -index) for index, line in enumerate(first)]
    best, negative = max(scored)
    if best < _ENOUGH:
        raise FileRefused(fault("heading.not_found"))
    index = -negative
    columns, warnings = _columns(first[index])
    return columns, chain(first[index + 1 :], lines), warnings


def _fields(line: Line) -> list[str]:
    return [field.name for field in (_field(cell) for cell in line.cells) if field]


def _field(cell: object) -> Field | None:
    return field_of(cell) if isinstance(cell, str) and len(cell) <= 60 else None


def _columns(line: Line) -> tuple[Columns, list[RosterFault]]:
    places: dict[str, int] = {}
    written: dict[str, str] = {}
    warnings = []
    for index, cell in enumerate(line.cells):
        heading = _heading(cell)
        if not heading:
            continue
        field = _field(cell)
        if field is None:
            if folded(heading) not in IGNORED:
                warnings.append(fault("heading.unknown", line.number, heading, cell, heading=heading))
        elif field.name in places:
            first = written[field.name]
            found = fault("heading.twice", line.number, heading, cell, field=field.label, first=first, second=heading)
            raise FileRefused(found)
        else:
            places[field.name], written[field.name] = index, heading
    for field in FIELDS:
        if field.required and field.name not in places:
            found = fault(
                "heading.missing",
                line.number,
                str(field.label),
                field=field.label,
                spellings="、".join(field.spellings[:3]),
            )
            raise FileRefused(found)
    return Columns(line.number, places, written, len(line.cells)), warnings


def _heading(cell: object) -> str:
    try:
        return text_of(cell)[:40]
    except CellFault:
        return str(cell)[:40]
