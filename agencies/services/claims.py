"""Claiming an imported agency (认领): an authorised person asks, the centre checks, the person becomes its administrator."""

from __future__ import annotations

from typing import IO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Claim
from agencies.services.steps import agency_step, lock_agency, note, require_reviewer
from kernel import clock, uscc
from kernel.errors import DomainError
from kernel.models import Membership, User
from kernel.services import audit, notify, parties
from kernel.services.attachments import Kept, attachment_register, attachment_taken
from kernel.wording import filled

LETTER = "authorisation"


def agency_claim(*, code: str, file: IO[bytes], file_name: str, note: str = "", actor: User) -> Claim:
    """Ask to take over the imported agency with this USCC; the letter of authorisation (授权书, stamped) goes with it and
    is copied before anything is locked, and gone again when the claim is refused. DomainErrors: ``claim.unknown``,
    ``claim.claimed``, ``claim.twice``, and those of the code and the file."""
    number = uscc.check(code)
    with attachment_taken(file=file, name=file_name) as kept:
        return _file(number, kept, note, actor)


def _file(number: str, kept: Kept, note: str, actor: User) -> Claim:
    found = Agency.objects.filter(organisation__uscc=number).first()
    if found is None:
        raise DomainError(
            "claim.unknown",
            _("名录里没有这个统一社会信用代码。"),
            _("请核对代码；不在名录里的机构，请登记单位后申请入驻。"),
            field="code",
        )
    agency = lock_agency(found)
    if agency.status != Agency.Status.IMPORTED:
        raise DomainError(
            "claim.claimed",
            _("“%(name)s”已有管理员。") % {"name": str(agency)},
            _("请联系贵单位的管理员邀请您加入；管理员已离职的，请联系服务中心。"),
            field="code",
        )
    if agency.claims.filter(user=actor, status=Claim.Status.PENDING).exists():
        raise DomainError(
            "claim.twice", _("您已提交认领申请，正在核实。"), _("请等待结果，不必重复提交。"), field="code"
        )
    claim = Claim.objects.create(agency=agency, user=actor, note=note.strip()[:300], created_at=clock.now())
    letter = attachment_register(kept=kept, subject=f"claim:{claim.pk}", purpose=LETTER, actor=actor)
    _record(claim, "claim.filed", actor, "", Claim.Status.PENDING, sha256=letter.sha256)
    notify.role(
        role=Membership.Role.OPERATOR,
        kind="agency.claim",
        title=filled(_("认领申请：%(agency)s"), agency=agency),
        body=claim.note,
        subject=f"claim:{claim.pk}",
        url=f"/desk/claims/{claim.pk}/",
    )
    return claim


@transaction.atomic
def claim_confirm(*, claim: Claim, actor: User | None) -> Claim:
    """The letter is genuine: the person becomes the organisation's administrator and the agency's file a draft to be
    completed and handed in. Other open claims of the agency end."""
    row, agency = _locked(claim, actor)
    _decide(row, Claim.Status.CONFIRMED, "", actor)
    agency_step(agency, "claim", actor=actor, claim=row.pk)
    parties.membership_add(organisation=agency.organisation, user=row.user, role=Membership.Role.OWNER, actor=None)
    for other in agency.claims.select_for_update().filter(status=Claim.Status.PENDING):
        _refuse(other, str(_("已由他人认领。")), actor)
    _tell(row, filled(_("您已成为“%(agency)s”的管理员"), agency=agency), "", "/agency/")
    return row


@transaction.atomic
def claim_refuse(*, claim: Claim, reason: str, actor: User | None) -> Claim:
    """The letter does not do; the person is told why and may ask again."""
    row, _agency = _locked(claim, actor)
    if not reason.strip():
        raise DomainError("claim.reason", _("请写明未通过的原因。"), field="reason")
    return _refuse(row, reason, actor)


def _locked(claim: Claim, actor: User | None) -> tuple[Claim, Agency]:
    agency = lock_agency(claim.agency)
    require_reviewer(actor, agency)
    row = Claim.objects.select_for_update(of=("self",)).select_related("user").get(pk=claim.pk)
    if actor is not None and row.user_id == actor.pk:
        raise DomainError("claim.own", _("不能办理自己的认领申请。"), _("请由另一位工作人员办理。"))
    if row.status != Claim.Status.PENDING:
        raise DomainError("claim.decided", _("这份申请已经办理。"), _("请刷新页面查看结果。"))
    return row, agency


def _refuse(row: Claim, reason: str, actor: User | None) -> Claim:
    _decide(row, Claim.Status.REFUSED, reason.strip()[:300], actor)
    _tell(row, filled(_("认领“%(agency)s”未通过"), agency=row.agency), row.reason, "/agency/claim/")
    return row


def _decide(row: Claim, status: str, reason: str, actor: User | None) -> None:
    row.status, row.reason, row.decided_by, row.decided_at = status, reason, actor, clock.now()
    row.save()
    _record(row, f"claim.{status}", actor, Claim.Status.PENDING, status, reason=reason)
    note(row.agency, f"agency.claim_{status}", actor=actor, claim=row.pk, user=row.user_id)


def _record(row: Claim, action: str, actor: User | None, before: str, after: str, **data: str) -> None:
    audit.record(
        stream=f"claim:{row.pk}",
        action=action,
        actor=actor,
        from_state=before,
        to_state=after,
        data={**data, "agency": row.agency_id},
    )


def _tell(row: Claim, title: object, body: str, url: str) -> None:
    notify.users(
        to=[row.user], kind="agency.claim", title=title, body=body, subject=f"claim:{row.pk}", url=url, sms=True
    )
