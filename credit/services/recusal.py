"""Recusal (回避): whoever belongs to a party of a matter, or to what stands behind its agency, takes no step in it.

行政处罚法（2021 修订）第四十三条：执法人员与案件有直接利害关系或者有其他关系可能影响公正执法的，应当回避。The records that
such a decision makes, honours and the guidance directory follow the same rule, or it could be walked round."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.selectors.interests import has_stake
from credit.models import Case, CreditEvent
from kernel.errors import DomainError
from kernel.models import User


def require_unconcerned(case: Case, actor: User | None) -> None:
    """DomainError ``case.recusal`` for a member of the case's agency, of its head office, of the organisation it is
    affiliated with, of the client whose order brought the case, or of anybody under one control with these. The system
    is never concerned."""
    if _stake(actor, case.agency, case.client_key):
        raise DomainError(
            "case.recusal",
            _("您是本案当事单位（或其关联单位）的成员，应当回避。"),
            _("请转交与本案没有利害关系的信用管理员办理。"),
        )


def require_no_stake_in(event: CreditEvent, case: Case | None, actor: User | None) -> None:
    """DomainError ``record.recusal`` for a member of what stands behind the record's agency, of the client who gave
    the evidence, or of the client whose order brought the case (if any) that made the record."""
    if _stake(actor, event.agency, event.client_key, case.client_key if case else ""):
        raise DomainError(
            "record.recusal",
            _("您是这条记录当事单位（或其关联单位）的成员，应当回避。"),
            _("请转交与当事单位没有利害关系的信用管理员办理。"),
        )


def require_stranger_to(agency: Agency, actor: User | None) -> None:
    """DomainError ``agency.recusal`` for a member of the agency or of what stands behind it: nobody gives points or a
    place in the directory to the own house."""
    if _stake(actor, agency):
        raise DomainError(
            "agency.recusal",
            _("您是该机构（或其关联单位）的成员，应当回避。"),
            _("请转交与当事单位没有利害关系的信用管理员办理。"),
        )


def _stake(actor: User | None, agency: Agency, *client_keys: str) -> bool:
    return actor is not None and has_stake(actor, agency, *client_keys)
