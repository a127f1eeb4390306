"""Signing in with a one-time code: one of two fields, and the page says so."""

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/accounts/login/code/"


@pytest.mark.parametrize(
    ("language", "line", "optional"), [("", "填一项", "选填"), ("/en", "one of the two", "optional")]
)
def test_neither_of_the_two_is_called_optional(language, line, optional):
    page = Client().get(language + PAGE).content.decode()
    assert line in page and optional not in page


@pytest.mark.parametrize("language", ["", "/en"])
def test_with_neither_the_page_comes_back_with_a_sentence(language):
    answer = Client().post(language + PAGE, {"phone": "", "email": ""})
    assert answer.status_code == 200 and "error-summary" in answer.content.decode()


def test_one_of_them_is_enough():
    person = factories.make_person()
    answer = Client().post(PAGE, {"phone": person.mobile, "email": ""})
    assert answer.status_code == 302 and "code/confirm" in answer["Location"]
