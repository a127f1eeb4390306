"""Facts that the reading pages show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet
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


def _storefront(pk: int, status: str) -> str:
    """Only who is in the directory has a storefront: not who is still applying, nor who has left."""
    return reverse("market:storefront", args=[pk]) if status in IN_DIRECTORY else ""


def _agencies(pks: list[int]) -> dict[int, Subject]:
    rows = Agency.objects.filter(pk__in=pks).values_list("pk", "organisation__name", "status")
    return {pk: Subject(name, _storefront(pk, status)) for pk, name, status in rows}


def _cases(pks: list[int]) -> dict[int, Subject]:
    return {pk: Subject(number) for pk, number in Case.objects.filter(pk__in=pks).values_list("pk", "number")}


def _rankings(pks: list[int]) -> dict[int, Subject]:
    """What has been published, or is in publicity, has a page for everybody."""
    rows = RankingPublication.objects.filter(pk__in=pks).select_related("category").defer("content")
    return {row.pk: Subject(_ranking_name(row), _ranking_page(row)) for row in rows}


def _ranking_name(row: RankingPublication) -> str:
    return f"{period_name(row.period)} {row.category.name if row.category else _('总览')}"


def _ranking_page(row: RankingPublication) -> str:
    shown = row.status in (RankingPublication.Status.PUBLICITY, RankingPublication.Status.PUBLISHED)
    return reverse("credit:ranking", args=[row.number]) if shown else ""


def _entries(pks: list[int]) -> dict[int, Subject]:
    rows = GuidanceEntry.objects.filter(pk__in=pks).values_list(
        "pk", "agency__organisation__name", "agency_id", "agency__status"
    )
    return {pk: Subject(name, _storefront(agency, status)) for pk, name, agency, status in rows}


_SUBJECTS = {"agency": _agencies, "case": _cases, "ranking": _rankings, "guidance": _entries}


@dataclass(frozen=True)
class LogLine:
    """One line of the supervision log, as the inbox component shows it. ``about``: all whom it concerns, where the title
    names only the first of several; ``names``: names, which exist in Chinese only."""

    created_at: datetime
    title: str
    href: str = ""
    about: list[Subject] = field(default_factory=list)
    names: bool = False


Act = tuple[datetime, str, str]  # at, action, stream


def supervision_log(kind: str = "") -> QuerySet[AuditEntry, Act]:
    """The public part of the audit trail, newest first: all acts, or those on one kind of subject (agency, case,
    ranking). Read through an index, however long the trail is."""
    actions = [action for action in PUBLIC_ACTIONS if kind not in _SUBJECTS or action.startswith(f"{kind}.")]
    rows = AuditEntry.objects.filter(action__in=actions)
    return rows.order_by("-at", "-id").values_list("at", "action", "stream")


def log_lines(acts: Iterable[Act]) -> list[LogLine]:
    """Acts as lines: what was done of a kind within one minute is one line. One query a kind of subject."""
    runs: dict[tuple[datetime, str], list[Act]] = {}
    for act in acts:
        runs.setdefault((act[0].replace(second=0, microsecond=0), act[1]), []).append(act)
    subjects = _subjects_of([stream for run in runs.values() for _at, _action, stream in run])
    return [_line(action, run, subjects) for (_minute, action), run in runs.items()]


def _line(action: str, run: list[Act], subjects: dict[str, Subject]) -> LogLine:
    """One act, or several of a kind in one minute said in one sentence."""
    found = [subjects.get(stream, Subject(_("（已注销）"))) for _at, _action, stream in run]
    prefix, _sep, _pk = run[0][2].partition(":")
    names = prefix in ("agency", "guidance")  # the others are worded by us
    first = chinese(found[0].name) if names else found[0].name
    if len(found) == 1:
        return LogLine(run[0][0], sentence(str(PUBLIC_ACTIONS[action]), name=first), found[0].href)
    several = sentence(_("%(first)s 等 %(n)s 项"), first=first, n=len(found))
    return LogLine(run[0][0], sentence(str(PUBLIC_ACTIONS[action]), name=several), about=found, names=names)


def guidance_by_category() -> list[tuple[Category, list[GuidanceEntry]]]:
    """The guidance directory as it stands today, by category."""
    rows = guidance_entries().order_by("category__position", "agency__organisation__name")
    return [(category, list(entries)) for category, entries in groupby(rows, key=lambda row: row.category)]


def _subjects_of(streams: list[str]) -> dict[str, Subject]:
    found: dict[str, Subject] = {}
    for kind, ask in _SUBJECTS.items():
        pks = [int(pk) for prefix, _sep, pk in (s.partition(":") for s in streams) if prefix == kind]
        if pks:
            found.update({f"{kind}:{pk}": subject for pk, subject in ask(pks).items()})
    return found
