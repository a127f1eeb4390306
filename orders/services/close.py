"""The end of a good order: settled, rated and without an open complaint, it closes by itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import User
from orders.models import Complaint, Order
from orders.selectors.money import balance
from orders.services.moves import announce, order_move, tell_both


def close_if_ready(order: Order, *, actor: User | None = None) -> bool:
    """Under the order's lock: called by everything that may have been the last thing open."""
    if order.status != Order.Status.APPROVED or order.ratings_revealed_at is None:
        return False
    open_complaints = Complaint.objects.filter(
        order=order, status__in=[Complaint.Status.FILED, Complaint.Status.ACCEPTED]
    )
    if not balance(order).settled or open_complaints.exists():
        return False
    order_move(order, "close", action="order.closed", actor=actor, closed_at=clock.now())
    announce(order)
    tell_both(order, _("订单已完成"))
    return True
