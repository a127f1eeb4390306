"""Our lines of the work home: what waits for this officer and since when, and what waits for a colleague."""

from datetime import datetime, timedelta

import pytest

from credit import menu
from credit.selectors.comments import comments
from credit.services.cases import case_defend
from credit.services.comments import ranking_comment, ranking_comment_answer
from credit.services.rankings import ranking_draft, ranking_preview_open, ranking_publicity_open
from kernel import clock
from tests import factories as make
from tests.credit import made

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def lines(source, user):
    return {str(q.label): (q.count, q.since, q.watched) for q in source(made.a_person(user), None) if q.count}


def test_a_matter_waits_since_it_came_in_then_since_it_could_be_decided(agency, officer, second, still):
    assert lines(menu.desk_queues, officer) == {}
    case = made.noticed(agency, officer=officer)
    assert lines(menu.desk_queues, officer) == lines(menu.desk_queues, second) == {}
    over = made.after_workdays(still, 5)
    with clock.at(over + timedelta(days=3)):
        assert lines(menu.desk_queues, second) == {"待决定的案件": (1, over - timedelta(microseconds=1), False)}
        assert lines(menu.desk_queues, officer) == {
            "您提出、待同事决定的案件": (1, over - timedelta(microseconds=1), True)
        }
    with clock.at(still + timedelta(days=1)):
        case_defend(case=case, text="已退还。", actor=make.owner_of(agency.organisation))
        newer = made.alleged(agency, officer=officer)
        told = lines(menu.desk_queues, second)
    assert told == {
        "待送达的告知": (1, newer.opened_at, False),
        "待决定的案件": (1, still + timedelta(days=1), False),
    }
    assert lines(menu.desk_queues, make.make_staff("inspector")) == {}


def test_a_ranking_waits_since_its_last_step_was_over(agency, officer, second, still, django_assert_max_num_queries):
    made.order_done(agency)
    november = datetime(2026, 11, 1, tzinfo=clock.CHINA)
    assert lines(menu.ranking_queues, officer) == {"2026年10月的信用排行待起草": (1, november, False)}
    draft = ranking_draft(period="2026-10", category=None, actor=officer)
    assert lines(menu.ranking_queues, second) == {"起草好的排行待征求意见": (1, still, False)}
    draft = ranking_preview_open(ranking=draft, actor=officer)
    assert lines(menu.ranking_queues, officer) == {}
    later = made.after_workdays(still, 5)
    with clock.at(later):
        waits = {"征求意见期满的排行待公示": (1, later - timedelta(microseconds=1), False)}
        assert lines(menu.ranking_queues, officer) == waits
        ranking_publicity_open(ranking=draft, actor=officer)
    end = made.after_workdays(later, 7)
    moment = end - timedelta(microseconds=1)
    with clock.at(end):
        next_month = {"2026年11月的信用排行待起草": (1, datetime(2026, 12, 1, tzinfo=clock.CHINA), False)}
        theirs, own = lines(menu.ranking_queues, second), lines(menu.ranking_queues, officer)
        assert theirs == {"公示期满的排行待发布": (1, moment, False)} | next_month
        assert own == {"您起草、待同事发布的排行": (1, moment, True)} | next_month
        reader = made.a_person(second)
        with django_assert_max_num_queries(5):  # two of ours; the person's memberships and the clock besides
            menu.ranking_queues(reader, None)


def test_a_comment_is_answered_before_anybody_publishes(agency, officer, second, still):
    made.order_done(agency)
    draft = ranking_preview_open(ranking=ranking_draft(period="2026-10", category=None, actor=officer), actor=officer)
    made_at = still + timedelta(hours=1)
    with clock.at(made_at):
        ranking_comment(ranking=draft, text="时限有误", contact="0500", actor=make.owner_of(agency.organisation))
        waits = {"有意见待答复的排行": (1, made_at, False)}
        assert lines(menu.ranking_queues, officer) == lines(menu.ranking_queues, second) == waits
    next_day = still + timedelta(days=1)
    with clock.at(next_day):  # since the oldest that is unanswered, whatever came after it
        ranking_comment(ranking=draft, text="另有一单", contact="0500", actor=make.owner_of(agency.organisation))
        assert lines(menu.ranking_queues, officer) == waits
        ranking_comment_answer(ranking=draft, seq=comments(draft)[0].seq, answer="已核对", actor=officer)
        assert lines(menu.ranking_queues, officer) == {"有意见待答复的排行": (1, next_day, False)}
    later = made.after_workdays(still, 5)
    with clock.at(later):
        draft = ranking_publicity_open(ranking=draft, actor=officer)
    with clock.at(made.after_workdays(later, 7)):
        assert "公示期满的排行待发布" not in lines(menu.ranking_queues, second)
        asked = comments(draft)[1]
        ranking_comment_answer(ranking=draft, seq=asked.seq, answer="已核对", actor=officer)
        assert "公示期满的排行待发布" in lines(menu.ranking_queues, second)
