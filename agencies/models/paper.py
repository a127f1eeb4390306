"""What an agency may do, and through whom: certificates and registered people."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Qualification(models.Model):
    """A certificate (资质证书) of an agency. ``expires_on`` None means long-term (长期). Renewal is a new row that
    supersedes the old one."""

    class Status(models.TextChoices):
        PENDING = "pending", _("待核验")
        CONFIRMED = "confirmed", _("已核验")
        REJECTED = "rejected", _("未通过")
        SUPERSEDED = "superseded", _("已换证")

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="qualifications")
    type = models.ForeignKey("agencies.CertificateType", models.PROTECT, related_name="+", verbose_name=_("资质类型"))
    level = models.CharField(_("等级"), max_length=20, blank=True)
    number = models.CharField(_("证书编号"), max_length=60)
    scope = models.CharField(_("业务范围"), max_length=300, blank=True)
    issuer = models.CharField(_("发证机关"), max_length=80, blank=True)
    issued_on = models.DateField(_("发证日期"), null=True, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PENDING)
    renews = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="renewals")
    scan = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("扫描件")
    )
    rejected_reason = models.CharField(_("未通过原因"), max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("资质证书")
        ordering = ["type", "-issued_on", "id"]
        constraints = [
            # A renewal may keep its number; what was refused may be tried again.
            models.UniqueConstraint(
                fields=["agency", "type", "number"],
                condition=Q(renews__isnull=True) & ~Q(status="rejected"),
                name="qualification_once",
            ),
            models.UniqueConstraint(
                fields=["renews"], condition=~Q(status="rejected"), name="qualification_renewed_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(issued_on__isnull=True)
                | Q(expires_on__gte=models.F("issued_on")),
                name="qualification_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.level} {self.number}".replace("  ", " ")


class Practitioner(models.Model):
    """A registered person of an agency (从业人员). One person, one agency: the fingerprint of the identity number is
    unique among active rows; the number itself is sealed."""

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="practitioners")
    name = models.CharField(_("姓名"), max_length=60)
    identity_sealed = models.TextField()
    identity_fingerprint = models.CharField(max_length=64)
    title = models.CharField(_("执业资格"), max_length=60, blank=True)
    registration_number = models.CharField(_("注册号"), max_length=60, blank=True)
    can_lead = models.BooleanField(_("可任项目负责人"), default=False)
    social_insurance_since = models.DateField(_("社保起缴"), null=True, blank=True)
    proof = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("社保证明")
    )
    started_on = models.DateField(_("登记日期"))
    ended_on = models.DateField(_("注销日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("从业人员")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_fingerprint"], condition=Q(ended_on__isnull=True), name="practitioner_one_agency"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")), name="practitioner_dates"
            ),
        ]

    def __str__(self) -> str:
        return self.name
