"""The nearest deadline of each row of a list, and the lamps' borders as the database knows them."""

from datetime import datetime, timedelta

import pytest

from kernel import clock, due
from kernel.models import Organisation
from kernel.services import deadlines
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
FRIDAY = datetime(2026, 11, 13, 10, 0, tzinfo=clock.CHINA)
COLOURS = ("red", "amber", "green")


def rows(*codes):
    return due.with_due(Organisation.objects.all(), "thing", *codes).order_by("pk")


def test_the_nearest_open_deadline_and_of_some_codes_only():
    party = make.make_organisation()
    with clock.at(FRIDAY):
        near = deadlines.start(subject=f"thing:{party.pk}", code="near", limit_days=2)
        far = deadlines.start(subject=f"thing:{party.pk}", code="far", limit_days=9)
        deadlines.start(subject=f"other:{party.pk}", code="near", limit_days=1)
    first = rows().get()
    assert (first.due_pk, first.due_at, first.due_days, first.due_code) == (near.pk, near.due_at, 2, "near")
    assert first.due_from == near.started_at
    assert rows("far").get().due_pk == far.pk
    deadlines.meet(subject=f"thing:{party.pk}", code="near")
    assert rows().get().due_pk == far.pk
    deadlines.cancel(subject=f"thing:{party.pk}")
    assert rows().get().due_at is None and due.lamp(rows().get()) is None


def test_the_database_and_the_lamp_agree_on_every_day():
    for limit in (1, 2, 5, 9, 30):
        for back in (0, 1, 2):
            party = make.make_organisation()
            with clock.at(FRIDAY - timedelta(days=back)):
                deadlines.start(subject=f"thing:{party.pk}", code="limit", limit_days=limit)
    seen = set()
    for hours in range(0, 24 * 45, 31):  # every hour of the day, weekends too
        with clock.at(FRIDAY + timedelta(hours=hours)):
            expected = {row.pk: due.lamp(row).colour for row in rows()}
            found = {row.pk: colour for colour in COLOURS for row in due.lit(rows(), "thing", colour)}
        assert found == expected, hours
        seen |= set(expected.values())
    assert seen == set(COLOURS)
