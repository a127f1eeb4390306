"""Pages of orders need a dozen queries at most, with ten rows as with a thousand; and lists leave as files."""

import io
from datetime import timedelta

import openpyxl
import pytest

from kernel.models import Deadline
from orders.models import Message, Order
from tests import factories
from tests.orders.lives import Life
from tests.orders.walk import client_of
from tests.query_budget import BUDGET, assert_flat, copies, queries

pytestmark = pytest.mark.django_db
PAGES = [
    "",
    "work/",
    "money/",
    "messages/",
    "ratings/",
    "complaints/",
    "contract/",
    "process-record/",
    "record/",
    "ordered/",
]


@pytest.fixture
def life(rulebook):
    return Life()


def grow_orders(life):
    """More orders like the first, each with its open deadline."""
    deadline = Deadline.objects.get(subject=life.order.stream, code="order.accept")
    begun = Order.objects.count()

    def grow(count):
        start = Order.objects.count()
        made = copies(
            life.order,
            count - (start if start == begun else 0),
            number=lambda n: f"CX-209901-{start + n:05d}",
            token=lambda n: f"copy-{start + n}",
        )
        copies(
            deadline,
            len(made),
            subject=lambda n: made[n].stream,
            started_at=lambda n: deadline.started_at - timedelta(days=60),
            limit_days=lambda n: n * 13 % 80 + 1,
            due_at=lambda n: deadline.due_at + timedelta(days=n * 7 % 30 - 10),
        )

    return grow


@pytest.mark.parametrize(
    "url", ["/orders/", "/agency/orders/", "/desk/orders/", "/desk/orders/?lamp=amber&q=有限&channel=online&sort=fee"]
)
def test_lists_do_not_grow(life, url):
    people = {"/orders/": life.by_buyer, "/agency/orders/": life.by_agency}
    client = client_of(people.get(url) or factories.make_staff("operator"))
    assert_flat(lambda: client.get(url), grow_orders(life))


def test_the_work_home_does_not_grow(life):
    client = client_of(life.by_agency)
    assert_flat(lambda: client.get("/work/"), grow_orders(life))


def test_a_project_and_the_rating_desk_do_not_grow(rulebook):
    life = Life().until("approved")
    operator = client_of(factories.make_staff("operator"))
    numbers = iter(range(10_000))

    def grow(count):
        copies(
            life.order, count, number=lambda n: f"CX-209902-{next(numbers):05d}", token=lambda n: f"p-{next(numbers)}"
        )

    assert_flat(lambda: operator.get("/desk/ratings/"), grow)
    assert queries(lambda: operator.get(f"/orders/project/{life.project.pk}/")) <= BUDGET


def test_messages_do_not_grow(life):
    from orders.services.message import message_post

    row = message_post(order=life.order, body="何时踏勘？", actor=life.by_buyer)
    client = client_of(life.by_agency)
    assert_flat(lambda: client.get(f"/orders/{life.order.number}/messages/"), lambda count: copies(row, count))
    assert Message.objects.count() > 1000


@pytest.mark.parametrize("state", ["placed", "accepted", "in_service", "delivered", "approved", "closed", "cancelled"])
def test_every_page_of_an_order_keeps_to_the_budget(state, rulebook):
    life = Life().until(state)
    for user in (life.by_buyer, life.by_agency, factories.make_staff("operator")):
        client = client_of(user)
        for page in PAGES:
            if page == "contract/" and state in ("placed", "cancelled"):
                continue
            url = f"/orders/{life.order.number}/{page}"
            used = queries(lambda client=client, url=url: client.get(url))
            assert used <= BUDGET, (url, state, used)


def test_placing_pages_keep_to_the_budget(life):
    client = client_of(life.by_buyer)
    session = client.session
    session["project_list"] = [factories.make_listing(capacity=9).pk for _ in range(5)]
    session.save()
    assert queries(lambda: client.get(f"/orders/new/{life.listing.pk}/")) <= BUDGET
    few = queries(lambda: client.get("/orders/project/new/"))
    session["project_list"] = session["project_list"] + [factories.make_listing().pk for _ in range(5)]
    session.save()
    assert queries(lambda: client.get("/orders/project/new/")) == few <= BUDGET


def test_lists_leave_as_files_and_compute_nothing(life):
    Order.objects.filter(pk=life.order.pk).update(title="=HYPERLINK(1)")
    desk = client_of(factories.make_staff("operator"))
    lines = b"".join(desk.get("/desk/orders/?export=csv").streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and life.order.number in lines[1] and "'=HYPERLINK(1)" in lines[1]
    file = io.BytesIO(b"".join(desk.get("/desk/orders/?export=xlsx").streaming_content))
    sheet = openpyxl.load_workbook(file).active
    row = [cell.value for cell in sheet[2]]
    assert row[0] == life.order.number and "'=HYPERLINK(1)" in row and "12000.00" in row


def test_a_lamp_in_the_list_is_the_lamp_of_the_order(life):
    """The database's borders of the lamps are those of kernel.lamps."""
    from kernel import clock
    from kernel.lamps import lamp

    grow_orders(life)(120)
    desk = client_of(factories.make_staff("operator"))
    rows = {
        row.subject: lamp(row).colour
        for row in Deadline.objects.filter(code="order.accept", subject__startswith="order:")
    }
    for colour in ("red", "amber", "green"):
        shown = desk.get(f"/desk/orders/?lamp={colour}&export=csv")
        numbers = b"".join(shown.streaming_content).decode("utf-8-sig").splitlines()[1:]
        expected = sum(value == colour for value in rows.values())
        assert len(numbers) == expected, (colour, clock.now())
