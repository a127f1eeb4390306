from credit.models.case import Case
from credit.models.event import CreditEvent
from credit.models.publication import GuidanceEntry, RankingPublication
from credit.models.rule import Calibration, Rulebook
from credit.models.score import Score

__all__ = ["Calibration", "Case", "CreditEvent", "GuidanceEntry", "RankingPublication", "Rulebook", "Score"]
