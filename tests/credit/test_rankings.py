"""A ranking goes draft → preview → publicity → published, frozen, by two people; then its grades are the public ones."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agencies.services import directory
from credit.models import RankingPublication, RankingRow
from credit.scoring.canonical import digest
from credit.selectors import latest_publication, publication_by_number, published_grade, published_grades, standing
from credit.selectors.grades import Grade
from credit.services.rankings import (
    ranking_draft,
    ranking_draft_month,
    ranking_preview_open,
    ranking_publicity_open,
    ranking_publish,
    ranking_withdraw,
)
from kernel import clock
from kernel.errors import DomainError, Forbidden
from kernel.models import Deadline, Notification, OutboxMessage
from tests.credit import made
from tests.factories import make_agency, make_category, make_staff, owner_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def well_known(agency, orders=8, **kw):
    for n in range(orders):
        made.order_done(agency, client=f"org:{agency.pk}:{n}", **kw)
    return agency


def test_the_content_lists_the_rated_and_shows_the_unrated_apart(rules, officer):
    good, bad = well_known(make_agency()), well_known(make_agency(), rating=0, days_x=0)
    new, gone = make_agency(), well_known(make_agency("exited"))
    ranking = ranking_draft(period="2026-10", actor=officer)
    content = ranking.content
    assert ranking.sha256 == digest(content)
    assert ranking.number == "PH-202610-all"
    assert [r["agency"] for r in content["rows"]] == [good.organisation.uscc, bad.organisation.uscc]
    assert [r["agency"] for r in content["unrated"]] == [new.organisation.uscc]
    assert gone.organisation.uscc not in str(content)
    first = content["rows"][0]
    assert first["low_milli"] <= first["score_milli"] <= first["high_milli"]
    assert 1 <= first["best"] <= first["rank"] <= first["worst"] <= 2
    assert (content["as_of"], content["rulebook"]) == ("2026-10-31", rules.rulebook.sha256)


def test_a_category_s_list_has_its_agencies_and_its_evidence(officer, rules):
    eia, survey = make_category(), make_category("survey", name_zh="测绘")
    both, other = make_agency(category=eia), make_agency(category=survey)
    both.categories.add(survey)
    well_known(both, category=eia)
    well_known(other, category=survey)
    lists = {r.category_id: r.content for r in ranking_draft_month(period="2026-10", actor=officer)}
    assert set(lists) == {None, eia.pk, survey.pk}
    assert [r["agency"] for r in lists[eia.pk]["rows"]] == [both.organisation.uscc]
    assert [r["agency"] for r in lists[survey.pk]["rows"]] == [other.organisation.uscc]
    assert [r["agency"] for r in lists[survey.pk]["unrated"]] == [both.organisation.uscc]
    assert ranking_draft_month(period="2026-10", actor=officer) == []


def test_the_whole_way_to_publication(agency, officer, second, still):
    well_known(agency)
    ranking = ranking_draft(period="2026-10", actor=officer)
    ranking = ranking_preview_open(ranking=ranking, actor=officer)
    assert Notification.objects.filter(user=owner_of(agency.organisation), subject=ranking.stream).count() == 1
    with pytest.raises(DomainError) as error:
        ranking_publicity_open(ranking=ranking, actor=officer)
    assert error.value.code == "ranking.too_early"
    due = Deadline.objects.get(subject=ranking.stream, code="ranking.preview").due_at
    with clock.at(due), pytest.raises(DomainError):
        ranking_publicity_open(ranking=ranking, actor=officer)
    with clock.at(due + timedelta(milliseconds=1)):
        ranking = ranking_publicity_open(ranking=ranking, actor=officer)
        with pytest.raises(DomainError) as error:
            ranking_publish(ranking=ranking, actor=second)
        assert error.value.code == "ranking.too_early"
    due = Deadline.objects.get(subject=ranking.stream, code="ranking.publicity").due_at
    with clock.at(due + timedelta(milliseconds=1)):
        with pytest.raises(DomainError) as error:
            ranking_publish(ranking=ranking, actor=officer)
        assert error.value.code == "ranking.same_person"
        assert published_grade(agency).grade == "NR"
        ranking = ranking_publish(ranking=ranking, actor=second)
    assert ranking.status == "published"
    grade = published_grade(agency)
    assert (grade.grade, grade.period, grade.rated) == (ranking.content["rows"][0]["grade"], "2026-10", True)
    assert OutboxMessage.objects.get(topic="ranking_published").payload == {"ranking": ranking.pk}
    assert latest_publication() == publication_by_number(ranking.number) == ranking


def test_who_may(agency, officer, second):
    for outsider in (make_staff("operator"), make_staff("inspector"), owner_of(agency.organisation), None):
        with pytest.raises(Forbidden):
            ranking_draft(period="2026-10", actor=outsider)


@pytest.mark.parametrize(
    ("period", "code"),
    [
        ("2026-11", "ranking.period_open"),
        ("2026-13", "ranking.period"),
        ("202610", "ranking.period"),
        ("", "ranking.period"),
    ],
)
def test_only_closed_months(officer, period, code):
    with pytest.raises(DomainError) as error:
        ranking_draft(period=period, actor=officer)
    assert error.value.code == code


def test_one_list_a_period_until_it_is_withdrawn(agency, officer, second):
    first = ranking_draft(period="2026-10", actor=officer)
    with pytest.raises(DomainError) as error:
        ranking_draft(period="2026-10", actor=second)
    assert error.value.code == "ranking.exists"
    ranking_withdraw(ranking=first, reason="一条评价已撤销", actor=officer)
    again = ranking_draft(period="2026-10", actor=second)
    assert again.number == "PH-202610-all-2"
    with pytest.raises(DomainError):
        ranking_preview_open(ranking=first, actor=officer)


@pytest.mark.parametrize("change", ["content = '{}'", "sha256 = 'x'", "period = '2026-09'", "drafted_by_id = NULL"])
def test_the_content_is_frozen(agency, officer, change):
    ranking_draft(period="2026-10", actor=officer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE credit_rankingpublication SET {change}")


@pytest.mark.parametrize("change", ["published_by_id = drafted_by_id", "published_by_id = NULL", "publicity_at = NULL"])
def test_the_database_refuses_a_publication_without_its_steps(agency, change):
    made.published()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE credit_rankingpublication SET {change}")


def test_what_happens_later_leaves_the_published_list_alone(agency):
    well_known(agency)
    ranking = made.published()
    made.order_done(agency, rating=0)
    made.decided(agency, code="collusion", decided_at=clock.now() + timedelta(days=31))
    assert digest(made.fresh(ranking).content) == ranking.sha256
    assert published_grade(agency).grade == ranking.content["rows"][0]["grade"] != "D"
    with clock.at(clock.now() + timedelta(days=31)):
        assert not standing(agency).allowed


def test_the_last_period_counts_whatever_was_published_last(agency, still):
    well_known(agency)
    made.published("2026-10")
    made.published("2026-09")  # a late issue of an older month
    assert published_grade(agency).period == "2026-10"


def test_whom_the_latest_ranking_does_not_list_is_unrated(agency, still):
    well_known(agency)
    made.published("2026-10")
    assert published_grade(agency).rated
    directory.agency_exit(agency=agency, reason="歇业", actor=None)
    with clock.at(clock.now() + timedelta(days=31)):
        made.published("2026-11")
    assert published_grade(agency) == Grade()


def test_grades_of_a_page_of_agencies_are_one_query(rules):
    agencies = [well_known(make_agency()) for _ in range(3)] + [make_agency()]
    made.published()
    with CaptureQueriesContext(connection) as found:
        grades = published_grades([a.pk for a in agencies])
    assert len(found) == 1
    assert [grades[a.pk].rated for a in agencies] == [True, True, True, False]
    assert grades[agencies[3].pk].score_milli is None
    assert published_grades([10**9]) == {10**9: type(grades[agencies[0].pk])()}


def test_a_category_s_grade_is_its_own_list_s(rules):
    eia = make_category()
    agency = well_known(make_agency(category=eia))
    made.published()
    assert published_grade(agency).rated
    assert not published_grade(agency, eia.pk).rated
    made.published(category=eia)
    assert published_grade(agency, eia.pk).rated


def test_a_low_grade_is_a_notice_and_a_bar_is_opt_in(rules, officer):
    agency = well_known(make_agency(), orders=40, rating=0, days_x=0)
    made.published()
    assert published_grade(agency).grade == "C"
    state = standing(agency, public_money=True)
    assert (state.allowed, state.code) == (True, "grade_low_notice")
    assert state.sentence


def test_rows_are_append_only(agency):
    made.published()
    assert RankingRow.objects.count() == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM credit_rankingrow")


def test_a_drafted_list_is_not_public(officer, agency):
    ranking = ranking_draft(period="2026-10", actor=officer)
    with pytest.raises(RankingPublication.DoesNotExist):
        publication_by_number(ranking.number)
    assert publication_by_number(ranking.number, published_only=False) == ranking
