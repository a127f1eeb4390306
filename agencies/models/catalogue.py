"""The catalogue: what may be ordered, on what basis, who pays, how long it takes, which certificate it needs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """Something of the catalogue with a Chinese and an English name."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    name_zh = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if self.name_en and get_language() == "en" else self.name_zh


class CertificateType(Named):
    """A kind of certificate (资质). One with ``abolished_on`` may be neither demanded nor claimed; ``abolished_levels``
    says the same of single levels. A voluntary grade of an association may be shown, never demanded."""

    class Kind(models.TextChoices):
        LICENCE = "licence", _("行政许可")
        FILING = "filing", _("备案登记")
        PERSON = "person", _("人员注册")
        VOLUNTARY = "voluntary", _("自愿评价")

    kind = models.CharField(_("性质"), max_length=10, choices=Kind.choices, default=Kind.LICENCE)
    # Other names under which it is known or claimed: rosters and listing texts are read with these.
    synonyms = models.JSONField(_("别称"), default=list, blank=True)
    levels = models.JSONField(_("等级"), default=list, help_text=_("由高到低"))
    validity_years = models.PositiveSmallIntegerField(_("有效年限"), null=True, blank=True)
    number_pattern = models.CharField(_("编号格式"), max_length=80, blank=True)
    authority = models.CharField(_("发证机关"), max_length=80, blank=True)
    abolished_on = models.DateField(_("取消日期"), null=True, blank=True)
    remedy_zh = models.CharField(_("取消后的提示"), max_length=200, blank=True)
    remedy_en = models.CharField(_("取消后的提示（英文）"), max_length=300, blank=True)
    # [{"level", "abolished_on": ISO date, "remedy_zh", "remedy_en"}]
    abolished_levels = models.JSONField(_("已取消的等级"), default=list, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    source = models.CharField(_("依据"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("资质类型")
        ordering = ["code"]

    @property
    def remedy(self) -> str:
        """What to tell somebody who claims or demands it after abolition, in the reader's language."""
        return self.remedy_en if self.remedy_en and get_language() == "en" else self.remedy_zh


class Category(Named):
    """A trade of the market (服务类别)."""

    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    icon = models.CharField(_("图标"), max_length=40, blank=True)
    synonyms = models.JSONField(_("同义词"), default=list, blank=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("服务类别")
        verbose_name_plural = _("服务类别")
        ordering = ["position", "code"]


class ServiceItem(Named):
    """A service item (服务事项) with everything a buyer must know before choosing. Days are working days."""

    class Party(models.TextChoices):
        OWNER = "owner", _("项目业主")
        AUTHORITY = "authority", _("审批部门")
        EITHER = "either", _("双方约定")

    class PriceControl(models.TextChoices):
        MARKET = "market", _("市场调节价")
        GUIDED = "guided", _("政府指导价")
        FIXED = "fixed", _("政府定价")

    class Unit(models.TextChoices):
        REPORT = "report", _("份")
        M2 = "m2", _("平方米")
        TEST_GROUP = "test_group", _("组")
        POINT = "point", _("点")
        MU = "mu", _("亩")
        BUILDING = "building", _("栋")
        METRE = "metre", _("延米")
        ITEM = "item", _("项")
        PARCEL = "parcel", _("宗")
        PILE = "pile", _("根")
        YEAR = "year", _("年")
        HOUR = "hour", _("小时")
        # The price is so many fen per 1,000 yuan of a base amount (investment, contract sum…).
        PERMILLE = "permille", _("千元计费额")

    category = models.ForeignKey(Category, models.PROTECT, related_name="items", verbose_name=_("服务类别"))
    synonyms = models.JSONField(_("同义词"), default=list, blank=True)
    basis = models.TextField(_("设定依据"), blank=True)
    matter_served = models.CharField(_("服务的审批事项"), max_length=200, blank=True)
    who_commissions = models.CharField(_("委托方"), max_length=10, choices=Party.choices, default=Party.OWNER)
    who_pays = models.CharField(_("付费方"), max_length=10, choices=Party.choices, default=Party.OWNER)
    self_service_allowed = models.BooleanField(_("业主可自行编制"), default=False)
    size_trigger = models.CharField(_("适用规模"), max_length=300, blank=True)
    # {"any_of": [{"type": code, "level": "甲"|null}], "all_of": [...]} ; {} when no certificate may be demanded
    certificate_rule = models.JSONField(_("资质要求"), default=dict, blank=True)
    # Codes of certificate types of kind filing and person that take the place of a licence
    filings = models.JSONField(_("备案要求"), default=list, blank=True)
    people = models.JSONField(_("人员要求"), default=list, blank=True)
    certificate_note = models.CharField(_("资质说明"), max_length=300, blank=True)
    abolished_qualifications = models.JSONField(_("已取消、不得要求的资质"), default=list, blank=True)
    statutory_days = models.PositiveSmallIntegerField(_("法定时限（工作日）"), null=True, blank=True)
    default_days = models.PositiveSmallIntegerField(_("默认时限（工作日）"))
    # [{"code", "name_zh", "name_en", "days", "post"}], adding up to default_days (流程时限表)
    steps = models.JSONField(_("流程时限表"), default=list, blank=True)
    price_control = models.CharField(_("价格管理"), max_length=8, choices=PriceControl.choices, default="market")
    price_reference = models.CharField(_("价格参考"), max_length=300, blank=True)
    fee_unit = models.CharField(_("计价单位"), max_length=12, choices=Unit.choices, default=Unit.REPORT)
    price_low_fen = models.BigIntegerField(_("常见最低价（分）"), null=True, blank=True)
    price_high_fen = models.BigIntegerField(_("常见最高价（分）"), null=True, blank=True)
    min_fee_fen = models.BigIntegerField(_("常见起步价（分）"), default=0)
    usually_includes = models.CharField(_("价格通常包含"), max_length=300, blank=True)
    result_type = models.CharField(_("成果形式"), max_length=80, blank=True)
    external_review = models.BooleanField(_("需要送审"), default=False)
    materials = models.JSONField(_("业主需提供的资料"), default=list, blank=True)
    template_contract = models.TextField(_("合同要点"), blank=True)
    # 入市前基准: what a deal cost and took before the market opened; the savings figures compare with these.
    baseline_fee_fen = models.BigIntegerField(_("入市前单价基准（分）"), null=True, blank=True)
    baseline_days = models.PositiveSmallIntegerField(_("入市前时长基准（工作日）"), null=True, blank=True)
    orderable = models.BooleanField(_("可下单"), default=True)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("服务事项")
        verbose_name_plural = _("服务事项")
        ordering = ["category__position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(default_days__gte=1), name="item_days_positive"),
            models.CheckConstraint(
                condition=Q(price_low_fen__isnull=True)
                | Q(price_high_fen__isnull=True)
                | Q(price_low_fen__lte=models.F("price_high_fen")),
                name="item_price_range",
            ),
        ]

    @property
    def limit_days(self) -> int:
        """The limit the timeliness pillar counts: the law's, else the catalogue's."""
        return self.statutory_days or self.default_days
