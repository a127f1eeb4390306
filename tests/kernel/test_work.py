"""The work home: one's own before what is watched, the nearest limit first, and how long things without a limit have waited."""

from datetime import datetime, timedelta

import pytest
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
    names = [queue.label for queue in work.queues(None, None)]
    assert names == ["limit-soon", "limit-late", "waits-long", "waits-short", "timeless", "watched"]


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
    assert "6 件事等您办理，其中 1 件已经逾期 · 另有 3 件需要督办" in page
    assert "已等 2 个工作日" in page
    assert page.index("/mine/") < page.index("<h2>需要督办</h2>") < page.index("/theirs/")
    assert "没有期限" not in page


def test_only_watched_things_leave_nothing_of_ones_own(client, sources):
    sources.append(_queue("theirs", 3, watched=True))
    client.force_login(make_staff())
    page = client.get("/work/").content.decode()
    assert "您自己的事都办完了 · 另有 3 件需要督办" in page
    assert "件事等您办理" not in page


def test_who_only_reads_is_not_told_to_urge(client, sources):
    sources.append(_queue("theirs", 3, watched=True))
    client.force_login(make_staff("inspector"))
    page = client.get("/work/").content.decode()
    assert "没有需要您办理的事 · 另有 3 件等别人办理" in page and "您可以查看，不能催办。" in page
    assert "点开可以催办" not in page and "需要督办" not in page


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
