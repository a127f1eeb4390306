"""The work itself: deliverables, rounds of external review, test batches."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Deliverable(models.Model):
    """One delivery (成果) of an order. The approved one is the 办结."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", _("待验收")
        CHANGES = "changes", _("需修改")
        RETURNED = "returned", _("送审后修改")
        APPROVED = "approved", _("已验收")

    # By the buyer, or by the authority that reviewed it
    SENT_BACK = (Status.CHANGES, Status.RETURNED)

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="deliverables")
    number = models.PositiveSmallIntegerField(_("次序"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.SUBMITTED)
    file = models.ForeignKey("kernel.Attachment", models.PROTECT, related_name="+", verbose_name=_("成果文件"))
    note = models.CharField(_("说明"), max_length=500, blank=True)
    # Stamped originals on their way (E2)
    express_number = models.CharField(_("快递单号"), max_length=40, blank=True)
    delivered_at = models.DateTimeField(_("交付时间"))
    delivered_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("业主首次打开"), null=True, blank=True)
    changes_requested = models.CharField(_("修改要求"), max_length=1000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("成果")
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="deliverable_number"),
            models.UniqueConstraint(fields=["order"], condition=Q(status="submitted"), name="deliverable_one_open"),
            models.UniqueConstraint(fields=["order"], condition=Q(status="approved"), name="deliverable_one_approved"),
            models.CheckConstraint(
                condition=~Q(status="changes") | ~Q(changes_requested=""), name="deliverable_changes_are_said"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} #{self.number}"


class ExternalReviewRound(models.Model):
    """One round before the authority's experts (送审); it stops the clock and is evidence for quality."""

    class Result(models.TextChoices):
        PENDING = "pending", _("评审中")
        FIRST_PASS = "first_pass", _("一次通过")
        PASSED_REVISED = "passed_revised", _("修改后通过")
        RETURNED = "returned", _("退回")
        ANNULLED = "annulled", _("不成立")
        # The order ended while it was going on
        DROPPED = "dropped", _("订单结束，未登记结果")

    PASSED = (Result.FIRST_PASS, Result.PASSED_REVISED)

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="review_rounds")
    number = models.PositiveSmallIntegerField(_("轮次"))
    result = models.CharField(_("结果"), max_length=14, choices=Result.choices, default=Result.PENDING)
    remarks_count = models.PositiveSmallIntegerField(_("意见条数"), null=True, blank=True)
    approval_number = models.CharField(_("批复文号"), max_length=60, blank=True)
    # What the authority gave for the submission (送审回执): the clock stands still on its strength
    paper = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, related_name="+", verbose_name=_("送审回执")
    )
    # The buyer doubts that it was submitted: an operator enters the result then
    objection = models.CharField(_("业主异议"), max_length=500, blank=True)
    submitted_at = models.DateTimeField(_("送审时间"))
    submitted_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("结果时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("送审")
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="review_round_number"),
            models.UniqueConstraint(fields=["order"], condition=Q(result="pending"), name="review_round_one_open"),
            models.CheckConstraint(
                condition=Q(result="pending", decided_at__isnull=True)
                | ~Q(result="pending") & Q(decided_at__gte=F("submitted_at")),
                name="review_round_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} round {self.number}"


class TestBatch(models.Model):
    """A test batch (委托单): so many groups of samples from one part of the works, witnessed, with its report."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("已收样")
        REPORTED = "reported", _("已出报告")

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="batches")
    number = models.CharField(_("委托单号"), max_length=30)
    groups = models.PositiveIntegerField(_("组数"))
    works_part = models.CharField(_("工程部位"), max_length=120)
    strength_grade = models.CharField(_("设计等级"), max_length=40, blank=True)
    witness = models.CharField(_("见证人"), max_length=40)
    sampled_on = models.DateField(_("取样日期"))
    received_at = models.DateTimeField(_("收样时间"))
    received_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.RECEIVED)
    report_number = models.CharField(_("报告编号"), max_length=40, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    failed_groups = models.PositiveIntegerField(_("不合格组数"), default=0)
    retest_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="retests", verbose_name=_("复检")
    )
    report = models.ForeignKey("kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("委托单")
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="batch_number"),
            models.CheckConstraint(condition=Q(groups__gte=1), name="batch_has_groups"),
            models.CheckConstraint(condition=Q(failed_groups__lte=F("groups")), name="batch_failed_within_groups"),
            models.CheckConstraint(
                condition=~Q(status="reported") | Q(reported_at__isnull=False) & ~Q(report_number=""),
                name="batch_report",
            ),
        ]

    def __str__(self) -> str:
        return self.number
