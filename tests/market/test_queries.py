"""How many questions a page asks of the database, at 10 and at 1,000 listings."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from market.services.index import index_rebuild
from tests import factories
from tests.market.copies import copy_market

pytestmark = pytest.mark.django_db
LIMIT = 12


def pages(listing):
    item = listing.item
    return {
        "search": reverse("market:search") + "?q=报告表&grade=NR&sort=best",
        "search by agency": reverse("market:search") + f"?q={listing.agency.organisation.name}",
        "categories": reverse("market:categories"),
        "category": reverse("market:category", args=[item.category.code]),
        "item": reverse("market:item", args=[item.code]),
        "listing": reverse("market:listing", args=[listing.pk]),
        "storefront": reverse("market:storefront", args=[listing.agency_id]),
        "compare": reverse("market:compare"),
        "basket": reverse("market:basket"),
        "favourites": reverse("market:favourites"),
        "directory": reverse("market:directory"),
        "figures": reverse("market:figures"),
        "figure": reverse("market:figure", args=["fee_saved"]),
    }


def count(client, address):
    with clock.at(clock.now()):  # a demo reads its clock's offset once a second
        client.get(address)  # names and lexicon are read once a minute and kept
        with CaptureQueriesContext(connection) as asked:
            response = client.get(address)
    assert response.status_code == 200
    return len(asked), [query["sql"][:160] for query in asked]


def test_no_page_asks_more_than_twelve_questions_and_none_grows(client):
    listing = factories.make_listing(title="环境影响报告表编制")
    buyer = factories.owner_of(factories.make_organisation())
    client.force_login(buyer)
    copy_market(listing, 9)
    index_rebuild()
    for name in ("compare", "basket", "favourite"):
        client.post(reverse(f"market:{name}_change"), {"listing": listing.pk, "action": "add"})
    few = {name: count(client, address) for name, address in pages(listing).items()}
    copy_market(listing, 990)
    assert index_rebuild() == 1000
    many = {name: count(client, address) for name, address in pages(listing).items()}
    assert {name: n for name, (n, _) in many.items() if n > LIMIT} == {}, many
    assert {name: n for name, (n, _) in many.items()} == {name: n for name, (n, _) in few.items()}
