"""Facts that count: reported by orders, decided in cases, imported. Never changed, never deleted; voiding is a row."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.append_only import append_only


@append_only()
class CreditEvent(models.Model):
    """One fact about one agency. Evidence is self-contained (reference, frozen JSON, digest) and outlives its source,
    so there is no foreign key to an order. A void or repair is a row of its own with a ``target``."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", _("履约证据")
        INCIDENT = "incident", _("失信记录")
        BONUS = "bonus", _("加分")
        VOID = "void", _("撤销")
        REPAIR = "repair", _("信用修复")

    class Party(models.TextChoices):
        OWNER = "owner", _("项目业主")
        DEPARTMENT = "department", _("主管部门")
        CENTRE = "centre", _("服务中心")

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="credit_events", verbose_name=_("机构"))
    category = models.ForeignKey("agencies.Category", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    code = models.CharField(_("事项代码"), max_length=40)
    occurred_on = models.DateField(_("发生日期"))
    # What the pillars count: x in 0…1000 (None for incidents, bonuses and acts, and where the code fixes it)
    x = models.PositiveSmallIntegerField(_("得分"), null=True)
    party = models.CharField(_("评价方"), max_length=10, choices=Party.choices, default=Party.OWNER)
    fee_fen = models.BigIntegerField(_("费用（分）"), null=True)
    client_key = models.CharField(max_length=60, blank=True)
    # Of an incident: the day it ends (exclusive); None = as long as a national list names the agency.
    expires_on = models.DateField(_("展示期至"), null=True)
    target = models.ForeignKey("self", models.PROTECT, null=True, related_name="acts", verbose_name=_("针对记录"))
    source_ref = models.CharField(_("来源"), max_length=100, unique=True)
    evidence = models.JSONField(_("依据"), default=dict)
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("信用记录")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(x__isnull=True) | Q(x__lte=1000), name="credit_event_x_range"),
            models.CheckConstraint(condition=Q(fee_fen__isnull=True) | Q(fee_fen__gte=0), name="credit_event_fee"),
            models.CheckConstraint(
                condition=Q(kind__in=["void", "repair"], target__isnull=False)
                | ~Q(kind__in=["void", "repair"]) & Q(target__isnull=True),
                name="credit_event_act_names_target",
            ),
            models.CheckConstraint(
                condition=~Q(kind="evidence") | ~Q(client_key=""), name="credit_event_evidence_names_client"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(kind="incident", expires_on__gt=F("occurred_on")),
                name="credit_event_expiry_of_incident",
            ),
            models.UniqueConstraint(
                fields=["target", "kind"], condition=Q(target__isnull=False), name="credit_event_one_act"
            ),
        ]
        indexes = [models.Index(fields=["agency", "kind", "occurred_on"], name="credit_event_agency")]

    def __str__(self) -> str:
        return f"{self.code} {self.source_ref}"
