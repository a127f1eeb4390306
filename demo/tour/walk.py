"""What every walk needs: people signed in, and a site that lasts as long as the walk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from django.db import DatabaseError

from demo.logins import logins
from demo.tour import site
from demo.tour.stops import Stop
from demo.tour.visits import Visit, signed_in


class NobodyThere(RuntimeError):
    """The database has no demo logins."""


@contextlib.contextmanager
def walk(stops: Sequence[Stop], base: str | None = None) -> Iterator[tuple[list[Visit], list[Stop], str]]:
    """The visits, the stops with nothing to see, and the address of the site: ``base``, or one started for the walk."""
    try:
        people = {row.role: row.user for row in logins()}
    except DatabaseError:  # no tables yet: the site has never been started
        people = {}
    if not people:
        raise NobodyThere("There are no demo logins in this database: run ./run once, until the demo is complete.")
    with signed_in(stops, people) as (visits, absent), contextlib.ExitStack() as stack:
        yield visits, absent, base.rstrip("/") if base else stack.enter_context(site.running())
