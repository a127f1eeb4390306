"""The rulebook in plain words, and as the very bytes its fingerprint is taken of."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from credit.forms.case import CLASSES
from credit.models import Rulebook
from credit.scoring.canonical import canonical
from credit.selectors.grades import grade_rows
from credit.selectors.rules import rules_on, words

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
        "versions": Rulebook.objects.defer("content", "source").order_by("-effective_from", "-id"),
        "share": _share,
        "decay": _decay(content),
        "unit": content["compliance"]["incident_unit_milli"] // 1000,
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


def _incidents(content: dict[str, Any]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """By class, the gravest first."""
    found = []
    for kind in ("serious", "general", "minor"):
        rows = [
            {"name": words(e["name"]), "points": e["points"], "display": _display(e), "also": _also(e, content)}
            for e in content["events"]
            if e.get("class") == kind
        ]
        found.append((CLASSES[kind], rows))
    return found


def _share(milli: int) -> str:
    """125 → "0.125", 1000 → "1"."""
    return f"{milli // 1000}.{milli % 1000:03}".rstrip("0").rstrip(".")


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
