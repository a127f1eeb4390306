from credit.models.case import Case
from credit.models.event import CreditEvent
from credit.models.publication import GuidanceEntry, RankingPublication, RankingRow
from credit.models.rule import Calibration, Rulebook
from credit.models.score import Score

__all__ = [
    "Calibration",
    "Case",
    "CreditEvent",
    "GuidanceEntry",
    "RankingPublication",
    "RankingRow",
    "Rulebook",
    "Score",
]
