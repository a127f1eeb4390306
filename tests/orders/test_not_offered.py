"""Whoever follows an old link to a service that is not offered now is told so and led to others of the same item."""

import pytest
from django.core.management import call_command

from agencies.models import Agency, Listing
from agencies.services import directory, shop
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules():
    call_command("load_rulebook", verbosity=0)


@pytest.fixture
def pair():
    """Two listings of one item; the first has been withdrawn."""
    item = factories.make_item(category=factories.make_category())
    gone, other = (factories.make_listing(factories.make_agency(), item, title=f"甲乙{n}") for n in "12")
    shop.listing_withdraw(listing=gone, actor=None)
    return Listing.objects.select_related("item", "agency").get(pk=gone.pk), other


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_ordering_leads_to_others(client, pair, prefix):
    gone, other = pair
    answer = client.get(f"{prefix}/orders/new/{gone.pk}/")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert (gone.item.name_en if prefix else gone.version.title) in page
    assert f'href="{prefix}/listings/{other.pk}/"' in page
    assert f'href="{prefix}/items/{gone.item.code}/"' in page


def test_full_and_paused_ones_are_not_offered_instead(client, pair):
    gone, other = pair
    shop.listing_pause(listing=other, actor=None)
    answer = client.get(f"/orders/new/{gone.pk}/")
    assert answer.status_code == 410
    assert f"/listings/{other.pk}/" not in answer.content.decode()
    assert "目前没有其他机构" in answer.content.decode()


def test_what_is_offered_can_be_ordered(client, pair):
    assert client.get(f"/orders/new/{pair[1].pk}/").status_code == 200


def test_the_public_page_of_an_agency_that_has_left(client, pair):
    gone, other = pair
    assert client.get(f"/listings/{gone.pk}/").status_code == 200  # still there, saying so
    directory.agency_remove(agency=Agency.objects.get(pk=gone.agency_id), reason="测试", actor=None)
    answer = client.get(f"/listings/{gone.pk}/")
    assert answer.status_code == 410
    assert f"/listings/{other.pk}/" in answer.content.decode()


@pytest.mark.parametrize("address", ["/orders/new/{}/", "/listings/{}/"])
def test_what_nobody_ever_saw_is_not_there(client, address):
    agency = factories.make_agency()
    draft = shop.listing_create(agency=agency, item=factories.make_item(category=agency.categories.first()), actor=None)
    assert client.get(address.format(draft.pk)).status_code == 404
    assert client.get(address.format(999999)).status_code == 404
