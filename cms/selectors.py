"""Facts that the reading pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Category
from credit.models import Case, GuidanceEntry, RankingPublication
from credit.selectors import guidance_entries
from kernel.models import AuditEntry

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
    "ranking.preview": gettext_lazy("信用排行 %(name)s 征求意见"),
    "ranking.publicity": gettext_lazy("信用排行 %(name)s 开始公示"),
    "ranking.published": gettext_lazy("信用排行 %(name)s 正式发布"),
    "guidance.entered": gettext_lazy("%(name)s 列入指导名录"),
    "guidance.removed": gettext_lazy("%(name)s 移出指导名录"),
}
_NAMES = {
    "agency": lambda pks: dict(Agency.objects.filter(pk__in=pks).values_list("pk", "organisation__name")),
    "case": lambda pks: dict(Case.objects.filter(pk__in=pks).values_list("pk", "number")),
    "ranking": lambda pks: dict(RankingPublication.objects.filter(pk__in=pks).values_list("pk", "number")),
    "guidance": lambda pks: dict(
        GuidanceEntry.objects.filter(pk__in=pks).values_list("pk", "agency__organisation__name")
    ),
}


@dataclass(frozen=True)
class LogLine:
    """One line of the supervision log, as the history component shows it."""

    at: datetime
    text: str
    by: str = ""
    note: str = ""
    href: str = ""


class SupervisionLog(Sequence[LogLine]):
    """The public part of the audit trail, newest first; a slice costs one query a page and one a kind of subject."""

    def __init__(self, kind: str) -> None:
        rows = AuditEntry.objects.filter(action__in=_actions(kind)).order_by("-at", "-id")
        self._rows = rows.values_list("at", "action", "stream")
        self._count = rows.count

    def __len__(self) -> int:
        return self._count()

    def __getitem__(self, index: Any) -> Any:
        rows = list(self._rows[index])
        names = _names_of([stream for _at, _action, stream in rows])
        return [
            LogLine(at, str(PUBLIC_ACTIONS[action]) % {"name": names.get(stream, _("（已注销）"))})
            for at, action, stream in rows
        ]


def supervision_log(kind: str = "") -> SupervisionLog:
    """All lines, or those of one kind of subject (agency, case, ranking)."""
    return SupervisionLog(kind if kind in _NAMES else "")


def guidance_by_category() -> list[tuple[Category, list[GuidanceEntry]]]:
    """The guidance directory as it stands today, by category."""
    rows = guidance_entries().order_by("category__position", "agency__organisation__name")
    return [(category, list(entries)) for category, entries in groupby(rows, key=lambda row: row.category)]


def _actions(kind: str) -> list[str]:
    return [action for action in PUBLIC_ACTIONS if not kind or action.startswith(f"{kind}.")]


def _names_of(streams: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, ask in _NAMES.items():
        pks = [int(pk) for prefix, _sep, pk in (s.partition(":") for s in streams) if prefix == kind]
        if pks:
            found.update({f"{kind}:{pk}": name for pk, name in ask(pks).items()})
    return found
