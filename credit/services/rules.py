"""Adopting a rulebook or a calibration: written once, ahead of time, never retroactively."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.models import Calibration, Rulebook
from credit.rulebook import calibration_load, rulebook_load
from credit.selectors.rules import rules_on
from kernel import access, clock
from kernel.errors import DomainError
from kernel.models import Membership, User
from kernel.services import audit
from kernel.ui.format import date_cn

# Days between adoption and effect (except the very first version, which nothing can be compared with).
AHEAD_DAYS = 30


@transaction.atomic
def rulebook_adopt(*, source: str | Path, actor: User | None) -> Rulebook:
    """Adopt a rulebook from YAML text or a file; the same content again returns what is there. RulebookError lists
    what is wrong with it; DomainError ``rulebook.too_soon`` when it would take effect within 30 days."""
    access.require_role(actor, Membership.Role.ADMINISTRATOR)
    frozen = rulebook_load(source)
    if known := Rulebook.objects.filter(sha256=frozen.sha256).first():
        return known
    effective = date.fromisoformat(frozen.content["effective_from"])
    _check_ahead(effective, first=not Rulebook.objects.exists())
    row = Rulebook.objects.create(
        sha256=frozen.sha256,
        version=frozen.content["version"],
        title=frozen.content["name"]["zh"],
        source=frozen.source,
        content=frozen.content,
        effective_from=effective,
        adopted_at=clock.now(),
    )
    audit.record(stream=f"rulebook:{row.pk}", action="rulebook.adopted", actor=actor, data={"sha256": row.sha256})
    return row


@transaction.atomic
def calibration_adopt(*, source: str | Path, actor: User | None) -> Calibration:
    """Adopt a calibration from JSON text or a file for the rulebook in force when it begins."""
    access.require_role(actor, Membership.Role.ADMINISTRATOR)
    rulebook = Rulebook.objects.order_by("-effective_from", "-id").first()
    if rulebook is None:
        raise DomainError("calibration.no_rulebook", _("请先导入信用规则。"))
    frozen = calibration_load(source, rulebook.content)
    if known := Calibration.objects.filter(sha256=frozen.sha256).first():
        return known
    effective = date.fromisoformat(frozen.content["effective_from"])
    if Calibration.objects.exists():
        frozen = calibration_load(source, rules_on(effective).content)
        if effective <= clock.today():
            raise DomainError("calibration.too_soon", _("校准参数须在施行前确定。"), _("请把施行日期定在今天之后。"))
    row = Calibration.objects.create(
        sha256=frozen.sha256, effective_from=effective, content=frozen.content, adopted_at=clock.now()
    )
    audit.record(stream=f"calibration:{row.pk}", action="calibration.adopted", actor=actor, data={"sha256": row.sha256})
    return row


def _check_ahead(effective: date, *, first: bool) -> None:
    earliest = clock.today() + timedelta(days=AHEAD_DAYS)
    if not first and effective < earliest:
        raise DomainError(
            "rulebook.too_soon",
            _("新规则须提前 %(days)s 天公布，最早自 %(day)s 起施行。")
            % {"days": AHEAD_DAYS, "day": date_cn(earliest, False)},
            _("请修改施行日期后重新提交。"),
        )
