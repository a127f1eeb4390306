"""The published grade (what the public and every consequence go by), the live score, and what a grade means at
ordering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from credit.models import RankingPublication, RankingRow, Score
from credit.selectors.facts import serious_agencies
from credit.selectors.rules import Rules, rules_on, words
from kernel import clock

UNRATED = "NR"


@dataclass(frozen=True)
class Grade:
    """A published grade. Unrated or never published: ``grade`` "NR", no numbers, ``period`` "" if never published."""

    grade: str = UNRATED
    score_milli: int | None = None
    half_width_milli: int | None = None
    period: str = ""

    @property
    def rated(self) -> bool:
        return self.grade != UNRATED


@dataclass(frozen=True)
class Standing:
    """Whether an agency may take a new order now. ``code`` names the consequence ("" = none); a ``sentence`` with
    ``allowed`` True is only a notice to the buyer."""

    allowed: bool
    code: str
    sentence: str
    remedy: str
    grade: str


def published_grades(agency_ids: Iterable[int], category_id: int | None = None) -> dict[int, Grade]:
    """{agency id: its grade in the latest published ranking}, every id present; one query however many there are.

    Of the overview, or of one category's ranking. A ranking replaces the one before it as a whole: whom the latest does
    not list is unrated, whatever an earlier one said.
    """
    ids = list(agency_ids)
    latest = (
        RankingPublication.objects.filter(status=RankingPublication.Status.PUBLISHED, category_id=category_id)
        .order_by("-period", "-id")
        .values("pk")[:1]
    )
    rows = RankingRow.objects.filter(agency_id__in=ids, publication=Subquery(latest)).order_by()
    found = {
        agency: Grade(grade, *((score, half) if grade != UNRATED else (None, None)), period)
        for agency, grade, score, half, period in rows.values_list(
            "agency_id", "grade", "score_milli", "half_width_milli", "publication__period"
        )
    }
    return {pk: found.get(pk, Grade()) for pk in ids}


def published_grade(agency: Agency, category_id: int | None = None) -> Grade:
    return published_grades([agency.pk], category_id)[agency.pk]


def live_score(agency: Agency, category_id: int | None = None) -> Score | None:
    """The last computed, provisional score: for the agency itself and officers only."""
    return Score.objects.filter(agency=agency, category_id=category_id).order_by("-id").first()


def live_scores(agency_ids: Iterable[int]) -> dict[int, Score]:
    """The last overview score of each agency that has one; one query."""
    last = Score.objects.filter(agency=OuterRef("agency"), category__isnull=True).order_by("-id").values("pk")[:1]
    rows = Score.objects.filter(agency_id__in=list(agency_ids), category__isnull=True, pk=Subquery(last))
    return {row.agency_id: row for row in rows}


def standing(agency: Agency, *, public_money: bool = False) -> Standing:
    """What the agency's credit means for a new order now, as the rulebook's `consequences` say.

    Grades are the published ones; a serious decision acts at once, without waiting for a publication, and until it ends,
    whether or not the rulebook still has its clause.
    """
    rules = rules_on()
    grade = published_grade(agency).grade
    serious = bool(serious_agencies([agency.pk], clock.today(), books=rules.books))
    notice = Standing(True, "", "", "", grade)
    for entry in rules.content["consequences"]:
        if not entry["enabled"] or not _applies(entry["when"], grade, serious):
            continue
        if entry["blocks"] == "all" or (entry["blocks"] == "public_money" and public_money):
            remedy = _("可在信用页查看决定和修复办法。")
            return Standing(False, entry["code"], words(entry["sentence"]), str(remedy), grade)
        if entry["blocks"] == "nothing" and not notice.code:
            notice = Standing(True, entry["code"], words(entry["sentence"]), "", grade)
    return notice


def _applies(when: dict[str, object], grade: str, serious: bool) -> bool:
    return serious if "serious_open" in when else grade in when["grades"]  # type: ignore[operator]


def grade_label(rules: Rules, code: str) -> str:
    """ "AA 良好", "样本不足"."""
    entry = rules.grade(code)
    return words(entry["name"]) if code == UNRATED else f"{code} {words(entry['name'])}"


def grade_rows(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The grades of a rulebook's content, the best first: ``code``, ``name``, ``from`` (points), ``stars``, and in words
    what they ask for besides the score (``needs``, "" for nothing)."""
    return [
        {
            "code": grade["code"],
            "name": words(grade["name"]),
            "from": grade["min_milli"] // 1000,
            "stars": grade["stars"],
            "needs": gettext("；").join(_needs(grade)),
        }
        for grade in content["grades"]
    ]


def order_notes(content: dict[str, Any]) -> list[str]:
    """What a rulebook's content says of effective orders, in sentences: how few leave an agency unrated, and how much
    one order and one client count at most. Nothing of what it does not limit."""
    least, found = content["newcomer"]["orders_milli"], []
    if least:
        found.append(gettext("有效订单不足 %(n)s 个的为“样本不足”，单列，不评级，不影响接单。") % {"n": decimal(least)})
    most, client = {"n": decimal(content["value_weight"]["cap"])}, client_most(content)
    by_fee = content["value_weight"]["floor"] < content["value_weight"]["cap"]
    by_age = content["decay"]["table"][-1] < content["decay"]["table"][0]
    if by_fee and by_age:
        found.append(gettext("有效订单按金额和时间折算，一单最多算 %(n)s 个。") % most)
    elif by_age:
        found.append(gettext("有效订单按时间折算，一单最多算 %(n)s 个。") % most)
    elif by_fee:
        found.append(gettext("有效订单按金额折算，一单最多算 %(n)s 个。") % most)
    if client:
        found.append(gettext("同一委托方的订单合计最多算 %(n)s 个。") % {"n": client})
    if least and (by_fee or by_age or client):
        found.append(gettext("所以办结的订单数够了，有效订单仍可能不足。"))
    return found


def client_most(content: dict[str, Any]) -> str:
    """How many orders one client's count as at most, "" where every order of theirs counts whole."""
    weight, counted = content["pair_cap"]["knots"][-1]
    return decimal(counted) if counted < weight else ""


def decimal(milli: int) -> str:
    """Thousandths as people write them: 125 → "0.125", 1000 → "1"."""
    return f"{milli // 1000}.{milli % 1000:03}".rstrip("0").rstrip(".")


def _needs(grade: dict[str, Any]) -> list[str]:
    found = []
    if grade.get("low_milli"):
        found.append(gettext("区间下限不低于 %(n)s 分") % {"n": grade["low_milli"] // 1000})
    if grade.get("orders_milli"):
        found.append(gettext("有效订单不少于 %(n)s 个") % {"n": grade["orders_milli"] // 1000})
    if grade.get("clients"):
        found.append(gettext("委托方不少于 %(n)s 家") % {"n": grade["clients"]})
    return found
