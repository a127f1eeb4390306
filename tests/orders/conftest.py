import pytest
from django.core.management import call_command


@pytest.fixture
def rulebook(db):
    """The default rules of credit in force: approving and rating report to them."""
    call_command("load_rulebook", verbosity=0)
