"""Recusal (回避): whoever belongs to a party of a case, or to what stands behind its agency, takes no step in it.

行政处罚法（2021 修订）第四十三条：执法人员与案件有直接利害关系或者有其他关系可能影响公正执法的，应当回避。"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from credit.models import Case
from kernel import access
from kernel.errors import DomainError
from kernel.models import User


def require_unconcerned(case: Case, actor: User | None) -> None:
    """DomainError ``case.recusal`` for a member of the case's agency, of its head office, of the organisation it is
    affiliated with, or of the client whose order brought the case. The system is never concerned."""
    if actor is None:
        return
    agency = case.agency
    head = agency.parent.organisation_id if agency.parent else None
    ours = {agency.organisation_id, agency.affiliated_with_id, head}
    for membership in access.live_memberships(actor):
        organisation = membership.organisation
        if organisation.pk in ours or (case.client_key and organisation.client_key == case.client_key):
            raise DomainError(
                "case.recusal",
                _("您是本案当事单位（或其关联单位）的成员，应当回避。"),
                _("请转交与本案没有利害关系的信用管理员办理。"),
            )
