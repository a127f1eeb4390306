"""The rulebook in plain words, and as the very bytes its fingerprint is taken of."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from credit.forms.case import CLASSES
from credit.models import Rulebook
from credit.scoring.canonical import canonical
from credit.selectors.grades import client_most, decimal, grade_rows, order_notes
from credit.selectors.rules import SHOWN, rules_on, words

CAPS = ("cap_grade", "removal", "referral", "hides_service", "voids_ratings")


def rulebook(request: HttpRequest) -> HttpResponse:
    rules = rules_on()
    content = rules.content
    context = {
        "rules": rules,
        "content": content,
        "words": words,
        "incidents": _incidents(content),
        "bonuses": [e for e in content["events"] if e["kind"] == "bonus"],
        "grades": grade_rows(content),
        "consequences": list(content["consequences"]),
        "versions": Rulebook.objects.defer("source").order_by("-effective_from", "-id"),
        "order_notes": order_notes(content),
        "weights": _weights(content),
        "decay": _decay(content),
        "timed": any(e["code"] == "timeliness" and e["kind"] == "evidence" for e in content["events"]),
        "fading": _fading(content["compliance"]),
        "bonus_unit": content["bonus"]["unit_milli"] // 1000,
    }
    return render(request, "credit/rulebook.html", context)


def rulebook_file(request: HttpRequest, sha256: str) -> HttpResponse:
    """Canonical JSON (RFC 8785): its SHA-256 is the rulebook's id."""
    row = Rulebook.objects.filter(sha256=sha256).first()
    if row is None:
        raise Http404
    response = HttpResponse(canonical(row.content), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="rulebook-{row.version}.json"'
    return response


def _incidents(content: dict[str, Any]) -> list[tuple[Any, list[dict[str, Any]], bool]]:
    """By class, the gravest first: its word, its clauses, and whether the public reads each."""
    found = []
    for kind in ("serious", "general", "minor"):
        rows = [
            {"name": words(e["name"]), "points": e["points"], "display": _display(e), "also": _also(e, content)}
            for e in content["events"]
            if e.get("class") == kind
        ]
        found.append((CLASSES[kind], rows, kind in SHOWN))
    return found


def _weights(content: dict[str, Any]) -> list[str]:
    """What makes one order weigh more than another, as far as this rulebook tells them apart."""
    fee, parties, table = content["value_weight"], content["parties"], content["decay"]["table"]
    found = []
    if fee["floor"] < fee["cap"]:
        share = {"low": decimal(fee["floor"]), "high": decimal(fee["cap"])}
        found.append(_("金额系数：合同金额与类别中位数之比，最低 %(low)s，最高 %(high)s。") % share)
    else:
        found.append(_("金额系数：每单相同，都是 %(n)s。") % {"n": decimal(fee["cap"])})
    if len(parties) > 1:
        names = {"owner": _("项目业主"), "department": _("主管部门"), "centre": _("服务中心")}
        shares = _("，").join(f"{name} {decimal(parties[party])}" for party, name in names.items() if party in parties)
        rated = _("、").join(words(p["name"]) for p in content["pillars"] if p.get("by_party"))
        found.append(_("评价方系数（只用于%(pillars)s）：%(shares)s。") % {"pillars": rated, "shares": shares})
    half = next((age for age, left in enumerate(table) if left * 2 <= table[0]), None)
    if half:
        months = {"half": half, "n": len(table) - 1}
        found.append(_("时间系数：逐月减轻，满 %(half)s 个月减半，%(n)s 个月以后不计。") % months)
    if most := client_most(content):
        words_ = _("同一委托方（含同一控制人名下的单位）在一家机构最多按 %(n)s 个订单计，刷单和恶评都难以左右分数。")
        found.append(words_ % {"n": most})
    return found


def _fading(rule: dict[str, Any]) -> str:
    """What a point of a deduction costs, and how it ends."""
    cost = {"n": decimal(rule["incident_unit_milli"])}
    if rule["fade"] == "step":
        return _("扣分事项的 1 分等于信用分 %(n)s 分，到期满为止。") % cost
    return _("扣分事项的 1 分等于信用分 %(n)s 分，逐日减少到期满为 0。") % cost


def _decay(content: dict[str, Any]) -> list[tuple[int, int]]:
    """(age in months, what is left of an order's weight, permille) at the half years of the table."""
    table = content["decay"]["table"]
    return [(age, (table[age] + 500) // 1000) for age in range(0, len(table), 6)]


def _display(entry: dict[str, Any]) -> str:
    shown = entry["display"]
    if shown["months"] is None:
        return _("在名单期间")
    return _("%(months)s 个月（%(min)s–%(max)s）") % shown


def _also(entry: dict[str, Any], content: dict[str, Any]) -> str:
    names = {e["code"]: words(e["name"]) for e in content["events"]}
    texts = {
        "cap_grade": _("等级降为 %(grade)s") % {"grade": entry.get("cap_grade")},
        "removal": _("移出名录"),
        "referral": _("移送有关部门"),
        "hides_service": _("相关服务下架"),
        "voids_ratings": _("相关评价作废"),
    }
    found = [texts[key] for key in CAPS if entry.get(key)]
    if step := entry.get("escalates"):
        found.append(_("%(months)s 个月内第 %(count)s 次按“%(name)s”") % {**step, "name": names[step["to"]]})
    if not entry["repairable"]:
        found.append(_("不可修复"))
    return _("；").join(found)
