"""Organisations and who belongs to them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock, uscc
from kernel.errors import DomainError
from kernel.models import Invitation, Membership, Organisation, Region, User
from kernel.services import audit

INVITATION_DAYS = 7
INVITATIONS_A_MOBILE, INVITATIONS_AN_ORGANISATION = 3, 50
"""Most in a day."""
Role = Membership.Role


@transaction.atomic
def organisation_create(
    *,
    kind: str,
    name: str,
    region: Region,
    code: str | None = None,
    address: str = "",
    phone: str = "",
    invoice_title: str = "",
    owner: User | None = None,
    actor: User | None,
) -> Organisation:
    """Register a party; ``owner`` becomes its first administrator. A USCC can be registered once."""
    number = uscc.check(code) if code else None
    if number is None and kind != Organisation.Kind.PERSON:
        raise DomainError("uscc.missing", _("请填写统一社会信用代码。"), field="uscc")
    if number and Organisation.objects.filter(uscc=number).exists():
        raise _taken()
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                kind=kind,
                name=name.strip(),
                uscc=number,
                region=region,
                address=address,
                phone=phone,
                invoice_title=invoice_title or name.strip(),
                created_at=clock.now(),
            )
    except IntegrityError:
        raise _taken() from None
    audit.record(
        stream=f"organisation:{organisation.pk}",
        action="organisation.created",
        actor=actor,
        on_behalf_of=organisation,
        data={"name": organisation.name, "kind": kind},
    )
    if owner is not None:
        _join(organisation, owner, Role.OWNER, actor)
    return organisation


@transaction.atomic
def organisation_update(*, organisation: Organisation, actor: User | None, **fields: str) -> Organisation:
    """Change address, phone or invoice title (names and codes go through the review desk)."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    access.require(actor is None or access.owns(actor, row))
    allowed = {"address", "phone", "invoice_title"}
    if set(fields) - allowed:
        raise ValueError(f"only {sorted(allowed)} may be changed here")
    before = {key: getattr(row, key) for key in fields}
    for key, value in fields.items():
        setattr(row, key, value)
    row.save(update_fields=list(fields))
    audit.record(
        stream=f"organisation:{row.pk}",
        action="organisation.updated",
        actor=actor,
        on_behalf_of=row,
        data={"before": before, "after": fields},
    )
    return row


@transaction.atomic
def organisation_rename(*, organisation: Organisation, name: str, actor: User | None) -> Organisation:
    """Change the registered name: by the owner, or by an officer who has checked the licence. Rooms that must review
    a new name first (agencies) call this when it is approved."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    access.require(actor is None or access.owns(actor, row) or access.holds(actor, Role.OPERATOR, Role.ADMINISTRATOR))
    tidy = name.strip()
    if not tidy or len(tidy) > 120:
        raise DomainError("organisation.name", _("请填写单位名称，不超过 120 个字。"), field="name")
    before, row.name = row.name, tidy
    row.save(update_fields=["name"])
    audit.record(
        stream=f"organisation:{row.pk}",
        action="organisation.renamed",
        actor=actor,
        on_behalf_of=row if actor and access.belongs_to(actor, row) else None,
        data={"before": before, "after": tidy},
    )
    return row


@transaction.atomic
def membership_add(*, organisation: Organisation, user: User, role: str, actor: User | None) -> Membership:
    """Give a person a role; the actor is the organisation's owner or a system administrator."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    access.require(actor is None or access.owns(actor, row) or access.holds(actor, Role.ADMINISTRATOR))
    return _join(row, user, role, actor)


@transaction.atomic
def membership_end(*, membership: Membership, actor: User | None) -> Membership:
    """Take a role away at once. The last owner of an organisation cannot leave."""
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    access.require(
        actor is None
        or actor.pk == row.user_id
        or access.owns(actor, organisation)
        or access.holds(actor, Role.ADMINISTRATOR)
    )
    if row.ended_at is not None:
        return row
    owners = Membership.objects.filter(organisation=organisation, role=Role.OWNER, ended_at__isnull=True)
    if row.role == Role.OWNER and owners.count() == 1:
        raise DomainError("membership.last_owner", _("单位至少要保留一名管理员。"), _("请先指定另一名管理员。"))
    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])
    audit.record(
        stream=f"organisation:{organisation.pk}",
        action="membership.ended",
        actor=actor,
        on_behalf_of=organisation,
        data={"user": row.user_id, "role": row.role},
    )
    return row


@transaction.atomic
def invitation_send(*, organisation: Organisation, mobile: str, role: str, actor: User) -> tuple[Invitation, str]:
    """Invite a person by mobile number; returns the row and the link's token, which is never stored."""
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    access.require(access.owns(actor, row))
    if (role in Membership.AUTHORITY_ROLES) != (row.kind == Organisation.Kind.AUTHORITY and role != Role.OWNER):
        raise DomainError("invitation.role", _("本单位没有这个角色。"), field="role")
    token, moment = secrets.token_urlsafe(24), clock.now()
    _not_too_many(row, mobile, moment)
    invitation = Invitation.objects.create(
        organisation=row,
        role=role,
        mobile=mobile,
        token_sha256=_sha(token),
        invited_by=actor,
        created_at=moment,
        expires_at=moment + timedelta(days=INVITATION_DAYS),
    )
    audit.record(
        stream=f"organisation:{row.pk}", action="invitation.sent", actor=actor, on_behalf_of=row, data={"role": role}
    )
    return invitation, token


def invitation_of(token: str) -> Invitation | None:
    """The invitation behind a link while it can be accepted: who asks whom into which organisation, as what."""
    rows = Invitation.objects.select_related("organisation", "invited_by").filter(
        token_sha256=_sha(token), accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gte=clock.now()
    )
    return rows.first()


def _not_too_many(organisation: Organisation, mobile: str, moment: datetime) -> None:
    """Every invitation is a text message to somebody who did not ask for it."""
    lately = Invitation.objects.filter(created_at__gt=moment - timedelta(days=1))
    if (
        lately.filter(mobile=mobile).count() >= INVITATIONS_A_MOBILE
        or lately.filter(organisation=organisation).count() >= INVITATIONS_AN_ORGANISATION
    ):
        raise DomainError(
            "invitation.too_many", _("一天内发出的邀请太多了。"), _("请明天再发；对方可以直接用已收到的链接。")
        )


@transaction.atomic
def invitation_accept(*, token: str, actor: User) -> Membership:
    """The invited person, signed in under the invited number, joins."""
    row = Invitation.objects.select_for_update().select_related("organisation").filter(token_sha256=_sha(token)).first()
    if row is None or row.withdrawn_at or row.accepted_at or row.expires_at < clock.now():
        raise DomainError("invitation.void", _("邀请已失效。"), _("请让对方单位的管理员重新发送邀请。"))
    if not row.is_for(actor):
        raise DomainError(
            "invitation.other", _("这份邀请发给了另一个手机号。"), _("请用收到邀请的手机号登录后再打开链接。")
        )
    row.accepted_at = clock.now()
    row.save(update_fields=["accepted_at"])
    return _join(row.organisation, actor, row.role, actor)


def _join(organisation: Organisation, user: User, role: str, actor: User | None) -> Membership:
    live = Membership.objects.filter(organisation=organisation, user=user, role=role, ended_at__isnull=True).first()
    if live:
        return live
    membership = Membership.objects.create(organisation=organisation, user=user, role=role, started_at=clock.now())
    user.__dict__.pop("_live_memberships", None)
    audit.record(
        stream=f"organisation:{organisation.pk}",
        action="membership.started",
        actor=actor,
        on_behalf_of=organisation,
        data={"user": user.pk, "role": role},
    )
    return membership


def _sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _taken() -> DomainError:
    return DomainError(
        "uscc.taken",
        _("这个统一社会信用代码已经注册。"),
        _("请联系贵单位的管理员邀请您加入。"),
        field="uscc",
    )
