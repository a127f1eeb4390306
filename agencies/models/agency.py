"""An agency's place in the market: entry, review, publicity, directory."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Agency(models.Model):
    """The market's file on an organisation of kind agency. ``status`` is its one life (see agencies.machines)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        IMPORTED = "imported", _("名录导入，待认领")
        SUBMITTED = "submitted", _("待形式审查")
        RETURNED = "returned", _("已退回")
        PUBLICITY = "publicity", _("公示中")
        ACTIVE = "active", _("已入驻")
        SUSPENDED = "suspended", _("已暂停")
        EXITED = "exited", _("已退出")
        REMOVED = "removed", _("已移出")

    organisation = models.OneToOneField("kernel.Organisation", models.PROTECT, related_name="agency")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=60, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True)
    contact_mobile = models.CharField(_("联系手机"), max_length=20, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    staff_count = models.PositiveIntegerField(_("从业人数"), default=0)
    introduction = models.TextField(_("机构简介"), blank=True, max_length=2000)
    categories = models.ManyToManyField(
        "agencies.Category", related_name="agencies", verbose_name=_("服务类别"), blank=True
    )
    service_regions = models.ManyToManyField("kernel.Region", related_name="+", verbose_name=_("服务区域"), blank=True)
    # A branch office under its parent (分公司).
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("总公司")
    )
    # Declared affiliation: an agency attached to a department may not serve that department's own matters (国办发〔2015〕31号).
    affiliated_with = models.ForeignKey(
        "kernel.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="affiliated_agencies",
        verbose_name=_("隶属或挂靠的行政机关"),
    )
    affiliation_declared = models.BooleanField(_("已申报隶属关系"), default=False)
    committed_at = models.DateTimeField(_("签署承诺时间"), null=True, blank=True)
    committed_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("创建时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    activated_at = models.DateTimeField(_("入驻时间"), null=True, blank=True)
    # Half-yearly confirmation that the data is right (E4).
    confirmed_at = models.DateTimeField(_("最近确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("中介机构")
        ordering = ["organisation__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "imported"])
                | Q(committed_at__isnull=False)
                | Q(status__in=["exited", "removed"]),
                name="agency_commitment_before_review",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["active", "suspended"]) | Q(activated_at__isnull=False),
                name="agency_active_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name

    @property
    def stream(self) -> str:
        return f"agency:{self.pk}"


class DirectoryEntry(models.Model):
    """One stay in the market (入驻名录): opened on approval, closed on exit or removal."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="entries")
    number = models.CharField(_("入驻编号"), max_length=24, unique=True)
    opened_at = models.DateTimeField(_("入驻时间"))
    closed_at = models.DateTimeField(_("离开时间"), null=True, blank=True)
    closing_reason = models.CharField(_("离开原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("入驻记录")
        constraints = [
            models.UniqueConstraint(fields=["agency"], condition=Q(closed_at__isnull=True), name="directory_one_open"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=models.F("opened_at")), name="directory_order"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Review(models.Model):
    """One pass over the review desk: an entry, a change of data, or a listing version."""

    class Kind(models.TextChoices):
        ENTRY = "entry", _("入驻申请")
        CHANGE = "change", _("信息变更")
        LISTING = "listing", _("服务上架")

    class Status(models.TextChoices):
        PENDING = "pending", _("待审查")
        RETURNED = "returned", _("已退回")
        PUBLICITY = "publicity", _("公示中")
        APPROVED = "approved", _("已通过")
        WITHDRAWN = "withdrawn", _("已撤回")

    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PENDING)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="reviews")
    listing_version = models.ForeignKey(
        "agencies.ListingVersion", models.PROTECT, null=True, blank=True, related_name="reviews"
    )
    # What changes: {"field": [before, after]}; of an entry, the file as submitted.
    changes = models.JSONField(_("内容"), default=dict)
    # Of an entry, what its public notice shows (selectors.notice): as examined when the notice began.
    notice = models.JSONField(_("公示内容"), default=dict)
    # [{"code", "text"}]: why it came back
    reasons = models.JSONField(_("退回原因"), default=list)
    submitted_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("提交时间"))
    decided_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("审查")
        ordering = ["submitted_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"],
                condition=Q(status__in=["pending", "publicity"]) & ~Q(kind="listing"),
                name="review_one_open",
            ),
            models.CheckConstraint(
                condition=Q(kind="listing", listing_version__isnull=False) | ~Q(kind="listing"),
                name="review_listing_has_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.agency}"

    @property
    def stream(self) -> str:
        return f"review:{self.pk}"


class Objection(models.Model):
    """Somebody objects, under their own name, to an entry during its publicity (公示异议). Approval waits for a decision."""

    class Status(models.TextChoices):
        OPEN = "open", _("待处理")
        UPHELD = "upheld", _("异议成立")
        DISMISSED = "dismissed", _("异议不成立")

    review = models.ForeignKey(Review, models.PROTECT, related_name="objections")
    raised_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+", verbose_name=_("异议人"))
    contact = models.CharField(_("联系方式"), max_length=60)
    text = models.TextField(_("异议内容"), max_length=2000)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    raised_at = models.DateTimeField(_("提出时间"))
    decided_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("公示异议")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "raised_by"], condition=Q(status="open"), name="objection_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True)
                | ~Q(status="open") & Q(decided_at__isnull=False) & ~Q(answer=""),
                name="objection_decided_with_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.review} #{self.pk}"


class Claim(models.Model):
    """An authorised person claims an imported agency (认领)."""

    class Status(models.TextChoices):
        PENDING = "pending", _("待核实")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("未通过")

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="claims")
    user = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PENDING)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    reason = models.CharField(_("处理意见"), max_length=300, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("认领申请")
        constraints = [
            models.UniqueConstraint(fields=["agency", "user"], condition=Q(status="pending"), name="claim_one_open"),
            models.CheckConstraint(
                condition=Q(status="pending", decided_at__isnull=True)
                | ~Q(status="pending") & Q(decided_at__isnull=False),
                name="claim_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} → {self.agency}"
