"""The public pages as visitors meet them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.core.cache import cache
from django.urls import reverse

import market
from agencies.services import shop
from kernel import clock
from market.selectors.directory import entries, letters
from tests import factories

pytestmark = pytest.mark.django_db


def page(client, name, *args, expect=200, **query):
    response = client.get(reverse(f"market:{name}", args=args), query)
    assert response.status_code == expect, response.content.decode()[:500]
    return response.content.decode()


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def offered(deliver):
    """A listing that is public and in search."""
    listing = factories.make_listing(title="环境影响报告表编制（轻工）", unit_price_fen=1_500_000, days=15)
    deliver()
    return listing


def test_a_published_listing_is_found_through_the_outbox(client, offered):
    html = page(client, "search", q="报告表")
    assert reverse("market:listing", args=[offered.pk]) in html
    assert "¥15,000.00<wbr>/份" in html
    assert "为什么排在这里" in html


def test_who_types_the_name_of_an_agency_is_led_to_its_shop(client, offered):
    agency = offered.agency
    shop_link = f'<a href="{reverse("market:storefront", args=[agency.pk])}">{agency.organisation.name}</a>'
    html = page(client, "search", q=agency.organisation.name)
    assert shop_link in html and html.index(shop_link) < html.index(f'id="offer-{offered.pk}"')
    assert "机构店铺" not in page(client, "search", q="报告表")
    assert "机构店铺" not in page(client, "search", q=agency.organisation.name, grade="NR"), "narrowed to services"
    assert "机构店铺" not in page(client, "search", q=agency.organisation.name[0])
    other = factories.make_agency("exited")
    assert "机构店铺" not in page(client, "search", q=other.organisation.name)


def test_many_shops_of_a_name_are_counted_and_listed_in_the_directory(client):
    for n in range(4):
        factories.make_agency(name=f"衡准测绘{n}有限公司")
    html = page(client, "search", q="衡准 测绘")
    assert html.count('class="shop-mark') >= 2 and "名称相符的机构共 4 家" in html
    assert page(client, "directory", q="衡准 测绘").count("衡准测绘") >= 4


def test_the_search_field_says_what_is_searched(client):
    assert "搜索服务或机构" in page(client, "search")


def test_nothing_is_found_before_the_news_is_delivered(client):
    listing = factories.make_listing(title="环境影响报告表编制")
    assert reverse("market:listing", args=[listing.pk]) not in page(client, "search", q="报告表")


def test_a_withdrawn_listing_leaves_search_but_keeps_a_page_that_says_so(client, offered, deliver):
    shop.listing_withdraw(listing=offered, actor=None)
    deliver()
    assert reverse("market:listing", args=[offered.pk]) not in page(client, "search")
    html = page(client, "listing", offered.pk)
    assert "已下架" in html


def test_a_paused_listing_is_shown_as_not_taking_orders(client, offered, deliver):
    shop.listing_pause(listing=offered, actor=None)
    deliver()
    assert "暂停接单" in page(client, "search")
    assert reverse("market:listing", args=[offered.pk]) not in page(client, "search", taking="1")


def test_an_expired_certificate_hides_at_once(client, deliver):
    kind = factories.make_certificate_type()
    item = factories.make_item(certificate_rule={"all_of": [{"type": kind.code, "level": None}]})
    agency = factories.make_agency()
    last = clock.today() + timedelta(days=3)
    factories.make_qualification(agency, kind, expires_on=last)
    listing = factories.make_listing(agency, item)
    deliver()
    address = reverse("market:listing", args=[listing.pk])
    assert address in page(client, "search")
    with clock.at(clock.now() + timedelta(days=3)):
        assert address in page(client, "search")
    with clock.at(clock.now() + timedelta(days=4)):
        assert address not in page(client, "search")


def test_a_suspended_agency_drops_out(client, offered, deliver):
    from agencies.services import directory

    directory.agency_suspend(agency=offered.agency, reason="测试", actor=None)
    deliver()
    assert reverse("market:listing", args=[offered.pk]) not in page(client, "search")
    html = page(client, "storefront", offered.agency_id)
    assert "该机构已被暂停" in html
    assert "已暂停" in page(client, "directory")


def test_facets_narrow_and_can_be_taken_back(client, offered, deliver):
    category = factories.make_category("survey", name_zh="工程测绘", name_en="Surveying")
    other = factories.make_listing(factories.make_agency(category=category), title="地形图测绘")
    deliver()
    html = page(client, "search", category="survey")
    assert reverse("market:listing", args=[other.pk]) in html
    assert reverse("market:listing", args=[offered.pk]) not in html
    assert "清除全部筛选" in html
    assert "环境影响评价" in html, "the other category is still offered with its count"


def test_bands_of_prices_are_offered_only_for_one_unit(client, offered, deliver):
    cheap = factories.make_listing(title="小项目环评", unit_price_fen=200_000)
    deliver()
    assert "1 千–5 千元" in page(client, "search")
    item = factories.make_item(fee_unit="m2")
    factories.make_listing(cheap.agency, item, title="面积测绘", unit="m2", unit_price_fen=100)
    deliver()
    mixed = page(client, "search")
    assert "1 千–5 千元" not in mixed and "计价单位" in mixed
    assert "1 千–5 千元" in page(client, "search", unit="report")
    assert "1 千–5 千元" in page(client, "search", price="p2"), "a choice can be taken back"


def test_category_item_and_their_listings(client, offered):
    item = offered.item
    assert reverse("market:category", args=[item.category.code]) in page(client, "categories")
    html = page(client, "category", item.category.code)
    assert reverse("market:item", args=[item.code]) in html
    assert reverse("market:listing", args=[offered.pk]) in html
    html = page(client, "item", item.code)
    assert "无需资质" in html
    assert reverse("market:listing", args=[offered.pk]) in html


def test_listing_and_storefront_show_what_a_buyer_weighs(client, offered):
    html = text_of(page(client, "listing", offered.pk))
    for words in ("¥15,000.00", "/份", "15 个工作日", "税费", "样本不足", offered.agency.organisation.name):
        assert words in html
    html = text_of(page(client, "storefront", offered.agency_id))
    for words in (offered.agency.organisation.uscc, "资质证书", "从业人员", "还没有公开的评价"):
        assert words in html
    assert client.get(reverse("market:storefront_qr", args=[offered.agency_id]))["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("name", ["listing", "storefront"])
def test_what_is_not_public_does_not_exist(client, name, offered):
    page(client, name, 999_999, expect=404)


def test_an_agency_under_review_has_no_storefront(client):
    page(client, "storefront", factories.make_agency("submitted").pk, expect=404)


def test_older_versions_are_read_only_by_those_concerned(client, offered, deliver):
    from agencies.services import reviews

    draft = shop.listing_draft(listing=offered, actor=None, title="新标题", unit_price_fen=1_600_000)
    page(client, "listing_version", offered.pk, draft.number, expect=404)
    reviews.review_approve(review=shop.listing_submit(version=draft, actor=None), actor=None)
    page(client, "listing_version", offered.pk, 2)
    page(client, "listing_version", offered.pk, 1, expect=404)
    client.force_login(factories.owner_of(offered.agency.organisation))
    assert "这是较早的版本" in page(client, "listing_version", offered.pk, 1)
    client.force_login(factories.make_staff("inspector"))
    page(client, "listing_version", offered.pk, 1)
    client.force_login(factories.make_person())
    page(client, "listing_version", offered.pk, 1, expect=404)


def test_directory_narrows_by_name_letter_category_and_district(client):
    agency = factories.make_agency(name="澄湖青禾环境科技有限公司")
    other = factories.make_agency(
        category=factories.make_category("survey", name_zh="工程测绘"),
        name="安吉衡准测绘有限公司",
        region=factories.make_region("330523", "安吉县"),
    )
    mine, theirs = (reverse("market:storefront", args=[a.pk]) for a in (agency, other))
    for query, shown in (
        ({}, {mine, theirs}),
        ({"q": "青禾"}, {mine}),
        ({"q": agency.organisation.uscc.lower()}, {mine}),
        ({"letter": "A"}, {theirs}),
        ({"category": "survey"}, {theirs}),
        ({"district": "330500"}, {theirs}),
        ({"status": "suspended"}, set()),
        ({"q": "\x00%_"}, set()),
        ({"district": "nowhere"}, set()),
    ):
        html = page(client, "directory", **query)
        assert {address for address in (mine, theirs) if address in html} == shown, query


def test_the_directory_goes_by_pinyin_under_its_letters(client):
    names = [
        "上海甲环境有限公司",
        "江苏甲环境有限公司",
        "重庆甲环境有限公司",
        "嘉宁甲环境有限公司",
        "安徽甲环境有限公司",
    ]
    agencies = {factories.make_agency(name=name).pk: name for name in names}
    cache.clear()
    in_order = ["安徽", "重庆", "嘉宁", "江苏", "上海"]
    assert [agencies[pk][:2] for pk in entries()] == in_order
    assert {letter: len(ids) for letter, ids in letters().items()} == {"A": 1, "C": 1, "J": 2, "S": 1}
    html = page(client, "directory")
    assert sorted(in_order, key=html.index) == in_order
    assert "嘉宁甲" in page(client, "directory", letter="J") and "上海甲" not in page(client, "directory", letter="J")


def test_figures_and_their_definitions(client, offered):
    html = text_of(page(client, "figures"))
    assert "入驻机构 1 家" in html
    from market.selectors.headline import DEFINITIONS

    for code, definition in DEFINITIONS.items():
        shown = page(client, "figure", code)
        assert str(definition.text) in shown
        assert ("截至今天" in shown, "开市以来" in text_of(shown).split("怎样计算")[0]) == (
            code == "agencies",
            code != "agencies",
        )
    page(client, "figure", "nothing", expect=404)


def test_the_order_of_results_is_published(client):
    html = text_of(page(client, "order_of_results"))
    for words in (
        "60%",
        "30%",
        "10%",
        "600 分",
        "10 单按期率 85%",
        "180 天",
        "每 5 个位置",
        "连续出现 2 项以后",
        "事项名称中相符的词语多的在前",
    ):
        assert words in html, words


@pytest.mark.parametrize(
    "name", ["search", "categories", "directory", "figures", "compare", "basket", "order_of_results"]
)
def test_pages_speak_english(client, offered, name):
    html = client.get("/en" + reverse(f"market:{name}")).content.decode()
    main = re.search(r"<main.*?</main>", html, re.S).group()
    # Names in the rows stay Chinese, and other rooms look after their own texts: none of ours may be left.
    for words in (offered.version.title, offered.agency.organisation.name, offered.agency.organisation.region.name):
        main = main.replace(words, "")
    assert {text for text in own_texts() if text in text_of(main)} == set()


def own_texts():
    """Chinese texts of the market that are more than one character and hold no placeholder."""
    with (Path(market.__file__).parent / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        texts = [m.id if isinstance(m.id, str) else m.id[0] for m in read_po(file) if m.id]
    return {text for text in texts if "%(" not in text and len(re.findall(r"[一-鿿]", text)) > 1}


NASTY = ["\x00", "环" * 5000, "\u202e<script>", "' OR 1=1 --", "𠮷", "\ufdfa" * 50, "%", "٣"]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("name", ["search", "directory"])
def test_no_query_breaks_a_page(client, offered, name, text):
    keys = ("q", "category", "district", "grade", "price", "page", "sort", "status", "letter", "valid_until")
    for key in keys:
        response = client.get(reverse(f"market:{name}"), {key: text})
        assert response.status_code == 200
        assert b"<script>\n" not in response.content and "<script>" not in text_of(response.content.decode())
    assert client.get(reverse(f"market:{name}"), dict.fromkeys(keys, text)).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "999999999999999999999", "1e9", "²"])
def test_no_page_number_breaks_a_page(client, offered, number):
    for name in ("search", "directory"):
        assert client.get(reverse(f"market:{name}"), {"page": number}).status_code == 200
