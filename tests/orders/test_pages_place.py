"""The order form: signing in half way, refusals that keep everything, the counter, odd input."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import unsent
from kernel.models import Organisation
from orders.models import Order, Project
from tests import factories
from tests.orders.test_pages_walk import form_of
from tests.orders.walk import client_of, errors, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing(rulebook):
    return factories.make_listing()


MAX_FIELDS = 6


def test_a_signed_in_buyer_must_fill_in_few_fields(listing):
    """Counted on the page itself: what a browser would not let pass empty, and is not filled in already."""
    client = client_of(factories.owner_of(factories.make_organisation()))
    page = client.get(f"/orders/new/{listing.pk}/").content.decode()
    required = re.findall(r"<(?:input|select|textarea)[^>]* required[^>]*>", page)
    names = [re.search(r'name="(\w+)"', tag)[1] for tag in required]
    assert sorted(names) == ["name", "not_secret", "quantity"] and len(names) <= MAX_FIELDS


def test_only_the_required_fields_place_an_order(listing):
    """Place, funds and invoice are the buyer's usual ones when nothing else is said."""
    buyer = factories.make_organisation()
    client = client_of(factories.owner_of(buyer))
    sent = {"name": "沿河截污管网工程", "quantity": "1", "not_secret": "on", "version": listing.version_id}
    done = client.post(f"/orders/new/{listing.pk}/", {**sent, "idempotency_token": "few"})
    assert done.status_code == 302, errors(done)
    order = Order.objects.get()
    assert (order.project.region, order.project.fund) == (buyer.region, "private")
    assert (order.invoice_title, order.invoice_tax_number) == (buyer.name, buyer.uscc)
    for left_out in ("name", "quantity", "not_secret"):
        rest = {name: value for name, value in sent.items() if name != left_out}
        assert client.post(f"/orders/new/{listing.pk}/", {**rest, "idempotency_token": left_out}).status_code == 200
    assert Order.objects.count() == 1


def test_signing_in_half_way_loses_nothing(listing):
    client, url = client_of(None), f"/orders/new/{listing.pk}/"
    away = client.post(url, form_of(listing, name="沿河截污管网工程", note="周四踏勘"))
    assert away.status_code == 302 and "/accounts/login/" in away.url and "next=" in away.url
    buyer = factories.make_organisation()
    client.force_login(factories.owner_of(buyer), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(url).content.decode()
    assert "沿河截污管网工程" in page and "周四踏勘" in page


def test_an_order_sent_after_the_session_had_ended_waits_once_and_for_its_writer(listing):
    buyer, url = factories.make_organisation(), f"/orders/new/{listing.pk}/"
    owner = factories.owner_of(buyer)
    client = client_of(owner)
    key = re.search('name="draft_key" value="([^"]+)"', client.get(url).content.decode())[1]
    client.logout()
    client.post(url, form_of(listing, name="沿河截污管网工程", note="周四踏勘") | {"draft_key": key})
    assert [name for name, value in client.session.items() if "周四踏勘" in str(value)] == [unsent.PLACE]
    client.force_login(owner)
    assert "周四踏勘" in client.get(url).content.decode()
    assert unsent.PLACE not in client.session
    client.logout()
    client.post(url, form_of(listing, name="沿河截污管网工程", note="周五踏勘") | {"draft_key": key})
    client.force_login(factories.owner_of(factories.make_organisation()))
    assert "周五踏勘" not in client.get(url).content.decode()


def test_a_person_without_an_organisation_registers_one_and_comes_back(listing):
    client, url = client_of(factories.make_person()), f"/orders/new/{listing.pk}/"
    away = client.post(url, form_of(listing, name="沿河截污管网工程"))
    assert away.status_code == 302 and "/parties/new/" in away.url
    code, region = factories.make_uscc(), factories.make_region()
    back = client.post(
        f"/parties/new/?next={url}",
        {"kind": "enterprise", "name": "澄湖水务有限公司", "uscc": code, "region": region.pk},
    )
    assert back.status_code == 302 and back.url == url
    assert "沿河截污管网工程" in client.get(url).content.decode()


def test_a_refusal_keeps_what_was_typed_and_makes_no_project(listing, settings):
    settings.PUBLIC_DIRECT_LIMIT_FEN = 100
    client = client_of(factories.owner_of(factories.make_organisation("public_body")))
    response = client.post(f"/orders/new/{listing.pk}/", form_of(listing, fund="public", note="周四踏勘"))
    page = response.content.decode()
    assert response.status_code == 200 and "选取公告" in page and "周四踏勘" in page
    assert not Order.objects.exists() and not Project.objects.exists()


def test_sending_the_form_twice_makes_one_order(listing):
    client = client_of(factories.owner_of(factories.make_organisation()))
    first = client.post(f"/orders/new/{listing.pk}/", form_of(listing))
    again = client.post(f"/orders/new/{listing.pk}/", form_of(listing))
    assert first.url == again.url and Order.objects.count() == 1


def test_the_fee_is_computed_without_scripts_and_as_a_fragment(listing):
    client = client_of(factories.owner_of(factories.make_organisation()))
    page = client.post(f"/orders/new/{listing.pk}/", form_of(listing, quantity="3", preview="1")).content.decode()
    assert "¥36,000.00" in page and "叁万陆仟元整" in page and not Order.objects.exists()
    assert "¥24,000.00" in client.get(f"/orders/new/{listing.pk}/fee/?quantity=2").content.decode()
    assert client.get(f"/orders/new/{listing.pk}/fee/?quantity=abc").status_code == 200


@pytest.mark.parametrize(("minimum", "said"), [(2_400_000, False), (2_400_001, True), (0, False)])
def test_the_minimum_is_named_only_where_it_raises_the_fee(minimum, said, rulebook):
    """12,000 yuan each: two cost exactly the minimum, a fen less than it, or there is none."""
    listing = factories.make_listing(min_fee_fen=minimum)
    page = client_of(None).get(f"/orders/new/{listing.pk}/fee/?quantity=2").content.decode()
    assert ("不足最低收费" in page) == said and "¥24,000.0" in page


def test_repeating_an_order_starts_from_it(listing):
    buyer = factories.make_organisation()
    client = client_of(factories.owner_of(buyer))
    client.post(f"/orders/new/{listing.pk}/", form_of(listing, quantity="2", note="照旧"))
    again = client.get(f"/orders/{Order.objects.get().number}/repeat/", follow=True).content.decode()
    assert "照旧" in again and 'value="2"' in again


def test_the_counter_registers_an_enterprise_and_orders_for_it(listing):
    operator = client_of(factories.make_staff("operator"))
    code, region = factories.make_uscc(), factories.make_region()
    assert "没有找到" in operator.get("/desk/counter/?q=新湖食品").content.decode()
    made = operator.post(
        "/desk/counter/register/", {"kind": "enterprise", "name": "新湖食品有限公司", "uscc": code, "region": region.pk}
    )
    assert made.status_code == 302, errors(made)
    buyer = Organisation.objects.get(uscc=code)
    found = operator.get(f"/desk/counter/?q={code[:12]}").content.decode()
    assert "新湖食品有限公司" in found and "找到 1 家" in found and "只显示前" not in found
    for _more in range(21):
        factories.make_organisation()
    every = Organisation.objects.filter(kind="enterprise", uscc__startswith="9").count()
    assert f"找到 {every} 家，只显示前 20 家" in operator.get("/desk/counter/?q=9").content.decode()
    assert listing.version.title in operator.get(f"{made.url}?item={listing.item.name_zh}").content.decode()
    url = f"{made.url}{listing.pk}/"
    refused = operator.post(url, form_of(listing))
    assert refused.status_code == 200 and "error-summary" in refused.content.decode()
    done = operator.post(url, {**form_of(listing), "authorisation": pdf("授权书.pdf")})
    assert done.status_code == 302, errors(done)
    order = Order.objects.get()
    assert (order.channel, order.buyer, order.authorisation.subject) == ("counter", buyer, order.stream)
    assert "窗口代办" in operator.get(done.url).content.decode()


@pytest.fixture
def typist(listing):
    return listing, client_of(factories.owner_of(factories.make_organisation()))


TEXT = st.text(max_size=60) | st.sampled_from(["\0", "\u202e反", "𠀀", "9" * 400, "-1", "1e999", "NaN", "x" * 200_000])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=TEXT, quantity=TEXT, region=TEXT, version=TEXT, project=TEXT)
def test_whatever_is_typed_the_form_answers(typist, name, quantity, region, version, project):
    listing, client = typist
    data = form_of(listing, name=name, quantity=quantity, region=region, version=version, project=project)
    data.pop("idempotency_token")
    assert client.post(f"/orders/new/{listing.pk}/", data).status_code < 500
    assert client.get("/orders/", {"q": name, "lamp": quantity, "category": region, "page": version}).status_code == 200


def test_what_a_guest_left_empty_comes_from_the_registration(listing):
    client, url = client_of(None), f"/orders/new/{listing.pk}/"
    blank = form_of(listing, invoice_title="", invoice_tax_number="", region="")
    assert "/accounts/login/" in client.post(url, blank).url
    buyer = factories.make_organisation()
    client.force_login(factories.owner_of(buyer), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(url).content.decode()
    assert re.search(
        rf'name="invoice_title"[^>]*value="{buyer.name}"|value="{buyer.name}"[^>]*name="invoice_title"', page
    )
    assert re.search(rf'value="{buyer.uscc}"', page)
    assert re.search(rf'<option value="{buyer.region_id}" selected', page)


def test_a_guest_hears_what_is_wrong_before_signing_in(listing):
    page = client_of(None).post(f"/orders/new/{listing.pk}/", form_of(listing, quantity="零", name=""))
    assert page.status_code == 200 and "大于零" in errors(page)


def test_what_is_wrong_is_listed_in_the_order_of_the_page(listing):
    client = client_of(factories.owner_of(factories.make_organisation()))
    sent = {"quantity": "x", "version": listing.version_id, "idempotency_token": "wrong"}
    page = client.post(f"/orders/new/{listing.pk}/", sent).content.decode()
    summary = page.partition('class="error-summary"')[2].partition("</ul>")[0]
    places = [summary.index(f'href="#id_{name}"') for name in ("name", "quantity", "not_secret")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("typed", "words"), [("99999999999", "数量太大"), ("1e3", "大于零"), ("-1", "大于零"), ("1.5", "整数")]
)
def test_a_quantity_that_cannot_be_says_why(typed, words):
    from django.core.exceptions import ValidationError

    from orders.forms.fields import QuantityField

    with pytest.raises(ValidationError) as caught:
        QuantityField(unit="report").clean(typed)
    assert words in str(caught.value)
    assert QuantityField(unit="report").clean("１，２００") == 1_200_000


def test_projects_of_one_name_are_told_apart(listing):
    buyer = factories.make_organisation()
    client = client_of(factories.owner_of(buyer))
    for n, code in enumerate(("2611-330499-04-01-917223", "")):
        sent = form_of(listing, name="沿河截污管网工程", code=code, idempotency_token=f"same-{n}")
        assert client.post(f"/orders/new/{listing.pk}/", sent).status_code == 302
    page = client.get(f"/orders/new/{listing.pk}/").content.decode()
    assert "沿河截污管网工程 · 2611-330499-04-01-917223" in page and re.search(r"沿河截污管网工程 · \d{4}年", page)
