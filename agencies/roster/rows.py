"""What a checked roster consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class RosterCertificate:
    """A certificate on a row. ``expires_on`` None: no expiry stated or 长期. ``expired``: on the day of reading."""

    type: str
    level: str
    number: str
    issued_on: date | None
    expires_on: date | None
    expired: bool


@dataclass(frozen=True)
class RosterRow:
    """One good row: an agency (again), with categories and at most one certificate. Several rows may share a USCC."""

    number: int
    uscc: str
    name: str
    categories: tuple[str, ...]
    legal_representative: str = ""
    contact: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    region: str = ""
    founded_on: date | None = None
    note: str = ""
    certificate: RosterCertificate | None = None
