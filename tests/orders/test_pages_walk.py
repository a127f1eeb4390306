"""The whole life of an order by forms alone: the right side does each act through HTTP."""

import pytest

from agencies.models import ServiceItem
from kernel.models import OutboxMessage
from kernel.services import outbox
from orders.gateways import bank
from orders.models import Deliverable, Order, Payment, Project, Rating
from tests import factories
from tests.orders.walk import act, client_of, did, errors, pdf

pytestmark = pytest.mark.django_db
STARS = {"quality": 4, "timeliness": 4, "attitude": 4, "charging": 4, "compliance": 4}


@pytest.fixture
def market(rulebook):
    """A listing, its agency's person and a buyer's person, each with a browser."""
    listing = factories.make_listing()
    factories.make_practitioner(listing.agency)
    buyer = factories.make_organisation()
    return {
        "listing": listing,
        "buyer": buyer,
        "buyer_client": client_of(factories.owner_of(buyer)),
        "agency_client": client_of(factories.owner_of(listing.agency.organisation)),
        "lead": listing.agency.practitioners.get(),
    }


def form_of(listing, **changes):
    given = {
        "version": listing.version_id,
        "name": "年产两万吨饲料技改项目",
        "region": factories.make_region().pk,
        "fund": "private",
        "quantity": "1",
        "matter": "环评审批",
        "invoice_title": "澄湖饲料有限公司",
        "not_secret": "on",
        "idempotency_token": "walk-token",
    }
    return {**given, **changes}


def place(market, **changes):
    listing = market["listing"]
    response = market["buyer_client"].post(f"/orders/new/{listing.pk}/", form_of(listing, **changes))
    assert response.status_code == 302, errors(response)
    return Order.objects.latest("id")


def test_from_placing_to_closed(market):
    order = place(market)
    assert (order.fee_fen, order.status, order.project.name) == (1_200_000, "placed", "年产两万吨饲料技改项目")
    buyer, agency, number = market["buyer_client"], market["agency_client"], order.number
    did(act(agency, number, "accept", lead=market["lead"].pk))
    did(act(agency, number, "confirm-contract"))
    did(act(buyer, number, "confirm-contract"))
    away = did(buyer.post(f"/orders/{number}/pay/", {"gateway": "sandbox", "idempotency_token": "pay"})).url
    payment = Payment.objects.get(order=order)
    assert payment.reference in away
    bank.deposit_decide(reference=payment.reference, pay=True)
    back = buyer.get(f"/orders/payments/{payment.reference}/")
    assert "托管方已收妥" in back.content.decode()
    did(act(agency, number, "complete-materials"))
    did(act(agency, number, "deliver", file=pdf()))
    opened = buyer.get(f"/orders/{number}/deliverables/1/", follow=True)
    assert b"".join(opened.streaming_content) == factories.PDF
    assert Deliverable.objects.get(order=order).opened_at is not None
    did(act(buyer, number, "approve"))
    did(act(buyer, number, "rate", remark="踏勘及时", **STARS))
    assert "您的评价已密封" in buyer.get(f"/orders/{number}/ratings/").content.decode()
    assert "踏勘及时" not in agency.get(f"/orders/{number}/ratings/").content.decode()
    did(act(agency, number, "rate", **STARS))
    assert "踏勘及时" in agency.get(f"/orders/{number}/ratings/").content.decode()
    rating = Rating.objects.get(order=order, side="buyer")
    did(act(agency, number, "reply", rating.pk, text="感谢认可"))
    outbox.drain()
    order.refresh_from_db()
    assert order.status == "closed"
    for page in ("sign-off", "receipt", "record", "process-record"):
        assert buyer.get(f"/orders/{number}/{page}/").status_code == 200
    assert "壹万贰仟元整" in buyer.get(f"/orders/{number}/receipt/").content.decode()


def test_changes_are_asked_for_and_delivered_again(market):
    order = place(market)
    buyer, agency, number = market["buyer_client"], market["agency_client"], order.number
    did(act(agency, number, "accept", lead=market["lead"].pk))
    for client in (buyer, agency):
        did(act(client, number, "confirm-contract"))
    did(buyer.post(f"/orders/{number}/pay/", {"gateway": "offline", "idempotency_token": "p"}))
    did(act(buyer, number, "confirm-transfer", slip=pdf("回单.pdf")))
    did(act(agency, number, "confirm-transfer"))
    did(act(agency, number, "ask-materials", others="总平面图\n土地证"))
    did(act(buyer, number, "answer-materials", paper0=pdf("图.pdf"), paper1=pdf("证.pdf")))
    did(act(agency, number, "complete-materials"))
    did(act(agency, number, "deliver", file=pdf()))
    did(act(buyer, number, "request-changes", text="补充地下水评价"))
    page = agency.get(f"/orders/{number}/work/").content.decode()
    assert "补充地下水评价" in page
    did(act(agency, number, "deliver", file=pdf()))
    did(act(buyer, number, "approve", received="on"))
    assert Order.objects.get(pk=order.pk).status == "approved"


def test_proposal_is_answered(market):
    order = place(market)
    did(
        act(
            market["agency_client"],
            order.number,
            "propose",
            fee="15000",
            days="20",
            note="规模大",
            lead=market["lead"].pk,
        )
    )
    page = market["buyer_client"].get(f"/orders/{order.number}/").content.decode()
    assert "¥15,000.00" in page
    did(act(market["buyer_client"], order.number, "answer-proposal", answer="yes"))
    order.refresh_from_db()
    assert (order.status, order.fee_fen, order.days) == ("accepted", 1_500_000, 20)


def in_service(market):
    order = place(market)
    buyer, agency, number = market["buyer_client"], market["agency_client"], order.number
    did(act(agency, number, "accept", lead=market["lead"].pk))
    for client in (buyer, agency):
        did(act(client, number, "confirm-contract"))
    did(buyer.post(f"/orders/{number}/pay/", {"gateway": "offline", "idempotency_token": "p"}))
    did(act(buyer, number, "confirm-transfer", slip=pdf("回单.pdf")))
    did(act(agency, number, "confirm-transfer"))
    did(act(agency, number, "complete-materials"))
    return order


def test_side_acts(market):
    order = in_service(market)
    buyer, agency, number = market["buyer_client"], market["agency_client"], order.number
    did(act(agency, number, "ask-extension", days="5", reason="雨季", document=pdf("气象证明.pdf")))
    did(act(buyer, number, "answer-extension", answer="yes"))
    did(act(agency, number, "ask-pause", cause="weather", note="台风"))
    did(act(buyer, number, "answer-pause", answer="yes"))
    assert "计时暂停" in buyer.get(f"/orders/{number}/").content.decode()
    did(act(buyer, number, "end-pause"))
    other = factories.make_practitioner(market["listing"].agency, name="赵工")
    did(act(agency, number, "ask-lead", proposed=other.pk, reason="离职"))
    did(act(buyer, number, "answer-lead", answer="no"))
    did(act(buyer, number, "message", body="请问何时踏勘？", attachment=pdf("平面图.pdf")))
    assert "请问何时踏勘？" in agency.get(f"/orders/{number}/messages/").content.decode()
    did(act(agency, number, "deliver", file=pdf()))
    did(
        act(
            agency,
            number,
            "invoice",
            number="25332000",
            amount="12,000.00",
            issued_on="2026-01-05",
            file=pdf("发票.pdf"),
        )
    )
    assert "25332000" in buyer.get(f"/orders/{number}/money/").content.decode()


def test_complaint_runs_through_the_desk(market):
    order = in_service(market)
    buyer, agency, number = market["buyer_client"], market["agency_client"], order.number
    did(act(buyer, number, "complain", subject_code="late", body="超过约定时间"))
    complaint = order.complaints.get()
    desk = client_of(factories.make_staff("operator"))
    url = f"/desk/complaints/{complaint.number}/"
    assert complaint.number in desk.get("/desk/complaints/").content.decode()
    did(desk.post(url, {"idempotency_token": "a"}))
    did(act(agency, number, "answer-complaint", text="已说明原因"))
    assert "已说明原因" in desk.get(url).content.decode()
    refused = desk.post(url, {"decide": "1", "upheld": "no", "answer": "", "idempotency_token": "b"})
    assert refused.status_code == 200 and "error-summary" in refused.content.decode()
    did(desk.post(url, {"decide": "1", "upheld": "no", "answer": "经查未逾期", "idempotency_token": "c"}))
    assert "经查未逾期" in buyer.get(f"/orders/{number}/complaints/").content.decode()
    assert complaint.number in buyer.get("/orders/complaints/?show=all").content.decode()


def test_cancelling_gives_money_back(market):
    order = place(market)
    buyer, agency, number = market["buyer_client"], market["agency_client"], order.number
    did(act(agency, number, "accept", lead=market["lead"].pk))
    for client in (buyer, agency):
        did(act(client, number, "confirm-contract"))
    did(buyer.post(f"/orders/{number}/pay/", {"gateway": "sandbox", "idempotency_token": "p"}))
    bank.deposit_decide(reference=Payment.objects.get().reference, pay=True)
    outbox.drain()
    page = buyer.get(f"/orders/{number}/do/cancel/").content.decode()
    assert "¥12,000.00" in page
    did(act(buyer, number, "cancel", reason="project_dropped"))
    while OutboxMessage.objects.filter(done_at__isnull=True).exists() and outbox.drain():
        pass
    assert "退款" in buyer.get(f"/orders/{number}/money/").content.decode()
    order.refresh_from_db()
    assert order.status == "cancelled"


def test_test_batches(rulebook):
    listing = factories.make_listing(
        item=factories.make_item(fee_unit=ServiceItem.Unit.TEST_GROUP), unit="test_group", unit_price_fen=4_000
    )
    market = {
        "listing": listing,
        "lead": factories.make_practitioner(listing.agency),
        "buyer_client": client_of(factories.owner_of(factories.make_organisation())),
        "agency_client": client_of(factories.owner_of(listing.agency.organisation)),
    }
    order = place(market, quantity="12")
    assert order.fee_fen == 48_000
    number, agency, buyer = order.number, market["agency_client"], market["buyer_client"]
    did(act(agency, number, "accept", lead=market["lead"].pk))
    for client in (buyer, agency):
        did(act(client, number, "confirm-contract"))
    did(buyer.post(f"/orders/{number}/pay/", {"gateway": "offline", "idempotency_token": "p"}))
    did(act(buyer, number, "confirm-transfer", slip=pdf("回单.pdf")))
    did(act(agency, number, "confirm-transfer"))
    did(act(agency, number, "complete-materials"))
    batch = {"number": "WT-1", "groups": "12", "works_part": "三层柱", "witness": "赵工", "sampled_on": "2026-01-05"}
    did(act(agency, number, "add-batch", **batch))
    again = act(agency, number, "add-batch", **batch)
    assert again.status_code == 200 and "三层柱" in again.content.decode()
    row = order.batches.get()
    did(act(agency, number, "report-batch", row.pk, report_number="BG-1", failed_groups="1", report=pdf("报告.pdf")))
    page = buyer.get(f"/orders/{number}/work/").content.decode()
    assert "BG-1" in page and "不合格 1 组" in page


def test_several_services_become_one_project(market):
    other = factories.make_listing()
    client = market["buyer_client"]
    session = client.session
    session["project_list"] = [market["listing"].pk, other.pk]
    session.save()
    page = client.get("/orders/project/new/").content.decode()
    assert page.count("服务费") > 2
    assert "选了不止一项" not in page
    data = form_of(market["listing"])
    for listing in (market["listing"], other):
        data |= {f"line{listing.pk}-quantity": "1", f"line{listing.pk}-version": listing.version_id}
    broken = client.post("/orders/project/new/", {**data, f"line{other.pk}-quantity": "abc"})
    assert broken.status_code == 200 and Order.objects.count() == 0 and Project.objects.count() == 0
    done = client.post("/orders/project/new/", data)
    assert done.status_code == 302, errors(done)
    assert Project.objects.count() == 1 and Order.objects.count() == 2
    assert client.get(done.url).status_code == 200
