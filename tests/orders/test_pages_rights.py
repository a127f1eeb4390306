"""Who may see and do what: a foreign order is not there, an act of the other side is forbidden."""

import pytest

from orders.models import Order
from tests import factories
from tests.orders.lives import Life
from tests.orders.walk import act, client_of, errors, pdf

pytestmark = pytest.mark.django_db

OF_ONE_ORDER = [
    "", "work/", "money/", "messages/", "ratings/", "complaints/", "contract/", "pay/", "repeat/", "deliverables/1/",
    "ordered/", "process-record/", "record/", "sign-off/", "receipt/", "do/accept/", "do/approve/", "do/message/",
]  # fmt: skip
AGENCY_ACTS = ["accept", "decline", "propose", "ask-materials", "complete-materials", "deliver", "invoice", "ask-lead"]
BUYER_ACTS = ["answer-proposal", "answer-materials", "approve", "request-changes", "answer-extension", "answer-lead"]


@pytest.fixture
def life(rulebook):
    return Life().until("delivered")


@pytest.mark.parametrize("page", OF_ONE_ORDER)
def test_a_foreign_order_is_not_there(life, page):
    stranger = client_of(factories.owner_of(factories.make_organisation()))
    url = f"/orders/{life.order.number}/{page}"
    assert stranger.get(url).status_code == 404
    assert stranger.post(url, {}).status_code in (404, 405)


@pytest.mark.parametrize("page", OF_ONE_ORDER)
def test_who_is_not_signed_in_is_asked_to(life, page):
    response = client_of(None).get(f"/orders/{life.order.number}/{page}")
    assert response.status_code == 302 and "/accounts/login/" in response.url


@pytest.mark.parametrize("code", AGENCY_ACTS)
def test_the_buyer_may_not_act_for_the_agency(life, code):
    assert act(client_of(life.by_buyer), life.order.number, code).status_code == 403


@pytest.mark.parametrize("code", BUYER_ACTS)
def test_the_agency_may_not_act_for_the_buyer(life, code):
    assert act(client_of(life.by_agency), life.order.number, code).status_code == 403


@pytest.mark.parametrize("code", ["accept", "approve", "cancel", "terminate", "message", "propose-refund"])
def test_an_inspector_only_reads(life, code):
    inspector = client_of(factories.make_staff("inspector"))
    assert act(inspector, life.order.number, code).status_code == 403


def test_an_operator_does_not_act_for_the_buyer_of_an_online_order(life):
    operator = client_of(factories.make_staff("operator"))
    assert act(operator, life.order.number, "approve").status_code == 403
    assert operator.get(f"/orders/{life.order.number}/do/terminate/").status_code == 200


def test_the_agency_may_not_pay(life):
    assert client_of(life.by_agency).get(f"/orders/{life.order.number}/pay/").status_code == 403


def test_an_act_that_does_not_fit_now_is_a_sentence_with_everything_kept(life):
    response = act(
        client_of(life.by_agency), life.order.number, "ask-extension", days="3", reason="暴雨停工", document=pdf()
    )
    page = response.content.decode()
    assert response.status_code == 200 and "error-summary" in page
    assert "暴雨停工" in page and "成果.pdf" in page


def test_a_kept_paper_need_not_be_uploaded_again(rulebook):
    life = Life().until("in_service")
    agency = client_of(life.by_agency)
    refused = act(agency, life.order.number, "ask-extension", days="", reason="暴雨停工", document=pdf("气象证明.pdf"))
    kept = refused.content.decode().split('name="document_kept" value="')[1].split('"')[0]
    done = act(agency, life.order.number, "ask-extension", days="3", reason="暴雨停工", document_kept=kept)
    assert done.status_code == 302, errors(done)
    assert life.fresh.extension.document.subject == life.order.stream


def test_a_paper_kept_by_another_person_does_not_count(rulebook):
    life, other = Life().until("in_service"), Life().until("in_service")
    refused = act(client_of(other.by_agency), other.order.number, "ask-extension", days="", reason="x", document=pdf())
    kept = refused.content.decode().split('name="document_kept" value="')[1].split('"')[0]
    answer = act(
        client_of(life.by_agency), life.order.number, "ask-extension", days="3", reason="雨", document_kept=kept
    )
    assert answer.status_code == 200 and not hasattr(Order.objects.get(pk=life.order.pk), "extension")


@pytest.mark.parametrize(
    "url", ["/desk/orders/", "/desk/complaints/", "/desk/counter/", "/desk/ratings/", "/agency/orders/"]
)
def test_desks_are_closed_to_buyers(life, url):
    assert client_of(life.by_buyer).get(url).status_code == 403


def test_unknown_acts_and_rows_are_not_there(life):
    agency = client_of(life.by_agency)
    assert act(agency, life.order.number, "no-such-act").status_code == 404
    assert act(agency, life.order.number, "report-batch", 99_999).status_code == 404
    assert act(agency, life.order.number, "report-batch").status_code == 404
