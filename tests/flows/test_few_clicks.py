"""From home to a placed order in few clicks, counted."""

import pytest

from orders.models import Order
from tests.flows.browser import Browser

pytestmark = pytest.mark.django_db
MAX_CLICKS = 6


class Clicks(Browser):
    """Counts what a person clicks: links, buttons and ticks."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def click(self, words, **more):
        self.count += 1
        return super().click(words, **more)

    def press(self, words, **given):
        self.count += 1 + sum(value is True for value in given.values())
        return super().press(words, **given)


def test_few_clicks_lead_from_home_to_a_placed_order(listing, enterprise):
    buyer = Clicks().sign_in(enterprise)
    buyer.count = 0
    buyer.open("/").press("搜索", q="排污许可").click(listing.version.title).click("下单")
    buyer.press("提交订单", name="年产两万吨饲料技改项目", not_secret=True)
    assert Order.objects.get().status == "placed"
    assert buyer.count == 5 <= MAX_CLICKS
