"""A form sent twice does its work once, and both times leads to the same place."""

import pytest
from django.http import HttpResponseRedirect
from django.test import RequestFactory

from kernel.middleware import IdempotencyMiddleware
from kernel.models import IdempotencyKey
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
LONG = "/search/?" + "&".join(f"item={n:04d}" for n in range(200))


@pytest.fixture
def send():
    """Sends a form through the middleware to a view that leads to the address it is told, and counts its work."""
    person, work = make_person(), []

    def send(path="/orders/new/1/", to=LONG, token="once", **data):
        def view(request):
            work.append(request.path)
            return HttpResponseRedirect(to)

        request = RequestFactory().post(path, {"idempotency_token": token, **data})
        request.user = person
        request.session = {}
        return IdempotencyMiddleware(view)(request)

    send.work = work
    return send


def test_a_repetition_is_led_to_the_whole_address(send):
    assert len(LONG) > 1500
    assert send().url == LONG
    assert send().url == LONG
    assert len(send.work) == 1


def test_another_token_works_again(send):
    send()
    send(token="twice")
    assert len(send.work) == 2


def test_the_token_is_of_its_contents_and_its_place(send, monkeypatch):
    """The place counts in full, also beyond what the column keeps of it."""
    monkeypatch.setattr("kernel.middleware.render", lambda request, template, context, status: status)
    send(path="/x/" + "a" * 300)
    assert send(path="/x/" + "a" * 300 + "b") == 409
    assert send(path="/x/" + "a" * 300, fee="1") == 409
    assert len(send.work) == 1
    assert IdempotencyKey.objects.count() == 1
