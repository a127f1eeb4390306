"""The menu of categories in the frame of every page."""

import pytest
from django.core.cache import cache

from tests import factories

pytestmark = pytest.mark.django_db


def test_every_page_leads_to_every_category_without_asking_again(client, django_assert_num_queries):
    cache.clear()
    item = factories.make_item()
    first = client.get("/styleguide/").content.decode()
    assert f'href="/categories/{item.category.code}/"' in first
    with django_assert_num_queries(0):
        client.get("/styleguide/")
    cache.clear()
