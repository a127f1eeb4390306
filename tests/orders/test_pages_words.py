"""What the pages of an order say of its money, papers and complaints: words instead of codes, and only what is so."""

import re
from datetime import timedelta

import pytest

from agencies import catalogue
from agencies.phrases import english
from credit.models import Case
from kernel import clock
from kernel.models import Deadline
from kernel.services import deadlines
from orders.models import Refund
from orders.services import cancel, complaint, materials, refund
from tests import factories
from tests.orders.lives import Life
from tests.orders.walk import client_of

pytestmark = pytest.mark.django_db


def page(user, life, tail="", language=""):
    return client_of(user).get(f"{language}/orders/{life.order.number}/{tail}").content.decode()


# --- why money goes back ----------------------------------------------------------------------------------------------
def of_cancelled(life, clerk):
    cancel.order_cancel(order=life.until("paid").order, reason="project_dropped", actor=life.by_buyer)


def of_terminated(life, clerk):
    life.until("in_service")
    cancel.order_terminate(order=life.order, reason="agency_breach", note="两次催告无果", actor=clerk)


def of_complaint(life, clerk):
    life.until("in_service")
    row = complaint.complaint_file(order=life.order, subject_code="fee", body="另收费用", actor=life.by_buyer)
    complaint.complaint_accept(complaint=row, actor=clerk)
    complaint.complaint_decide(complaint=row, upheld=True, answer="属实", refund_fen=1000, actor=clerk)


def of_operator(life, clerk):
    life.until("in_service")
    refund.refund_propose(order=life.order, amount_fen=1000, reason="双方协商退还差额", actor=clerk)


@pytest.mark.parametrize(
    ("gives_back", "chinese", "in_english"),
    [
        (of_cancelled, "项目取消或推迟", "Project dropped or postponed"),
        (of_terminated, "机构未按约定履行", "The agency did not perform as agreed"),
        (of_complaint, r"投诉 TS-[\d-]+ 成立", r"Complaint TS-[\d-]+ was upheld"),
        (of_operator, "双方协商退还差额", '<span lang="zh-Hans">双方协商退还差额</span>'),
    ],
)
def test_a_refund_says_why(rulebook, gives_back, chinese, in_english):
    life = Life()
    gives_back(life, factories.make_staff())
    code = Refund.objects.get().reason
    for language, words in (("", chinese), ("/en", in_english)):
        shown = page(life.by_buyer, life, "money/", language)
        assert re.search(words, shown)
        if gives_back is not of_operator:
            assert code not in shown


# --- nothing to pay ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("end", ["declined", "cancelled", "terminated"])
def test_an_order_that_has_ended_asks_for_no_payment(rulebook, end):
    buyer = factories.make_organisation("public_body") if end == "terminated" else None
    life = Life(buyer=buyer).until(end)
    shown = page(life.by_buyer, life, "pay/")
    assert "订单已结束，无需付款" in shown and "才需要付款" not in shown


def test_before_its_time_it_says_when(rulebook):
    life = Life().until("accepted")
    shown = page(life.by_buyer, life, "pay/")
    assert "双方确认合同后，才需要付款" in shown and "订单已结束" not in shown


# --- papers -----------------------------------------------------------------------------------------------------------
def with_papers(*names):
    item = factories.make_item(materials=list(names))
    return Life(listing=factories.make_listing(item=item)).until("paid")


def test_papers_that_nobody_checked_are_not_called_checked(rulebook):
    life, checked = with_papers("总平面图"), with_papers("总平面图")
    materials.materials_complete(order=checked.order, actor=checked.by_agency)
    due = Deadline.objects.get(subject=life.order.stream, code="order.materials").due_at
    with clock.at(due + timedelta(seconds=1)):
        deadlines.sweep()
        shown = page(life.by_buyer, life, "work/")
    assert (
        "1 项没有在平台归档；机构逾期未核对" in shown and "起视为资料齐全" in shown and "已用其他方式收到" not in shown
    )
    told = page(checked.by_buyer, checked, "work/")
    assert "1 项没有在平台归档，机构已于" in told and "已用其他方式收到" in told and "起视为资料齐全" not in told
    for one in (shown, told):
        assert "<li>总平面图</li>" in one and "checklist" not in one
        assert "已归档 0 项" not in one and "还没有归档" not in one


def test_papers_on_the_platform_and_beside_it_are_told_apart(rulebook):
    life = with_papers("总平面图", "委托书")
    materials.materials_file(order=life.order, papers=[("委托书", life.paper("material"))], actor=life.by_buyer)
    before = page(life.by_buyer, life, "work/")
    assert "业主应提供 2 项，已归档 1 项" in before and "已用其他方式收到" not in before
    assert 'class="checklist-done"' in before and 'class="checklist-todo"' in before
    materials.materials_complete(order=life.order, actor=life.by_agency)
    after = page(life.by_buyer, life, "work/")
    assert "1 项没有在平台归档" in after and "<li>总平面图</li>" in after and "<li>委托书</li>" not in after
    assert 'class="checklist-done"' in after and 'class="checklist-todo"' not in after


def decided_next(life, subject, clerk, actor=None):
    row = complaint.complaint_file(
        order=life.order, subject_code=subject, body="情况如下", actor=actor or life.by_buyer
    )
    complaint.complaint_accept(complaint=row, actor=clerk)
    return client_of(clerk).get(f"/desk/complaints/{row.number}/").content.decode()


def test_the_desk_says_what_a_decision_sets_off(rulebook):
    """Nothing is called unfrozen where nothing is frozen, and money that goes to the agency is named."""
    clerk = factories.make_staff()
    working = decided_next(Life().until("in_service"), "quality", clerk)
    assert "作出决定并送达双方" in working and "决定不能撤回" in working
    assert "其余款项按订单进展处理" in working and "放款不能撤回" not in working and "转信用管理员核查" in working
    unpaid = decided_next(Life().until("accepted"), "quality", clerk)
    assert "解除冻结" not in unpaid and "转信用管理员核查" in unpaid
    held = Life().until("delivered")
    row = complaint.complaint_file(order=held.order, subject_code="quality", body="数据有误", actor=held.by_buyer)
    held.approved()
    complaint.complaint_accept(complaint=row, actor=clerk)
    shown = client_of(clerk).get(f"/desk/complaints/{row.number}/").content.decode()
    assert "托管中剩余的款项放给机构，放款不能撤回" in shown
    ending = decided_next(Life().until("in_service"), "terminate", clerk)
    assert "转信用管理员核查" not in ending


def test_the_list_that_was_asked_for_is_said_in_the_readers_language(rulebook):
    known = next(iter(catalogue.shipped().items.values())).materials[0].zh
    life = with_papers(known)
    materials.materials_request(order=life.order, missing=[known, "自拟的一份材料"], actor=life.by_agency)
    marked = '<span lang="zh-Hans">自拟的一份材料</span>'
    for tail in ("", "work/"):
        shown = page(life.by_buyer, life, tail, "/en").replace("&#39;", "'")
        assert f"{english(known)}; {marked}" in shown, tail
    assert f"{known}；自拟的一份材料" in page(life.by_buyer, life)


# --- what a decision entails ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("subject", "by", "recorded"),
    [("quality", "buyer", True), ("terminate", "buyer", False), ("payment", "agency", False)],
)
def test_the_desk_says_whether_a_record_follows(rulebook, subject, by, recorded):
    life, clerk = Life().until("in_service"), factories.make_staff()
    actor = life.by_buyer if by == "buyer" else life.by_agency
    row = complaint.complaint_file(order=life.order, subject_code=subject, body="情况如下", actor=actor)
    complaint.complaint_accept(complaint=row, actor=clerk)
    shown = client_of(clerk).get(f"/desk/complaints/{row.number}/").content.decode()
    assert "决定不能撤回" in shown
    assert ("投诉成立的，作为机构失信线索" in shown) == recorded
    complaint.complaint_decide(complaint=row, upheld=True, answer="属实", actor=clerk)
    assert Case.objects.filter(agency=life.agency, event_code="complaint_upheld").exists() == recorded
