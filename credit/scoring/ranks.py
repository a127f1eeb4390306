"""Places in a list, as wide as the evidence leaves them. Never a bare 1…n."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ranked:
    """One agency's place: `rank` by score alone (equal scores share it), `best`…`worst` the places it cannot be ruled
    out of, `group` the number of its cannot-be-told-apart group (1 = first)."""

    agency: str
    rank: int
    best: int
    worst: int
    group: int


def apart(z_milli, higher, lower):
    """Is `higher` certainly above `lower`? (score_milli, variance) each: difference > z·√(var + var), in integers."""
    gap = higher[0] - lower[0]
    return gap > 0 and gap * gap * 10**6 > z_milli**2 * (higher[1] + lower[1])


def rank_list(entries, z_milli):
    """Rank [(agency, score_milli, variance)]; the unrated must be left out before. Returns a list, best first.

    A group holds everybody who cannot be told apart from its first; the next one begins at the first who can.
    """
    ordered = sorted(entries, key=lambda e: (-e[1], e[0]))
    count = len(ordered)
    ranked, group, leader = [], 0, None
    for i, (agency, score, variance) in enumerate(ordered):
        me = score, variance
        if leader is None or apart(z_milli, leader, me):
            group, leader = group + 1, me
        best = 1 + sum(apart(z_milli, other[1:], me) for other in ordered[:i])
        worst = count - sum(apart(z_milli, me, other[1:]) for other in ordered[i + 1 :])
        rank = ranked[-1].rank if i and ordered[i - 1][1] == score else i + 1
        ranked.append(Ranked(agency, rank, best, worst, group))
    return ranked
