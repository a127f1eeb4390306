"""Rules in force, a still clock, and people of the credit desk."""

from datetime import datetime
from io import StringIO

import pytest

from kernel import clock

# A Friday morning; October is closed and its thirteenth working day of November has passed.
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=clock.CHINA)


@pytest.fixture
def still():
    """The clock stands at NOW; move it with `clock.at`."""
    with clock.at(NOW):
        yield NOW


@pytest.fixture
def rules(db, still):
    """The shipped rulebook and calibration, adopted."""
    from django.core.management import call_command

    from credit.selectors import rules_on

    call_command("load_rulebook", stdout=StringIO())
    return rules_on()


@pytest.fixture
def officer(rules):
    from tests.factories import make_staff

    return make_staff("credit_officer")


@pytest.fixture
def second(rules):
    """Another credit officer."""
    from tests.factories import make_staff

    return make_staff("credit_officer")


@pytest.fixture
def agency(rules):
    from tests.factories import make_agency

    return make_agency()


@pytest.fixture
def desk(officer):
    """The browser of the credit officer."""
    from tests.credit.web import signed_in

    return signed_in(officer)
