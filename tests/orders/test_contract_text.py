"""The text of the contract agrees with the offer and with itself."""

import pytest

from tests import factories
from tests.orders.lives import Life

pytestmark = pytest.mark.django_db


def lines_of(**version):
    order = Life(listing=factories.make_listing(**version)).until("accepted").order
    return order, order.contract.text.splitlines()


def test_a_title_that_is_the_items_name_is_not_said_twice(rulebook):
    item = factories.make_item()
    text = Life(listing=factories.make_listing(item=item, title=item.name_zh)).until("accepted").order.contract.text
    assert f"服务事项：{item.name_zh}\n" in text


def test_another_title_stands_beside_the_items_name(rulebook):
    order, lines = lines_of(title="全过程环评服务")
    assert f"服务事项：{order.item.name_zh}（全过程环评服务）" in lines


def test_charges_of_the_offer_go_before_the_general_clause(rulebook):
    _order, lines = lines_of(not_included="补充监测费由委托方另行承担。")
    assert "另行收费约定：补充监测费由委托方另行承担。本项与费用条款不一致的，以本项为准。" in lines
    _order, plain = lines_of(not_included="")
    assert not any(line.startswith("另行收费约定") for line in plain)


def test_the_head_leaves_the_start_of_the_clock_to_the_clause(rulebook):
    order, lines = lines_of()
    assert f"时限：{order.days} 个工作日，按“期限”条款起算，起算当日不计" in lines
    assert not any("次一工作日" in line for line in lines)
