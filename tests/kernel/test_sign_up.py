"""Out of a sign-up whose number was wrong or known, and the code that proves a right one."""

import re
from datetime import timedelta

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.core.cache import cache
from django.test import Client
from django.utils.module_loading import import_string

from demo.world import LOGINS
from kernel import accounts, clock
from kernel.models import User
from kernel.services import sign_up
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
    assert page.count(RIGHT) == 1 and f"+86{RIGHT}" not in page


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
    fresh = User.objects.create_user(f"+86{RIGHT}", WORDS, name="新", date_joined=clock.now())
    made_for_its_owner = User.objects.create_user("+8613800138009", name="编")  # in the back office
    assert not sign_up_withdraw(user=made_for_its_owner, actor=None)
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


def _code(capsys):
    return re.search(r"验证码 (\S+?)，", capsys.readouterr().err).group(1)


def _begun_by_somebody_else(client):
    """With the owner's number, an own password and an own address; the code goes to the owner."""
    _sign_up(
        client,
        RIGHT,
        name="别人",
        email="other@example.com",
        password1="bie-ren-de-mi-ma",
        password2="bie-ren-de-mi-ma",
    )
    cache.clear()


@pytest.mark.both_engines
def test_whoever_begins_with_anothers_number_keeps_no_key_to_it(capsys):
    stranger, owner = Client(), Client()
    _begun_by_somebody_else(stranger)
    capsys.readouterr()
    _sign_up(owner, RIGHT)
    assert owner.post(CODE, {"code": _code(capsys)}).status_code == 302
    user = User.objects.get(mobile=f"+86{RIGHT}")
    assert (user.name, user.email, user.mobile_verified) == ("李青", "", True)
    assert owner.get("/work/").status_code == 200
    cache.clear()
    for login in (RIGHT, "other@example.com"):
        stranger.post(SIGN_IN, {"login": login, "password": "bie-ren-de-mi-ma"})
        assert "_auth_user_id" not in stranger.session


def test_the_number_of_an_unproved_sign_up_gets_no_code_in_place_of_a_password(capsys):
    _begun_by_somebody_else(Client())
    capsys.readouterr()
    Client().post("/accounts/login/code/", {"phone": RIGHT, "email": ""})
    said = capsys.readouterr().err
    assert "尚未注册" in said and "验证码" not in said


def test_the_code_of_a_sign_up_that_was_begun_anew_proves_nothing(capsys):
    first, second = Client(), Client()
    _sign_up(first, RIGHT)
    old = _code(capsys)
    cache.clear()
    _sign_up(second, RIGHT, name="李青二")
    assert "验证码不对" in first.post(CODE, {"code": old}).content.decode()
    assert second.post(CODE, {"code": _code(capsys)}).status_code == 302
    assert User.objects.get(mobile=f"+86{RIGHT}").name == "李青二"


def test_an_address_of_an_unproved_sign_up_is_free(capsys):
    _begun_by_somebody_else(Client())
    owner = Client()
    capsys.readouterr()
    _sign_up(owner, WRONG, email="Other@example.com")
    owner.post(CODE, {"code": _code(capsys)})
    assert User.objects.get(mobile=f"+86{WRONG}").email == "other@example.com"
    assert not User.objects.filter(mobile=f"+86{RIGHT}").exists()


def test_an_address_of_an_account_is_not():
    person = factories.make_person(email="kept@example.com")
    _sign_up(Client(), RIGHT, email="kept@example.com")
    assert not User.objects.filter(mobile=f"+86{RIGHT}").exists()
    assert User.objects.filter(pk=person.pk).exists()


def test_a_window_closed_before_the_code_came_is_opened_again_with_the_password(client, capsys):
    _sign_up(Client(), RIGHT)
    cache.clear()
    capsys.readouterr()
    assert client.post(SIGN_IN, {"login": "138 0013 8002", "password": WORDS}).url.startswith(CODE)
    client.post(CODE, {"code": _code(capsys)})
    assert User.objects.get(mobile=f"+86{RIGHT}").mobile_verified and client.get("/work/").status_code == 200


def test_a_number_that_waits_for_its_code_can_become_that_of_an_account(client, capsys):
    _begun_by_somebody_else(Client())
    person = factories.make_person()
    client.post(SIGN_IN, {"login": person.mobile, "password": "correct-horse-battery"})
    capsys.readouterr()
    client.post("/accounts/phone/change/", {"phone": RIGHT})
    client.post(CODE, {"code": _code(capsys)})
    assert User.objects.get(mobile=f"+86{RIGHT}") == person


@pytest.mark.both_engines
def test_unproved_sign_ups_go_after_a_day_and_nothing_else_does():
    long_ago = clock.now() - sign_up.KEPT - timedelta(seconds=1)
    User.objects.create_user(f"+86{RIGHT}", WORDS, name="旧", date_joined=long_ago)
    kept = [
        User.objects.create_user(f"+86{WRONG}", WORDS, name="新", date_joined=clock.now()),
        User.objects.create_superuser("+8613800138003", WORDS, name="管", date_joined=long_ago),
        factories.make_person(date_joined=long_ago),
    ]
    assert sign_up.sign_ups_expire() == 1
    assert set(User.objects.all()) == set(kept)


def test_wrong_passwords_for_one_number_shut_nobody_else_out(client):
    person = factories.make_person()
    for _ in range(6):
        client.post(SIGN_IN, {"login": RIGHT, "password": "not-the-password"})
    mine = {"login": person.mobile, "password": "correct-horse-battery"}
    # From another address: the limit for one address is another matter.
    assert Client(REMOTE_ADDR="10.0.0.9").post(SIGN_IN, mine).status_code == 302
    assert "稍后" in client.post(SIGN_IN, mine | {"login": RIGHT}).content.decode()
