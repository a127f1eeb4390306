"""An order and the project it belongs to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agencies.models import ServiceItem


class Project(models.Model):
    """A buyer's undertaking; several orders may serve it (多评合一)."""

    class Fund(models.TextChoices):
        PRIVATE = "private", _("企业自筹")
        PUBLIC = "public", _("财政资金")
        STATE = "state", _("国有企业资金")
        MIXED = "mixed", _("混合资金")

    buyer = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, related_name="projects", verbose_name=_("项目业主")
    )
    name = models.CharField(_("项目名称"), max_length=120)
    code = models.CharField(_("项目代码"), max_length=40, blank=True)
    fund = models.CharField(_("资金来源"), max_length=8, choices=Fund.choices, default=Fund.PRIVATE)
    region = models.ForeignKey("kernel.Region", models.PROTECT, related_name="+", verbose_name=_("建设地点"))
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("项目")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    """What was ordered, at what price, in how many days: frozen from a listing's version when placed.

    ``status`` is its one life (orders.machines); payment, pauses, complaints, ratings are rows of their own.
    The four timestamps never run backwards.
    """

    class Status(models.TextChoices):
        PLACED = "placed", _("待受理")
        ACCEPTED = "accepted", _("已受理")
        IN_SERVICE = "in_service", _("服务中")
        DELIVERED = "delivered", _("待验收")
        APPROVED = "approved", _("已验收")
        CLOSED = "closed", pgettext_lazy("订单", "已完成")
        DECLINED = "declined", _("机构未接单")
        CANCELLED = "cancelled", _("已取消")
        TERMINATED = "terminated", _("已终止")

    # Sets of states that more than one place asks for, each named once: a new state is put into them here.
    NOT_BEGUN = (Status.PLACED, Status.ACCEPTED)
    AT_WORK = (Status.IN_SERVICE, Status.DELIVERED)
    RUNNING = (Status.ACCEPTED, *AT_WORK)
    # It takes one of the listing's slots
    HOLDING = (Status.PLACED, *RUNNING)
    DONE = (Status.APPROVED, Status.CLOSED)
    # Ended early: before the work began, or after
    DROPPED = (Status.DECLINED, Status.CANCELLED)
    ENDED = (*DROPPED, Status.TERMINATED)
    OVER = (Status.CLOSED, *ENDED)
    # What is held for it may go to the agency
    RELEASABLE = (*DONE, Status.TERMINATED)

    class Channel(models.TextChoices):
        ONLINE = "online", _("网上")
        COUNTER = "counter", _("窗口代办")

    class Payer(models.TextChoices):
        BUYER = "buyer", _("项目业主")
        AUTHORITY = "authority", _("审批部门")

    number = models.CharField(_("订单号"), max_length=24, unique=True)
    project = models.ForeignKey(Project, models.PROTECT, related_name="orders")
    buyer = models.ForeignKey(
        "kernel.Organisation", models.PROTECT, related_name="orders_placed", verbose_name=_("项目业主")
    )
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="orders", verbose_name=_("中介机构"))
    listing = models.ForeignKey("agencies.Listing", models.PROTECT, related_name="orders")
    version = models.ForeignKey("agencies.ListingVersion", models.PROTECT, related_name="orders")
    item = models.ForeignKey("agencies.ServiceItem", models.PROTECT, related_name="orders", verbose_name=_("服务事项"))
    category = models.ForeignKey("agencies.Category", models.PROTECT, related_name="orders")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PLACED)
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices, default=Channel.ONLINE)
    # The repetition of a request finds its order here (unique per token).
    token = models.CharField(max_length=64, unique=True)
    # Frozen terms
    title = models.CharField(_("服务名称"), max_length=80)
    unit = models.CharField(_("计价单位"), max_length=12, choices=ServiceItem.Unit.choices)
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"), default=1000)
    unit_price_fen = models.BigIntegerField(_("单价（分）"))
    fee_fen = models.BigIntegerField(_("服务费（分）"))
    days = models.PositiveSmallIntegerField(_("合同时限（工作日）"))
    limit_days = models.PositiveSmallIntegerField(_("事项时限（工作日）"))
    external_review = models.BooleanField(_("需要送审"), default=False)
    # The papers the client owes, one by one: {"zh": the binding text, "en": what the catalogue said of it, or ""}
    papers = models.JSONField(_("业主应提供的资料"), default=list, blank=True)
    # The deal as it would have been before entry (入市前基准): total fee and days, from the item at placing.
    baseline_fee_fen = models.BigIntegerField(null=True, blank=True)
    baseline_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # The one counter-proposal the agency may make before accepting
    proposed_fee_fen = models.BigIntegerField(_("机构提出的价格（分）"), null=True, blank=True)
    proposed_days = models.PositiveSmallIntegerField(_("机构提出的时限"), null=True, blank=True)
    proposed_note = models.CharField(_("说明"), max_length=300, blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    # What the buyer declared
    matter = models.CharField(_("服务的审批事项"), max_length=200, blank=True)
    payer = models.CharField(_("付费方"), max_length=10, choices=Payer.choices, default=Payer.BUYER)
    not_secret = models.BooleanField(_("已声明不涉密"), default=False)
    invoice_title = models.CharField(_("开票抬头"), max_length=120)
    invoice_tax_number = models.CharField(_("税号"), max_length=20, blank=True)
    note = models.CharField(_("备注"), max_length=1000, blank=True)
    copies = models.PositiveSmallIntegerField(_("纸质成果份数"), default=0)
    lead = models.ForeignKey(
        "agencies.Practitioner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("项目负责人"),
    )
    # Who placed it; at the counter a member of staff, with the enterprise's authorisation attached.
    placed_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")
    authorisation = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代办授权书")
    )
    # The four timestamps (R15): 首次申请, 受理, 办结, 送达
    placed_at = models.DateTimeField(_("首次申请"))
    accepted_at = models.DateTimeField(_("受理"), null=True, blank=True)
    completed_at = models.DateTimeField(_("办结"), null=True, blank=True)
    received_at = models.DateTimeField(_("送达"), null=True, blank=True)
    # Start of the service clock: contract in force and papers complete (and paid, when the buyer pays first)
    started_at = models.DateTimeField(_("起算"), null=True, blank=True)
    materials_complete_at = models.DateTimeField(_("材料齐全"), null=True, blank=True)
    approved_at = models.DateTimeField(_("验收"), null=True, blank=True)
    # When the sealed ratings were opened, or the window closed without any.
    ratings_revealed_at = models.DateTimeField(_("评价公开"), null=True, blank=True)
    closed_at = models.DateTimeField(_("完成"), null=True, blank=True)
    end_reason = models.CharField(_("终止原因代码"), max_length=40, blank=True)
    end_note = models.CharField(_("终止说明"), max_length=500, blank=True)
    # Working days used of the contract's limit, net of pauses and external review; set on completion.
    days_used = models.PositiveSmallIntegerField(_("用时（工作日）"), null=True, blank=True)

    class Meta:
        verbose_name = _("订单")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(fee_fen__gt=0), name="order_fee_positive"),
            models.CheckConstraint(condition=Q(quantity_milli__gt=0), name="order_quantity_positive"),
            models.CheckConstraint(condition=Q(days__gte=1), name="order_days_positive"),
            models.CheckConstraint(condition=Q(not_secret=True), name="order_declared_not_secret"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("placed_at")),
                name="order_accepted_after_placed",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True)
                | Q(accepted_at__isnull=False, completed_at__gte=F("accepted_at")),
                name="order_completed_after_accepted",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True)
                | Q(completed_at__isnull=False, received_at__gte=F("completed_at")),
                name="order_received_after_completed",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(accepted_at__isnull=False, started_at__gte=F("accepted_at")),
                name="order_started_after_accepted",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(completed_at__isnull=False, approved_at__gte=F("completed_at")),
                name="order_approved_after_completed",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(approved_at__isnull=False, closed_at__gte=F("approved_at")),
                name="order_closed_after_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_at__isnull=False, ratings_revealed_at__isnull=False),
                name="order_closed_is_rated_and_dated",
            ),
            models.CheckConstraint(
                condition=~Q(channel="counter") | Q(authorisation__isnull=False),
                name="order_counter_has_authorisation",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "in_service", "delivered", "approved", "closed"])
                | Q(accepted_at__isnull=False),
                name="order_accepted_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["in_service", "delivered", "approved", "closed"])
                | Q(started_at__isnull=False),
                name="order_in_service_has_start",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "closed"])
                | Q(completed_at__isnull=False, approved_at__isnull=False),
                name="order_approved_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["declined", "cancelled", "terminated"]) | ~Q(end_reason=""),
                name="order_end_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "status", "-id"], name="order_of_buyer"),
            models.Index(fields=["agency", "status", "-id"], name="order_of_agency"),
            models.Index(fields=["category", "status"], name="order_of_category"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def stream(self) -> str:
        return f"order:{self.pk}"

    @property
    def payer_name(self) -> str:
        """Who owes the fee, by name: the buyer, or the authority that bears it."""
        return self.buyer.name if self.payer == self.Payer.BUYER else str(self.get_payer_display())
