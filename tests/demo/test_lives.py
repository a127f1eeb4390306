"""What a life of the replay looks for before it acts."""

from types import SimpleNamespace

import pytest

from agencies.services import shop
from demo.lives import review
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_new_terms_are_written_where_none_are_being_written():
    agency = factories.make_agency()
    world = SimpleNamespace(agencies={7: agency})
    first, second = (factories.make_listing(agency) for _ in range(2))
    assert review._listing(world, 7) == first
    shop.listing_draft(listing=first, summary="改了一半", actor=None)
    assert review._listing(world, 7) == second
    shop.listing_submit(version=shop.listing_draft(listing=second, days=9, actor=None), actor=None)
    assert review._listing(world, 7) is None
