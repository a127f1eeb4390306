"""Facts that the reading pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Max
from django.db.models.functions import TruncMinute
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Category
from agencies.selectors.agencies import IN_DIRECTORY
from credit.models import Case, GuidanceEntry, RankingPublication
from credit.selectors import guidance_entries, period_name
from kernel.models import AuditEntry
from kernel.ui.format import chinese, sentence

# action → what the public reads; an action that is not named here is not public
PUBLIC_ACTIONS = {
    "agency.submit": gettext_lazy("%(name)s 提交入驻申请"),
    "agency.return": gettext_lazy("%(name)s 的入驻申请被退回补正"),
    "agency.publicise": gettext_lazy("%(name)s 通过形式审查，开始公示"),
    "agency.approve": gettext_lazy("%(name)s 公示期满，准予入驻"),
    "agency.suspend": gettext_lazy("%(name)s 被暂停接单"),
    "agency.resume": gettext_lazy("%(name)s 恢复接单"),
    "agency.exit": gettext_lazy("%(name)s 自愿退出"),
    "agency.remove": gettext_lazy("%(name)s 被移出名录"),
    "case.noticed": gettext_lazy("信用案件 %(name)s 已告知当事机构，等待申辩"),
    "case.upheld": gettext_lazy("信用案件 %(name)s 作出认定并生效"),
    "case.withdrawn": gettext_lazy("信用案件 %(name)s 撤回"),
    "case.repaired": gettext_lazy("信用案件 %(name)s 完成信用修复"),
    "case.dismissed": gettext_lazy("信用案件 %(name)s 不予认定"),
    "ranking.preview": gettext_lazy("信用排行征求意见：%(name)s"),
    "ranking.publicity": gettext_lazy("信用排行开始公示：%(name)s"),
    "ranking.published": gettext_lazy("信用排行正式发布：%(name)s"),
    "guidance.entered": gettext_lazy("%(name)s 列入指导名录"),
    "guidance.removed": gettext_lazy("%(name)s 移出指导名录"),
}


@dataclass(frozen=True)
class Subject:
    """Whom a line is about, and the page that answers for it, if there is one today."""

    name: str
    href: str = ""


def _agencies(pks: list[int]) -> dict[int, Subject]:
    """Only who is in the directory has a storefront: not who is still applying, nor who has left."""
    rows = Agency.objects.filter(pk__in=pks).values_list("pk", "organisation__name", "status")
    return {
        pk: Subject(name, reverse("market:storefront", args=[pk]) if status in IN_DIRECTORY else "")
        for pk, name, status in rows
    }


def _cases(pks: list[int]) -> dict[int, Subject]:
    return {pk: Subject(number) for pk, number in Case.objects.filter(pk__in=pks).values_list("pk", "number")}


def _rankings(pks: list[int]) -> dict[int, Subject]:
    rows = RankingPublication.objects.filter(pk__in=pks).select_related("category").defer("content")
    return {
        row.pk: Subject(f"{period_name(row.period)} {row.category.name if row.category else _('总览')}") for row in rows
    }


def _entries(pks: list[int]) -> dict[int, Subject]:
    rows = GuidanceEntry.objects.filter(pk__in=pks).values_list("pk", "agency__organisation__name")
    return {pk: Subject(name) for pk, name in rows}


_SUBJECTS = {"agency": _agencies, "case": _cases, "ranking": _rankings, "guidance": _entries}


@dataclass(frozen=True)
class LogLine:
    """One line of the supervision log, as the inbox component shows it."""

    created_at: datetime
    title: str
    body: str = ""
    body_zh: bool = False
    href: str = ""


class SupervisionLog(Sequence[LogLine]):
    """The public part of the audit trail, newest first: what was done of a kind in one minute is one line, and counted
    as one. A slice costs two queries and one a kind of subject."""

    def __init__(self, kind: str) -> None:
        self._rows = AuditEntry.objects.filter(action__in=_actions(kind)).order_by()
        runs = self._rows.annotate(minute=TruncMinute("at")).values_list("minute", "action")
        self._runs = runs.annotate(last=Max("id")).order_by("-minute", "-last")

    def __len__(self) -> int:
        return self._runs.count()

    def __getitem__(self, index: Any) -> Any:
        shown = list(self._runs[index])
        if not shown:
            return []
        found: dict[tuple[datetime, str], list[tuple[datetime, str, str]]] = {run[:2]: [] for run in shown}
        rows = self._rows.filter(at__gte=shown[-1][0], at__lt=shown[0][0] + timedelta(minutes=1))
        for row in rows.order_by("-at", "-id").values_list("at", "action", "stream"):
            # A minute at the edge may have lines on the next page too.
            run = found.get((row[0].replace(second=0, microsecond=0), row[1]))
            if run is not None:
                run.append(row)
        subjects = _subjects_of([stream for run in found.values() for _at, _action, stream in run])
        return [_line(action, run, subjects) for (_minute, action), run in found.items()]


def _line(action: str, run: list[tuple[datetime, str, str]], subjects: dict[str, Subject]) -> LogLine:
    """One act, or several of a kind in one minute said in one sentence."""
    found = [subjects.get(stream, Subject(_("（已注销）"))) for _at, _action, stream in run]
    told = [subject.name for subject in found]
    prefix, _sep, _pk = run[0][2].partition(":")
    own = prefix in ("agency", "guidance")  # names, which exist in Chinese only; the others are worded by us
    first = chinese(told[0]) if own else told[0]
    if len(told) == 1:
        return LogLine(run[0][0], sentence(str(PUBLIC_ACTIONS[action]), name=first), href=found[0].href)
    several = sentence(_("%(first)s 等 %(n)s 项"), first=first, n=len(told), more=len(told) - 1)
    body = ("、" if own else _("、")).join(told)
    return LogLine(run[0][0], sentence(str(PUBLIC_ACTIONS[action]), name=several), body=body, body_zh=own)


def supervision_log(kind: str = "") -> SupervisionLog:
    """All lines, or those of one kind of subject (agency, case, ranking)."""
    return SupervisionLog(kind if kind in _SUBJECTS else "")


def guidance_by_category() -> list[tuple[Category, list[GuidanceEntry]]]:
    """The guidance directory as it stands today, by category."""
    rows = guidance_entries().order_by("category__position", "agency__organisation__name")
    return [(category, list(entries)) for category, entries in groupby(rows, key=lambda row: row.category)]


def _actions(kind: str) -> list[str]:
    return [action for action in PUBLIC_ACTIONS if not kind or action.startswith(f"{kind}.")]


def _subjects_of(streams: list[str]) -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for kind, ask in _SUBJECTS.items():
        pks = [int(pk) for prefix, _sep, pk in (s.partition(":") for s in streams) if prefix == kind]
        if pks:
            found.update({f"{kind}:{pk}": subject for pk, subject in ask(pks).items()})
    return found
