"""What must always be true of orders and their money (design: reliability, "Invariants").

What a database can hold is a constraint of the models; these functions find the rest, and the same once more in one
place. Each yields one sentence a violation and asks set-wise, so a hundred thousand orders take seconds.
"""

from orders.invariants import history, money, work

__all__ = ["history", "money", "work"]
