"""Storefronts and what stands in them. A listing's words and prices live in versions that never change once published."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.catalogue import ServiceItem


class Storefront(models.Model):
    """An agency's shop window."""

    agency = models.OneToOneField("agencies.Agency", models.PROTECT, related_name="storefront")
    tagline = models.CharField(_("一句话介绍"), max_length=80, blank=True)
    opening_hours = models.CharField(_("服务时间"), max_length=80, blank=True)
    # [{"title", "client", "year", "text"}]
    cases = models.JSONField(_("业绩案例"), default=list, blank=True)
    # Pictures as ``agencies.pictures`` redraws them; without one the page draws its own from the name.
    banner = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("店招")
    )
    mark = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("店标")
    )
    # The agency takes no new orders for now (it stays visible).
    paused_at = models.DateTimeField(_("暂停接单时间"), null=True, blank=True)
    pause_note = models.CharField(_("暂停说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("店铺")

    def __str__(self) -> str:
        return str(self.agency)

    @property
    def stream(self) -> str:
        """The subject of its pictures; its acts stand in the agency's trail."""
        return f"storefront:{self.pk}"


class Listing(models.Model):
    """One service item offered by one agency. ``capacity`` is how many orders it can have in work; ``taken`` counts them."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        IN_REVIEW = "in_review", _("审查中")
        RETURNED = "returned", _("已退回")
        PUBLISHED = "published", _("已上架")
        PAUSED = "paused", _("暂停接单")
        HIDDEN = "hidden", _("证书过期，已隐藏")
        WITHDRAWN = "withdrawn", _("已下架")

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="listings")
    item = models.ForeignKey(
        "agencies.ServiceItem", models.PROTECT, related_name="listings", verbose_name=_("服务事项")
    )
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    # The agency had paused it when it was hidden: shown again, it stays paused.
    hidden_paused = models.BooleanField(default=False)
    # The version buyers see; a newer one may be in review beside it.
    version = models.ForeignKey("agencies.ListingVersion", models.PROTECT, null=True, blank=True, related_name="+")
    capacity = models.PositiveIntegerField(_("同时接单上限"), default=5)
    taken = models.PositiveIntegerField(_("在办订单"), default=0)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("服务")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "item"], name="listing_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="listing_capacity"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="listing_capacity_positive"),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "paused", "hidden"]) | Q(version__isnull=False),
                name="listing_published_has_version",
            ),
            models.CheckConstraint(condition=Q(hidden_paused=False) | Q(status="hidden"), name="listing_hidden_paused"),
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.agency}"

    @property
    def stream(self) -> str:
        return f"listing:{self.pk}"


class ListingVersion(models.Model):
    """What was offered at a time: frozen once it left the draft; the one ordered stays readable for ever."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        IN_REVIEW = "in_review", _("审查中")
        RETURNED = "returned", _("已退回")
        PUBLISHED = "published", _("已发布")

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    title = models.CharField(_("标题"), max_length=80)
    summary = models.TextField(_("服务说明"), max_length=3000, blank=True)
    unit = models.CharField(_("计价单位"), max_length=12, choices=ServiceItem.Unit.choices)
    # Fen per unit; for "permille", fen per 1,000 yuan of the base amount.
    unit_price_fen = models.BigIntegerField(_("单价（分）"))
    min_fee_fen = models.BigIntegerField(_("最低收费（分）"), default=0)
    # [{"up_to": quantity, "unit_price_fen": n}] by rising quantity: price by the scale of the project (E1)
    tiers = models.JSONField(_("阶梯价格"), default=list, blank=True)
    days = models.PositiveSmallIntegerField(_("承诺时限（工作日）"))
    # {"tax": bool, "expert_review": bool, "monitoring": bool, "travel": bool}: what the price includes (E1)
    includes = models.JSONField(_("价格包含"), default=dict)
    not_included = models.CharField(_("另行收费说明"), max_length=300, blank=True)
    copies = models.PositiveSmallIntegerField(_("纸质成果份数"), default=0)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("服务版本")
        ordering = ["listing", "number"]
        constraints = [
            models.UniqueConstraint(fields=["listing", "number"], name="listing_version_number"),
            models.UniqueConstraint(
                fields=["listing"],
                condition=Q(status__in=["draft", "in_review", "returned"]),
                name="listing_one_open_version",
            ),
            models.CheckConstraint(condition=Q(unit_price_fen__gt=0), name="listing_price_positive"),
            models.CheckConstraint(condition=Q(min_fee_fen__gte=0), name="listing_min_fee"),
            models.CheckConstraint(condition=Q(days__gte=1), name="listing_days_positive"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False), name="listing_version_published_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"
