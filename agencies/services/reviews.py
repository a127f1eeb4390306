"""The review desk (审查): form check, return with reasons, publicity, approval of entries, changes and listings."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import profile
from agencies.machines import FORM_CHECK, FORM_CHECK_DAYS, PUBLICITY, PUBLICITY_DAYS
from agencies.models import Agency, Objection, Qualification, Review
from agencies.selectors import notice
from agencies.selectors.registration import CHANGE
from agencies.services import directory, offers
from agencies.services.steps import agency_step, lock_agency, lock_review, note, require_reviewer, review_step
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Deadline, User
from kernel.services import deadlines, notify, parties
from kernel.services.attachments import Kept, attachment_register
from kernel.wording import filled

Kind = Review.Kind


@transaction.atomic
def review_return(*, review: Review, reasons: list[dict[str, str]], actor: User | None) -> Review:
    """Send it back. ``reasons``: [{"code", "text"}], at least one with a text; the agency reads them as written."""
    row = _locked(review, actor)
    clean = [{"code": str(r.get("code", ""))[:40], "text": str(r.get("text", "")).strip()[:300]} for r in reasons]
    clean = [reason for reason in clean if reason["text"]]
    if not clean:
        raise DomainError("review.reasons", _("请至少写明一条退回原因。"), _("可从常用原因中选择，也可自行填写。"))
    row.reasons = clean
    _decide(row, "return", actor)
    if row.kind == Kind.ENTRY:
        agency_step(row.agency, "return", actor=actor)
    elif row.kind == Kind.LISTING:
        offers.version_returned(version=row.listing_version, actor=actor)
    _tell(row, filled(_("%(kind)s被退回，请补正"), kind=Kind(row.kind).label), "；".join(r["text"] for r in clean))
    return row


@transaction.atomic
def review_publicise(*, review: Review, actor: User | None) -> Review:
    """The form is in order: the entry is made public for objections, five working days, as it was examined."""
    row = _locked(review, actor)
    if row.kind != Kind.ENTRY:
        raise DomainError("review.no_publicity", _("只有入驻申请需要公示。"), _("信息变更和服务上架可直接通过。"))
    if Qualification.objects.filter(agency=row.agency, status=Qualification.Status.PENDING).exists():
        raise DomainError("review.papers_pending", _("还有证书没有核验。"), _("请先逐份核验，确认或写明未通过的原因。"))
    deadlines.meet(subject=row.stream, code=FORM_CHECK)
    row.notice = notice.examined(row.agency)
    review_step(row, "publicise", actor=actor)
    agency_step(row.agency, "publicise", actor=actor)
    deadlines.start(subject=row.stream, code=PUBLICITY, limit_days=PUBLICITY_DAYS)
    _tell(row, _("入驻申请已通过形式审查，开始公示"), "")
    return row


@transaction.atomic
def review_approve(*, review: Review, actor: User | None) -> Review:
    """Approve: an entry after its publicity with every objection answered; a change or a listing at once."""
    row = _locked(review, actor)
    if row.kind == Kind.ENTRY:
        _require_publicity_over(row)
        _decide(row, "approve", actor)
        row.agency.activated_at = row.agency.activated_at or clock.now()
        agency_step(row.agency, "approve", actor=actor)
        directory.entry_open(agency=row.agency, actor=actor)
    elif row.kind == Kind.CHANGE:
        _decide(row, "approve", actor)
        _apply(row, actor)
    else:
        offers.version_published(version=row.listing_version, actor=actor)
        _decide(row, "approve", actor)
    _tell(row, filled(_("%(kind)s已通过"), kind=Kind(row.kind).label), "")
    return row


@transaction.atomic
def review_withdraw(*, review: Review, actor: User | None) -> Review:
    """The agency takes back a change or a listing that is still at the desk (an entry is given up by exiting)."""
    lock_agency(review.agency)
    row = lock_review(review)
    access.require_member(actor, row.agency.organisation)
    if row.kind == Kind.ENTRY:
        raise DomainError("review.entry", _("入驻申请不能单独撤回。"), _("如不再入驻，请使用“退出市场”。"))
    _decide(row, "withdraw", actor)
    if row.kind == Kind.LISTING:
        offers.version_returned(version=row.listing_version, actor=actor)
    return row


@transaction.atomic
def change_request(*, agency: Agency, changes: dict[str, Any], proof: Kept | None = None, actor: User | None) -> Review:
    """Ask for changes of reviewed fields (``profile.REVIEWED_FIELDS``) while active; only real differences count. Of some
    (``profile.PROVED_FIELDS``) the paper comes with the request and is kept with it."""
    row = lock_agency(agency)
    access.require_member(actor, row.organisation)
    if row.status != Agency.Status.ACTIVE:
        raise DomainError("change.not_active", _("入驻后才能提交信息变更。"), _("入驻前请直接修改申请资料。"))
    if set(changes) - set(profile.REVIEWED_FIELDS):
        raise ValueError(f"only {profile.REVIEWED_FIELDS} pass the desk")
    if Review.objects.filter(agency=row, kind=Kind.CHANGE, status=Review.Status.PENDING).exists():
        raise DomainError("change.open", _("已有一份信息变更在审查中。"), _("请等待结果，或先撤回后重新提交。"))
    pairs = {name: [profile.read(row, name), profile.clean(row, name, value)] for name, value in changes.items()}
    pairs = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not pairs:
        raise DomainError("change.nothing", _("没有内容发生变化。"), _("请修改后再提交。"))
    if proof is None and not set(pairs).isdisjoint(profile.PROVED_FIELDS):
        raise DomainError(
            "change.proof",
            _("改单位名称、法定代表人、总公司或隶属关系，要附证明。"),
            _("请上传换发的登记证书或批准文件。"),
            field="proof",
        )
    review = Review.objects.create(
        kind=Kind.CHANGE, agency=row, changes=pairs, submitted_by=actor, submitted_at=clock.now()
    )
    papers = [attachment_register(kept=proof, subject=review.stream, purpose=CHANGE, actor=actor)] if proof else []
    sums = [paper.sha256 for paper in papers]
    note(review, "review.opened", actor=actor, kind=review.kind, fields=sorted(pairs), papers=sums)
    deadlines.start(subject=review.stream, code=FORM_CHECK, limit_days=FORM_CHECK_DAYS, reminders=(1,))
    return review


def _locked(review: Review, actor: User | None) -> Review:
    agency = lock_agency(review.agency)
    row = lock_review(review)
    row.agency = agency
    require_reviewer(actor, agency)
    return row


def _decide(row: Review, name: str, actor: User | None) -> None:
    row.decided_by, row.decided_at = actor, clock.now()
    review_step(row, name, actor=actor, reasons=row.reasons)
    for code in (FORM_CHECK, PUBLICITY):
        deadlines.meet(subject=row.stream, code=code)


def _require_publicity_over(row: Review) -> None:
    if row.status != Review.Status.PUBLICITY:
        raise DomainError("review.not_public", _("入驻申请须先公示。"), _("请先完成形式审查并开始公示。"))
    last = Deadline.objects.filter(subject=row.stream, code=PUBLICITY).order_by("-id").first()
    if last is None or clock.now() <= last.due_at:
        raise DomainError("review.publicity_running", _("公示期尚未结束。"), _("请在公示期满后办理。"))
    if row.objections.filter(status=Objection.Status.OPEN).exists():
        raise DomainError("review.objection_open", _("还有公示异议没有答复。"), _("请先逐条核实并答复异议人。"))
    if row.objections.filter(status=Objection.Status.UPHELD).exists():
        raise DomainError("review.objection_upheld", _("有公示异议成立，不能准予入驻。"), _("请退回并写明原因。"))


def _apply(row: Review, actor: User | None) -> None:
    agency, values = row.agency, {name: pair[1] for name, pair in row.changes.items()}
    profile.write(agency, values)
    agency.save()
    if "name" in values:
        parties.organisation_rename(organisation=agency.organisation, name=values["name"], actor=actor)
    note(agency, "agency.changed", actor=actor, changes=row.changes)
    directory.announce_agency(agency)


def _tell(row: Review, title: Any, body: str) -> None:
    urls = {Kind.ENTRY: "/agency/", Kind.CHANGE: "/agency/profile/", Kind.LISTING: "/agency/listings/"}
    notify.organisation(
        to=row.agency.organisation,
        kind="agency.review",
        title=title,
        body=body,
        subject=row.stream,
        url=urls[Kind(row.kind)],
    )
