"""Facts that count: reported by orders, decided in cases, imported. Never changed, never deleted; voiding is a row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.append_only import append_only


@append_only()
class CreditEvent(models.Model):
    """One fact about one agency. Evidence is self-contained (reference, frozen JSON, digest) and outlives its source,
    so there is no foreign key to an order."""

    class Kind(models.TextChoices):
        RATING = "rating", _("服务评价")
        TIMELINESS = "timeliness", _("限时办结")
        PERFORMANCE = "performance", _("履约质量")
        ORDER = "order", _("完成订单")
        INCIDENT = "incident", _("失信记录")
        BONUS = "bonus", _("加分")
        VOID = "void", _("撤销")

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="credit_events")
    category = models.ForeignKey("agencies.Category", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    code = models.CharField(_("事项代码"), max_length=40)
    occurred_on = models.DateField(_("发生日期"))
    # What the pillars count: x in 0…1000 thousandths (None for incidents and bonuses)
    x = models.PositiveSmallIntegerField(_("得分"), null=True)
    party = models.CharField(_("评价方"), max_length=12, blank=True)
    fee_fen = models.BigIntegerField(_("费用（分）"), null=True)
    client_key = models.CharField(max_length=40, blank=True)
    source_ref = models.CharField(_("来源"), max_length=80, unique=True)
    evidence = models.JSONField(_("依据"), default=dict)
    digest = models.CharField(max_length=64)
    voids = models.OneToOneField("self", models.PROTECT, null=True, related_name="voided_by")
    recorded_at = models.DateTimeField(_("记录时间"))
    recorded_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("信用事件")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(x__isnull=True) | Q(x__lte=1000), name="credit_event_x_range"),
            models.CheckConstraint(
                condition=Q(kind="void", voids__isnull=False) | ~Q(kind="void") & Q(voids__isnull=True),
                name="credit_event_void_names_event",
            ),
        ]
        indexes = [models.Index(fields=["agency", "occurred_on"], name="credit_event_agency")]

    def __str__(self) -> str:
        return f"{self.code} {self.source_ref}"
