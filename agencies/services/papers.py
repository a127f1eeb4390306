"""Files, certificates and people of an agency: what it may do, and through whom."""

from __future__ import annotations

from datetime import date
from typing import IO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from agencies.models import Agency, CertificateType, Practitioner, Qualification
from agencies.selectors.registration import PURPOSES
from agencies.services import certificates
from agencies.services.steps import announce_agency, lock_agency, note, require_reviewer
from kernel import access, clock, crypto
from kernel.errors import DomainError
from kernel.models import Attachment, User
from kernel.services import notify
from kernel.services.attachments import Kept, attachment_register, attachment_taken
from kernel.wording import filled

CLOSED = (Agency.Status.EXITED, Agency.Status.REMOVED)


def paper_upload(*, agency: Agency, purpose: str, file: IO[bytes], name: str, actor: User | None) -> Attachment:
    """Keep a file of the agency; ``purpose`` is a key of ``selectors.registration.PURPOSES``. The newest counts. The
    file is copied before anything is locked, and gone again when it is refused."""
    with attachment_taken(file=file, name=name) as kept:
        return paper_register(agency=agency, purpose=purpose, kept=kept, actor=actor)


@transaction.atomic
def paper_register(*, agency: Agency, purpose: str, kept: Kept, actor: User | None) -> Attachment:
    """Make a kept file a paper of the agency, as ``paper_upload``; for callers with more to do in one transaction."""
    row = _open(agency, actor)
    if purpose not in PURPOSES:
        raise DomainError("paper.purpose", _("请选择材料的用途。"), field="purpose")
    stored = attachment_register(kept=kept, subject=row.stream, purpose=purpose, actor=actor)
    note(row, "paper.uploaded", actor=actor, purpose=purpose, sha256=stored.sha256)
    return stored


@transaction.atomic
def qualification_add(
    *,
    agency: Agency,
    type: CertificateType,
    number: str,
    level: str = "",
    scope: str = "",
    issuer: str = "",
    issued_on: date | None = None,
    expires_on: date | None = None,
    scan: Attachment | None = None,
    renews: Qualification | None = None,
    actor: User | None,
) -> Qualification:
    """Add a certificate, or the renewal of one; it counts once an officer has checked it. ``expires_on`` None means
    long-term. An abolished type or level is refused with its remedy."""
    row = _open(agency, actor)
    _check_certificate(type, level, issued_on, expires_on)
    if renews and (renews.agency_id != row.pk or renews.type_id != type.pk):
        raise DomainError("qualification.renews", _("只能续换本机构同一类型的证书。"), field="renews")
    number = number.strip()
    if not number:
        raise DomainError("qualification.number", _("请填写证书编号。"), field="number")
    try:
        with transaction.atomic():
            paper = Qualification.objects.create(
                agency=row, type=type, number=number, level=level, scope=scope.strip(), issuer=issuer.strip(),
                issued_on=issued_on, expires_on=expires_on, scan=scan, renews=renews, created_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise _twice() from None
    note(row, "qualification.added", actor=actor, qualification=paper.pk, type=type.code, number=number)
    return paper


@transaction.atomic
def qualification_confirm(*, qualification: Qualification, actor: User | None) -> Qualification:
    """An officer has compared the certificate with its issuer's record: it counts from now on, the one it renews no
    longer does, and listings hidden for want of it come back."""
    paper = _for_officer(qualification, actor)
    if paper.issued_on and paper.issued_on > clock.today():
        raise DomainError("qualification.future", _("证书尚未到生效日期。"), _("请在生效之日起核验。"))
    paper.status = Qualification.Status.CONFIRMED
    paper.save(update_fields=["status"])
    if paper.renews_id:
        Qualification.objects.filter(pk=paper.renews_id).update(status=Qualification.Status.SUPERSEDED)
    note(paper.agency, "qualification.confirmed", actor=actor, qualification=paper.pk)
    announce_agency(paper.agency)
    certificates.agency_certificates_check(agency=paper.agency)
    return paper


@transaction.atomic
def qualification_reject(*, qualification: Qualification, reason: str, actor: User | None) -> Qualification:
    """An officer could not confirm the certificate; the agency is told why."""
    paper = _for_officer(qualification, actor)
    if not reason.strip():
        raise DomainError("qualification.reason", _("请写明未通过的原因。"), field="reason")
    paper.status, paper.rejected_reason = Qualification.Status.REJECTED, reason.strip()[:200]
    paper.save(update_fields=["status", "rejected_reason"])
    note(paper.agency, "qualification.rejected", actor=actor, qualification=paper.pk, reason=paper.rejected_reason)
    notify.organisation(
        to=paper.agency.organisation,
        kind="agency.papers",
        title=filled(_("证书未通过核验：%(paper)s"), paper=paper),
        body=paper.rejected_reason,
        subject=paper.agency.stream,
        url="/agency/certificates/",
    )
    return paper


@transaction.atomic
def practitioner_register(
    *,
    agency: Agency,
    name: str,
    identity_number: str,
    title: str = "",
    registration_number: str = "",
    can_lead: bool = False,
    social_insurance_since: date | None = None,
    proof: Attachment | None = None,
    actor: User | None,
) -> Practitioner:
    """Register a person. The identity number is checked, sealed and never shown again in full; one person works for
    one agency at a time (DomainError ``practitioner.elsewhere``, which does not say where)."""
    row = _open(agency, actor)
    number = _identity(identity_number)
    if not name.strip():
        raise DomainError("practitioner.name", _("请填写姓名。"), field="name")
    if social_insurance_since and social_insurance_since > clock.today():
        raise DomainError("practitioner.insurance", _("社保起缴日期不能在将来。"), field="social_insurance_since")
    try:
        with transaction.atomic():
            person = Practitioner.objects.create(
                agency=row, name=name.strip(), identity_sealed=crypto.seal(number),
                identity_fingerprint=crypto.fingerprint(number), title=title.strip(),
                registration_number=registration_number.strip(), can_lead=can_lead,
                social_insurance_since=social_insurance_since, proof=proof, started_on=clock.today(),
            )  # fmt: skip
    except IntegrityError:
        raise _registered(row, number) from None
    note(row, "practitioner.registered", actor=actor, practitioner=person.pk, name=person.name)
    announce_agency(row)
    return person


@transaction.atomic
def practitioner_end(*, practitioner: Practitioner, actor: User | None) -> Practitioner:
    """The person has left; the row stays, because orders name it."""
    row = _open(practitioner.agency, actor)
    person = Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    if person.ended_on is None:
        person.ended_on = max(clock.today(), person.started_on)
        person.save(update_fields=["ended_on"])
        note(row, "practitioner.ended", actor=actor, practitioner=person.pk)
        announce_agency(row)
    return person


def _open(agency: Agency, actor: User | None) -> Agency:
    row = lock_agency(agency)
    access.require_member(actor, row.organisation)
    if row.status in CLOSED:
        raise DomainError("agency.closed", _("机构已离开市场，不能再修改材料。"), _("如需重新入驻，请先重新申请。"))
    return row


def _for_officer(qualification: Qualification, actor: User | None) -> Qualification:
    lock_agency(qualification.agency)
    rows = Qualification.objects.select_for_update(of=("self",)).select_related("agency__organisation", "type")
    paper = rows.get(pk=qualification.pk)
    require_reviewer(actor, paper.agency)
    if paper.status != Qualification.Status.PENDING:
        raise DomainError("qualification.decided", _("这份证书已经处理过。"), _("请刷新页面查看结果。"))
    return paper


def _check_certificate(type: CertificateType, level: str, issued_on: date | None, expires_on: date | None) -> None:
    today = clock.today()
    if type.abolished_on and type.abolished_on <= today:
        raise DomainError("qualification.abolished", _("%(type)s已取消。") % {"type": type}, type.remedy, field="type")
    for gone in type.abolished_levels:
        if gone["level"] == level and date.fromisoformat(str(gone["abolished_on"])) <= today:
            raise DomainError("qualification.abolished", _("该等级已取消。"), gone.get("remedy_zh", ""), field="level")
    if type.levels and level not in type.levels:
        raise DomainError(
            "qualification.level",
            _("请选择证书等级：%(levels)s。") % {"levels": "、".join(type.levels)},
            field="level",
        )
    if issued_on and expires_on and expires_on < issued_on:
        raise DomainError("qualification.dates", _("有效期早于发证日期。"), _("请核对两个日期。"), field="expires_on")


def _identity(text: str) -> str:
    try:
        return str(ric.validate(text.strip().upper()))
    except (ValidationError, ValueError, LookupError):  # stdnum looks up the place of birth, also an unknown one
        raise DomainError(
            "practitioner.identity", _("居民身份证号不正确。"), _("请核对 18 位号码。"), field="identity_number"
        ) from None


def _registered(agency: Agency, number: str) -> DomainError:
    mark = crypto.fingerprint(number)
    if Practitioner.objects.filter(agency=agency, identity_fingerprint=mark, ended_on__isnull=True).exists():
        return DomainError("practitioner.twice", _("此人已在本机构登记。"), field="identity_number")
    return DomainError(
        "practitioner.elsewhere",
        _("此人已在另一家机构登记，同一人同一时间只能在一家机构执业。"),
        _("请其先在原机构办理注销；如登记有误，请联系服务中心核实。"),
        field="identity_number",
    )


def _twice() -> DomainError:
    return DomainError(
        "qualification.twice",
        _("这份证书已经登记过，或已经提交过换证。"),
        _("换证请在原证书旁选择“换证”，并等待核验结果。"),
        field="number",
    )
