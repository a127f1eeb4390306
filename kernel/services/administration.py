"""What an administrator keeps of the kernel's own rows: the working calendar and the regions."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kernel import workdays
from kernel.models import CalendarDay, Region, User
from kernel.services.rows import row_save


@transaction.atomic
def calendar_day_save(*, pk: int | None = None, values: dict[str, Any], actor: User | None) -> CalendarDay:
    """Say whether a day is a working day here; limits that start from now on count with it."""
    row, _changes = row_save(model=CalendarDay, pk=pk, values=values, actor=actor)
    transaction.on_commit(workdays.forget_overrides)
    return row


@transaction.atomic
def region_save(*, pk: int | None = None, values: dict[str, Any], actor: User | None) -> Region:
    """Name a region, or put it elsewhere in the tree."""
    return row_save(model=Region, pk=pk, values=values, actor=actor)[0]
