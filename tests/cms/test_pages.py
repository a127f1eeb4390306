"""The reading pages: what a new site has, what a published ranking becomes, what the log shows, what the back office may."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site

from agencies.services import directory
from cms.models import HomePage, NewsIndexPage, NewsPage, RankingIndexPage, RankingPage, SiteIdentity
from cms.selectors import PUBLIC_ACTIONS, log_lines, supervision_log
from cms.services.ranking_pages import on_ranking_published
from credit.models import GuidanceEntry
from credit.selectors import period_name, ranking_title
from kernel import clock
from kernel.models import AuditEntry, CalendarDay
from kernel.services import audit
from tests.factories import make_agency, make_category, make_person, make_staff
from tests.query_budget import BUDGET, queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site():
    cache.clear()
    call_command("setup_site")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize(
    "path", ["/", "/rankings/", "/guidance/", "/supervision/", "/news/", "/guides/", "/guides/how-to-order/"]
)
def test_the_pages_of_a_new_site(client, prefix, path):
    response = client.get(prefix + path)
    assert response.status_code == 200
    assert ('<html lang="en"' in response.content.decode()) is bool(prefix)
    assert queries(lambda: client.get(prefix + path)) <= BUDGET


def test_setting_up_again_leaves_the_editors_work_alone():
    home = HomePage.objects.get()
    home.title = "改过的首页"
    home.save()
    call_command("setup_site")
    assert HomePage.objects.get().title == "改过的首页"


def test_news_are_listed_newest_first_without_more_queries(client):
    index = NewsIndexPage.objects.get()

    def grow(count):
        for n in range(count):
            index.add_child(
                instance=NewsPage(title=f"公告 {index.numchild}-{n}", published_on=clock.today() - timedelta(days=n))
            )

    grow(2)
    few = queries(lambda: client.get("/news/"))
    grow(18)
    assert queries(lambda: client.get("/news/")) == few
    cache.clear()
    assert "公告 0-0" in client.get("/").content.decode()


def test_identity_is_shown_when_filled_in(client):
    assert "ICP" not in client.get("/").content.decode()
    identity = SiteIdentity.for_site(Site.objects.get())
    identity.icp = "浙ICP备00000000号"
    identity.save()
    cache.clear()
    assert "浙ICP备00000000号" in client.get("/").content.decode()


def test_a_notice_in_chinese_only_says_so_to_an_english_reader(client):
    page = NewsPage(title="停机通知", slug="pause", summary="周日停机", body=[("text", "<p>周日停机两小时。</p>")])
    NewsIndexPage.objects.get().add_child(instance=page)
    english = client.get("/en/news/pause/").content.decode()
    assert '<div class="stack" lang="zh-Hans">' in english and "This text exists in Chinese only." in english
    assert '<span lang="zh-Hans">停机通知</span>' in english and "<title>停机通知" in english
    chinese = client.get("/news/pause/").content.decode()
    assert "本文只有中文版" not in chinese and "<span lang" not in chinese


def test_a_public_notice_is_signed_by_the_office_and_says_where_it_is(client):
    review = make_agency("publicity").reviews.get()
    notice, in_time = reverse("agencies:publicity", args=[review.pk]), review.submitted_at + timedelta(days=1)
    with clock.at(in_time):
        assert "<footer><p>服务中心</p>" in client.get(notice).content.decode()
    identity = SiteIdentity.for_site(Site.objects.get())
    identity.operator, identity.hotline, identity.address = "澄湖县政务服务中心", "0500-8500 0000", "湖滨大道1号"
    identity.save()
    with clock.at(in_time):
        html = client.get(notice).content.decode().split("</article>")[0]
    assert (
        "<footer><p>澄湖县政务服务中心</p>" in html
        and "<dd>0500-8500 0000</dd>" in html
        and "<dd>湖滨大道1号</dd>" in html
    )


def test_an_english_page_says_who_runs_the_site_in_english_or_marks_the_chinese(client):
    identity = SiteIdentity.for_site(Site.objects.get())
    identity.sponsor, identity.sponsor_en, identity.address = (
        "市政府办公室",
        "Municipal Government Office",
        "湖滨大道1号",
    )
    identity.save()
    cache.clear()
    page = client.get("/en/").content.decode()
    assert "Municipal Government Office" in page and "市政府办公室" not in page
    assert '<span lang="zh-Hans">湖滨大道1号</span>' in page


def test_the_log_shows_public_acts_and_nothing_else(client):
    agency = make_agency()
    audit.record(stream="order:1", action="order.placed", actor=None, data={"fee": 1})
    page = client.get("/supervision/").content.decode()
    assert f"{agency} 公示期满，准予入驻" in page
    shown = AuditEntry.objects.filter(action__in=PUBLIC_ACTIONS).count()
    assert len(supervision_log()) == shown < AuditEntry.objects.count()
    assert len(supervision_log("case")) == 0
    english = client.get("/en/supervision/").content.decode()
    assert f'Registered after public notice: <span lang="zh-Hans">{agency}</span>' in english


def test_the_log_leads_to_storefronts_that_answer(client):
    """Who still applies, was sent back or has left has no storefront; a suspended agency keeps its own."""
    with clock.at(clock.now() - timedelta(hours=1)):
        active = make_agency()
    suspended, removed, gone = (make_agency() for _ in range(3))
    directory.agency_suspend(agency=suspended, reason="整改", actor=None)
    directory.agency_remove(agency=removed, reason="提供虚假材料", actor=None)
    directory.agency_exit(agency=gone, reason="不再从事", actor=None)
    waiting = [make_agency(status) for status in ("submitted", "returned", "publicity")]
    page = client.get("/supervision/").content.decode()
    for agency in (removed, gone, *waiting):
        assert f"{agency}" in page and f'href="{reverse("market:storefront", args=[agency.pk])}"' not in page
    assert f'href="{reverse("market:storefront", args=[active.pk])}"' in page
    lines = log_lines(supervision_log())
    links = {line.href for line in lines} | {one.href for line in lines for one in line.about}
    assert all(client.get(link).status_code == 200 for link in links - {""}) and len(links) > 2


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_log_names_everybody_of_a_run_and_leads_to_them(client, prefix):
    agencies = [make_agency(name=f"澄湖县第{n}工程咨询事务所有限责任公司") for n in range(20)]
    with clock.at(clock.now().replace(second=1) + timedelta(hours=1)):
        for agency in agencies:
            audit.record(stream=f"agency:{agency.pk}", action="agency.resume", actor=None)
        page = client.get(f"{prefix}/supervision/").content.decode()
    run = page[page.index("<time") :].split("</details>")[0]
    assert ("All 20" if prefix else "等 20 项 恢复接单") in run
    for agency in agencies:
        where = f"{prefix}/agencies/{agency.pk}/"
        name = f'<span lang="zh-Hans">{agency}</span>' if prefix else str(agency)
        assert f'<a href="{where}">{name}</a>' in run


def test_the_log_leads_from_the_guidance_directory_to_the_shops(client):
    listed, gone = make_agency(), make_agency()
    minute = clock.now().replace(second=1)
    for agency in (listed, gone):
        entry = GuidanceEntry.objects.create(
            agency=agency,
            category=agency.categories.first() or make_category(),
            entered_on=clock.today(),
            expires_on=clock.today() + timedelta(days=30),
            reason="等级达标",
        )
        with clock.at(minute):
            audit.record(stream=entry.stream, action="guidance.entered", actor=None)
    directory.agency_remove(agency=gone, reason="提供虚假材料", actor=None)
    (line,) = log_lines(supervision_log("guidance"))
    found = {one.name: one.href for one in line.about}
    assert found == {str(listed): reverse("market:storefront", args=[listed.pk]), str(gone): ""}


def test_the_log_costs_the_same_however_long_it_is(client):
    """Counted in steps of the database, not in queries: what is asked of the whole trail is only how long it is."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite tells the steps it takes")
    few = _steps(client)
    acts = [("agency.resume", n) for n in range(2_000)] + [("order.placed", n) for n in range(2_000)]
    AuditEntry.objects.bulk_create(
        AuditEntry(stream=f"agency:{9_000 + n}", seq=1, at=clock.now() - timedelta(minutes=n), action=action)
        if action == "agency.resume"
        else AuditEntry(stream=f"order:{9_000 + n}", seq=1, at=clock.now(), action=action)
        for action, n in acts
    )
    assert _steps(client) - few < 4_000 * 20


def _steps(client):
    taken = [0]

    def count():
        taken[0] += 100

    client.get("/supervision/")
    connection.connection.set_progress_handler(count, 100)
    try:
        client.get("/supervision/")
    finally:
        connection.connection.set_progress_handler(None, 0)
    return taken[0]


def test_the_log_does_not_ask_more_with_more_lines(client):
    make_agency()
    few = queries(lambda: client.get("/supervision/"))
    for _n in range(5):
        make_agency()
    assert queries(lambda: client.get("/supervision/")) == few


def test_a_published_ranking_becomes_one_page(client):
    from credit.services import rankings

    call_command("load_rulebook")
    make_agency(category=make_category())
    last = clock.today().replace(day=1) - timedelta(days=1)
    drafter, publisher = make_staff("credit_officer"), make_staff("credit_officer")
    draft = rankings.ranking_draft(period=last.strftime("%Y-%m"), actor=drafter)
    draft = rankings.ranking_preview_open(ranking=draft, actor=drafter)
    with clock.at(clock.now() + timedelta(days=20)):
        draft = rankings.ranking_publicity_open(ranking=draft, actor=drafter)
    with clock.at(clock.now() + timedelta(days=40)):
        published = rankings.ranking_publish(ranking=draft, actor=publisher)
    for _again in range(2):
        on_ranking_published([{"ranking": published.pk}])
    page = RankingPage.objects.get()
    text = client.get(page.url).content.decode()
    assert published.sha256 in text
    with clock.at(clock.now() + timedelta(days=41)):
        assert (
            f'href="{reverse("credit:ranking", args=[published.number])}"'
            in client.get("/supervision/").content.decode()
        )
    assert queries(lambda: client.get(page.url)) <= BUDGET
    assert f'href="{page.get_url()}"' in client.get("/rankings/").content.decode()
    name = period_name(published.period)
    assert page.heading.startswith(f"{name}信用排行：")
    for path in ("/rankings/", page.get_url(), f"/credit/rankings/{published.number}/"):
        assert name in client.get(path).content.decode(), path


def test_a_ranking_keeps_its_own_title(client):
    """It is the list's title in either language; the back office shows it and offers nothing to write."""
    from credit.services import rankings

    call_command("load_rulebook")
    make_agency(category=make_category())
    draft = rankings.ranking_draft(period="2026-10", actor=make_staff("credit_officer"))
    page = RankingIndexPage.objects.get().add_child(
        instance=RankingPage(title="2026年10月信用排行：总览", slug="october", publication=draft)
    )
    with translation.override("en"):
        assert page.name == page.heading == ranking_title(draft) and "lang=" not in page.name
    admin = make_staff("administrator")
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client.force_login(admin)
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(where).content.decode()
    assert page.title in form and 'name="slug"' in form
    assert 'name="title"' not in form and 'name="title_en"' not in form
    sent = {"slug": "october-list", "title": "改过", "title_en": "Changed", "action-publish": "1"}
    assert client.post(where, sent).status_code == 302
    page = RankingPage.objects.get()
    assert (page.title, page.title_en, page.slug) == ("2026年10月信用排行：总览", "", "october-list")


@pytest.mark.parametrize("path", ["/back-office/", "/back-office/calendar/", "/back-office/items/"])
def test_agencies_and_buyers_never_get_into_the_back_office(path):
    client = Client()
    assert client.get(path).status_code == 302
    client.force_login(make_person())
    assert client.get(path).status_code in (302, 403)


def test_the_back_office_speaks_the_language_its_reader_has_chosen():
    admin = make_staff("administrator")
    admin.is_staff = admin.is_superuser = True
    seen = {}
    for language in ("en", "zh-hans", "en"):
        admin.language = language
        admin.save()
        client = Client()
        client.force_login(admin)
        seen[language] = client.get("/back-office/").content.decode()
        assert "通知和内容后台使用的语言" in client.get(reverse("kernel:notice_preferences")).content.decode()
    assert "Search all pages" in seen["en"] and "搜索全部页面" not in seen["en"]
    assert "搜索全部页面" in seen["zh-hans"] and "Search all pages" not in seen["zh-hans"]
    assert '"/en/work/"' in seen["en"] and '"/en/work/"' not in seen["zh-hans"]


def test_saving_from_the_back_office_is_audited_and_takes_effect():
    from kernel import workdays

    admin = make_staff("administrator")
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client = Client()
    client.force_login(admin)
    assert client.get("/back-office/calendar/").status_code == 200
    front = client.get("/back-office/").content.decode()
    assert "搜索全部页面" in front and "Search all pages" not in front  # where the editor's own Chinese is incomplete
    day = clock.today() + timedelta(days=30)
    response = client.post("/back-office/calendar/new/", {"day": day.isoformat(), "is_workday": "", "note": "地方假日"})
    assert response.status_code == 302, response.content.decode()[:2000]
    assert CalendarDay.objects.get().day == day
    workdays.forget_overrides()
    assert not workdays.is_workday(day)
    assert AuditEntry.objects.filter(action="calendarday.saved").exists()
