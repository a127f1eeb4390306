"""The next step of a ranking: whether this officer may take it now, and if not, why and who may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from credit.models import RankingPublication
from credit.services import rankings
from credit.views.door import named, other_officers
from kernel import clock, lamps
from kernel.models import Deadline
from kernel.ui.format import date_cn, sentence

S = RankingPublication.Status
# status → (act, button, service)
STEPS: dict[str, tuple[str, Any, Any]] = {
    S.DRAFT: ("preview", gettext_lazy("开始征求意见"), rankings.ranking_preview_open),
    S.PREVIEW: ("publicise", gettext_lazy("开始公示"), rankings.ranking_publicity_open),
    S.PUBLICITY: ("publish", gettext_lazy("发布"), rankings.ranking_publish),
}
ACTS = {act: (status, label, service) for status, (act, label, service) in STEPS.items()}


@dataclass(frozen=True)
class Step:
    """``act`` and ``label`` of the next step; ``bar`` says why it cannot be taken now ("" = it can). ``unanswered``
    comments are what holds it up, and any officer may answer them."""

    act: str
    label: Any
    bar: str = ""
    unanswered: int = 0


def period_lamp(ranking: RankingPublication, deadline: Deadline | None) -> lamps.Lamp | None:
    """How the time for comments stands. Its end is what it is for: a period that is over waits, it is not late."""
    if deadline is None:
        return None
    if clock.now() <= deadline.due_at:
        return lamps.lamp(deadline)
    said = _("公示至 %(day)s，已期满，等待发布")
    if ranking.status == S.PREVIEW:
        said = _("征求意见至 %(day)s，已期满，等待公示")
    return lamps.Lamp("grey", said % {"day": date_cn(deadline.due_at, False)}, 0, deadline.due_at)


def step_of(
    ranking: RankingPublication,
    deadline: Deadline | None,
    user: Any,
    *,
    unanswered: int = 0,
    others: list[Any] | None = None,
) -> Step | None:
    """None when nothing follows. ``unanswered`` comments hold publication up. ``others`` (the other officers) saves the
    query where many rows are shown."""
    if ranking.status not in STEPS:
        return None
    act, label, _service = STEPS[ranking.status]
    if deadline is not None and clock.now() <= deadline.due_at:
        return Step(act, label, _("%(day)s 期满，之后可以办理下一步。") % {"day": date_cn(deadline.due_at, False)})
    if act != "publish":
        return Step(act, label)
    if unanswered:
        said = ngettext(
            "还有 %(n)s 条意见没有答复，答复后才能发布。", "还有 %(n)s 条意见没有答复，答复后才能发布。", unanswered
        )
        return Step(act, label, said % {"n": unanswered}, unanswered)
    return Step(act, label, _own(user, others) if ranking.drafted_by_id == user.pk else "")


def _own(user: Any, others: list[Any] | None) -> str:
    """Who else may publish what this officer drafted."""
    names = named((other_officers(user) if others is None else others)[:5])
    if not names:
        return _("由您起草的排行，须由另一位信用管理员发布；目前没有第二位，请单位管理员添加。")
    return sentence(_("由您起草的排行，须由另一位信用管理员发布：%(names)s。"), names=names)
