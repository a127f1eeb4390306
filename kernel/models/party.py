"""Organisations, who belongs to them, and where they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.models.person import User


class Region(models.Model):
    """Administrative division (行政区划): province → city → county. ``code`` is six digits (GB/T 2260)."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("设区市")
        COUNTY = "county", _("县（市、区）")

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    level = models.CharField(_("层级"), max_length=8, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = _("行政区划")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level="province", parent__isnull=True) | ~Q(level="province") & Q(parent__isnull=False),
                name="region_parent_unless_province",
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Organisation(models.Model):
    """A party with a unified social credit code (统一社会信用代码, GB 32100-2015). A natural person who buys has none."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("企业")
        PUBLIC_BODY = "public_body", _("公共机构")
        PERSON = "person", _("自然人")
        AGENCY = "agency", _("中介机构")
        AUTHORITY = "authority", _("主管部门")

    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("所在地区"), related_name="organisations")
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    invoice_title = models.CharField(_("开票抬头"), max_length=120, blank=True)
    # Organisations under one control count as one client in the credit score (利益关联).
    control_group = models.CharField(_("同一控制人标识"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("创建时间"))

    class Meta:
        verbose_name = _("单位")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person") | Q(uscc__isnull=False), name="organisation_uscc_unless_person"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def client_key(self) -> str:
        """Who counts as one client: the group under common control, else the organisation itself."""
        return self.control_group or f"org:{self.pk}"

    @property
    def is_buyer(self) -> bool:
        return self.kind in (self.Kind.ENTERPRISE, self.Kind.PUBLIC_BODY, self.Kind.PERSON)


class Membership(models.Model):
    """A person's role in an organisation. One row a role; leaving sets ``ended_at`` (rows stay)."""

    class Role(models.TextChoices):
        OWNER = "owner", _("管理员")
        MEMBER = "member", pgettext_lazy("角色", "经办人")
        # Roles that exist in authorities only
        OPERATOR = "operator", _("中心工作人员")
        CREDIT_OFFICER = "credit_officer", _("信用管理员")
        SUPERVISOR = "supervisor", _("行业监管员")
        INSPECTOR = "inspector", _("监察员（只读）")
        ADMINISTRATOR = "administrator", _("系统管理员")

    AUTHORITY_ROLES = (Role.OPERATOR, Role.CREDIT_OFFICER, Role.SUPERVISOR, Role.INSPECTOR, Role.ADMINISTRATOR)

    user = models.ForeignKey("kernel.User", models.PROTECT, related_name="memberships", verbose_name=_("用户"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships", verbose_name=_("单位"))
    role = models.CharField(_("角色"), max_length=16, choices=Role.choices)
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("成员")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=Q(ended_at__isnull=True), name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"


class Invitation(models.Model):
    """An owner asks a person, by mobile number, to join. Good once and until ``expires_at``."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role = models.CharField(_("角色"), max_length=16, choices=Membership.Role.choices)
    mobile = models.CharField(_("手机号"), max_length=16)
    # Only the digest is kept: whoever reads the table cannot use the link.
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("邀请")
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True), name="invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} → {self.mobile}"

    def is_for(self, user: User) -> bool:
        """Whether it was sent to the number under which the person signs in."""
        return self.mobile == user.mobile
