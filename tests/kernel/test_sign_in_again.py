"""A form sent after the session had ended: one signs in and is on the page where the form stood."""

from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.django_db
PAGE = "http://testserver/compare/?offers=1&offers=2"


def then(answer) -> str:
    assert urlsplit(answer["Location"]).path == "/accounts/login/"
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def test_a_place_that_takes_forms_only_is_not_where_one_goes_on(client):
    assert client.get("/compare/lock/").status_code == 405
    assert then(client.post("/compare/lock/", headers={"referer": PAGE})) == "/compare/?offers=1&offers=2"


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/compare/", "//elsewhere.example/"])
def test_another_site_does_not_say_where_one_goes_on(client, referer):
    assert then(client.post("/compare/lock/", headers={"referer": referer})) == "/compare/lock/"


def test_who_only_wanted_to_read_goes_on_reading(client):
    assert then(client.get("/parties/new/", headers={"referer": PAGE})) == "/parties/new/"
