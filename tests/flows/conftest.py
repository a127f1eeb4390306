"""The town in which the stories happen: the data every installation begins with, its people, and its worker."""

import re

import pytest
from django.conf import settings as installation
from django.core.management import call_command

from agencies.models import Category, ServiceItem
from kernel.services import outbox
from market.selectors.lexicon import forget_lexicon
from tests import factories
from tests.flows.browser import Browser


@pytest.fixture
def town(db, settings, tmp_path, capsys):
    """Regions, catalogue, rules, synonyms and first pages, as `manage.py prepare` loads them."""
    settings.SEARCH_INDEX_DIR = tmp_path / "search"
    forget_lexicon()
    for command in installation.PREPARE_COMMANDS:
        call_command(command)
    capsys.readouterr()
    yield
    forget_lexicon()


@pytest.fixture
def published(town):
    """A published service of an agency with somebody who can lead the work; search does not know it yet."""
    agency = factories.make_agency(category=Category.objects.get(code="eia"))
    factories.make_practitioner(agency, name="李工")
    item = ServiceItem.objects.get(code="eia-permit")
    title = "排污许可证申请材料编制（轻工）"
    return factories.make_listing(agency, item, title=title, unit_price_fen=1_200_000, days=10)


@pytest.fixture
def listing(published, worker_runs):
    """The same, found by search."""
    worker_runs()
    return published


@pytest.fixture
def agency(listing):
    """The agency of the listing, at its own pages."""
    return Browser().sign_in(factories.owner_of(listing.agency.organisation))


@pytest.fixture
def enterprise(town):
    """A person of an enterprise that needs the service."""
    return factories.owner_of(factories.make_organisation())


@pytest.fixture
def operator(town):
    """Somebody of the service centre, at the desk."""
    return Browser().sign_in(factories.make_staff("operator"))


@pytest.fixture
def days_pass(operator):
    """Let working days go by, as the operator of a demo does; what falls due in between happens."""

    def advance(days):
        operator.open("/demo/advance/").press("推进时间", days=days).sees(f"时间已推进 {days} 个工作日")

    return advance


@pytest.fixture
def code_from_sms(capsys):
    """The code in the last text message on the console."""
    return lambda: re.findall(r"\[SMS\].*验证码 (\S+?)，", capsys.readouterr().err)[-1]


@pytest.fixture
def worker_runs(town):
    """What the worker does every few seconds: deliver all news of the outbox."""

    def run():
        while outbox.drain():
            pass

    return run
