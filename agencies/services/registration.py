"""Getting in: open a file, fill it in, sign the commitment, hand it in. Nothing is lost in between; entry costs nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agencies import profile
from agencies.machines import FORM_CHECK, FORM_CHECK_DAYS
from agencies.models import Agency, Review
from agencies.selectors import registration as applications
from agencies.services.steps import agency_step, announce_agency, lock_agency, note
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Organisation, User
from kernel.services import deadlines, parties

OPEN_FOR_EDITING = (Agency.Status.DRAFT, Agency.Status.RETURNED)


@transaction.atomic
def agency_start(*, organisation: Organisation, actor: User | None) -> Agency:
    """Open the file of an organisation of kind agency; calling again returns the same file."""
    party = Organisation.objects.select_for_update().get(pk=organisation.pk)
    access.require_member(actor, party)
    if party.kind != Organisation.Kind.AGENCY:
        raise DomainError("agency.kind", _("只有中介机构类型的单位可以入驻。"), _("请先以中介机构身份登记单位。"))
    existing = Agency.objects.filter(organisation=party).first()
    if existing:
        return existing
    agency = Agency.objects.create(organisation=party, created_at=clock.now())
    note(agency, "agency.started", actor=actor, uscc=party.uscc)
    return agency


@transaction.atomic
def agency_edit(*, agency: Agency, data: dict[str, Any], actor: User | None) -> Agency:
    """Fill in the file while it is a draft or came back. ``data``: fields of ``agencies.profile`` in plain form or as
    rows, and ``affiliation_declared``. DomainError ``agency.field`` at the field, ``agency.locked`` later on."""
    row = lock_agency(agency)
    access.require_member(actor, row.organisation)
    if row.status not in OPEN_FOR_EDITING:
        raise DomainError(
            "agency.locked",
            _("申请已提交，资料暂不能直接修改。"),
            _("审查期间请等待结果；入驻后请通过“信息变更”提交修改。"),
        )
    values = {k: profile.clean(row, k, v) for k, v in data.items() if k != "affiliation_declared"}
    _write(row, values, actor)
    if "affiliation_declared" in data:
        row.affiliation_declared = bool(data["affiliation_declared"])
    row.save()
    note(row, "agency.edited", actor=actor, fields=sorted(data))
    return row


@transaction.atomic
def agency_contact_update(*, agency: Agency, data: dict[str, Any], actor: User | None) -> Agency:
    """Change how the agency is reached (``profile.FREE_FIELDS``), at once and in every state but the last."""
    row = lock_agency(agency)
    access.require_member(actor, row.organisation)
    if set(data) - set(profile.FREE_FIELDS):
        raise ValueError(f"only {profile.FREE_FIELDS} change without review")
    values = {k: profile.clean(row, k, v) for k, v in data.items()}
    before = {k: profile.read(row, k) for k in values}
    _write(row, values, actor)
    row.save()
    note(row, "agency.contact_updated", actor=actor, before=before, after=values)
    announce_agency(row)
    return row


@transaction.atomic
def agency_commit(*, agency: Agency, actor: User | None) -> Agency:
    """Sign the entry commitment (入驻承诺) in the organisation's name: its administrator does."""
    row = lock_agency(agency)
    access.require(actor is None or access.owns(actor, row.organisation), "agency.owner")
    if row.status not in OPEN_FOR_EDITING:
        raise DomainError("agency.locked", _("当前状态不能签署承诺。"), _("请刷新页面查看最新状态。"))
    row.committed_at, row.committed_by = clock.now(), actor
    row.save(update_fields=["committed_at", "committed_by"])
    note(row, "agency.committed", actor=actor)
    return row


@transaction.atomic
def agency_submit(*, agency: Agency, actor: User | None) -> Review:
    """Hand the file in for the form check. DomainError ``agency.*`` names the first thing that is missing."""
    row = lock_agency(agency)
    access.require_member(actor, row.organisation)
    missing = applications.gaps(row)
    if missing:
        raise DomainError(missing[0].code, missing[0].sentence, _("补齐后再提交。"))
    row.submitted_at = clock.now()
    agency_step(row, "submit", actor=actor)
    review = Review.objects.create(
        kind=Review.Kind.ENTRY,
        agency=row,
        changes=profile.snapshot(row),
        submitted_by=actor,
        submitted_at=clock.now(),
    )
    note(review, "review.opened", actor=actor, kind=review.kind)
    deadlines.start(subject=review.stream, code=FORM_CHECK, limit_days=FORM_CHECK_DAYS, reminders=(1,))
    return review


@transaction.atomic
def agency_restart(*, agency: Agency, actor: User | None) -> Agency:
    """Come back after an exit: the file is a draft again and its commitment must be signed anew."""
    row = lock_agency(agency)
    access.require(actor is None or access.owns(actor, row.organisation), "agency.owner")
    row.committed_at = row.committed_by = None
    return agency_step(row, "restart", actor=actor)


def _write(row: Agency, values: dict[str, Any], actor: User | None) -> None:
    """The agency's fields on its row, the organisation's through the kernel."""
    profile.write(row, values)
    party = {k: v for k, v in values.items() if k in ("address", "phone")}
    if party:
        row.organisation = parties.organisation_update(organisation=row.organisation, actor=actor, **party)
    if "name" in values and values["name"] != row.organisation.name:
        row.organisation = parties.organisation_rename(organisation=row.organisation, name=values["name"], actor=actor)
