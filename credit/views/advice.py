"""What would raise a score, in plain words and figures: the rule most worth reading for an agency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from credit.selectors.explanation import Explanation
from credit.selectors.rules import Rules
from credit.selectors.whatif import one_more_order
from kernel.ui.format import date_cn, points


@dataclass(frozen=True)
class Advice:
    """``gain`` is how many points are in it ("" = not a number of points)."""

    text: str
    gain: str = ""


def raises(why: Explanation) -> list[Advice]:
    """The next good order, the way to the next grade, what melts by itself, then the pillars by their gap."""
    return [*_next_grade(why), *_good_order(why), *_incidents(why), *_gaps(why)]


def _good_order(why: Explanation) -> list[Advice]:
    gain = one_more_order(why).score_milli - why.score.score_milli
    if gain <= 0:
        return []
    text = _("再办结一单：新的委托方、中等金额、按时、一次通过、满分评价。")
    return [Advice(text, f"+{points(gain)}")]


def _incidents(why: Explanation) -> list[Advice]:
    words = _("“%(name)s”的扣分逐日减少，到 %(day)s 为 0；完成信用修复后即时归零。")
    return [
        Advice(words % {"name": line.label, "day": date_cn(line.until, False)}, f"+{points(-line.points_milli)}")
        for line in why.lines
        if line.kind == "incident" and line.points_milli < 0 and line.until
    ]


def _gaps(why: Explanation) -> list[Advice]:
    found = []
    for pillar in sorted(why.pillars, key=lambda p: p.points_milli - p.points * 1000):
        gap = pillar.points * 1000 - pillar.points_milli
        if gap >= 1000:
            words = {"pillar": pillar.name, "gap": points(gap), "advice": _advice(why.rules, pillar.code)}
            found.append(Advice(_("%(pillar)s离满分还差 %(gap)s 分：%(advice)s") % words))
    return found


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


def _next_grade(why: Explanation) -> list[Advice]:
    rules, score = why.rules, why.score
    if score.grade == "NR":
        need = rules.content["newcomer"]["orders_milli"] - score.effective_orders_milli
        text = _("再完成约 %(n)s 个有效订单即可评级；样本不足不影响接单。") % {"n": points(max(need, 0))}
        return [Advice(text)]
    codes = [g["code"] for g in rules.content["grades"]]
    place = codes.index(score.grade)
    if place == 0:
        return []
    goal = rules.content["grades"][place - 1]
    if score.serious:
        return [Advice(_("有生效中的严重失信决定，等级封顶；修复或期满后恢复。"))]
    if (gap := goal["min_milli"] - score.score_milli) > 0:
        return [Advice(_("距 %(grade)s 级还差 %(gap)s 分。") % {"grade": goal["code"], "gap": points(gap)})]
    return [
        Advice(_("分数已够 %(grade)s 级，还须：%(needs)s。") % {"grade": goal["code"], "needs": _lacking(why, goal)})
    ]


def _lacking(why: Explanation, goal: dict[str, Any]) -> str:
    """The conditions of the grade that are not met yet, each with where it stands."""
    score, found = why.score, []
    if score.low_milli < goal.get("low_milli", 0):
        low = {"need": points(goal["low_milli"]), "now": points(score.low_milli)}
        found.append(_("区间下限到 %(need)s 分（现在 %(now)s）") % low)
    if score.effective_orders_milli < goal.get("orders_milli", 0):
        orders = {"need": goal["orders_milli"] // 1000, "now": points(score.effective_orders_milli)}
        found.append(_("有效订单到 %(need)s 个（现在 %(now)s）") % orders)
    if score.clients < goal.get("clients", 0):
        found.append(_("委托方到 %(need)s 家（现在 %(now)s）") % {"need": goal["clients"], "now": score.clients})
    return _("、").join(found)
