"""Last month two agencies did the same work; one of them also raised its fee on the spot. A case is decided by a second
officer, the month's ranking is drafted, commented, made public and published by a second officer, and becomes a page.

The work of last month happens on last month's clock, the ranking on today's.
"""

from datetime import datetime, timedelta

import pytest

from agencies.models import Category, ServiceItem
from cms.models import RankingPage
from credit.models import Case, CreditEvent, RankingPublication, Score
from credit.scoring.canonical import digest
from credit.selectors.story import period_name
from credit.services.scores import scores_recompute
from kernel import clock
from tests import factories
from tests.flows.browser import Browser
from tests.orders.lives import Life

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

ORDERS_EACH = 5  # enough to be rated
GOOD, GREEDY = "澄湖青禾环境科技有限公司", "澄湖金浪环保咨询有限公司"


def last_month(day):
    end = clock.today().replace(day=1) - timedelta(days=1)
    return datetime(end.year, end.month, day, 10, tzinfo=clock.CHINA)


@pytest.fixture
def officers(town):
    """Two of the credit desk: what one proposes the other decides."""
    return [Browser().sign_in(factories.make_staff("credit_officer")) for _ in range(2)]


@pytest.fixture
def agencies(town):
    """Both with the same orders, closed and rated."""
    with clock.at(last_month(5)):
        return [_with_orders(name) for name in (GOOD, GREEDY)]


def test_facts_become_a_published_ranking(agencies, officers, days_pass, worker_runs):
    first, second = officers
    good, greedy = agencies
    with clock.at(last_month(6)):
        scores_recompute(actor=None)
        assert _score(good) == _score(greedy)

    # A complaint becomes a case; the agency is told, answers, and somebody else than the accuser decides.
    with clock.at(last_month(8)):
        first.open("/desk/credit/").click("登记线索")
        first.press("登记线索", agency=GREEDY, source="投诉", facts="现场踏勘后要求业主另付三千元，有收据。")
        case = Case.objects.get()
        first.press("提出认定", event_code="raises_fee", occurred_on=last_month(6).date())
        first.press("送达告知")
        assert not first.offers("作出决定并送达")
    page = f"/credit/cases/{case.number}/"
    with clock.at(last_month(9)):
        accused = Browser().sign_in(factories.owner_of(greedy.organisation))
        accused.open(page).sees("要求业主另付三千元").press("提交陈述申辩", text="系补充监测费，未事先说明，愿意退还。")
        assert not first.open(page).offers("作出决定并送达")
        assert not CreditEvent.objects.filter(kind="incident").exists()
        second.open(page).press("作出决定并送达", uphold="yes", decision="收据与合同不符，事实清楚。")
        Browser().open(f"/credit/agencies/{greedy.pk}/").sees("生效中的失信决定", "收据与合同不符")
        scores_recompute(actor=None)
        assert _score(greedy) < _score(good)

    # The month is over: the ranking is drafted and frozen, shown to those on it, then to everybody.
    period = f"{last_month(1):%Y-%m}"
    first.open("/desk/credit/rankings/").press("起草本月全部排行", period=period).press("开始征求意见（2 份）")
    ranking = RankingPublication.objects.get(period=period, category=None)
    page = f"/credit/rankings/{ranking.number}/"
    accused.open(page).sees("征求意见稿", GOOD)
    Browser().open(page, expect=404)
    days_pass(6)
    first.open("/desk/credit/rankings/").press("开始公示（2 份）")
    Browser().open(page).sees("公示稿，尚未生效", GOOD)
    days_pass(8)

    # Its drafter cannot publish it; a second officer can. The worker makes it a page, with the digest anybody can check.
    assert not first.open("/desk/credit/rankings/").offers("发布（2 份）")
    second.open("/desk/credit/rankings/").press("发布（2 份）")
    assert not RankingPage.objects.exists()
    worker_runs()
    reader = Browser().open("/").click("信用排行").click("总览：全部类别的机构")
    ranking.refresh_from_db()
    reader.sees(ranking.sha256, GOOD, GREEDY)
    assert reader.text.index(GOOD) < reader.text.index(GREEDY)
    assert digest(ranking.content) == ranking.sha256
    assert [row["agency"] for row in ranking.content["rows"]] == [a.organisation.uscc for a in agencies]
    reader.click(GOOD).sees(f"{period_name(period)}公布")


def _with_orders(name):
    agency = factories.make_agency(category=Category.objects.get(code="eia"), name=name)
    item = ServiceItem.objects.get(code="eia-permit")
    listing = factories.make_listing(agency, item, unit_price_fen=6_000_000)
    for _ in range(ORDERS_EACH):
        Life(listing=listing).until("closed")
    return agency


def _score(agency):
    return Score.objects.filter(agency=agency, category=None).latest("id").score_milli
