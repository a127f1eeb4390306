"""Paying: through the custodian mostly; some prefer a direct transfer that both sides confirm."""

from __future__ import annotations

from datetime import timedelta

from demo.engine import Life
from demo.lives.story import Story
from kernel import clock
from orders.gateways import bank
from orders.models import Order, Payment
from orders.services import pay as payments
from orders.services import transfer


def pay(story: Story) -> Life:
    """Through the custodian mostly; some prefer a direct transfer that both sides confirm."""
    offline = story.is_("offline") or (story.public and story.chance(0.6))
    yield story.later(story.rng.choice((0, 1, 2)))
    gateway = Payment.Gateway.OFFLINE if offline else Payment.Gateway.SANDBOX
    payer = story.world.operator if story.order.payer == Order.Payer.AUTHORITY else story.clerk
    payment = payments.payment_start(order=story.order, gateway=gateway, actor=payer)
    if not offline:
        yield clock.now() + timedelta(minutes=story.rng.randint(2, 9))
        bank.deposit_decide(reference=payment.reference, pay=True)
        payments.payment_check(payment=payment)
        return
    slip = story.paper("转账凭证", "slip", payer)
    transfer.payment_offline_confirm(payment=payment, slip=slip, actor=payer)
    yield story.later(story.rng.choice((0, 1)))
    transfer.payment_offline_confirm(payment=payment, actor=story.agent)
