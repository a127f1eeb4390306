"""What stands around every page: the policy, the page without a network, checks while typing, the way out of errors."""

import pytest

from kernel.views import offline
from tests import factories

pytestmark = pytest.mark.django_db


def directives(answer):
    return dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))


def test_our_pages_run_only_our_own_files(client):
    policy = directives(client.get("/styleguide/"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in " ".join(policy.values())


def test_the_back_office_has_a_policy_of_its_own(client):
    policy = directives(client.get("/back-office/login/", follow=False))
    assert policy["default-src"] == "'self'" and "'unsafe-inline'" in policy["script-src"]


def test_an_error_page_has_the_policy_too(client):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404 and directives(answer)["script-src"] == "'self'"


def test_the_worker_keeps_the_page_for_no_network(client):
    script = client.get("/sw.js")
    assert script["Content-Type"].startswith("text/javascript")
    page = client.get("/offline/").content.decode()
    assert "现在连不上网络" in page and "No network" in page and "Open again" in page
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert f'STYLE = "{style}"' in script.content.decode()


def test_another_page_is_another_worker(client, monkeypatch):
    before = client.get("/sw.js").content
    assert client.get("/sw.js").content == before
    monkeypatch.setattr(offline, "_page", lambda: "<!doctype html><title>x</title>")
    assert client.get("/sw.js").content != before


def test_the_page_that_is_kept_has_nothing_of_the_person_who_fetches_it(client):
    kept = client.get("/offline/").content
    person = factories.make_person()
    client.force_login(person)
    client.post("/parties/new/", {**_organisation(), "idempotency_token": "a"})  # its "done" is shown on the next page
    assert client.get("/offline/").content == kept
    assert "已登记，您是它的管理员" in client.get("/work/").content.decode()


def _organisation():
    region = factories.make_region()
    return {"kind": "enterprise", "name": "嘉禾公司", "uscc": factories.make_uscc(), "region": region.pk}


@pytest.mark.parametrize(
    ("value", "tone"), [("91330482MA2CXXXX0K", "bad"), ("123", "bad"), ("\x00", "bad"), ("１２", "bad")]
)
def test_a_wrong_code_is_named_at_once(client, value, tone):
    said = client.get("/check/uscc/", {"value": value}).json()
    assert said["tone"] == tone and said["text"].count("请对照营业执照") == 1


def test_a_right_code_is_said_to_be_right(client):
    code = factories.make_uscc()
    assert client.get("/check/uscc/", {"value": code.lower()}).json() == {
        "text": f"{code} 的位数和校验位正确。",
        "tone": "good",
    }


def test_a_missing_page_offers_a_search_and_ways_out(client):
    page = client.get("/no/such/page/").content.decode()
    assert 'name="q"' in page and 'href="/categories/"' in page and "/accounts/login/" in page
    client.force_login(factories.make_person())
    assert 'href="/work/"' in client.get("/no/such/page/").content.decode()
