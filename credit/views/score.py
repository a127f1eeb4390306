"""An agency's score and why it is that: the published one for everybody, the live one for its members and officers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agencies.models import Agency, Category
from agencies.selectors.agencies import IN_DIRECTORY
from credit.models import RankingPublication, RankingRow
from credit.scoring.integers import add_months
from credit.selectors.cases import READERS, public_cases
from credit.selectors.explanation import Explanation, explanation
from credit.selectors.rules import Rules, rules_on, words
from kernel import access, clock
from kernel.ui.format import date_cn, points

HISTORY = 24


@dataclass(frozen=True)
class Published:
    """The published rows of an agency: all of one scope (newest first), and the newest of each scope."""

    history: list[RankingRow]
    scopes: list[RankingRow]

    @property
    def latest(self) -> RankingRow | None:
        return self.history[0] if self.history else None


def score(request: HttpRequest, pk: int) -> HttpResponse:
    agency = Agency.objects.select_related("organisation__region").filter(pk=pk).first()
    if agency is None:
        raise Http404
    inside = access.belongs_to(request.user, agency.organisation_id) or access.holds(request.user, *READERS)
    if agency.status not in IN_DIRECTORY and not inside:
        raise Http404
    published = published_rows(agency, request.GET.get("category", ""))
    live = inside and request.GET.get("view") != "public"
    category = published.latest.publication.category if published.latest else None
    why = _why(agency, published.latest, category, live)
    context = {
        "agency": agency,
        "inside": inside,
        "officer": access.holds(request.user, *READERS),
        "live": live,
        "category": category,
        "published": published,
        "latest": published.latest,
        "why": why,
        "incidents": incidents(agency, why.rules if why else None),
        "raises": raises(why) if why else [],
    }
    return render(request, "credit/score.html", context)


def published_rows(agency: Agency, code: str = "") -> Published:
    """One query: every published row of the agency, the overview first."""
    rows = list(
        RankingRow.objects.filter(agency=agency, publication__status=RankingPublication.Status.PUBLISHED)
        .select_related("publication__category")
        .defer("publication__content")
        .order_by("-publication__period", "-publication_id")
    )
    newest: dict[str, RankingRow] = {}
    for row in rows:
        newest.setdefault(_code(row), row)
    scopes = sorted(newest.values(), key=lambda row: (_code(row) != "", _code(row)))
    return Published([row for row in rows if _code(row) == code][:HISTORY], scopes)


def _code(row: RankingRow) -> str:
    category: Category | None = row.publication.category
    return category.code if category else ""


def _why(agency: Agency, latest: RankingRow | None, category: Category | None, live: bool) -> Explanation | None:
    """The public reads why the published number is what it is, from the events it was made of."""
    if live:
        return explanation(agency, category=category)
    if latest is None or latest.grade == "NR":
        return None
    publication = latest.publication
    return explanation(agency, publication.as_of, category, public=True, through=publication.events_through)


def incidents(agency: Agency, rules: Rules | None) -> list[dict[str, Any]]:
    """Decisions in effect that are on display: never the minor ones, none repaired or expired."""
    rules = rules or rules_on()
    rows = public_cases(agency, rules).filter(event__isnull=False)
    today, found = clock.today(), []
    shown = [row for row in rows if row.event.expires_on is None or row.event.expires_on > today]
    if not shown:
        return []
    for row in shown:
        rule = rules.event(row.event_code)
        earliest = add_months(row.event.occurred_on, rule["display"]["min"] or 0)
        found.append(
            {
                "case": row,
                "rule": rule,
                "name": words(rule["name"]),
                "serious": rule["class"] == "serious",
                "repair_from": earliest,
            }
        )
    return found


def raises(why: Explanation) -> list[str]:
    """What would raise the score, in plain words, the widest gap first; then the way to the next grade."""
    found = []
    gaps = sorted(why.pillars, key=lambda p: p.points_milli - p.points * 1000)
    for pillar in gaps:
        gap = pillar.points * 1000 - pillar.points_milli
        if gap >= 1000:
            found.append(
                _("%(pillar)s 还差 %(gap)s 分：%(advice)s")
                % {"pillar": pillar.name, "gap": points(gap), "advice": _advice(why.rules, pillar.code)}
            )
    for line in why.lines:
        if line.kind == "incident" and line.points_milli < 0 and line.until:
            found.append(
                _("“%(name)s”的扣分逐日减少，到 %(day)s 为 0；完成信用修复后即时归零。")
                % {"name": line.label, "day": date_cn(line.until, False)}
            )
    return found + _next_grade(why)


def _advice(rules: Rules, pillar: str) -> str:
    """By what the pillar counts, so that a local rulebook with other pillars is explained too."""
    counted = {e["code"] for e in rules.content["events"] if e.get("pillar") == pillar}
    if pillar == rules.content["compliance"]["pillar"]:
        return _("守约完成更多订单，没有新的失信事项。")
    if "rating" in counted:
        return _("更多不同的委托方给出好评；同一委托方的多次评价作用递减。")
    if "timeliness" in counted:
        return _("在法定或本类别时限内办结，与自己承诺的天数无关。")
    if "performance" in counted:
        return _("成果一次通过，少返工，收费不超过公开报价。")
    return _("完成更多订单，积累这一项的记录。")


def _next_grade(why: Explanation) -> list[str]:
    rules, score = why.rules, why.score
    if score.grade == "NR":
        need = rules.content["newcomer"]["orders_milli"] - score.effective_orders_milli
        return [_("再完成约 %(n)s 个有效订单即可评级；样本不足不影响接单。") % {"n": points(max(need, 0))}]
    codes = [g["code"] for g in rules.content["grades"]]
    place = codes.index(score.grade)
    if place == 0:
        return []
    goal = rules.content["grades"][place - 1]
    if score.serious:
        return [_("有生效中的严重失信决定，等级封顶；修复或期满后恢复。")]
    if (gap := goal["min_milli"] - score.score_milli) > 0:
        return [_("距 %(grade)s 级还差 %(gap)s 分。") % {"grade": goal["code"], "gap": points(gap)}]
    return [
        _(
            "分数已够 %(grade)s 级，还须：区间下限不低于 %(low)s 分、有效订单 %(orders)s 个以上、委托方 %(clients)s 家以上。"
        )
        % {
            "grade": goal["code"],
            "low": points(goal.get("low_milli", 0)),
            "orders": goal.get("orders_milli", 0) // 1000,
            "clients": goal.get("clients", 0),
        }
    ]
