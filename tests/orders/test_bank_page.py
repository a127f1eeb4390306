"""The demo custodian's hosted page: says what it is, takes one decision, leads back; and its message crosses real HTTP."""

import json

import pytest
from django.test import Client

from kernel.registries import outbox_handlers
from orders.models import BankDeposit, Payment, PaymentEvent
from orders.services import pay
from tests.orders.lives import Life, deliver_bank_news

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(rulebook):
    life = Life().until("in_contract")
    return pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "演示"), ("en", "demo")])
def test_the_page_says_that_it_is_a_demo(client, payment, language, words):
    page = client.get(f"/bank/pay/{payment.reference}/?lang={language}")
    assert page.status_code == 200
    assert words in page.content.decode()
    assert payment.order.buyer.name in page.content.decode()


def test_paying_leads_back_and_settles(client, payment):
    answer = client.post(f"/bank/pay/{payment.reference}/?lang=en", {"decision": "pay"})
    assert answer.status_code == 302 and payment.reference in answer.url and answer.url.startswith("/en/")
    deliver_bank_news()
    assert Payment.objects.get(pk=payment.pk).status == "settled"
    assert "decision" not in client.get(f"/bank/pay/{payment.reference}/").content.decode()


def test_nonsense_decides_nothing(client, payment):
    client.post(f"/bank/pay/{payment.reference}/", {"decision": "steal"})
    assert BankDeposit.objects.get().status == "open"


def test_unknown_references_and_real_installations_have_no_bank(client, payment, settings):
    assert client.get("/bank/pay/nothing/").status_code == 404
    settings.DEMO = False
    assert client.get(f"/bank/pay/{payment.reference}/").status_code == 404


def test_forms_of_others_are_refused(payment):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/bank/pay/{payment.reference}/", {"decision": "pay"}).status_code == 403


def test_the_message_crosses_http(live_server, settings):
    """As the worker sends it: a signed POST to PUBLIC_URL, answered 200 and kept once."""
    settings.PUBLIC_URL, settings.SANDBOX_BANK_HTTP = live_server.url, True
    event = {"id": "evt_http", "type": "weather.sunny", "data": {"text": "晴"}}
    (send,) = outbox_handlers["bank_webhook"]
    send([event, json.loads(json.dumps(event))])
    assert PaymentEvent.objects.get().body == {"text": "晴"}


@pytest.mark.parametrize(("browser", "words"), [("en-GB,en", "Custodian"), ("zh-CN,zh", "托管银行（演示）")])
def test_a_bare_address_goes_by_the_browser(client, payment, browser, words):
    page = client.get(f"/bank/pay/{payment.reference}/", headers={"Accept-Language": browser}).content.decode()
    assert words.lower() in page.lower()
