"""Case work: from a lead to a decision by a second person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Case(models.Model):
    """One matter about one agency (see credit.machines): intake → allegation → notice → defence → decision."""

    class Status(models.TextChoices):
        INTAKE = "intake", _("已登记")
        ALLEGED = "alleged", _("拟认定")
        NOTICED = "noticed", _("已告知，待申辩")
        DEFENDED = "defended", _("已申辩")
        IN_EFFECT = "in_effect", _("已生效")
        REPAIRED = "repaired", _("已修复")
        DISMISSED = "dismissed", _("不予认定")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Source(models.TextChoices):
        COMPLAINT = "complaint", _("投诉")
        HOTLINE = "hotline", _("热线")
        LETTER = "letter", _("来信来访")
        INSPECTION = "inspection", _("检查")
        PENALTY = "penalty", _("行政处罚")
        ORDER = "order", _("订单记录")

    number = models.CharField(_("案号"), max_length=24, unique=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="cases", verbose_name=_("机构"))
    category = models.ForeignKey("agencies.Category", models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.INTAKE)
    source = models.CharField(_("线索来源"), max_length=12, choices=Source.choices)
    # Where it came from, as text that outlives the row ("order CX-202611-00042"); one lead, one case.
    source_ref = models.CharField(_("关联编号"), max_length=100, blank=True)
    # Organisation.client_key of the client of the order it came from; empty for any other source. Never published.
    client_key = models.CharField(max_length=60, blank=True)
    facts = models.TextField(_("事实"), max_length=4000)
    # Frozen JSON of what was reported with the lead; papers are attachments of the case.
    evidence = models.JSONField(_("证据"), default=dict)
    event_code = models.CharField(_("适用条款"), max_length=40, blank=True)
    occurred_on = models.DateField(_("发生日期"), null=True, blank=True)
    display_months = models.PositiveSmallIntegerField(_("展示期（月）"), null=True, blank=True)
    opened_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(_("登记时间"))
    proposed_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")
    noticed_at = models.DateTimeField(_("告知时间"), null=True, blank=True)
    defence = models.TextField(_("陈述申辩"), max_length=4000, blank=True)
    defended_at = models.DateTimeField(_("申辩时间"), null=True, blank=True)
    decided_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decision = models.TextField(_("决定"), max_length=4000, blank=True)
    event = models.OneToOneField("credit.CreditEvent", models.PROTECT, null=True, blank=True, related_name="case")
    repaired_at = models.DateTimeField(_("修复时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("信用案件")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source_ref"], condition=~Q(source_ref=""), name="case_one_a_lead"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="case_decided_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["in_effect", "repaired"])
                | Q(noticed_at__isnull=False, decided_at__isnull=False, decided_by__isnull=False, event__isnull=False),
                name="case_effect_after_notice_and_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(noticed_at__isnull=False, decided_at__gte=F("noticed_at")),
                name="case_notice_before_decision",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["intake", "withdrawn"]) | ~Q(event_code=""), name="case_allegation_names_clause"
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=True) | Q(status__in=["in_effect", "repaired"]), name="case_event_in_effect"
            ),
        ]
        indexes = [models.Index(fields=["status"], name="case_queue")]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"case:{self.pk}"
