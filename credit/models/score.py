"""Scores as computed: a new row when the number changes, never an update."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.append_only import append_only


@append_only()
class Score(models.Model):
    """Score of an agency on a day, in a category or over all (``category`` None), in thousandths of a point.

    It is the live, provisional score; what the public sees comes from the last publication. ``digest`` is the SHA-256
    of the canonical record without its date. ``events_through`` and ``events_count`` say which events it was made of.
    """

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="scores", verbose_name=_("机构"))
    category = models.ForeignKey("agencies.Category", models.PROTECT, null=True, related_name="+")
    as_of = models.DateField(_("截至日期"))
    rulebook = models.ForeignKey("credit.Rulebook", models.PROTECT, related_name="+")
    calibration = models.ForeignKey("credit.Calibration", models.PROTECT, related_name="+")
    score_milli = models.IntegerField(_("分数（千分之一分）"))
    half_width_milli = models.IntegerField(_("区间半宽（千分之一分）"))
    grade = models.CharField(_("等级"), max_length=4)
    effective_orders_milli = models.IntegerField(_("有效订单（千分之一）"))
    clients = models.IntegerField(_("客户数"))
    bonus_milli = models.IntegerField(_("加分（千分之一分）"))
    # [{code, points, points_milli, mean_milli, weight_milli, sd_milli, m, kappa_milli}]
    pillars = models.JSONField(_("分项"))
    # References of the serious incidents open on that day
    serious = models.JSONField(_("生效中的严重失信"), default=list)
    events_through = models.BigIntegerField(default=0)
    events_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = _("信用分")
        constraints = [
            models.CheckConstraint(condition=Q(score_milli__gte=0, score_milli__lte=1_000_000), name="score_range"),
            models.CheckConstraint(condition=Q(half_width_milli__gte=0), name="score_interval"),
        ]
        indexes = [models.Index(fields=["agency", "category", "-id"], name="score_latest")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.as_of} {self.score_milli}"

    @property
    def low_milli(self) -> int:
        return max(0, self.score_milli - self.half_width_milli)

    @property
    def high_milli(self) -> int:
        return min(1_000_000, self.score_milli + self.half_width_milli)
