"""Talking and complaining."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One message between the sides of an order; staff of the centre can read and write."""

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="messages")
    author = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("kernel.Organisation", models.PROTECT, related_name="+")
    body = models.TextField(_("内容"), max_length=2000)
    attachment = models.ForeignKey("kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("留言")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.body[:40]


class Complaint(models.Model):
    """A complaint about an order: accepted in 3 working days, decided in 30."""

    class Status(models.TextChoices):
        FILED = "filed", _("待受理")
        ACCEPTED = "accepted", _("处理中")
        UPHELD = "upheld", _("投诉成立")
        REJECTED = "rejected", _("投诉不成立")
        WITHDRAWN = "withdrawn", _("已撤回")

    number = models.CharField(_("投诉编号"), max_length=24, unique=True)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="complaints")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.FILED)
    by_agency = models.BooleanField(_("机构提出"), default=False)
    subject_code = models.CharField(_("事由"), max_length=40)
    body = models.TextField(_("情况说明"), max_length=3000)
    # What the complainant hands in with it, filed under the order: whoever may see the complaint may read it.
    paper = models.ForeignKey("kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    # What the other side says to it, once
    response = models.TextField(_("被投诉方答复"), max_length=3000, blank=True)
    responded_at = models.DateTimeField(null=True, blank=True)
    responded_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(_("处理意见"), max_length=3000, blank=True)

    class Meta:
        verbose_name = _("投诉")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(status__in=["filed", "accepted"]), name="complaint_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["upheld", "rejected"]) | Q(decided_at__isnull=False) & ~Q(answer=""),
                name="complaint_decision_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(response="", responded_at__isnull=True) | ~Q(response="") & Q(responded_at__isnull=False),
                name="complaint_response_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.number
