"""Who may do what: predicates over live memberships, read once a request and fresh on the next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Forbidden
from kernel.models import Membership, Organisation, User

Role = Membership.Role


def live_memberships(user: User | Any) -> list[Membership]:
    """The person's memberships that have not ended, with their organisations; cached on the user object, which lives
    for one request, so a withdrawn role is gone on the next."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    # Not user.__dict__: a request's user is a lazy wrapper whose own dict never holds what is set on the person.
    if getattr(user, "_live_memberships", None) is None:
        user._live_memberships = list(
            user.memberships.filter(ended_at__isnull=True).select_related("organisation__region").order_by("id")
        )
    return user._live_memberships


def belongs_to(user: User | Any, organisation: Organisation | int | None) -> bool:
    """Owner or member of the organisation."""
    pk = organisation.pk if isinstance(organisation, Organisation) else organisation
    return pk is not None and any(m.organisation_id == pk for m in live_memberships(user))


def owns(user: User | Any, organisation: Organisation) -> bool:
    return any(m.organisation_id == organisation.pk and m.role == Role.OWNER for m in live_memberships(user))


def holds(user: User | Any, *roles: str) -> bool:
    """Holds one of the roles of an authority."""
    return any(m.role in roles and m.organisation.kind == Organisation.Kind.AUTHORITY for m in live_memberships(user))


def is_staff(user: User | Any) -> bool:
    """Holds any role of an authority, reading ones included."""
    return holds(user, *Membership.AUTHORITY_ROLES)


def require(condition: bool, code: str = "access.forbidden", remedy: Any = None) -> None:
    """Raise ``Forbidden`` unless the condition holds."""
    if not condition:
        raise Forbidden(code, _("您没有办理此事项的权限。"), remedy or _("请切换到有权限的单位，或联系本单位管理员。"))


def require_role(actor: User | None, *roles: str) -> None:
    """``actor`` None is the system and may; a person must hold one of the roles."""
    require(actor is None or holds(actor, *roles), "access.role")


def require_member(actor: User | None, organisation: Organisation) -> None:
    """``actor`` None is the system and may; a person must belong to the organisation."""
    require(actor is None or belongs_to(actor, organisation), "access.member")


def parties(user: User | Any, kinds: Iterable[str] | None = None) -> list[Organisation]:
    """The organisations a person may act for, once each, in order of joining."""
    found = {m.organisation_id: m.organisation for m in live_memberships(user)}
    return [o for o in found.values() if kinds is None or o.kind in kinds]
