"""What is shown to the public: rankings and the guidance directory."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.append_only import append_only


@append_only("status", "preview_at", "publicity_at", "published_by", "published_at")
class RankingPublication(models.Model):
    """The ranking of one period, for one category or over all (``category`` None). What it says is frozen and hashed
    when it is drafted: a mistake found in preview or publicity withdraws the draft and makes a new one."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("起草")
        PREVIEW = "preview", _("征求意见")
        PUBLICITY = "publicity", _("公示中")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")

    number = models.CharField(_("编号"), max_length=60, unique=True)
    period = models.CharField(_("期间"), max_length=7)  # "2026-10"
    category = models.ForeignKey("agencies.Category", models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    as_of = models.DateField(_("截至日期"))
    rulebook = models.ForeignKey("credit.Rulebook", models.PROTECT, related_name="+")
    calibration = models.ForeignKey("credit.Calibration", models.PROTECT, related_name="+")
    # The list itself: {"rows": [...], "unrated": [...], ...}; sha256 of its canonical JSON
    content = models.JSONField(_("内容"))
    sha256 = models.CharField(max_length=64)
    events_sha256 = models.CharField(max_length=64)
    events_through = models.BigIntegerField(default=0)
    drafted_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    preview_at = models.DateTimeField(null=True, blank=True)
    publicity_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("信用排行")
        ordering = ["-period", F("category__position").asc(nulls_first=True), "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "category"],
                condition=~Q(status="withdrawn") & Q(category__isnull=False),
                name="ranking_one_a_period",
            ),
            models.UniqueConstraint(
                fields=["period"],
                condition=~Q(status="withdrawn") & Q(category__isnull=True),
                name="ranking_one_overview",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("drafted_by")),
                name="ranking_published_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="published")
                | Q(published_by__isnull=False, published_at__isnull=False, publicity_at__isnull=False),
                name="ranking_published_after_publicity",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"ranking:{self.pk}"


@append_only()
class RankingRow(models.Model):
    """One agency's line of a published ranking, copied out of its content so that a page of agencies costs one query.

    ``group`` and the places are None for the unrated. The content stays the record; an invariant compares both.
    """

    publication = models.ForeignKey(RankingPublication, models.PROTECT, related_name="rows")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="ranking_rows")
    grade = models.CharField(_("等级"), max_length=4)
    score_milli = models.IntegerField(_("分数（千分之一分）"))
    half_width_milli = models.IntegerField(_("区间半宽（千分之一分）"))
    best = models.PositiveIntegerField(_("最好名次"), null=True)
    worst = models.PositiveIntegerField(_("最差名次"), null=True)
    group = models.PositiveIntegerField(_("组"), null=True)
    position = models.PositiveIntegerField(_("次序"))

    class Meta:
        verbose_name = _("排行条目")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["publication", "agency"], name="ranking_row_once")]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.agency_id}"


class GuidanceEntry(models.Model):
    """An agency in the guidance directory (指导名录库) of a category, for a time. It informs and never filters."""

    agency = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="guidance_entries", verbose_name=_("机构")
    )
    category = models.ForeignKey("agencies.Category", models.PROTECT, related_name="+", verbose_name=_("服务类别"))
    entered_on = models.DateField(_("列入日期"))
    expires_on = models.DateField(_("有效期至"))
    reason = models.CharField(_("列入理由"), max_length=300)
    removed_on = models.DateField(_("移出日期"), null=True, blank=True)
    removal_reason = models.CharField(_("移出理由"), max_length=300, blank=True)
    entered_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")
    removed_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("指导名录")
        ordering = ["category__position", "agency_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "category"], condition=Q(removed_on__isnull=True), name="guidance_once"
            ),
            models.CheckConstraint(condition=Q(expires_on__gt=F("entered_on")), name="guidance_dates"),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True, removal_reason="")
                | Q(removed_on__isnull=False) & ~Q(removal_reason=""),
                name="guidance_removal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.category_id}"

    @property
    def stream(self) -> str:
        return f"guidance:{self.pk}"
