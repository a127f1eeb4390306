"""The pages of one order: for every side, in every state."""

import pytest

from tests import factories
from tests.orders.lives import ENDS, STATES, Life
from tests.orders.walk import client_of

pytestmark = pytest.mark.django_db

PAGES = ["", "work/", "money/", "messages/", "ratings/", "complaints/", "process-record/", "record/", "ordered/"]


@pytest.mark.parametrize("state", [*STATES, *ENDS])
def test_every_side_reads_every_page_in_every_state(state, rulebook):
    life = Life().until(state)
    operator = factories.make_staff("operator")
    inspector = factories.make_staff("inspector")
    for user in (life.by_buyer, life.by_agency, operator, inspector):
        client = client_of(user)
        for page in PAGES:
            response = client.get(f"/orders/{life.order.number}/{page}")
            assert response.status_code == 200, (state, page)
            assert life.order.number in response.content.decode()
