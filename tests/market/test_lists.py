"""Compare, the project list and favourites: what a visitor carries along."""

import csv
import io
import re
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils.translation import override

from agencies.services import shop
from kernel.errors import DomainError
from market.models import Favourite, LockedComparison
from market.selectors.comparison import comparison
from market.selectors.offers import Standing, offers_by_id
from market.services.compare import comparison_lock
from tests import factories

pytestmark = pytest.mark.django_db


def address(listing):
    return reverse("market:listing", args=[listing.pk])


def change(client, name, listing, action, **more):
    data = {"listing": getattr(listing, "pk", listing), "action": action, **more}
    return client.post(reverse(f"market:{name}_change"), data)


def shown(client, name):
    return client.get(reverse(f"market:{name}")).content.decode()


@pytest.fixture
def three():
    agency = factories.make_agency()
    return [
        factories.make_listing(agency, title="甲方案", unit_price_fen=1_500_000, days=15),
        factories.make_listing(title="乙方案", unit_price_fen=1_200_000, days=20),
        factories.make_listing(title="丙方案", unit_price_fen=1_800_000, days=20),
    ]


# --- compare ---------------------------------------------------------------------------------------------------------
def test_best_values_are_marked_with_a_word(client, three):
    for listing in three:
        change(client, "compare", listing, "add")
    html = shown(client, "compare")
    assert all(address(listing) in html for listing in three)
    rows = {row.label: row for row in _rows(client)}
    assert rows["单价"].best == [1]
    assert rows["承诺时限"].best == [0]
    assert rows["信用等级"].best == []
    assert html.count("最优</span>") == 2


def _rows(client):
    return comparison(offers_by_id(client.session["compare"])).rows


def test_prices_by_different_units_are_not_compared(client, three):
    item = factories.make_item(fee_unit="m2")
    by_area = factories.make_listing(three[0].agency, item, title="丁方案", unit="m2", unit_price_fen=100)
    for listing in (three[0], by_area):
        change(client, "compare", listing, "add")
    assert {row.label: row for row in _rows(client)}["单价"].best == []


def _judged(spans=(), records=()):
    """The best columns of score and rate for standings (low, high) and (permille, closed)."""
    known = [
        *(Standing(grade="AA", score=(low + high) // 2, low=low, high=high) for low, high in spans),
        *(Standing(on_time_permille=rate, closed=closed) for rate, closed in records),
    ]
    listing = factories.make_listing()
    (offer,) = offers_by_id([listing.pk])
    rows = {row.label: row for row in comparison([replace(offer, standing=standing) for standing in known]).rows}
    assert rows["信用等级"].best == rows["已办结订单"].best == []
    return rows["信用分（区间）"].best, rows["按期办结率"]


def test_a_score_is_best_only_when_nobody_elses_interval_reaches_into_it():
    assert _judged([(800, 900), (700, 801)])[0] == []
    assert _judged([(800, 900), (700, 799)])[0] == [0]
    assert _judged([(800, 900), (800, 900), (500, 600)])[0] == [], "the same score overlaps itself"
    assert _judged([(500, 600), (801, 801), (700, 800)])[0] == [1]
    assert _judged([(800, 900), (800, 900)])[0] == []
    assert _judged([(800, 900)], [(None, 0)])[0] == [], "nothing is known of the other"


def test_one_order_on_time_is_not_the_best_rate():
    row = _judged(records=[(1000, 1), (950, 20), (900, 20)])[1]
    assert row.best == [1]
    assert row.values[0] == "100%（1 单）"
    assert _judged(records=[(1000, 1), (950, 20)])[1].best == []
    assert _judged(records=[(1000, 3), (950, 20), (1000, 9)])[1].best == [0, 2]


def test_five_at_most_and_the_sixth_gets_a_sentence(client):
    agency = factories.make_agency()
    listings = [factories.make_listing(agency) for _ in range(6)]
    for listing in listings:
        response = change(client, "compare", listing, "add")
        assert response.status_code == 302
    assert client.session["compare"] == [listing.pk for listing in listings[:5]]
    assert "最多同时选择 5 项" in shown(client, "compare")


def test_adding_twice_removing_twice_and_clearing(client, three):
    for _ in range(2):
        change(client, "compare", three[0], "add")
    assert client.session["compare"] == [three[0].pk]
    for _ in range(2):
        change(client, "compare", three[0], "remove")
    assert client.session["compare"] == []
    change(client, "compare", three[1], "add")
    client.post(reverse("market:compare_change"), {"action": "clear"})
    assert "对比清单是空的" in shown(client, "compare")


@pytest.mark.parametrize("name", ["compare", "basket"])
@pytest.mark.parametrize("listing", ["", "abc", "-1", "9" * 40, "²", "\x00"])
def test_a_list_takes_only_what_is_public(client, name, listing):
    assert change(client, name, listing, "add").status_code == 302
    assert not client.session.get({"basket": "project_list"}.get(name, name))


def test_a_hidden_listing_drops_out_of_a_comparison(client, three):
    for listing in three[:2]:
        change(client, "compare", listing, "add")
    shop.listing_withdraw(listing=three[0], actor=None)
    html = shown(client, "compare")
    assert address(three[0]) not in html and address(three[1]) in html


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_back_leads_only_to_our_own_pages(client, three, wanted):
    assert change(client, "compare", three[0], "add", next=wanted).url == reverse("market:compare")
    assert change(client, "compare", three[0], "remove", next="/search/?q=x").url == "/search/?q=x"


def test_the_export_holds_the_rows_and_no_formulas(client, three):
    bad = factories.make_listing(title='=HYPERLINK("http://evil")')
    for listing in (three[0], bad):
        change(client, "compare", listing, "add")
    response = client.get(reverse("market:compare_export"))
    assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["比较项目", "甲方案", '\'=HYPERLINK("http://evil")']
    assert ["单价", "¥15,000.00/份", "¥12,000.00/份"] in rows


def test_a_locked_comparison_keeps_what_was_known(client, three):
    party = factories.make_organisation()
    buyer = factories.owner_of(party)
    client.force_login(buyer)
    for listing in three[:2]:
        change(client, "compare", listing, "add")
    place = client.post(reverse("market:compare_lock")).url
    row = LockedComparison.objects.get()
    assert row.organisation == party and len(row.sha256) == 64
    shop.listing_withdraw(listing=three[0], actor=None)
    html = client.get(place).content.decode()
    assert "甲方案" in html and row.sha256 in html
    client.force_login(factories.make_member(party))
    assert client.get(place).status_code == 200
    client.force_login(factories.make_person())
    assert client.get(place).status_code == 404


def test_a_person_without_an_organisation_may_lock_a_comparison(client, three):
    client.force_login(factories.make_person())
    for listing in three[:2]:
        change(client, "compare", listing, "add")
    assert client.post(reverse("market:compare_lock")).status_code == 302
    assert LockedComparison.objects.get().organisation is None


def test_a_locked_comparison_is_said_in_the_readers_language(client, three):
    buyer = factories.make_person()
    client.force_login(buyer)
    with override("en"):
        row = comparison_lock(listing_ids=[listing.pk for listing in three[:2]], organisation=None, actor=buyer)
    chinese = reverse("market:compare_locked", args=[row.number])
    with override("en"):
        english = reverse("market:compare_locked", args=[row.number])
    html = client.get(chinese).content.decode()
    assert "承诺时限" in html and "15 个工作日" in html and "正在接单" in html and "Taking orders" not in html
    html = client.get(english).content.decode()
    assert "Promised time" in html and "15 working days" in html and "Taking orders" in html
    table = html[html.index("<tbody>") : html.index("</tbody>")]
    assert "工作日" not in table and "单价" not in table
    shop.listing_withdraw(listing=three[0], actor=None)
    assert "Taking orders" in client.get(english).content.decode()


def test_a_comparison_frozen_in_one_language_still_opens(client, three):
    buyer = factories.make_person()
    client.force_login(buyer)
    row = comparison_lock(listing_ids=[listing.pk for listing in three[:2]], organisation=None, actor=buyer)
    old = {**row.content, "rows": [{**line} for line in row.content["said"]["zh-hans"]]}
    old.pop("said")
    for part in (*old["rows"], *old["offers"]):
        part.pop("written", None), part.pop("item", None)
    kept = LockedComparison.objects.create(
        number="BJ-OLD", content=old, sha256="0" * 64, locked_at=row.locked_at, locked_by=buyer
    )
    with override("en"):
        html = client.get(reverse("market:compare_locked", args=[kept.number])).content.decode()
    assert '<th scope="row"><span lang="zh-Hans">承诺时限</span></th>' in html


def test_one_offer_is_no_comparison(three):
    with pytest.raises(DomainError) as refused:
        comparison_lock(listing_ids=[three[0].pk], organisation=None, actor=factories.make_person())
    assert refused.value.code == "compare.too_few"


def test_nobody_locks_in_the_name_of_others(three):
    with pytest.raises(DomainError) as refused:
        comparison_lock(
            listing_ids=[row.pk for row in three],
            organisation=factories.make_organisation(),
            actor=factories.make_person(),
        )
    assert refused.value.code == "access.member"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_visitor_signs_in_and_is_back_at_the_comparison(client, three, prefix):
    for listing in three[:2]:
        change(client, "compare", listing, "add")
    html = client.get(f"{prefix}/compare/").content.decode()
    main = html[html.index("<main") :]
    (where,) = re.findall(r'href="([^"]*/accounts/login/[^"]*)"', main)
    assert reverse("market:compare_lock") not in main
    person = factories.make_person()
    person.set_password("correct-horse-7")
    person.save()
    answer = client.post(where, {"login": person.mobile, "password": "correct-horse-7"})
    assert answer.status_code == 302 and answer.url == f"{prefix}/compare/"
    html = client.get(answer.url).content.decode()
    assert f'action="{prefix}/compare/lock/"' in html and all(address(row) in html for row in three[:2])


def test_locking_needs_a_person(client, three):
    for listing in three[:2]:
        change(client, "compare", listing, "add")
    assert client.post(reverse("market:compare_lock")).status_code == 302
    assert not LockedComparison.objects.exists()


# --- project list ----------------------------------------------------------------------------------------------------
def test_several_services_of_several_agencies_in_one_list(client, three):
    for listing in three:
        change(client, "basket", listing, "add")
    html = shown(client, "basket")
    assert all(address(listing) in html for listing in three)
    facts = re.sub(r"<[^>]+>", " ", html)
    assert re.search(r"同时办\s+最长 20 个工作日", facts) and re.search(r"逐项办\s+合计 55 个工作日", facts)
    assert "选了不止一项" not in html
    same = factories.make_listing(item=three[0].item)
    change(client, "basket", same, "add")
    assert f"“{same.item.name_zh}”选了不止一项" in shown(client, "basket")
    change(client, "basket", same, "remove")
    shop.listing_pause(listing=three[1], actor=None)
    html = shown(client, "basket")
    assert "暂不接单" in html
    assert re.search(r"逐项办\s+合计 35 个工作日", re.sub(r"<[^>]+>", " ", html))


# --- favourites ------------------------------------------------------------------------------------------------------
def test_favourites_are_private_and_survive_being_pressed_twice(client, three):
    client.force_login(factories.make_person())
    for _ in range(2):
        change(client, "favourite", three[0], "add")
    assert address(three[0]) in shown(client, "favourites")
    assert Favourite.objects.count() == 1
    client.force_login(factories.make_person())
    assert address(three[0]) not in shown(client, "favourites")


def test_a_favourite_that_is_gone_is_counted_and_can_be_unmarked(client, three):
    client.force_login(factories.make_person())
    change(client, "favourite", three[0], "add")
    shop.listing_withdraw(listing=three[0], actor=None)
    html = shown(client, "favourites")
    assert address(three[0]) not in html and "另有 1 项收藏" in html
    assert change(client, "favourite", three[0], "remove").status_code == 302
    assert not Favourite.objects.exists()
    assert change(client, "favourite", three[0], "add").status_code == 404


def test_favourites_need_a_person(client, three):
    assert "/accounts/" in change(client, "favourite", three[0], "add").url
    assert "/accounts/" in client.get(reverse("market:favourites")).url


@pytest.mark.parametrize("name", ["compare", "basket", "favourite"])
def test_lists_change_only_by_post_with_a_token(client, three, name):
    assert client.get(reverse(f"market:{name}_change")).status_code == 405
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse(f"market:{name}_change"), {"listing": three[0].pk, "action": "add"}).status_code == 403
