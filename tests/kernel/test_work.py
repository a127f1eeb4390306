"""The work home: one's own before what is watched, the nearest limit first, and how long things without a limit have waited."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from kernel import clock, work
from kernel.services import notify
from kernel.work import WorkQueue
from tests.factories import make_organisation, make_person, make_staff

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 3, 20, 9, 0, tzinfo=clock.CHINA)


def _queue(label, count=1, **fields):
    return WorkQueue("订单", label, f"/{label}/", count, **fields)


@pytest.fixture
def sources(monkeypatch):
    lines = []
    monkeypatch.setattr(work, "SOURCES", [lambda user, party: lines])
    return lines


def test_own_work_comes_first_then_the_nearest_limit_then_the_longest_wait(sources):
    soon, later = FRIDAY, FRIDAY + timedelta(days=3)
    sources += [
        _queue("watched", due_at=soon, watched=True),
        _queue("timeless"),
        _queue("waits-short", since=later),
        _queue("waits-long", since=soon),
        _queue("limit-late", due_at=later),
        _queue("limit-soon", due_at=soon),
        _queue("nothing", count=0, due_at=soon),
    ]
    found = work.summary(None, None)
    assert [queue.label for queue in found.own] == ["limit-soon", "limit-late", "waits-long", "waits-short", "timeless"]
    assert [queue.label for queue in found.watched] == ["watched"]


@pytest.mark.parametrize(
    ("later", "chinese", "english"),
    [
        (0, "今天收到", "Came in today"),
        (2, "已等 2 天", "Waiting for 2 days"),  # Sunday: no working day has passed since Friday
        (3, "已等 1 个工作日", "Waiting for 1 working day"),
        (4, "已等 2 个工作日", "Waiting for 2 working days"),
    ],
)
def test_how_long_the_oldest_has_waited(later, chinese, english):
    queue, today = _queue("x", since=FRIDAY), (FRIDAY + timedelta(days=later)).date()
    assert queue.waited(today) == chinese
    with translation.override("en"):
        assert queue.waited(today) == english
    assert _queue("x").waited(today) == ""


def test_the_page_counts_what_is_watched_apart(client, sources):
    sources += [
        _queue("mine", 4, since=FRIDAY),
        _queue("mine-too", 2, due_at=FRIDAY, overdue=1),
        _queue("theirs", 3, due_at=FRIDAY, overdue=3, watched=True),
    ]
    client.force_login(make_staff())
    with clock.at(FRIDAY + timedelta(days=4)):
        page = client.get("/work/").content.decode()
    assert "6 件事等您办理，其中 1 件已经逾期 · 另有 3 件等别人办理" in page
    assert "已等 2 个工作日" in page
    assert page.index("/mine/") < page.index("<h2>等别人办理</h2>") < page.index("/theirs/")
    assert "没有期限" not in page


@pytest.mark.parametrize("role", ["inspector", "credit_officer", "supervisor"])
def test_of_what_another_has_to_do_only_its_own_words_say_what_to_press(client, sources, role):
    """Some of it can be urged on, some only awaited: a case a colleague decides, whatever an inspector reads."""
    sources.append(_queue("theirs", 3, watched=True))
    client.force_login(make_staff(role))
    page = client.get("/work/").content.decode()
    assert "没有需要您办理的事 · 另有 3 件等别人办理" in page and "件事等您办理" not in page
    short = client.get(reverse("market:waiting")).content.decode()
    assert "另有 3 件等别人办理" in short and "没有等您办理的事项" not in short
    for text in (page, short):
        assert "催办" not in text and "督办" not in text


def test_the_home_page_says_the_same_sums_as_the_work_home(client, sources):
    sources += [_queue("mine", 4, due_at=FRIDAY, overdue=1), _queue("theirs", 3, overdue=3, watched=True)]
    client.force_login(make_staff())
    page, short = (client.get(path).content.decode() for path in ("/work/", reverse("market:waiting")))
    assert "4 件事等您办理" in page and "4 件事等您办理" in short
    assert "其中 1 件已经逾期" in page and "逾期 1 件" in short
    assert "/theirs/" in page and "/theirs/" not in short and "另有 3 件等别人办理" in short


def test_a_new_organisation_is_told_what_comes_next_and_not_that_all_is_done(client, sources):
    owner = make_person()
    organisation = make_organisation(owner=owner)
    client.force_login(owner)
    page = client.get("/work/").content.decode()
    assert "还没有要办的事" in page and "都办完了" not in page
    main = page[page.index("<main") :]
    assert "/categories/" in main and f"/parties/{organisation.pk}/invite/" in main
    notify.users(to=[owner], kind="test", title="材料已补齐", url="/work/")
    assert "都办完了" in client.get("/work/").content.decode()
