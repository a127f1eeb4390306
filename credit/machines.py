"""The lives of a case and of a ranking, as data. Limits are the default rulebook's; the rulebook in force decides."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from credit.models import Case, RankingPublication
from kernel.machine import Machine, Transition

S = Case.Status
CASE = Machine(
    name="case",
    label=_("信用案件"),
    states=S,
    initial=S.INTAKE,
    finals=(S.REPAIRED, S.DISMISSED, S.WITHDRAWN),
    transitions=(
        Transition("allege", _("提出认定"), (S.INTAKE,), S.ALLEGED, ("credit_officer", "system")),
        Transition(
            "notice",
            _("送达告知"),
            (S.ALLEGED,),
            S.NOTICED,
            ("credit_officer",),
            deadline="case.defence",
            limit_days=5,
            reminders=(2,),
            note=_("写明事实、证据、条款、扣分和等级后果"),
        ),
        Transition("defend", _("陈述申辩"), (S.NOTICED,), S.DEFENDED, ("agency",)),
        Transition(
            "uphold",
            _("决定认定"),
            (S.NOTICED, S.DEFENDED),
            S.IN_EFFECT,
            ("credit_officer",),
            note=_("由提出人以外的人决定；未申辩的，须等申辩期满"),
        ),
        Transition("dismiss", _("决定不予认定"), (S.NOTICED, S.DEFENDED), S.DISMISSED, ("credit_officer",)),
        Transition(
            "withdraw", _("撤回"), (S.INTAKE, S.ALLEGED, S.NOTICED, S.DEFENDED), S.WITHDRAWN, ("credit_officer",)
        ),
        Transition("repair", _("信用修复"), (S.IN_EFFECT,), S.REPAIRED, ("credit_officer",)),
    ),
)

R = RankingPublication.Status
RANKING = Machine(
    name="ranking",
    label=_("信用排行"),
    states=R,
    initial=R.DRAFT,
    finals=(R.PUBLISHED, R.WITHDRAWN),
    transitions=(
        Transition(
            "preview",
            _("征求意见"),
            (R.DRAFT,),
            R.PREVIEW,
            ("credit_officer",),
            deadline="ranking.preview",
            limit_days=5,
        ),
        Transition(
            "publicise",
            _("公示"),
            (R.PREVIEW,),
            R.PUBLICITY,
            ("credit_officer",),
            deadline="ranking.publicity",
            limit_days=7,
        ),
        Transition(
            "publish", _("发布"), (R.PUBLICITY,), R.PUBLISHED, ("credit_officer",), note=_("由起草人以外的人发布")
        ),
        Transition("withdraw", _("撤回"), (R.DRAFT, R.PREVIEW, R.PUBLICITY), R.WITHDRAWN, ("credit_officer",)),
    ),
)
