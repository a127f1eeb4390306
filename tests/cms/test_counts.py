"""What is counted on the reading pages is what is shown: months of rankings, acts of the log, grades of the rulebook."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command

from cms.models import RankingIndexPage, RankingPage
from cms.selectors import log_lines, supervision_log
from credit.models import RankingPublication
from credit.services import rankings
from kernel import clock
from kernel.services import audit
from tests.factories import make_agency, make_category, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    cache.clear()
    call_command("setup_site")


def test_acts_of_one_minute_are_one_line():
    agencies = [make_agency() for _n in range(3)]
    begun = clock.now().replace(second=5, microsecond=0) + timedelta(hours=1)
    for seconds, agency in zip((0, 20, 70), agencies, strict=True):
        with clock.at(begun + timedelta(seconds=seconds)):
            audit.record(stream=f"agency:{agency.pk}", action="agency.resume", actor=None)
    acts = supervision_log()
    first, second = log_lines(acts[:3])
    assert str(agencies[2]) in first.title and "等 2 项" in second.title and not first.about
    assert [one.name for one in second.about] == [str(agencies[1]), str(agencies[0])]
    # A page that ends within the minute says what is on it.
    assert [line.title for line in log_lines(acts[1:2])] == [f"{agencies[1]} 恢复接单"]


def test_a_month_is_never_cut_in_two(client):
    call_command("load_rulebook")
    make_agency(category=make_category())
    officer, index, day = make_staff("credit_officer"), RankingIndexPage.objects.get(), clock.today()
    for _n in range(RankingIndexPage.a_page + 1):
        day = day.replace(day=1) - timedelta(days=1)
        for row in rankings.ranking_draft_month(period=f"{day:%Y-%m}", actor=officer):
            index.add_child(instance=RankingPage(title=row.number, slug=row.number.lower(), publication=row))
    first = client.get("/rankings/")
    assert [len(found) for _period, found in first.context_data["months"]] == [2] * RankingIndexPage.a_page
    assert f"共 {RankingIndexPage.a_page + 1} 期" in first.content.decode()
    rest = client.get("/rankings/?page=2").context_data["months"]
    assert [period for period, _found in rest] == [f"{day:%Y-%m}"]
    assert RankingPublication.objects.count() == 2 * (RankingIndexPage.a_page + 1)


def test_the_guide_has_the_grades_of_the_rulebook(client):
    call_command("load_rulebook")
    for prefix, needs in (("", "有效订单不少于 10 个"), ("/en", "at least 10 effective orders")):
        page = client.get(f"{prefix}/guides/how-scores-work/").content.decode()
        assert needs in page and "±" not in page
