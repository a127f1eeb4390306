"""What is said of silence: one sentence, the same in the contract and wherever a page speaks of approval."""

from __future__ import annotations

from django.utils.translation import gettext as _

from orders.models import Order
from orders.services.approval import approves_itself


def silence_says(order: Order) -> str:
    """Whether silence approves this order, and why not where it does not (see ``services.approval``)."""
    if approves_itself(order):
        return _("交付后 5 个工作日内验收，逾期未提意见视为验收。")
    if order.external_review:
        return _("本服务须送审，送审通过后由项目业主确认验收，逾期不视为验收。")
    return _("项目业主是公共机构，由项目业主确认验收，逾期不视为验收。")
