"""What happens when a deadline of the review desk comes near or passes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.machines import FORM_CHECK, PUBLICITY
from agencies.models import Review
from kernel.models import Deadline, Membership, Reminder
from kernel.registries import deadline_handlers, reminder_handlers
from kernel.services import notify
from kernel.wording import filled


@reminder_handlers.register(FORM_CHECK)
def form_check_due(reminder: Reminder) -> None:
    """One working day is left. The limit itself has no handler: it stays open and red until the desk has acted."""
    _tell_desk(reminder.deadline, _("审查即将到期：%(review)s"))


@deadline_handlers.register(PUBLICITY)
def publicity_over(deadline: Deadline) -> None:
    """The publicity period has ended: a person decides, so the desk is told."""
    _tell_desk(deadline, _("公示期满，可以办理：%(review)s"))


def _tell_desk(deadline: Deadline, title: object) -> None:
    pk = int(deadline.subject.partition(":")[2])
    review = Review.objects.select_related("agency__organisation").filter(pk=pk).first()
    if review is not None and review.decided_at is None:
        notify.role(
            role=Membership.Role.OPERATOR,
            kind="desk.review",
            title=filled(title, review=review),
            subject=review.stream,
            url=f"/desk/review/{review.pk}/",
        )
