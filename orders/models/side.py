"""What happens beside the main line: contract, missing papers, extension, pause, change of lead."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Contract(models.Model):
    """The contract of an order: in force when both sides have confirmed the same text."""

    order = models.OneToOneField("orders.Order", models.PROTECT, related_name="contract")
    text = models.TextField(_("合同文本"))
    text_sha256 = models.CharField(max_length=64)
    # A signed scan, when the sides want one.
    scan = models.ForeignKey("kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    agency_confirmed_at = models.DateTimeField(_("机构确认"), null=True, blank=True)
    agency_confirmed_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")
    buyer_confirmed_at = models.DateTimeField(_("业主确认"), null=True, blank=True)
    buyer_confirmed_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("合同")

    def __str__(self) -> str:
        return f"contract of {self.order_id}"

    @property
    def in_force_at(self):
        """When the second side confirmed; None before."""
        if self.agency_confirmed_at and self.buyer_confirmed_at:
            return max(self.agency_confirmed_at, self.buyer_confirmed_at)
        return None


class MaterialRequest(models.Model):
    """The agency asks, once, for the papers that are missing (补正通知); the clock waits until they are in."""

    order = models.OneToOneField("orders.Order", models.PROTECT, related_name="material_request")
    missing = models.JSONField(_("缺少的资料"))
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("补齐时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("补正通知")

    def __str__(self) -> str:
        return f"materials of {self.order_id}"


class Material(models.Model):
    """A paper the client filed for the work. ``name`` is the line of the item's list or of the 补正通知 that it answers;
    empty for what nobody asked for. A later one of the same name replaces nothing, it stands beside the earlier."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="materials")
    name = models.CharField(_("资料"), max_length=200, blank=True)
    file = models.OneToOneField("kernel.Attachment", models.PROTECT, related_name="+", verbose_name=_("文件"))
    filed_at = models.DateTimeField(_("上传时间"))
    filed_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("业主资料")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.order_id} {self.name}"


class Asked(models.Model):
    """One side asked, the other answers; unanswered while ``answered_at`` is None, unanswered for good when
    ``answered_by`` stays None."""

    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class BuyersConsent(Asked):
    """The agency asks, the buyer grants or refuses."""

    class Status(models.TextChoices):
        ASKED = "asked", _("待业主同意")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")

    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.ASKED)

    class Meta:
        abstract = True


class Extension(BuyersConsent):
    """One extension an order, asked by the agency with a document, granted by the buyer."""

    order = models.OneToOneField("orders.Order", models.PROTECT, related_name="extension")
    days = models.PositiveSmallIntegerField(_("延长工作日"))
    reason = models.CharField(_("理由"), max_length=500)
    document = models.ForeignKey("kernel.Attachment", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("延期")
        constraints = [models.CheckConstraint(condition=Q(days__gte=1, days__lte=60), name="extension_days")]

    def __str__(self) -> str:
        return f"extension of {self.order_id}"


class PauseConsent(Asked):
    """One side asks to stop the clock, the other agrees; then kernel's Pause row opens."""

    class Status(models.TextChoices):
        ASKED = "asked", _("待对方同意")
        RUNNING = "running", _("暂停中")
        ENDED = "ended", _("已恢复")
        REFUSED = "refused", _("未同意")

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="pauses")
    cause = models.CharField(_("原因"), max_length=40)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.ASKED)
    asked_by_agency = models.BooleanField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("暂停")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(status__in=["asked", "running"]), name="order_pause_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"pause of {self.order_id}"


class LeadChange(BuyersConsent):
    """The agency names another project lead; the buyer consents or not."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="lead_changes")
    previous = models.ForeignKey("agencies.Practitioner", models.PROTECT, null=True, related_name="+")
    proposed = models.ForeignKey("agencies.Practitioner", models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=300)

    class Meta:
        verbose_name = _("项目负责人变更")
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(status="asked"), name="lead_change_one_open"),
            models.CheckConstraint(condition=~Q(previous=F("proposed")), name="lead_change_is_a_change"),
        ]

    def __str__(self) -> str:
        return f"lead of {self.order_id}"
