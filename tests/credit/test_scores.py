"""Live scores: recomputed from events, written only when they change, in a bounded number of queries."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from credit.models import Score
from credit.selectors import explanation, live_score, live_scores
from credit.services.scores import scores_recompute
from kernel import clock
from kernel.registries import nightly
from tests.credit import made
from tests.factories import make_agency, make_category

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_a_score_is_written_once_and_again_when_it_changes(agency):
    made.order_done(agency)
    assert scores_recompute(actor=None) == 2  # the overview and the category it has evidence in
    assert scores_recompute(actor=None) == 0
    made.order_done(agency, rating=0)
    assert scores_recompute(actor=None) == 2
    rows = list(Score.objects.filter(agency=agency, category=None).order_by("id"))
    assert len(rows) == 2
    assert rows[1].score_milli < rows[0].score_milli
    assert live_score(agency) == rows[1]
    assert live_scores([agency.pk]) == {agency.pk: rows[1]}


def test_the_same_number_tomorrow_is_not_news(agency):
    made.order_done(agency, on=date(2026, 11, 2))
    scores_recompute(actor=None)
    assert scores_recompute(as_of=clock.today() + timedelta(days=1), actor=None) == 0
    assert scores_recompute(as_of=date(2026, 12, 1), actor=None) == 2  # evidence is a month older


def test_the_row_says_what_the_explanation_says(agency):
    for n in range(6):
        made.order_done(agency, rating=150 * n, fee_fen=500_000 + n)
    made.decided(agency)
    scores_recompute(actor=None)
    told, row = explanation(agency), live_score(agency)
    assert (row.score_milli, row.half_width_milli, row.grade) == (
        told.score.score_milli,
        told.score.half_width_milli,
        told.score.grade,
    )
    assert (row.effective_orders_milli, row.clients) == (told.score.effective_orders_milli, 6)
    assert sum(p["points_milli"] for p in row.pillars) + row.bonus_milli == row.score_milli


@pytest.mark.parametrize("public", [True, False])
def test_explanation_adds_up_exactly(agency, officer, public):
    eia, other = agency.categories.first(), make_category("survey", name_zh="测绘")
    for n in range(7):
        made.order_done(agency, client=f"org:{n % 2}", rating=123 * n, category=eia if n % 2 else other, days_x=991)
    made.decided(agency)
    made.decided(agency, code="late_minor")
    for category in (None, eia, other):
        told = explanation(agency, category=category, public=public)
        assert told.total_milli == told.score.score_milli
        for pillar in told.pillars:
            assert sum(line.points_milli for line in pillar.lines) == pillar.points_milli
    assert explanation(agency, category=eia).score != explanation(agency).score


def test_the_public_sees_sums_and_no_rating_before_three(agency):
    for n in range(2):
        made.order_done(agency, rating=400 + n)
    made.decided(agency, code="late_minor")
    breach = made.decided(agency)
    lines = explanation(agency, public=True).lines
    rating = next(line for line in lines if line.label == "服务评价")
    assert (rating.count, rating.x) == (2, None)
    assert all(line.event is None for line in lines)
    assert "逾期一至十个工作日" not in {line.label for line in lines}
    assert "抬高收费或要求额外付费" in {line.label for line in lines}
    own = explanation(agency).lines
    assert {line.event for line in own if line.event} >= {breach.event}
    made.order_done(agency, rating=402)
    rating = next(line for line in explanation(agency, public=True).lines if line.label == "服务评价")
    assert (rating.count, rating.x) == (3, 610)  # 400…402, lifted to the clip m − 200


def test_queries_do_not_grow_with_agencies(rules):
    def queries_for(agencies):
        for agency in agencies:
            made.order_done(agency)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert scores_recompute(agencies=agencies, actor=None) == 2 * len(agencies)
        return len(found)

    assert queries_for([make_agency()]) == queries_for([make_agency() for _ in range(4)]) <= 12


def test_explanation_queries_do_not_grow_with_events(agency):
    def queries():
        with CaptureQueriesContext(connection) as found:
            explanation(agency)
        return len(found)

    made.order_done(agency)
    few = queries()
    for _ in range(5):
        made.order_done(agency)
    assert queries() == few <= 6


def test_a_score_row_cannot_be_changed(agency):
    made.order_done(agency)
    scores_recompute(actor=None)
    for statement in ("UPDATE credit_score SET score_milli = 1", "DELETE FROM credit_score"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_night_recomputes(agency):
    made.order_done(agency)
    nightly["credit.scores"]()
    assert live_score(agency) is not None


def test_an_older_day_is_scored_with_what_it_knew(agency):
    made.order_done(agency, on=date(2026, 9, 10))
    made.order_done(agency, on=date(2026, 10, 10), rating=0)
    september = explanation(agency, as_of=date(2026, 9, 30)).score
    assert september.score_milli > explanation(agency, as_of=date(2026, 10, 31)).score.score_milli
