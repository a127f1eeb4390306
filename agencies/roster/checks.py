"""From a line's cells to a checked row: what each field must be, and what must fit together on one row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agencies.catalogue import CertificateType
from agencies.roster import cells
from agencies.roster.faults import RosterFault, fault
from agencies.roster.fields import BY_NAME, FIELDS
from agencies.roster.headings import Columns
from agencies.roster.lines import Line
from agencies.roster.rows import RosterCertificate, RosterRow
from agencies.roster.vocabulary import Vocabulary

_CERTIFICATE_FIELDS = ("level", "number", "issued_on", "expires_on")
_SEPARATORS = re.compile(r"[、,，;；/|]+")


@dataclass
class Reading:
    """One line being read: the mended texts, the raw cells, and the faults found so far."""

    line: Line
    columns: Columns
    today: date
    epoch_1904: bool
    texts: dict[str, str] = field(default_factory=dict)
    faults: list[RosterFault] = field(default_factory=list)

    def raw(self, name: str) -> Any:
        place = self.columns.places.get(name)
        return self.line.cells[place] if place is not None and place < len(self.line.cells) else None

    def report(self, code: str, name: str, /, **words: Any) -> None:
        heading = self.columns.written.get(name, str(BY_NAME[name].label))
        self.faults.append(fault(code, self.line.number, heading, self.raw(name), **words))


def check_line(reading: Reading, words: Vocabulary) -> RosterRow | None:
    """The row if nothing blocks it; faults and warnings are left in ``reading.faults``."""
    for known in FIELDS:
        reading.texts[known.name] = _text(reading, known.name)
    uscc = _value(reading, "uscc", lambda raw, text: cells.uscc_of(raw, text))
    categories = _categories(reading, words)
    phones = _value(reading, "phone", lambda raw, text: cells.phones_of(text)) or ()
    email = _value(reading, "email", lambda raw, text: cells.email_of(text)) or ""
    founded_on = _day(reading, "founded_on")
    certificate = _certificate(reading, words)
    if any(found.blocks for found in reading.faults):
        return None
    return RosterRow(
        number=reading.line.number,
        uscc=uscc,
        name=cells.brackets_wide(reading.texts["name"]),
        categories=categories,
        legal_representative=reading.texts["legal_representative"],
        contact=reading.texts["contact"],
        phones=phones,
        email=email,
        address=reading.texts["address"],
        region=reading.texts["region"],
        founded_on=founded_on,
        note=reading.texts["note"],
        certificate=certificate,
    )


def _text(reading: Reading, name: str) -> str:
    known = BY_NAME[name]
    try:
        text = cells.text_of(reading.raw(name))
    except cells.CellFault as error:
        reading.report(error.code, name, **error.words)
        return ""
    if len(text) > known.limit:
        reading.report("cell.too_long", name, field=known.label, limit=known.limit)
        return ""
    if known.required and not text:
        reading.report("cell.missing", name, field=known.label)
    return text


def _value(reading: Reading, name: str, read: Any) -> Any:
    """The field's value, or None when it is empty or bad (then reported)."""
    if not reading.texts[name]:
        return None
    try:
        return read(reading.raw(name), reading.texts[name])
    except cells.CellFault as error:
        reading.report(error.code, name, **error.words)
        return None


def _day(reading: Reading, name: str) -> date | None:
    day = _value(reading, name, lambda raw, text: cells.date_of(raw, text, epoch_1904=reading.epoch_1904))
    if day and day > reading.today:
        reading.report("date.future", name)
        return None
    return day


def _categories(reading: Reading, words: Vocabulary) -> tuple[str, ...]:
    text = reading.texts["category"]
    whole = words.category(text)
    if whole:
        return (whole,)
    found: list[str] = []
    for part in filter(None, _SEPARATORS.split(text)):
        code = words.category(part)
        if code is None:
            nearest = words.nearest_category(part)
            reading.report(
                "category.nearest" if nearest else "category.unknown", "category", word=part, nearest=nearest
            )
        elif code not in found:
            found.append(code)
    return tuple(found)


def _certificate(reading: Reading, words: Vocabulary) -> RosterCertificate | None:
    name = reading.texts["certificate"]
    if not name:
        others = [reading.texts[key] for key in ("level", "number")]
        if any(others):
            reading.report("certificate.incomplete", "certificate", field=BY_NAME["certificate"].label)
        return None
    kind, level = _named(words, name, reading.texts["level"])
    if kind is None:
        nearest = words.nearest_certificate(name)
        code = "certificate.nearest" if nearest else "certificate.unknown"
        reading.report(code, "certificate", word=name, nearest=nearest)
        return None
    if not _level_stands(reading, kind, level):
        return None
    if not reading.texts["number"]:
        reading.report("certificate.incomplete", "number", field=BY_NAME["number"].label)
    issued_on, expires_on, expired = _validity(reading)
    return RosterCertificate(kind.code, level, cells.compact(reading.texts["number"]), issued_on, expires_on, expired)


def _named(words: Vocabulary, name: str, level: str) -> tuple[CertificateType | None, str]:
    """The type, and the level, which many rosters write into the name (工程勘察资质甲级)."""
    kind = words.certificate(name)
    if kind is None and (tail := re.fullmatch(r"(.+?)[（(]?([甲乙丙丁一二三]级|[一二]类)[）)]?(?:资质)?", name)):
        kind, level = words.certificate(tail[1]) or words.certificate(tail[1] + "资质"), level or tail[2]
    if kind and level and not level.endswith(("级", "类", "星", "所")) and level + "级" in (*kind.levels, *_gone(kind)):
        level += "级"
    return kind, level


def _gone(kind: CertificateType) -> tuple[str, ...]:
    return tuple(gone.level for gone in kind.abolished_levels)


def _level_stands(reading: Reading, kind: CertificateType, level: str) -> bool:
    """Whether the certificate may be registered; an abolished one is warned about and left out."""
    if kind.abolished_on and kind.abolished_on <= reading.today:
        remedy = _Spoken(kind.remedy_zh, kind.remedy_en)
        reading.report("certificate.abolished", "certificate", word=_Spoken(kind.name_zh, kind.name_en), remedy=remedy)
        return False
    gone = kind.abolished_level(level)
    if gone and gone.abolished_on <= reading.today:
        remedy = _Spoken(gone.remedy_zh, gone.remedy_en)
        reading.report(
            "certificate.abolished",
            "level",
            word=_Spoken(f"{kind.name_zh}{level}", f"{kind.name_en} {level}"),
            remedy=remedy,
        )
        return False
    if level and level not in kind.levels:
        levels = "、".join(kind.levels) or "—"
        reading.report("certificate.level", "level", certificate=kind.name_zh, level=level, levels=levels)
    return True


def _validity(reading: Reading) -> tuple[date | None, date | None, bool]:
    issued_on = _day(reading, "issued_on")
    expiry = _value(
        reading, "expires_on", lambda raw, text: cells.expiry_of(raw, text, epoch_1904=reading.epoch_1904)
    ) or cells.Expiry(None)
    issued_on = issued_on or expiry.issued_on
    if issued_on and expiry.expires_on and expiry.expires_on < issued_on:
        reading.report("date.order", "expires_on")
    expired = expiry.expires_on is not None and expiry.expires_on < reading.today
    if expired:
        reading.report("certificate.expired", "expires_on", date=expiry.expires_on)
    return issued_on, expiry.expires_on, expired


class _Spoken:
    """Words of the catalogue in the reader's language."""

    def __init__(self, zh: str, en: str) -> None:
        self._zh, self._en = zh, en

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self._en if (get_language() or "").startswith("en") else self._zh

    def __repr__(self) -> str:
        return f"_Spoken({self._zh!r})"
