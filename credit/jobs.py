"""What credit does by the clock: nightly scores and directory, and who is told when a period of its ends."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.models import Case, RankingPublication
from credit.services.guidance import guidance_sweep
from credit.services.scores import scores_recompute
from credit.services.wording import lazy_title
from kernel import registries
from kernel.models import Deadline, Membership, Reminder
from kernel.services import notify
from kernel.wording import filled

OFFICER = Membership.Role.CREDIT_OFFICER
OVER = {
    "ranking.preview": _("%(ranking)s：征求意见期满，可以开始公示"),
    "ranking.publicity": _("%(ranking)s：公示期满，可以发布"),
}


@registries.nightly.register("credit.scores")
def nightly_scores() -> None:
    scores_recompute(actor=None)


@registries.nightly.register("credit.guidance")
def nightly_guidance() -> None:
    guidance_sweep()


@registries.deadline_handlers.register("case.defence")
def defence_over(deadline: Deadline) -> None:
    """Nothing is decided by the clock: the officers are told that they may decide now."""
    case = _of(Case.objects, deadline.subject)
    notify.role(
        role=OFFICER,
        kind="credit",
        subject=deadline.subject,
        url=f"/credit/cases/{case.number}/",
        title=filled(_("申辩期满，可以决定：%(number)s"), number=case.number),
    )


@registries.reminder_handlers.register("case.defence")
def defence_soon(reminder: Reminder) -> None:
    case = _of(Case.objects, reminder.deadline.subject)
    notify.organisation(
        to=case.agency.organisation,
        kind="credit",
        subject=case.stream,
        url=f"/credit/cases/{case.number}/",
        title=filled(_("陈述申辩期还剩 %(n)s 个工作日：%(number)s"), n=reminder.days_before, number=case.number),
    )


@registries.deadline_handlers.register("ranking.preview")
@registries.deadline_handlers.register("ranking.publicity")
def ranking_period_over(deadline: Deadline) -> None:
    ranking = _of(RankingPublication.objects.select_related("category"), deadline.subject)
    notify.role(
        role=OFFICER,
        kind="credit",
        subject=deadline.subject,
        url=f"/credit/rankings/{ranking.number}/",
        title=filled(OVER[deadline.code], ranking=lazy_title(ranking)),
    )


def _of(rows: Any, subject: str) -> Any:
    return rows.get(pk=int(subject.split(":")[1]))
