"""The score: a pure function of (events, rulebook, calibration, date). Integers and exact fractions only.

Nothing here imports Django or anything outside the standard library, reads a clock, a locale or a file, or uses a
float: the folder can be copied out of the product and gives the same bytes under every Python from 3.10 on.

Units: evidence x in 0…1000; scores in milli-points (1000 points = 1_000_000); orders in milli-orders; money in fen;
dates as ISO text or `datetime.date`. `score_agency` is the entrance, `rank_list` compares, `explain` tells why.
"""

from .events import Event, EventConflict
from .explain import Row, explain
from .ranks import Ranked, rank_list
from .score import PillarScore, Score, score_agency, score_sums
from .sums import Sums
from .terms import Terms

__all__ = [
    "Event",
    "EventConflict",
    "PillarScore",
    "Ranked",
    "Row",
    "Score",
    "Sums",
    "Terms",
    "explain",
    "rank_list",
    "score_agency",
    "score_sums",
]
