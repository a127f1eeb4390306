"""Locking a comparison: what somebody knew when choosing, kept unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import rfc8785
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Organisation, User
from kernel.services import audit
from kernel.services.counters import monthly_reference
from market.models import LockedComparison
from market.selectors.comparison import frozen
from market.selectors.offers import offers_by_id


@transaction.atomic
def comparison_lock(*, listing_ids: Sequence[int], organisation: Organisation | None, actor: User) -> LockedComparison:
    """Freeze the comparison of two to five public offers as it stands now. DomainError ``compare.too_few``."""
    if organisation is not None:
        access.require_member(actor, organisation)
    offers = offers_by_id(list(listing_ids))
    if len(offers) < 2:
        raise DomainError("compare.too_few", _("至少选择两项服务才能比较。"), _("请从搜索结果中添加服务。"))
    content = frozen(offers)
    row = LockedComparison.objects.create(
        number=monthly_reference(prefix="BJ"),
        organisation_id=organisation.pk if organisation else None,
        content=content,
        sha256=hashlib.sha256(rfc8785.dumps(content)).hexdigest(),
        locked_at=clock.now(),
        locked_by=actor,
    )
    audit.record(
        stream=f"comparison:{row.pk}",
        action="comparison.locked",
        actor=actor,
        on_behalf_of=organisation or None,
        data={"number": row.number, "sha256": row.sha256},
    )
    return row
