"""Where an agency works stands on its pages, and the order form warns before anything is sent."""

import pytest
from django.core.cache import cache

from orders.services import projects
from tests import factories
from tests.orders.walk import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing(rulebook):
    row = factories.make_listing()
    row.agency.service_regions.set([factories.make_region()])
    return row


def page(client, url):
    return client.get(url).content.decode()


def test_the_listing_and_the_storefront_say_where_the_agency_works(listing):
    client = client_of(None)
    urls = (f"/listings/{listing.pk}/", f"/agencies/{listing.agency_id}/")
    for url in urls:
        assert f"服务区域：{factories.make_region().name}" in page(client, url)
    listing.agency.service_regions.clear()
    cache.clear()  # the pages keep it for a while
    for url in urls:
        assert "服务区域：不限" in page(client, url)


def test_a_place_outside_is_marked_and_warned_of_before_ordering(listing):
    buyer = factories.make_organisation()
    owner = factories.owner_of(buyer)
    client, url = client_of(owner), f"/orders/new/{listing.pk}/"
    projects.project_create(buyer=buyer, name="外地项目", region=factories.make_region("330299", "海湾市"), actor=owner)
    text = page(client, url)
    assert "外地项目" in text and text.count("（不在服务区域）") == 2, "the project, and the county among the places"
    assert "该机构的服务区域不包括" not in text, "nothing outside is chosen yet"
    outside = projects.Project.objects.get()
    kept = client.post(url, {"project": outside.pk, "preview": "1"}).content.decode()
    assert "该机构的服务区域不包括海湾市" in kept
    listing.agency.service_regions.clear()
    assert "（不在服务区域）" not in page(client, url)
