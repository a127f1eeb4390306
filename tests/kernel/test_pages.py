"""The kernel's own pages over HTTP: signing up and in by mobile number, organisations, notices, repeated forms."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from kernel.models import IdempotencyKey, Membership, Notification, Organisation, User
from kernel.services import notify
from tests.factories import make_organisation, make_person, make_region, make_uscc, owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits():
    cache.clear()


def test_sign_up_by_mobile_number_with_the_code_of_the_text_message(client, capsys):
    data = {
        "name": "李青",
        "phone": "138 0013-8000",
        "email": "",
        "password1": "qing-chen-9-hao",
        "password2": "qing-chen-9-hao",
    }
    response = client.post("/accounts/signup/", data)
    assert response.status_code == 302, response.content.decode()
    code = re.search(r"验证码 (\S+?)，", capsys.readouterr().err).group(1)
    client.post("/accounts/phone/verify/" if "phone" in response.url else response.url, {"code": code})
    user = User.objects.get(mobile="+8613800138000")
    assert (user.name, user.mobile_verified) == ("李青", True)
    assert client.get("/work/").status_code == 200


@pytest.mark.parametrize("login", ["13900001111", "+8613900001111", "a@example.com"])
def test_sign_in_by_number_or_address(client, login):
    user = User.objects.create_user(
        "+8613900001111", "correct-horse-battery", name="王", mobile_verified=True, email="a@example.com"
    )
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    response = client.post("/accounts/login/", {"login": login, "password": "correct-horse-battery"})
    assert response.status_code == 302, response.content.decode()
    assert client.get("/work/").status_code == 200


@pytest.mark.parametrize("path", ["/work/", "/notices/", "/parties/new/", "/notices/settings/"])
def test_pages_for_members_ask_to_sign_in(client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert "/accounts/login/" in response.url


def _register(client, **changes):
    data = {
        "kind": "enterprise",
        "name": "澄湖市清源箱包有限公司",
        "uscc": make_uscc(),
        "region": make_region().pk,
        "address": "",
        "phone": "",
    }
    return client.post("/parties/new/", data | changes)


def test_registering_an_organisation_and_a_bad_code_keeps_what_was_typed(client):
    client.force_login(make_person())
    page = _register(client, uscc="123").content.decode()
    assert "应为 18 位" in page
    assert "澄湖市清源箱包有限公司" in page
    assert _register(client).status_code == 302
    assert Organisation.objects.get(name="澄湖市清源箱包有限公司").memberships.get().role == Membership.Role.OWNER


@pytest.mark.parametrize(
    ("phone", "right"),
    [
        ("", True),
        ("0500-85123456", True),
        ("(0500) 8512 3456 转 12", True),
        ("１３８００１３８０００", True),
        ("+852 2345 6789", True),
        ("400-123-4567", True),
        ("12345", True),
        ("95588", True),
        ("962121", True),
        ("86-0571-88888888", True),
        ("(+86) 571 8888 8888", True),
        ("0571-88888888*801", True),
        ("0571-88888888/88888889", True),
        ("0571-88888888/9", True),
        ("0500—85123456", True),
        ("0500——85123456", True),
        ("abc", False),
        ("123", False),
        ("0571-88888888/", False),
        ("1234567890123456", False),
        ("138****0000", False),
    ],
)
def test_a_telephone_number_can_be_one(client, phone, right):
    client.force_login(make_person())
    assert _register(client, phone=phone).status_code == (302 if right else 200)


def test_a_number_is_stored_with_the_dash_of_numbers(client):
    client.force_login(make_person())
    _register(client, phone="０５００—85123456")
    assert Organisation.objects.get(name="澄湖市清源箱包有限公司").phone == "0500-85123456"


def test_a_number_stored_before_stops_no_other_change(client):
    owner = make_person()
    party = make_organisation(owner=owner, phone="总机转办公室")
    client.force_login(owner)
    data = {"address": "澄湖市滨河路 1 号", "phone": "总机转办公室", "invoice_title": "开票"}
    assert client.post(f"/parties/{party.pk}/", data).status_code == 302
    assert client.post(f"/parties/{party.pk}/", data | {"phone": "总机转财务室"}).status_code == 200
    party.refresh_from_db()
    assert (party.address, party.phone) == ("澄湖市滨河路 1 号", "总机转办公室")


def test_a_code_that_is_taken_leads_to_claiming(client):
    client.force_login(make_person())
    code = make_organisation().uscc
    page = _register(client, uscc=code).content.decode()
    assert "已经注册" in page and f'href="/agency/claim/?code={code}"' in page


def test_where_one_chooses_one_is_asked_to_choose(client):
    client.force_login(make_person())
    assert "请选择一项。" in _register(client, region="").content.decode()


def test_a_form_sent_twice_counts_once_and_with_other_contents_is_refused(client):
    client.force_login(make_person())
    code = make_uscc()
    first = _register(client, uscc=code, idempotency_token="t1")
    again = _register(client, uscc=code, idempotency_token="t1")
    assert (first.status_code, again.status_code) == (302, 302)
    assert first.url == again.url
    assert Organisation.objects.filter(uscc=code).count() == 1
    other = _register(client, uscc=make_uscc(), idempotency_token="t1")
    assert other.status_code == 409
    assert "已经提交过" in other.content.decode()


def test_without_a_token_the_same_form_would_work_twice(client):
    """Negative control: it is the token that makes a repetition harmless."""
    client.force_login(make_person())
    _register(client)
    _register(client)
    assert Organisation.objects.filter(name="澄湖市清源箱包有限公司").count() == 2


def test_a_form_with_errors_frees_its_token(client):
    client.force_login(make_person())
    _register(client, uscc="1", idempotency_token="t2")
    assert not IdempotencyKey.objects.exists()
    assert _register(client, idempotency_token="t2").status_code == 302


def test_foreign_organisations_do_not_exist_for_strangers(client):
    organisation = make_organisation()
    client.force_login(make_person())
    assert client.get(f"/parties/{organisation.pk}/").status_code == 404
    assert client.post("/parties/switch/", {"party": organisation.pk}).status_code == 404
    mine = Client()
    mine.force_login(owner_of(organisation))
    assert mine.get(f"/parties/{organisation.pk}/").status_code == 200


def test_notices_are_read_by_their_owner_only(client):
    person, stranger = make_person(), make_person()
    notify.users(to=[person], kind="test", title="材料已补齐", url="/work/")
    row = Notification.objects.get()
    client.force_login(stranger)
    assert client.get(f"/notices/{row.pk}/").status_code == 404
    client.force_login(person)
    assert "材料已补齐" in client.get("/notices/").content.decode()
    assert client.get(f"/notices/{row.pk}/").url == "/work/"
    assert Notification.objects.get().read_at is not None


def test_the_interface_speaks_english_below_en(client):
    client.force_login(make_person())
    page = client.get("/en/parties/new/").content.decode()
    assert 'lang="en"' in page
    main = re.search(r"(?s)<main.*</main>", page).group(0)
    # Names of places are data, written as their people write them.
    assert not re.findall(r"[\u4e00-\u9fff]+", re.sub(r"(?s)<option.*?</option>", "", main))


def test_health(client):
    assert client.get("/healthz").content == b"ok\n"
