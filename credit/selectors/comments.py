"""Comments on a list in preview or publicity. They live in the ranking's audit stream: numbered, dated, never altered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from credit.models import RankingPublication
from kernel import access
from kernel.models import AuditEntry, Deadline, User

PERIODS = {
    RankingPublication.Status.PREVIEW: "ranking.preview",
    RankingPublication.Status.PUBLICITY: "ranking.publicity",
}


@dataclass(frozen=True)
class Comment:
    """One comment and its answer ("" = none yet)."""

    seq: int
    at: datetime
    by: User
    text: str
    contact: str
    during: str
    answer: str = ""


def comments(ranking: RankingPublication) -> list[Comment]:
    """All comments on a ranking, oldest first; one query."""
    rows = AuditEntry.objects.filter(stream=ranking.stream, action__in=("ranking.commented", "ranking.answered"))
    made: dict[int, Comment] = {}
    for row in rows.select_related("actor", "detail").order_by("seq"):
        data = row.detail.data
        if row.action == "ranking.commented":
            made[row.seq] = Comment(row.seq, row.at, row.actor, data["text"], data["contact"], data["during"])
        elif known := made.get(data["to"]):
            made[known.seq] = Comment(**{**known.__dict__, "answer": data["text"]})
    return list(made.values())


def comment_counts(rankings: Collection[RankingPublication]) -> dict[int, tuple[int, int]]:
    """{ranking id: (comments received, still unanswered)} of those that received one; one query."""
    streams = {r.stream: r.pk for r in rankings}
    said = AuditEntry.objects.filter(stream__in=list(streams), action__in=("ranking.commented", "ranking.answered"))
    found: dict[int, tuple[int, int]] = {}
    for stream, action, n in said.order_by().values_list("stream", "action").annotate(n=Count("pk")):
        received, unanswered = found.get(streams[stream], (0, 0))
        made = n if action == "ranking.commented" else 0
        found[streams[stream]] = (received + made, unanswered + (n if made else -n))
    return found


def open_comments(ranking: RankingPublication) -> list[Comment]:
    return [c for c in comments(ranking) if not c.answer]


def deadlines_of(rankings: Collection[RankingPublication]) -> dict[int, Deadline]:
    """{ranking id: the deadline of the period it is in}; one query."""
    streams = {r.stream: r for r in rankings if r.status in PERIODS}
    rows = Deadline.objects.filter(subject__in=list(streams), code__in=PERIODS.values()).order_by("id")
    return {streams[d.subject].pk: d for d in rows if d.code == PERIODS[streams[d.subject].status]}


def deadline_of(ranking: RankingPublication) -> Deadline | None:
    return deadlines_of([ranking]).get(ranking.pk)


def listed(ranking: RankingPublication, user: Any) -> bool:
    """Whether the person belongs to an agency on the list."""
    mine = {party.uscc for party in access.parties(user) if party.uscc}
    return bool(mine) and any(line["agency"] in mine for key in ("rows", "unrated") for line in ranking.content[key])
