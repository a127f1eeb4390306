"""Money of an order: attempts, what the gateway told us, the ledger, refunds, invoices. All amounts in fen."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.append_only import append_only


class Payment(models.Model):
    """One attempt to pay an order. The row is committed before the gateway is called."""

    class Gateway(models.TextChoices):
        SANDBOX = "sandbox", _("托管银行（演示）")
        OFFLINE = "offline", _("线下转账")

    class Status(models.TextChoices):
        CREATED = "created", _("待支付")
        UNKNOWN = "unknown", _("结果待确认")
        SETTLED = "settled", _("已到账")
        FAILED = "failed", _("未成功")
        CANCELLED = "cancelled", _("已撤销")
        RETURNED = "returned", _("不符款项已退回")

    # What may still be paid or confirmed: one an order
    OPEN = Q(status__in=[Status.CREATED, Status.UNKNOWN], received_fen__isnull=True)
    # Money that came and does not fit, for an operator to send back: no attempt any more, another may begin beside it
    STRAY = Q(status=Status.UNKNOWN, received_fen__isnull=False)

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="payments")
    gateway = models.CharField(_("方式"), max_length=8, choices=Gateway.choices)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.CREATED)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    # Ours, sent along so that a repeated call is recognised
    reference = models.CharField(_("流水号"), max_length=40, unique=True)
    # The provider's object: one object, one row
    provider_ref = models.CharField(_("对方流水号"), max_length=80, null=True, blank=True, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("到账时间"), null=True, blank=True)
    # Offline transfer: both sides confirm (``buyer``: whoever pays, also for an authority)
    slip = models.ForeignKey(
        "kernel.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("转账凭证")
    )
    buyer_confirmed_at = models.DateTimeField(null=True, blank=True)
    agency_confirmed_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(_("失败原因"), max_length=200, blank=True)
    # What came although it does not fit (another amount, or the fee a second time), and when the payer had it back
    received_fen = models.BigIntegerField(_("实收（分）"), null=True, blank=True)
    # The order to return it, the latest one: when it was given, and what the custodian knows it by (new each time)
    return_ordered_at = models.DateTimeField(null=True, blank=True)
    return_reference = models.CharField(max_length=48, null=True, blank=True, unique=True)
    returned_at = models.DateTimeField(_("退回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("支付")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_positive"),
            models.UniqueConstraint(fields=["order"], condition=Q(status="settled"), name="payment_one_capture"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["created", "unknown"], received_fen__isnull=True),
                name="payment_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | Q(settled_at__isnull=False), name="payment_settled_at"
            ),
            models.CheckConstraint(
                condition=~Q(status="settled", gateway="offline")
                | Q(buyer_confirmed_at__isnull=False, agency_confirmed_at__isnull=False),
                name="payment_offline_both_sides",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | Q(return_ordered_at__isnull=False, return_reference__isnull=False),
                name="payment_return_is_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """``OPEN``, of a row at hand."""
        return self.status in (self.Status.CREATED, self.Status.UNKNOWN) and self.received_fen is None

    @property
    def is_stray(self) -> bool:
        """``STRAY``, of a row at hand."""
        return self.status == self.Status.UNKNOWN and self.received_fen is not None


@append_only("handled_at")
class PaymentEvent(models.Model):
    """What a gateway told us, stored once as received (event id unique), then worked off."""

    gateway = models.CharField(max_length=8)
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    body = models.JSONField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="payment_event_once")]

    def __str__(self) -> str:
        return self.event_id


@append_only()
class LedgerEntry(models.Model):
    """Double entry in one row: ``amount_fen`` leaves ``credit`` and arrives at ``debit``; balanced by construction.

    Accounts of an order: ``buyer`` (the payer outside, also where an authority bears the fee), ``custody`` (held by the custodian, never by the platform),
    ``agency`` (the payee outside).
    """

    class Account(models.TextChoices):
        BUYER = "buyer", _("付款方")
        CUSTODY = "custody", _("托管账户")
        AGENCY = "agency", _("中介机构")

    class Kind(models.TextChoices):
        CAPTURE = "capture", _("付款")
        RELEASE = "release", _("放款")
        REFUND = "refund", _("退款")
        DIRECT = "direct", _("直接转账")

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="ledger")
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    debit = models.CharField(_("转入"), max_length=8, choices=Account.choices)
    credit = models.CharField(_("转出"), max_length=8, choices=Account.choices)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    # Names the cause once: "payment:12", "release:order:7"
    cause = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("台账")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="ledger_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_two_accounts"),
            models.CheckConstraint(
                condition=Q(kind="capture", credit="buyer", debit="custody")
                | Q(kind="release", credit="custody", debit="agency")
                | Q(kind="refund", credit="custody", debit="buyer")
                | Q(kind="refund", credit="agency", debit="buyer")
                | Q(kind="direct", credit="buyer", debit="agency"),
                name="ledger_known_move",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(kind__in=["capture", "direct"]), name="ledger_one_payment"
            ),
            models.UniqueConstraint(fields=["order"], condition=Q(kind="release"), name="ledger_one_release"),
        ]

    def __str__(self) -> str:
        return self.cause


class Refund(models.Model):
    """Money on its way back: granted is not yet executed. Above a limit a second person grants what one proposed."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("待批准")
        GRANTED = "granted", _("已批准，待退回")
        EXECUTED = "executed", _("已退回")
        REFUSED = "refused", _("不予退款")
        FAILED = "failed", _("未成功")

    # Neither back with the payer nor given up
    OPEN = (Status.PROPOSED, Status.GRANTED, Status.FAILED)

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount_fen = models.BigIntegerField(_("金额（分）"))
    reason = models.CharField(_("原因"), max_length=200)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.PROPOSED)
    reference = models.CharField(_("流水号"), max_length=40, unique=True)
    # Frozen when proposed: the amount was above the limit, so two different people are needed.
    two_people = models.BooleanField(_("需两人批准"), default=False)
    proposed_at = models.DateTimeField(_("提出时间"))
    proposed_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    granted_by = models.ForeignKey("kernel.User", models.PROTECT, null=True, related_name="+")
    executed_at = models.DateTimeField(_("退回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("退款")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_positive"),
            models.CheckConstraint(
                condition=~Q(status__in=["granted", "executed"]) | Q(granted_at__isnull=False),
                name="refund_granted_at",
            ),
            models.CheckConstraint(
                condition=~Q(status="executed") | Q(executed_at__isnull=False), name="refund_executed_at"
            ),
            models.CheckConstraint(
                condition=Q(two_people=False)
                | Q(granted_at__isnull=True)
                | Q(granted_by__isnull=False) & (Q(proposed_by__isnull=True) | ~Q(granted_by=F("proposed_by"))),
                name="refund_two_people",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Invoice(models.Model):
    """The agency's own tax invoice, uploaded (票款分离: it never moves money)."""

    order = models.OneToOneField("orders.Order", models.PROTECT, related_name="invoice")
    number = models.CharField(_("发票号码"), max_length=30)
    amount_fen = models.BigIntegerField(_("金额（分）"))
    file = models.ForeignKey("kernel.Attachment", models.PROTECT, related_name="+")
    issued_on = models.DateField(_("开票日期"))
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("kernel.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("发票")
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="invoice_positive")]

    def __str__(self) -> str:
        return self.number
