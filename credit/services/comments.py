"""What people say about a list that is not published yet, and the answer each of them gets."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.models import RankingPublication
from credit.selectors.comments import deadline_of, listed, open_comments
from kernel import access, clock
from kernel.errors import DomainError, Forbidden
from kernel.models import AuditEntry, Membership, User
from kernel.services import audit, notify
from kernel.wording import filled

OFFICER = Membership.Role.CREDIT_OFFICER
Status = RankingPublication.Status


@transaction.atomic
def ranking_comment(*, ranking: RankingPublication, text: str, contact: str, actor: User) -> AuditEntry:
    """In the preview a listed agency comments, in publicity anybody signed in objects, until the period ends."""
    ranking = RankingPublication.objects.select_for_update(of=("self",)).get(pk=ranking.pk)
    access.require(actor is not None, "access.person")
    if ranking.status == Status.PREVIEW and not listed(ranking, actor):
        raise Forbidden(
            "ranking.not_listed", _("征求意见期间只有上榜机构可以提出意见。"), _("公示期间任何人都可以提出异议。")
        )
    due = deadline_of(ranking)
    if ranking.status not in (Status.PREVIEW, Status.PUBLICITY) or due is None or clock.now() > due.due_at:
        raise DomainError("ranking.comment_closed", _("现在不能提出意见。"), _("请在征求意见期或公示期内提出。"))
    if not text.strip():
        raise DomainError("ranking.no_comment", _("请写明意见和理由。"), field="text")
    entry = audit.record(
        stream=ranking.stream,
        action="ranking.commented",
        actor=actor,
        data={"text": text.strip(), "contact": contact.strip(), "during": ranking.status},
    )
    notify.role(
        role=OFFICER,
        kind="credit",
        subject=ranking.stream,
        title=filled(_("信用排行收到意见：%(number)s"), number=ranking.number),
        url=f"/credit/rankings/{ranking.number}/#comments",
    )
    return entry


@transaction.atomic
def ranking_comment_answer(*, ranking: RankingPublication, seq: int, answer: str, actor: User) -> AuditEntry:
    """Answer the comment with the number ``seq``; the person who made it is told. Publishing waits for all answers."""
    ranking = RankingPublication.objects.select_for_update(of=("self",)).get(pk=ranking.pk)
    access.require_role(actor, OFFICER)
    comment = next((c for c in open_comments(ranking) if c.seq == seq), None)
    if comment is None:
        raise DomainError("ranking.answered", _("该意见已经答复。"), _("请刷新页面。"))
    if not answer.strip():
        raise DomainError("ranking.no_answer", _("请写明核实情况和答复。"), field="answer")
    entry = audit.record(
        stream=ranking.stream, action="ranking.answered", actor=actor, data={"to": seq, "text": answer.strip()}
    )
    notify.users(
        to=[comment.by],
        kind="credit",
        subject=ranking.stream,
        title=filled(_("您对信用排行的意见已答复：%(number)s"), number=ranking.number),
        body=answer.strip(),
        url=f"/credit/rankings/{ranking.number}/",
    )
    return entry
