"""One account a role, for the sign-in page of the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from demo.world import LOGINS
from kernel.models import Membership, User

LABELS = {
    "buyer": _("企业经办人"),
    "public_buyer": _("公共机构经办人"),
    "agency": _("中介机构管理员"),
    "operator": _("中心工作人员"),
    "credit_officer": _("信用管理员"),
    "credit_officer_2": _("信用管理员（复核）"),
    "supervisor": _("行业监管员"),
    "inspector": _("监察员（只读）"),
    "administrator": _("系统管理员"),
}


@dataclass(frozen=True)
class Login:
    role: str
    label: Any
    user: User
    organisation: str = ""
    """For whom the person acts first."""

    @property
    def mobile(self) -> str:
        return self.user.mobile.removeprefix("+86")


def logins() -> list[Login]:
    """Those that exist already; the replay makes them on its first day."""
    known = {
        user.mobile: user for user in User.objects.filter(mobile__in=[mobile for _name, mobile in LOGINS.values()])
    }
    rows = Membership.objects.filter(user__in=known.values(), ended_at__isnull=True).order_by("-id")
    at = dict(rows.values_list("user_id", "organisation__name"))
    return [
        Login(role, LABELS[role], known[mobile], at.get(known[mobile].pk, ""))
        for role, (_name, mobile) in LOGINS.items()
        if mobile in known
    ]
