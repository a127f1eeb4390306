"""A complaint may come with a paper: whoever may see the complaint may read it, and nobody else."""

import pytest

from kernel.errors import Forbidden
from orders.models import Complaint
from orders.services import complaint
from tests import factories
from tests.orders.lives import Life
from tests.orders.walk import act, client_of, did, errors, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(rulebook, settings, tmp_path):
    settings.ATTACHMENT_ROOT = tmp_path
    return Life().until("in_service")


def complain(life, **files):
    buyer = client_of(life.by_buyer)
    return act(buyer, life.order.number, "complain", subject_code="late", body="超过约定时间", **files)


def test_it_is_shown_to_both_sides_and_the_desk(life):
    did(complain(life, paper=pdf("催办记录.pdf")))
    row = Complaint.objects.get()
    assert (row.paper.subject, row.paper.purpose) == (life.order.stream, "complaint")
    page, file = f"/orders/{life.order.number}/complaints/", f"/files/{row.paper_id}/"
    for person in (life.by_buyer, life.by_agency):
        client = client_of(person)
        shown = client.get(page).content.decode()
        assert "催办记录.pdf" in shown and file in shown
        assert b"".join(client.get(file).streaming_content) == factories.PDF
    assert file in client_of(factories.make_staff("operator")).get(f"/desk/complaints/{row.number}/").content.decode()
    for person in (factories.owner_of(factories.make_organisation()), None):
        assert client_of(person).get(file).status_code == 404


def test_it_may_be_left_out(life):
    did(complain(life))
    assert Complaint.objects.get().paper is None


def test_a_wrong_file_is_refused_at_its_field_and_nothing_filed(life):
    bad = pdf("证据.exe")
    answer = complain(life, paper=bad)
    assert answer.status_code == 200 and "error-summary" in errors(answer) + answer.content.decode()
    assert not Complaint.objects.exists()


def test_a_paper_of_another_order_cannot_be_handed_in(life):
    other = Life().until("in_service")
    did(act(client_of(other.by_buyer), other.order.number, "complain", subject_code="late", body="迟", paper=pdf()))
    foreign = Complaint.objects.get().paper
    with pytest.raises(Forbidden):
        complaint.complaint_file(order=life.order, subject_code="late", body="迟", paper=foreign, actor=life.by_buyer)
