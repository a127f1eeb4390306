"""How many queries a page needs, and that their number does not grow with the rows.

Rows are multiplied in SQL: a service-made row is the pattern, so constraints hold and ten or a thousand cost the same care.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from kernel import clock, workdays

BUDGET = 12


def queries(get: Callable[[], Any]) -> int:
    """Queries of one request that is answered 200; the machinery's occasional look-ups (clock, calendar) are warmed up
    by a request before, as they are on any running site, and the clock stands still meanwhile."""
    with clock.at(clock.now()):
        get()
        workdays.forget_overrides()
        workdays.overrides()
        with CaptureQueriesContext(connection) as captured:
            response = get()
            if getattr(response, "streaming", False):
                b"".join(response.streaming_content)
    assert response.status_code == 200, response.status_code
    return len(captured)


def copies(row: Model, count: int, **changes: Callable[[int], Any]) -> list[Any]:
    """``count`` copies of ``row`` in one INSERT; ``changes`` gives the fields that must differ, from 0 upwards."""
    model = type(row)
    values = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if not f.primary_key}
    made = [model(**{**values, **{name: change(n) for name, change in changes.items()}}) for n in range(count)]
    return model._default_manager.bulk_create(made, batch_size=200)


def assert_flat(get: Callable[[], Any], grow: Callable[[int], None], few: int = 10, many: int = 1000) -> int:
    """The page needs the same number of queries with ``few`` and with ``many`` rows, and at most the budget."""
    grow(few)
    at_few = queries(get)
    grow(many - few)
    at_many = queries(get)
    assert at_many == at_few, f"{at_few} queries with {few} rows, {at_many} with {many}"
    assert at_many <= BUDGET, f"{at_many} queries"
    return at_many
