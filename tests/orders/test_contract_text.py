"""The text of the contract agrees with the offer and with itself."""

import pytest
from django.utils import translation

from agencies import catalogue
from orders.contract_text import english_terms
from orders.silence import silence_says
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


def process_of(life):
    text = life.until("accepted").order.contract.text
    return text[text.index("平台办理约定") :]


def test_the_platforms_own_rules_are_part_of_the_contract(rulebook):
    life = Life()
    said = process_of(life)
    assert "甲方在合同生效后 5 个工作日内一次付清服务费，逾期未付的，订单取消。" in said
    assert "款项由托管银行保管，验收后放给乙方" in said
    assert "乙方在 2 个工作日内在平台核对资料，逾期未核对的，视为资料齐全，开始计时。" in said
    assert silence_says(life.order) in said and "逾期未提意见视为验收" in said
    assert "累计不超过 30 个工作日" in said and "送审" not in said


def test_a_public_buyer_reads_that_it_pays_after_approval_and_that_silence_approves_nothing(rulebook):
    said = process_of(Life(buyer=factories.make_organisation("public_body"), listing=factories.make_listing()))
    assert "成果验收后 20 个工作日内，甲方一次付清服务费。" in said and "托管支付" not in said
    assert "甲方在交付后 5 个工作日内验收。" in said and "逾期不视为验收" in said


def test_a_contract_for_reviewed_work_says_when_it_is_submitted(rulebook):
    said = process_of(Life(listing=factories.make_listing(item=factories.make_item(external_review=True))))
    assert "乙方在交付后 5 个工作日内送审" in said and "甲方在送审通过并交付后 5 个工作日内验收。" in said
    assert "逾期不视为验收" in said and "视为验收。" not in said.replace("不视为验收。", "")


def test_custody_is_promised_only_where_there_is_a_custodian(rulebook, settings):
    settings.DEMO = False
    said = process_of(Life())
    assert "托管" not in said and "直接转账的，转到乙方账户" in said


def test_an_older_contract_stays_as_it_was_signed(rulebook):
    shipped = next(i for i in catalogue.shipped().items.values() if i.category == "eia")
    order = Life(listing=factories.make_listing(item=factories.make_item(template_contract=shipped.contract_text)))
    order = order.until("accepted").order
    text = order.contract.text
    older = text[: text.index("\n\n平台办理约定")]
    with translation.override("en"):
        new, old = english_terms(order, text), english_terms(order, older)
    assert [heading for heading, _clause in new[len(old) :]] == [
        "Payment", "Checking the papers", "Approval", "Time and ending",
    ]  # fmt: skip
    assert old == new[: len(old)] and old, "nothing is said of an older text that it does not say"
