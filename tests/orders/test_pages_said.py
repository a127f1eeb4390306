"""What pages and papers say agrees with what the services do: endings and refunds, pauses, receipts, rounds, days."""

import re
from datetime import UTC, datetime

import pytest

from kernel import clock, workdays
from orders.models import Extension, ExternalReviewRound, Order
from orders.services import cancel, pause, pay, review_round
from tests import factories
from tests.orders.lives import Life, refused
from tests.orders.walk import client_of

pytestmark = pytest.mark.django_db


def test_where_nothing_was_paid_no_word_is_said_of_a_refund(rulebook):
    life = Life(buyer=factories.make_organisation("public_body"), listing=factories.make_listing()).until("in_service")
    buyer, url = client_of(life.by_buyer), f"/orders/{life.order.number}/"
    page = buyer.get(url).content.decode()
    assert "do/complain/?subject=terminate" in page and "要求终止" in page and "退款" not in page
    form = buyer.get(f"{url}do/complain/?subject=terminate").content.decode()
    assert "退款" not in form and "30 个工作日内作出决定" in form


def test_staff_at_the_counter_are_not_sent_to_themselves(rulebook):
    operator = factories.make_staff("operator")
    life = Life().until("in_service")
    Order.objects.filter(pk=life.order.pk).update(channel=Order.Channel.COUNTER, authorisation=life.paper())
    page = client_of(operator).get(f"/orders/{life.order.number}/").content.decode()
    assert "do/terminate/" in page and "subject=terminate" not in page and "向服务中心提出" not in page


def test_the_pause_says_how_long_it_may_last_and_how_much_is_used(rulebook):
    monday = datetime(2026, 3, 2, 2, tzinfo=UTC)
    with clock.at(monday):
        life = Life().until("in_service")
        page = client_of(life.by_agency).get(f"/orders/{life.order.number}/do/ask-pause/").content.decode()
        assert "累计最多暂停 30 个工作日，已用 0 个工作日" in page
        pause.pause_ask(order=life.order, cause="weather", actor=life.by_agency)
        pause.pause_answer(order=life.order, agreed=True, actor=life.by_buyer)
    with clock.at(workdays.due_at(monday, 4)):
        pause.pause_end(order=life.order, actor=life.by_agency)
        page = client_of(life.by_agency).get(f"/orders/{life.order.number}/do/ask-pause/").content.decode()
        assert "已用 4 个工作日" in page


def test_the_paper_is_no_receipt_before_the_agency_has_the_money(rulebook):
    life = Life().until("in_service")
    buyer, url = client_of(life.by_buyer), f"/orders/{life.order.number}/"
    held = buyer.get(f"{url}receipt/").content.decode()
    assert "托管付款凭据" in held and "已托管" in held and "托管方" in held and "已到账" not in held
    assert "托管付款凭据" in buyer.get(url).content.decode() and "收款凭据" not in held
    life.until("approved")
    assert life.order.ledger.filter(kind="release").exists()
    paid = buyer.get(f"{url}receipt/").content.decode()
    assert "收款凭据" in paid and "放款时间" in paid and "已到账" in paid and "已托管" not in paid


def test_an_ended_order_is_not_to_be_paid(rulebook):
    life = Life().until("in_contract")
    cancel.order_cancel(order=life.order, reason="project_dropped", actor=life.by_buyer)
    with refused("payment.ended"):
        pay.payment_start(order=life.order, gateway="sandbox", actor=life.by_buyer)


def test_an_annulled_round_is_no_submission(rulebook):
    life = Life(listing=factories.make_listing(item=factories.make_item(external_review=True))).until("in_service")
    first = review_round.review_round_submit(order=life.order, paper=life.paper("review"), actor=life.by_agency)
    record = f"/orders/{life.order.number}/record/"
    said = r"送审次数</dt><dd>(\d+)<"
    assert re.search(said, client_of(life.by_buyer).get(record).content.decode())[1] == "1"
    ExternalReviewRound.objects.filter(pk=first.pk).update(result="annulled", decided_at=clock.now())
    assert re.search(said, client_of(life.by_buyer).get(record).content.decode())[1] == "0"


def test_the_rating_desk_and_the_record_count_days_against_the_extended_limit_and_says_why_more_is_not_late(rulebook):
    granted, reworked, plain = (Life().until("approved").order for _n in range(3))
    for order, days in ((granted, 2), (reworked, 0), (plain, 0)):
        Order.objects.filter(pk=order.pk).update(days=7, days_used=9 if days or order == reworked else 7)
    Extension.objects.create(
        order=granted, days=2, reason="雨天", status="granted", asked_at=clock.now(), answered_at=clock.now(), asked_by=factories.owner_of(granted.agency.organisation),
        document=granted.deliverables.get().file,
    )  # fmt: skip
    page = client_of(factories.make_staff("operator")).get("/desk/ratings/").content.decode()
    rows = {n: row for row in page.split("<tr")[2:] for n in re.findall(r"CX-\d{6}-\d{5}", row)[:1]}
    assert "9 / 9 个工作日" in rows[granted.number] and "含延期 2 个工作日" in rows[granted.number]
    assert "9 / 7 个工作日" in rows[reworked.number] and "含要求修改的时间，未逾期" in rows[reworked.number]
    assert (
        "7 / 7 个工作日" in rows[plain.number] and "延期" not in rows[plain.number] and "逾期" not in rows[plain.number]
    )
    buyer = client_of(factories.owner_of(granted.buyer))
    record = buyer.get(f"/orders/{granted.number}/record/").content.decode()
    assert "9 个工作日（含延期 2 个工作日）" in record and "修改的时间" not in record
    record = client_of(factories.owner_of(reworked.buyer)).get(f"/orders/{reworked.number}/record/").content.decode()
    assert "是（用时含要求修改的时间）" in record and "延期" not in record
