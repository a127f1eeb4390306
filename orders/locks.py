"""Rows are locked in one order everywhere, so that no two services wait for each other in a circle:

    the order → its rows and deadlines → the agency (a lead for the credit desk) → the listing (its slot)

The sweep of deadlines takes the order's lock before it claims one (``subject_locks``). Only placing takes the slot before
it writes the order; it therefore asks for nothing more than the right to refer to the agency, which nobody withholds:
agencies are locked FOR NO KEY UPDATE.
"""

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
