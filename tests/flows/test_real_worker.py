"""The whole line once as it runs in production: PostgreSQL, Redis, a web process, a Celery worker with its clock. Nothing
here delivers news by hand: search learns of the service, and we of the payment, because the worker carries it."""

import os
import sys
import urllib.request

import pytest
from django.conf import global_settings
from django.core.management import call_command
from django.db import connection

from kernel.models import OutboxMessage
from orders.models import Order, Payment, PaymentEvent
from tests import factories
from tests.databases import ROOT
from tests.flows.browser import Browser, pdf
from tests.flows.wire import Wire
from tests.services import Server, wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.needs("postgresql"),
    pytest.mark.needs("redis"),
    pytest.mark.slow,
]

FOUR_STARS = {"quality": 4, "timeliness": 4, "attitude": 4, "charging": 4, "compliance": 4}


class Process(Server):
    """A Python process of the product, with the product's own settings."""

    def __init__(self, environment):
        super().__init__()
        self.extra = {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "config.settings", **environment}

    def environment(self):
        return os.environ | self.extra


class Web(Process):
    name = "web"

    def __init__(self, environment):
        super().__init__(environment)
        self.address = self.extra["PUBLIC_URL"] = f"http://127.0.0.1:{self.port}"

    def command(self):
        options = ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--threads", "4"]
        options += ["--no-control-socket", "--access-logfile", "-"]
        return [sys.executable, "-m", "gunicorn", "config.wsgi:application", *options]

    def ready(self):
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


class Worker(Process):
    name = "worker"

    def command(self):
        options = ["--beat", "--concurrency", "2", "--loglevel", "INFO"]
        return [sys.executable, "-m", "celery", "-A", "config.celery", "worker", *options]

    def start(self, *, within_seconds=90):  # two processes that both read the whole product
        super().start(within_seconds=within_seconds)

    def ready(self):
        return b"ready." in self.log.read_bytes()


@pytest.fixture
def installation(settings, tmp_path, redis_server):
    """The environment of both processes; the test's own rows and files lie where they look for them."""
    settings.ATTACHMENT_ROOT = tmp_path / "attachments"
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    at = connection.settings_dict
    return {
        "SECRET_KEY": settings.SECRET_KEY,
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"postgres://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}",
        "CELERY_BROKER_URL": redis_server.url(),
        "EMAIL_URL": "consolemail://",
        "SANDBOX_BANK_HTTP": "1",
    }


@pytest.fixture
def site(installation, town):
    with Web(installation) as web:
        yield web
        print("web:", web.last_lines(), sep="\n")  # pytest shows it when the test fails


@pytest.fixture
def worker(installation, site):
    with Worker(installation | {"PUBLIC_URL": site.address}) as process:
        yield process
        print("worker:", process.last_lines(), sep="\n")


def test_the_whole_line_with_real_processes(installation, published, site, worker):
    enterprise = factories.owner_of(factories.make_organisation())
    buyer = Browser(Wire(site.address)).sign_in(enterprise)
    agency = Browser(Wire(site.address)).sign_in(factories.owner_of(published.agency.organisation))

    title = published.version.title
    wait_until(lambda: title in buyer.open("/search/?q=排污许可").text, what="search learning of the service")
    buyer.click(title).click("下单")
    buyer.press("提交订单", name="技改项目", region="澄湖市", fund="private", not_secret=True)
    page = buyer.url
    agency.open(page).press("受理订单", lead="李工").press("确认合同")
    buyer.open(page).press("确认合同")

    # She closes the bank's page as soon as she has paid: only the bank's message can tell us.
    buyer.open(page).click("去付款").press("去付款 ¥12,000.00", gateway="sandbox").press("确认付款", stay=True)
    settled = Payment.objects.filter(status=Payment.Status.SETTLED)
    wait_until(settled.exists, what="the bank's message")
    assert PaymentEvent.objects.get().handled_at
    wait_until(lambda: '"POST /pay/webhook/sandbox/ HTTP/1.1" 200' in site.log.read_text(), what="the log line")

    agency.open(page).press("确认资料齐全", received=True)
    agency.open(page).press("交付成果", file=pdf("申请材料.pdf"))
    buyer.open(f"{page}deliverables/1/")
    assert buyer.response.content == factories.PDF
    buyer.open(page).click("验收成果").press("确认验收")
    buyer.open(page).click("评价对方").press("提交评价", **FOUR_STARS)
    agency.open(page).click("评价对方").press("提交评价", **FOUR_STARS)

    waiting = OutboxMessage.objects.filter(done_at__isnull=True)
    wait_until(lambda: Order.objects.get().status == Order.Status.CLOSED, what="closing")
    wait_until(lambda: not waiting.exists(), what="delivering all news")
    assert not OutboxMessage.objects.exclude(error="").exists()
    call_command("check_invariants")
