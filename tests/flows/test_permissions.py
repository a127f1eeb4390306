"""Who gets which page: every route that answers GET, for every role, as ``permissions.csv`` says.

A cell is the status of the answer; ``login`` is the way to the sign-in page. The row that an address names belongs to
the buyer or the agency of the town; the stranger owns another organisation, so their rows are 404 for it. A route
without a line fails (the failure prints the line to judge and add), and so does a line without a route."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from agencies.models import Review
from credit.models import Case, RankingPublication
from demo.tour.rows import chinese
from demo.tour.stops import every
from kernel.models import Attachment, Notification, User
from kernel.ui.stylesheet import stylesheet
from tests.factories import make_organisation, owner_of
from tests.tour import town
from tests.tour.routes import pages

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("permissions.csv")
STAFF = ("operator", "credit_officer", "supervisor", "inspector", "administrator")
ROLES = ("visitor", "buyer", "stranger", "agency", *STAFF)

Build = Callable[[town.Town], tuple[Any, ...]]
# Routes that no stop of the tour shows, and what stands in their address.
ARGUMENTS: dict[str, Build] = {
    "account_confirm_email": lambda t: ("no-such-key",),
    "account_reset_password_from_key": lambda t: ("1", "no-such-key"),
    "agencies:review_next": lambda t: (_waiting().pk,),
    "agencies:review_previous": lambda t: (_waiting().pk,),
    "agencies:roster_sample": lambda t: ("csv",),
    "agencies:shop_picture": lambda t: (_agency(t).pk, "banner", "0"),
    "credit:case_act": lambda t: (Case.objects.filter(agency=_agency(t), status="noticed").first().number, "decide"),
    "credit:month_act": lambda t: (RankingPublication.objects.latest("id").period, "draft"),
    "credit:ranking_act": lambda t: (RankingPublication.objects.latest("id").number, "publish"),
    "credit:ranking_comment": lambda t: (RankingPublication.objects.latest("id").number,),
    "credit:rulebook_file": lambda t: (RankingPublication.objects.latest("id").rulebook.sha256,),
    "file": lambda t: (Attachment.objects.filter(subject=t.lives["delivered"].order.stream).first().pk,),
    "kernel:notice": lambda t: (Notification.objects.filter(user=t.people["buyer"]).first().pk,),
    "market:storefront_card": lambda t: (_agency(t).pk,),
    "market:storefront_qr": lambda t: (_agency(t).pk,),
    "market:storefront_qr_png": lambda t: (_agency(t).pk,),
    "orders:deliverable": lambda t: (t.lives["delivered"].order.number, 1),
    "orders:place_fee": lambda t: (t.lives["placed"].listing.pk,),
    "orders:repeat": lambda t: (t.lives["closed"].order.number,),
    "stylesheet": lambda t: (stylesheet().digest,),
    "wagtailcore_authenticate_with_password": lambda t: (1, 1),
}


def _agency(built: town.Town) -> Any:
    return built.lives["placed"].agency


def _waiting() -> Any:
    return Review.objects.filter(status="pending").first()


def table() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row.pop("route"): row for row in csv.DictReader(file)}


def addresses(built: town.Town) -> dict[str, str]:
    """One address a route: of the first stop of the tour that shows it, else built from ``ARGUMENTS``."""
    found: dict[str, str] = {}
    for stop in every():
        if stop.route in found or not stop.route or stop.status != 200:
            continue
        if sight := stop.find(built.people.get(stop.role)):
            found[stop.route] = sight.path
    for route in sorted(pages() - set(found)):
        found[route] = chinese(route, *ARGUMENTS.get(route, lambda _built: ())(built))
    return {route: path for route, path in sorted(found.items()) if route in pages()}


def clients(built: town.Town) -> dict[str, Client]:
    people: dict[str, User] = {**built.people, "stranger": owner_of(make_organisation())}
    made = {role: Client(raise_request_exception=False) for role in ROLES}
    for role, client in made.items():
        if role != "visitor":
            client.force_login(people[role])
    return made


def answer(client: Client, path: str) -> str:
    """What the table says of an answer. Whatever the page did (a first opening, a read notice) is undone."""
    with transaction.atomic():
        response = client.get(path)
        transaction.set_rollback(True)
    away = response.get("Location", "")
    return "login" if response.status_code == 302 and "/accounts/login/" in away else str(response.status_code)


def test_every_page_has_a_line_and_every_line_a_page():
    assert pages() - set(table()) == set(), "routes without a line: the test below prints what they answer"
    assert set(table()) - pages() == set()
    assert {tuple(row) for row in table().values()} == {ROLES}


@pytest.fixture
def undrawn(monkeypatch):
    """Who may see a page is decided before it is drawn; the tour's own tests draw them all."""
    monkeypatch.setattr("django.template.backends.jinja2.Template.render", lambda *args, **kwargs: "")


def test_everybody_gets_what_the_table_says(undrawn):
    built, expected = town.build(), table()
    people, wrong = clients(built), []
    for route, path in addresses(built).items():
        got = {role: answer(client, path) for role, client in people.items()}
        if got != expected.get(route):
            wrong.append(",".join((route, *got.values())))
    assert not wrong, "answers that the table does not expect:\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("route", "role", "cell"),
    [
        ("orders:order", "stranger", "404"),
        ("orders:order", "visitor", "login"),
        ("agencies:review", "buyer", "403"),
        ("orders:desk_complaints", "agency", "403"),
        ("file", "stranger", "404"),
    ],
)
def test_the_table_itself_says_what_the_design_demands(route, role, cell):
    """A table that was printed and pasted unread would still have to pass these."""
    assert table()[route][role] == cell


def test_nobody_but_staff_enters_a_desk():
    desks = {route: row for route, row in table().items() if ":desk" in route or ":counter" in route}
    assert desks
    for route, row in desks.items():
        assert {row[role] for role in ("visitor", "buyer", "stranger", "agency")} <= {"login", "403", "404"}, route
