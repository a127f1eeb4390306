"""Running numbers."""

from __future__ import annotations

from django.db import connection

from kernel import clock


def next_number(*, name: str) -> int:
    """The next number under ``name``; unique, ascending, gap-free only as far as transactions commit."""
    # One statement on both engines, so two callers never read the same value.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_counter (name, value) VALUES (%s, 1) "
            "ON CONFLICT (name) DO UPDATE SET value = kernel_counter.value + 1 RETURNING value",
            [name],
        )
        return int(cursor.fetchone()[0])


def monthly_reference(*, prefix: str) -> str:
    """``CX-202611-00042``: what people read out on the telephone."""
    month = clock.today().strftime("%Y%m")
    return f"{prefix}-{month}-{next_number(name=f'{prefix}:{month}'):05d}"
