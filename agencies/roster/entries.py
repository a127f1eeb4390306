"""Several rows of one agency become one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from agencies.roster.faults import FILE, RosterFault
from agencies.roster.rows import RosterCertificate, RosterRow

_TEXTS = ("legal_representative", "contact", "email", "address", "region", "note")


@dataclass(frozen=True)
class RosterEntry:
    """An agency as the whole roster describes it. ``rows`` are where it stands in the file."""

    uscc: str
    name: str
    rows: tuple[int, ...]
    categories: tuple[str, ...]
    certificates: tuple[RosterCertificate, ...] = ()
    legal_representative: str = ""
    contact: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    region: str = ""
    founded_on: date | None = None
    note: str = ""


@dataclass
class RosterContent:
    """A roster read to its end. ``rows`` counts rows that had anything in them, good or bad."""

    entries: dict[str, RosterEntry] = field(default_factory=dict)
    faults: list[RosterFault] = field(default_factory=list)
    good_rows: int = 0

    @property
    def refused(self) -> RosterFault | None:
        """Why the file as a whole cannot be used, if so."""
        return next((found for found in self.faults if found.severity == FILE), None)

    @property
    def bad_rows(self) -> list[int]:
        return sorted({found.row for found in self.faults if found.blocks and found.row is not None})


def gather(stream: Iterable[RosterRow | RosterFault], progress: Callable[[int], None] | None = None) -> RosterContent:
    """Read the stream to its end; ``progress`` hears the number of good rows now and then."""
    content = RosterContent()
    for found in stream:
        if isinstance(found, RosterFault):
            content.faults.append(found)
            continue
        known = content.entries.get(found.uscc)
        content.entries[found.uscc] = _joined(known, found) if known else _first(found)
        content.good_rows += 1
        if progress and content.good_rows % 100 == 0:
            progress(content.good_rows)
    return content


def _first(row: RosterRow) -> RosterEntry:
    return RosterEntry(
        uscc=row.uscc,
        name=row.name,
        rows=(row.number,),
        categories=row.categories,
        certificates=(row.certificate,) if row.certificate else (),
        phones=row.phones,
        founded_on=row.founded_on,
        **{name: getattr(row, name) for name in _TEXTS},
    )


def _joined(entry: RosterEntry, row: RosterRow) -> RosterEntry:
    """The first row speaks; later ones fill what it left open and add categories and certificates."""
    known = {(held.type, held.number) for held in entry.certificates}
    new = row.certificate and (row.certificate.type, row.certificate.number) not in known
    return replace(
        entry,
        rows=(*entry.rows, row.number),
        categories=tuple(dict.fromkeys((*entry.categories, *row.categories))),
        certificates=(*entry.certificates, row.certificate) if new else entry.certificates,
        phones=entry.phones or row.phones,
        founded_on=entry.founded_on or row.founded_on,
        **{name: getattr(entry, name) or getattr(row, name) for name in _TEXTS},
    )
