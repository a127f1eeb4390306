"""Who forgot the password and has no e-mail address: a code to the mobile number, then a new password."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client

from kernel.forms import password
from tests.factories import make_person

pytestmark = pytest.mark.django_db
CHANGE = "/accounts/password/change/"
NEW = {"password1": "xin-mi-ma-2026-chun", "password2": "xin-mi-ma-2026-chun"}


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


def _by_code(client, person, capsys) -> str:
    """Sign in by a code the way the page for a forgotten password leads; gives where that ends."""
    link = re.search(r'href="(/accounts/login/code/[^"]*)"', client.get("/accounts/password/reset/").content.decode())
    capsys.readouterr()
    asked = client.post(link[1], {"phone": person.mobile, "email": "", "next": CHANGE})
    code = re.search(r"验证码 (\S+?)，", capsys.readouterr().err)[1]
    return client.post(asked.url, {"code": code, "next": CHANGE}).url


def test_a_code_opens_the_way_to_a_new_password(client, capsys):
    person = make_person()
    assert _by_code(client, person, capsys) == CHANGE
    page = client.get(CHANGE).content.decode()
    assert "oldpassword" not in page and "设置新密码" in page
    assert client.post(CHANGE, NEW).status_code == 302
    person.refresh_from_db()
    assert person.check_password(NEW["password1"])


def test_after_a_while_the_code_proves_nothing(client, capsys, monkeypatch):
    person = make_person()
    _by_code(client, person, capsys)
    monkeypatch.setattr(password, "CODE_COUNTS_S", 0)
    assert 'name="oldpassword"' in client.get(CHANGE).content.decode()
    client.post(CHANGE, NEW)
    person.refresh_from_db()
    assert not person.check_password(NEW["password1"])


def test_who_signed_in_with_the_password_is_asked_for_it():
    person, client = make_person(), Client()
    client.post("/accounts/login/", {"login": person.mobile, "password": "correct-horse-battery"})
    assert 'name="oldpassword"' in client.get(CHANGE).content.decode()
    client.post(CHANGE, NEW)
    person.refresh_from_db()
    assert not person.check_password(NEW["password1"])


def _with_address(verified):
    person = make_person(email="zhou@example.com")
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=verified)
    return person


def test_a_code_to_an_address_opens_the_account_and_not_its_password(client):
    person = _with_address(verified=True)
    asked = client.post("/accounts/login/code/", {"phone": "", "email": person.email})
    client.post(asked.url, {"code": re.search(r"\b\d{6}\b", mail.outbox[0].body)[0]})
    assert int(client.session["_auth_user_id"]) == person.pk
    assert 'name="oldpassword"' in client.get(CHANGE).content.decode()
    client.post(CHANGE, NEW)
    person.refresh_from_db()
    assert not person.check_password(NEW["password1"])


@pytest.mark.parametrize("verified", [True, False])
def test_whoever_holds_an_address_that_was_never_proved_gets_neither_code_nor_link(client, verified):
    """A mistyped address is somebody else's. The proved one is the negative control."""
    person = _with_address(verified)
    client.post("/accounts/login/code/", {"phone": "", "email": person.email})
    client.post("/accounts/password/reset/", {"email": person.email})
    code, link = (message.body for message in mail.outbox)
    assert bool(re.search(r"\b\d{6}\b", code)) is verified
    assert ("/accounts/password/reset/key/" in link) is verified
