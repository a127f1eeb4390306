"""Credit: what everybody reads, what an agency reads about itself, and the credit desk."""

from __future__ import annotations

from typing import Any

from agencies.models import Agency
from credit.models import Case, CreditEvent, GuidanceEntry, RankingPublication, RankingRow
from demo.tour.rows import of_any, of_mine, plain
from demo.tour.stops import Stop

STATES = RankingPublication.Status
OFFICER = "credit_officer"


def _rankings(status: str) -> Any:
    return lambda: RankingPublication.objects.filter(status=status).order_by("-period", "category_id", "-id")


def _ranking(role: str, status: str) -> Stop:
    finder = of_any("credit:ranking", _rankings(status), "number")
    return Stop(f"ranking-{status}-{role or 'visitor'}".replace("_", "-"), "Ranking", role, "credit:ranking", finder)


def _case(role: str, status: str) -> Stop:
    def rows() -> Any:
        return Case.objects.filter(status=status).order_by("-id")

    of_agency = role == "agency"
    finder = (
        of_mine("credit:case", rows, "agency__organisation", "number")
        if of_agency
        else of_any("credit:case", rows, "number")
    )
    return Stop(f"case-{status}-{role}".replace("_", "-"), "Credit case", role, "credit:case", finder)


def _scored() -> Any:
    """Agencies on a published ranking first, since theirs is the page with a number on it."""
    listed = RankingRow.objects.filter(publication__status=STATES.PUBLISHED).order_by("position", "id")
    best = listed.values_list("agency_id", flat=True).first()
    rows = Agency.objects.filter(status=Agency.Status.ACTIVE).order_by("id")
    return rows.filter(pk=best) if best else rows


def _entries() -> Any:
    return GuidanceEntry.objects.filter(removed_on=None).order_by("expires_on", "id")


def _records() -> Any:
    """Records that nothing has been done about yet."""
    return CreditEvent.objects.filter(target=None, acts=None).order_by("-id")


def _guidance(act: str) -> Stop:
    finder = of_any("credit:guidance_act", _entries, "pk", lambda _row: act)
    return Stop(f"guidance-{act}", "Credit desk", OFFICER, "credit:guidance_act", finder)


def _desk(name: str, route: str) -> Stop:
    return Stop(name, "Credit desk", OFFICER, route, plain(route))


STOPS = [
    Stop("score", "Score", "", "credit:score", of_any("credit:score", _scored, "pk")),
    Stop("score-officer", "Score", OFFICER, "credit:score", of_any("credit:score", _scored, "pk")),
    Stop("rulebook", "Rulebook", "", "credit:rulebook", plain("credit:rulebook")),
    Stop("credit-rankings", "Ranking", "", "credit:rankings", plain("credit:rankings")),
    _ranking("", STATES.PUBLISHED),
    *(_ranking(OFFICER, status) for status in (STATES.DRAFT, STATES.PREVIEW, STATES.PUBLICITY)),
    Stop("agency-credit", "Score", "agency", "credit:home", plain("credit:home")),
    Stop("agency-credit-records", "Score", "agency", "credit:records", plain("credit:records")),
    _desk("credit-desk", "credit:desk"),
    _desk("credit-intake", "credit:intake"),
    _desk("credit-months", "credit:desk_rankings"),
    _desk("credit-guidance", "credit:desk_guidance"),
    Stop("credit-records", "Credit desk", OFFICER, "credit:desk_records", of_any("credit:desk_records", _scored, "pk")),
    Stop("credit-honour", "Credit desk", OFFICER, "credit:honour", of_any("credit:honour", _scored, "pk")),
    Stop("credit-void", "Credit desk", OFFICER, "credit:void", of_any("credit:void", _records, "pk")),
    _guidance("renew"),
    _guidance("remove"),
    *(_case(OFFICER, status) for status in Case.Status.values),
    _case("agency", "noticed"),
]
