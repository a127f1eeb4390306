"""Rows are locked in one order everywhere: the order, then its rows, then the listing. So no two services wait for
each other in a circle."""

from __future__ import annotations

from orders.models import Complaint, Order

# What nearly every service reads; the rest is fetched where it is needed, since wide joins cost more than they save.
PARTS = ("buyer", "agency__organisation")


def lock_order(order: Order | int) -> Order:
    """The order as it is now, held until the transaction ends."""
    pk = order if isinstance(order, int) else order.pk
    return Order.objects.select_for_update(of=("self",)).select_related(*PARTS).get(pk=pk)


def lock_complaint(complaint: Complaint) -> tuple[Complaint, Order]:
    """A complaint with its order, the order first."""
    order = lock_order(complaint.order_id)
    return Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk), order
