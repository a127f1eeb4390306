"""All acts on an order, in the order in which a page offers them."""

from orders.views.acts import money, ratings, sides, start, talk, work  # noqa: F401  (they register themselves)
from orders.views.acts.base import ACTS, Act, awaited, fits, offered

__all__ = ["ACTS", "Act", "awaited", "fits", "offered"]
