"""Directory rosters (机构名录) as files: XLSX and CSV in, checked rows and faults out. Pure: no database."""

from agencies.roster.faults import RosterFault
from agencies.roster.reader import read_roster
from agencies.roster.rows import RosterCertificate, RosterRow
from agencies.roster.vocabulary import Vocabulary

__all__ = ["RosterCertificate", "RosterFault", "RosterRow", "Vocabulary", "read_roster"]
