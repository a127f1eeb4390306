"""Out of a sign-up whose number was wrong or known, and the code that proves a right one."""

import re

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.core.cache import cache
from django.test import Client
from django.utils.module_loading import import_string

from demo.world import LOGINS
from kernel import accounts
from kernel.models import User
from kernel.services.sign_up import sign_up_withdraw
from tests import factories

pytestmark = pytest.mark.django_db
SIGN_UP, CODE, AGAIN, SIGN_IN = (
    "/accounts/signup/",
    "/accounts/phone/verify/",
    "/accounts/signup/again/",
    "/accounts/login/",
)
WORDS = "qing-chen-9-hao"
WRONG, RIGHT = "13800138001", "13800138002"


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


def _sign_up(client, phone, **changes):
    data = {"name": "李青", "phone": phone, "email": "", "password1": WORDS, "password2": WORDS}
    return client.post(SIGN_UP, data | changes)


def _known():
    return User.objects.create_user(f"+86{WRONG}", WORDS, name="王", mobile_verified=True)


def _body(response):
    """The page without what changes from one answer to the next."""
    return re.sub(r'value="[\w-]{30,}"', "", response.content.decode())


def test_a_code_has_six_digits_and_three_attempts(client, capsys):
    _sign_up(client, RIGHT)
    code = re.search(r"验证码 (\S+?)，", capsys.readouterr().err).group(1)
    assert re.fullmatch(r"\d{6}", code)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    page = client.post(CODE, {"code": wrong}).content.decode()
    assert "验证码不对" in page and "代码" not in page and 'placeholder="代码"' not in page
    client.post(CODE, {"code": wrong})
    assert client.post(CODE, {"code": wrong}).status_code == 302
    assert client.post(CODE, {"code": code}).status_code == 302
    assert not User.objects.get(mobile=f"+86{RIGHT}").mobile_verified


def test_the_page_says_once_where_the_code_went(client):
    _sign_up(client, RIGHT)
    page = client.get(CODE).content.decode()
    assert page.count(f"+86{RIGHT}") == 1


def test_a_wrong_number_is_changed_and_is_free_again(client, capsys):
    _sign_up(client, WRONG, email="qing@example.com")
    assert AGAIN in client.get(CODE).content.decode()
    cache.clear()
    assert client.post(AGAIN).url == SIGN_UP
    assert client.get(SIGN_UP).status_code == 200
    assert not User.objects.filter(mobile=f"+86{WRONG}").exists()
    capsys.readouterr()
    _sign_up(client, RIGHT, email="qing@example.com")
    client.post(CODE, {"code": re.search(r"验证码 (\S+?)，", capsys.readouterr().err).group(1)})
    assert User.objects.get(mobile=f"+86{RIGHT}").mobile_verified
    assert client.get("/work/").status_code == 200


def test_a_known_number_looks_like_an_unknown_one_and_leads_out_the_same_way(client):
    _known()
    _sign_up(client, WRONG)
    other = Client()
    _sign_up(other, RIGHT)
    known, unknown = (_body(one.get(CODE)) for one in (client, other))
    assert known == unknown.replace(RIGHT, WRONG)
    assert client.post(AGAIN).url == other.post(AGAIN).url == SIGN_UP
    assert User.objects.filter(mobile=f"+86{WRONG}").exists()


@pytest.mark.parametrize("known", [True, False])
def test_while_a_code_is_awaited_one_can_sign_in(client, known):
    person = factories.make_person()
    if known:
        _known()
    _sign_up(client, WRONG)
    for path in (SIGN_IN, SIGN_UP, "/accounts/login/code/"):
        assert client.get(path).status_code == 200
    assert client.get(CODE).status_code == 200  # the code may still be given
    client.post(SIGN_IN, {"login": person.mobile, "password": "correct-horse-battery"})
    assert int(client.session["_auth_user_id"]) == person.pk


def test_while_a_code_is_awaited_the_buttons_of_the_demo_work(client, settings):
    settings.DEMO = True
    person = factories.make_person()
    type(person).objects.filter(pk=person.pk).update(mobile=LOGINS["buyer"][1])
    _known()
    _sign_up(client, WRONG)
    assert 'id="demo-logins"' in client.get(SIGN_IN).content.decode()
    client.post("/demo/sign-in/buyer/")
    assert int(client.session["_auth_user_id"]) == person.pk


def test_with_the_steps_as_they_come_the_way_is_barred(client, monkeypatch):
    """Negative control: it is our steps that leave the other doors open."""
    monkeypatch.setattr(accounts, "STAGES", {})
    _sign_up(client, WRONG)
    assert client.get(SIGN_IN).url == client.get(SIGN_UP).url == CODE


def test_every_step_of_ours_stands_for_one_of_the_library():
    for theirs, ours in accounts.STAGES.items():
        assert issubclass(import_string(ours), import_string(theirs))
    assert set(accounts.STAGES) < set(DefaultAccountAdapter().get_login_stages())


def test_the_code_in_place_of_a_password_can_be_sent_elsewhere(client):
    client.post("/accounts/login/code/", {"phone": factories.make_person().mobile, "email": ""})
    page = client.get("/accounts/login/code/confirm/").content.decode()
    assert 'href="/accounts/login/code/' in page and f'href="{SIGN_IN}?' in page
    assert client.get("/accounts/login/code/").status_code == client.get(SIGN_IN).status_code == 200


def test_only_an_account_that_nobody_has_used_is_withdrawn():
    fresh = User.objects.create_user(f"+86{RIGHT}", WORDS, name="新")
    member = factories.make_person()
    factories.make_organisation(owner=member)
    User.objects.filter(pk=member.pk).update(mobile_verified=False)
    assert not sign_up_withdraw(user=_known(), actor=None)
    assert not sign_up_withdraw(user=member, actor=None)
    assert sign_up_withdraw(user=fresh, actor=None) and not User.objects.filter(pk=fresh.pk).exists()


@pytest.mark.parametrize(
    ("changes", "named", "sentence"),
    [
        ({"phone": ""}, "手机号", ""),
        ({"email": "x"}, "电子邮箱", ""),
        ({"password1": "qing-9", "password2": "qing-9"}, "密码", "密码太短，至少要 10 个字符。"),
        ({"password2": "qing-chen-8-hao"}, "再输一遍密码", ""),
    ],
)
def test_what_is_wrong_is_said_in_chinese_and_under_the_names_of_the_form(client, changes, named, sentence):
    page = _sign_up(client, **{"phone": RIGHT} | changes).content.decode()
    summary = re.search(r'(?s)id="error-summary".*?</ul>', page).group(0)
    assert re.findall(r'href="#\w+">(.*?)</a>', summary) == [named] and sentence in summary
    assert not re.search("[A-Za-z]{3,}", re.sub("<[^>]*>", "", summary.split(">", 1)[1]))
