"""The one place that writes credit events. Idempotent on the source reference; inside the caller's transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Category
from credit.models import CreditEvent
from credit.scoring.canonical import digest
from kernel import clock
from kernel.errors import DomainError
from kernel.models import User


def event_write(
    *,
    agency: Agency,
    kind: str,
    code: str,
    occurred_on: date,
    source_ref: str,
    evidence: dict[str, Any],
    actor: User | None,
    category: Category | None = None,
    client_key: str = "",
    party: str = CreditEvent.Party.OWNER,
    fee_fen: int | None = None,
    x: int | None = None,
    expires_on: date | None = None,
    target: CreditEvent | None = None,
) -> CreditEvent:
    """Write the event, or return the one already there under ``source_ref``.

    DomainError ``event.conflict`` when that one says something else. ``evidence`` must be JSON without floats.
    """
    said = {
        "agency": agency.pk,
        "category": category.code if category else None,
        "client": client_key,
        "code": code,
        "evidence": evidence,
        "expires_on": expires_on.isoformat() if expires_on else None,
        "fee_fen": fee_fen,
        "occurred_on": occurred_on.isoformat(),
        "party": party,
        "ref": source_ref,
        "target": target.source_ref if target else None,
        "x": x,
    }
    row = CreditEvent(
        agency=agency,
        category=category,
        kind=kind,
        code=code,
        occurred_on=occurred_on,
        x=x,
        party=party,
        fee_fen=fee_fen,
        client_key=client_key,
        expires_on=expires_on,
        target=target,
        source_ref=source_ref,
        evidence=evidence,
        digest=digest(said),
        recorded_at=clock.now(),
        recorded_by=actor,
    )
    known = CreditEvent.objects.filter(source_ref=source_ref).first()
    if known is None:
        try:
            # A savepoint, so that losing a race does not spoil the caller's transaction on PostgreSQL.
            with transaction.atomic():
                row.save(force_insert=True)
            return row
        except IntegrityError:
            known = CreditEvent.objects.filter(source_ref=source_ref).first()
            if known is None:
                raise
    if known.digest != row.digest:
        raise DomainError(
            "event.conflict",
            _("“%(ref)s”已经记录过，内容不同。") % {"ref": source_ref},
            _("记录不能修改：如有错误，请先撤销原记录，再用新的来源编号登记。"),
        )
    return known
