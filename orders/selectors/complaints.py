"""What a side may complain of (投诉事由)."""

from __future__ import annotations

from orders.models import Order
from orders.reasons import COMPLAINT, ENDING, Reason


def subjects(order: Order, side: str) -> dict[str, Reason]:
    """Reasons that ``side`` may give now, by code. To end the order is asked for only while it is at work: before, either
    side cancels it; after, there is nothing to end."""
    return {
        code: row
        for code, row in COMPLAINT.items()
        if side in row.who and (code != ENDING or order.status in Order.AT_WORK)
    }
