"""The text of the contract agrees with the offer and with itself."""

import pytest
from django.utils import translation

from agencies import catalogue
from orders.contract_text import english_terms
from tests import factories
from tests.orders.lives import Life
from tests.orders.walk import client_of

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
    said = f"时限：{order.days} 个工作日，按“期限”条款起算，起算当日不计"
    assert f"{said}；服务费到账前不起算" in lines, "who pays first reads of the fee too"
    public = Life(buyer=factories.make_organisation("public_body"), listing=factories.make_listing()).until("accepted")
    assert said in public.order.contract.text.splitlines()
    assert not any("次一工作日" in line for line in lines)


def test_the_contract_can_be_read_in_english_beside_the_binding_text(rulebook):
    shipped = next(i for i in catalogue.shipped().items.values() if i.category == "eia")
    item = factories.make_item(template_contract=shipped.contract_text)
    life = Life(listing=factories.make_listing(item=item)).until("accepted")
    url = f"/en/orders/{life.order.number}/contract/"
    page = client_of(life.by_buyer).get(url).content.decode()
    assert "The Chinese text is binding" in page and "In brief" in page
    with translation.override("en"):
        terms = dict(english_terms(life.order, life.order.contract.text))
    assert len(terms) >= 5 and not any("{" in clause for clause in terms.values())
    assert any(f"{life.order.days} working days" in clause for clause in terms.values())
    assert all(heading in page for heading in terms)
    assert "The Chinese text is binding" not in client_of(life.by_buyer).get(url.removeprefix("/en")).content.decode()


def test_terms_that_have_changed_since_are_not_told_in_english(rulebook):
    shipped = list(catalogue.shipped().items.values())
    item = factories.make_item(template_contract=shipped[0].contract_text)
    order = Life(listing=factories.make_listing(item=item)).until("accepted").order
    order.item.template_contract = next(i.contract_text for i in shipped if i.contract_text != shipped[0].contract_text)
    with translation.override("en"):
        assert english_terms(order, order.contract.text) == []
