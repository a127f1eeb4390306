"""The book of the sandbox bank: what a real custodian would keep on its own machines. Our side reads it only through
the gateway, as it would call a bank."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class BankDeposit(models.Model):
    """One request for payment as the demo custodian sees it; ``reference`` is the merchant's, ``provider_ref`` its own."""

    class Status(models.TextChoices):
        OPEN = "open", _("待付款")
        PAID = "paid", _("已付款")
        REFUSED = "refused", _("已拒绝")
        WITHDRAWN = "withdrawn", _("已撤回")

    reference = models.CharField(max_length=40, unique=True)
    provider_ref = models.CharField(max_length=80, unique=True)
    payer = models.CharField(max_length=120)
    payee = models.CharField(max_length=120)
    purpose = models.CharField(max_length=120)
    amount_fen = models.BigIntegerField()
    refunded_fen = models.BigIntegerField(default=0)
    released_fen = models.BigIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("托管银行（演示）账目")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="bank_deposit_positive"),
            models.CheckConstraint(
                condition=Q(refunded_fen__gte=0, released_fen__gte=0)
                & Q(refunded_fen__lte=F("amount_fen") - F("released_fen")),
                name="bank_out_within_deposit",
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen=0, released_fen=0) | Q(status="paid"), name="bank_out_of_paid"
            ),
        ]

    def __str__(self) -> str:
        return self.provider_ref
