"""Ratings: both sides sealed until the reveal; the department and the centre add theirs. Part of 一项一评."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

STARS = [(n, str(n)) for n in range(1, 6)]


class Rating(models.Model):
    """One side's rating of the other. Sealed (``revealed_at`` None) until both are in or the window ends.

    Five dimensions (质量 quality, 时效 timeliness, 态度 attitude, 收费 charging, 规范 compliance), 1…5 with written
    definitions in orders.rating_scale; a 1 or 5 needs a fact. A voided rating stays, marked.
    """

    class Side(models.TextChoices):
        BUYER = "buyer", _("项目业主评机构")
        AGENCY = "agency", _("机构评项目业主")

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="ratings")
    side = models.CharField(max_length=6, choices=Side.choices)
    quality = models.PositiveSmallIntegerField(_("质量"), choices=STARS)
    timeliness = models.PositiveSmallIntegerField(_("时效"), choices=STARS)
    attitude = models.PositiveSmallIntegerField(_("态度"), choices=STARS)
    charging = models.PositiveSmallIntegerField(_("收费"), choices=STARS)
    compliance = models.PositiveSmallIntegerField(_("规范"), choices=STARS)
    remark = models.CharField(_("评语"), max_length=500, blank=True)
    fact = models.CharField(_("事实依据"), max_length=500, blank=True)
    rated_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()
    revealed_at = models.DateTimeField(_("公开时间"), null=True, blank=True)
    reply = models.CharField(_("公开回复"), max_length=500, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("评价")
        constraints = [
            models.UniqueConstraint(fields=["order", "side"], name="rating_once_a_side"),
            *[
                models.CheckConstraint(condition=Q(**{f"{d}__gte": 1, f"{d}__lte": 5}), name=f"rating_{d}_range")
                for d in ("quality", "timeliness", "attitude", "charging", "compliance")
            ],
            models.CheckConstraint(
                condition=Q(reply="") | Q(revealed_at__isnull=False), name="rating_reply_after_reveal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.side}"

    @property
    def mean_milli(self) -> int:
        """Mean of the five dimensions in thousandths of a star."""
        return (self.quality + self.timeliness + self.attitude + self.charging + self.compliance) * 200


class OfficialRating(models.Model):
    """What the supervising department or the centre adds from its own desk, once each."""

    class Party(models.TextChoices):
        DEPARTMENT = "department", _("行业主管部门")
        CENTRE = "centre", _("服务中心")

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="official_ratings")
    party = models.CharField(max_length=10, choices=Party.choices)
    stars = models.PositiveSmallIntegerField(_("星级"), choices=STARS)
    remark = models.CharField(_("评语"), max_length=500, blank=True)
    rated_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("部门与中心评价")
        constraints = [
            models.UniqueConstraint(fields=["order", "party"], name="official_rating_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="official_rating_range"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.party}"
