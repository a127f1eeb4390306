"""The pages of credit as a browser meets them: signing in, addresses, what a page says."""

from django.test import Client
from django.urls import reverse

from tests import factories as make


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def at(name, *args):
    return reverse(f"credit:{name}", args=args)


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def owner(agency):
    return make.owner_of(agency.organisation)
