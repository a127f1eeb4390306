"""Objections during publicity (公示异议): raised under one's own name, answered by an officer before approval."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.machines import PUBLICITY
from agencies.models import Objection, Review
from agencies.services.steps import lock_agency, lock_review, note, require_reviewer
from kernel import clock
from kernel.errors import DomainError
from kernel.models import Deadline, Membership, User
from kernel.services import notify
from kernel.wording import filled


@transaction.atomic
def objection_raise(*, review: Review, text: str, contact: str, actor: User) -> Objection:
    """Object to an entry that is in publicity. One open objection a person; the centre is told."""
    row = lock_review(review)
    if (
        row.status != Review.Status.PUBLICITY
        or not Deadline.objects.filter(
            subject=row.stream, code=PUBLICITY, state=Deadline.State.OPEN, due_at__gte=clock.now()
        ).exists()
    ):
        raise DomainError("objection.late", _("公示已经结束。"), _("如有问题，请向服务中心投诉举报。"))
    text, contact = text.strip(), contact.strip()
    if len(text) < 5:
        raise DomainError("objection.text", _("请写明异议的事实和理由。"), field="text")
    if not contact:
        raise DomainError("objection.contact", _("请留下联系方式，便于核实和答复。"), field="contact")
    if row.objections.filter(raised_by=actor, status=Objection.Status.OPEN).exists():
        raise DomainError("objection.twice", _("您已提出异议，正在核实。"), _("请等待答复后再补充。"))
    objection = Objection.objects.create(
        review=row, raised_by=actor, text=text[:2000], contact=contact[:60], raised_at=clock.now()
    )
    note(row, "objection.raised", actor=actor, objection=objection.pk)
    notify.role(
        role=Membership.Role.OPERATOR,
        kind="agency.objection",
        title=filled(_("公示异议：%(agency)s"), agency=row.agency),
        body=text[:200],
        subject=row.stream,
        url=f"/desk/review/{row.pk}/",
    )
    return objection


@transaction.atomic
def objection_decide(*, objection: Objection, upheld: bool, answer: str, actor: User | None) -> Objection:
    """Answer an objection. One that is upheld does not decide the review: the officer then returns it."""
    lock_agency(objection.review.agency)
    review = lock_review(objection.review)
    require_reviewer(actor, review.agency)
    row = Objection.objects.select_for_update().get(pk=objection.pk)
    if row.status != Objection.Status.OPEN:
        raise DomainError("objection.decided", _("这条异议已经答复。"), _("请刷新页面查看。"))
    if not answer.strip():
        raise DomainError("objection.answer", _("请填写核实情况和答复。"), field="answer")
    row.status = Objection.Status.UPHELD if upheld else Objection.Status.DISMISSED
    row.answer, row.decided_by, row.decided_at = answer.strip()[:2000], actor, clock.now()
    row.save()
    note(review, "objection.decided", actor=actor, objection=row.pk, upheld=upheld)
    notify.users(
        to=[row.raised_by],
        kind="agency.objection",
        title=filled(_("您对“%(agency)s”入驻的异议已答复"), agency=review.agency),
        body=row.answer,
        subject=review.stream,
        url="/publicity/",
    )
    return row
