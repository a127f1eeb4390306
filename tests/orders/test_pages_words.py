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
    assert "机构逾期未核对，视为齐全" in shown and "已确认齐全" not in shown and "视为齐全，未在平台归档" in shown
    assert 'class="checklist-done"' not in shown
    told = page(checked.by_buyer, checked, "work/")
    assert "已确认齐全，未在平台归档" in told and 'class="checklist-done"' in told


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
    assert ("投诉成立的，记入机构信用线索" in shown) == recorded
    complaint.complaint_decide(complaint=row, upheld=True, answer="属实", actor=clerk)
    assert Case.objects.filter(agency=life.agency, event_code="complaint_upheld").exists() == recorded
