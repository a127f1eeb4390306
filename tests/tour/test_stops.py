"""The tour knows every page: a new route must be put into it, or be excused by name."""

import re

import pytest
from django.db import OperationalError

from demo.tour import walk
from demo.tour.stops import NO_PICTURE, every
from tests.tour.routes import methods, named_routes, pages


def test_every_page_of_the_urlconf_is_in_the_tour_or_excused():
    toured = {stop.route for stop in every()}
    assert pages() - toured - set(NO_PICTURE) == set()


def test_no_excuse_is_stale():
    toured = {stop.route for stop in every()}
    assert set(NO_PICTURE) - pages() == set()
    assert set(NO_PICTURE) & toured == set()
    assert all(NO_PICTURE.values())


def test_stops_name_routes_that_exist():
    known = {name for name, _view in named_routes()} | {"", "wagtailadmin_home"}
    assert {stop.route for stop in every()} - known == set()


def test_names_are_unique_and_fit_for_files():
    names = [stop.name for stop in every()]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z0-9-]+", name)] == []


def test_the_walk_over_the_urlconf_sees_posts_and_pages_alike():
    """Else the first test could not fail."""
    views = dict(named_routes())
    assert methods(views["agencies:review_approve"]) == ["POST"]
    assert methods(views["orders:order"]) is None
    assert {"orders:order", "market:search", "account_login", "market:storefront_qr"} <= pages()
    assert "agencies:review_approve" not in pages()


def no_tables() -> list[object]:
    raise OperationalError("no such table")


@pytest.mark.parametrize("found", [list, no_tables], ids=["no logins", "no tables"])
def test_a_walk_through_an_empty_installation_says_what_to_do(found, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(walk, "logins", found)
    with pytest.raises(walk.NobodyThere, match=re.escape("./run")), walk.walk([]):
        pass
