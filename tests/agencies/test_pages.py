"""Pages of the back room, the desk and the public notice: the way in by clicking, who may see what, and what it costs."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from agencies import trail
from agencies.models import Agency, Listing, Review
from agencies.services import capacity, objections, papers, registration, reviews, shop
from kernel import clock
from tests import factories as make

pytestmark = [pytest.mark.django_db]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def at(name, *args):
    return reverse(f"agencies:{name}", args=args)


def pdf(name="执照.pdf"):
    return SimpleUploadedFile(name, make.PDF, "application/pdf")


# --- the way in, by clicking -----------------------------------------------------------------------------------------
def test_from_start_to_a_published_listing():
    category = make.make_category()
    item = make.make_item(category=category)
    party = make.make_organisation("agency", "澄湖清源环境科技有限公司")
    agency_side, desk_side = signed_in(make.owner_of(party)), signed_in(make.make_staff())
    assert agency_side.get(at("home")).url == at("start")
    assert agency_side.get(at("start")).status_code == 200
    assert agency_side.post(at("start")).url == at("application", "profile")
    profile = {
        "name": party.name, "contact_name": "周敏", "contact_mobile": "13800000000", "categories": [category.code],
        "service_regions": [party.region.code], "affiliation_declared": "on", "founded_on": "2016-05-20",
    }  # fmt: skip
    assert agency_side.post(at("application", "profile"), profile).url == at("application", "commitment")
    assert agency_side.post(at("application", "commitment"), {"agreed": "on"}).url == at("application", "papers")
    agency_side.post(at("application", "papers"), {"business_licence": pdf()})
    person = {"name": "李工", "identity_number": make.make_identity(), "can_lead": "on", "proof": pdf("社保.pdf")}
    assert agency_side.post(at("person_add"), person).url == at("application", "people")
    page = agency_side.get(at("application", "submit")).content.decode()
    assert "提交入驻申请" in page and "周敏" in page
    assert agency_side.post(at("application", "submit")).url == at("home")

    review = Review.objects.get()
    assert "社保证明" in desk_side.get(at("review", review.pk)).content.decode()
    assert desk_side.post(at("review_publicise", review.pk)).status_code == 302
    assert party.name in Client().get(at("publicity_list")).content.decode()
    with clock.at(make.publicity_end(review) + timedelta(minutes=1)):
        assert "准予入驻" in desk_side.get(at("review", review.pk)).content.decode()
        desk_side.post(at("review_approve", review.pk))
        assert Agency.objects.get().status == "active"

        answer = agency_side.post(at("listing_new"), {"item": item.pk, "capacity": 3})
        listing = Listing.objects.get()
        assert answer.url == at("listing_edit", listing.pk)
        terms = {"title": "环评报告表", "unit_price_fen": "12,000", "days": "15", "includes": ["tax"]}
        assert agency_side.post(at("listing_edit", listing.pk), terms).url == at("listing_preview", listing.pk)
        assert "¥12,000.00" in agency_side.get(at("listing_preview", listing.pk)).content.decode()
        agency_side.post(at("listing_preview", listing.pk))
        review = Review.objects.get(kind="listing")
        page = desk_side.get(at("review_queue")).content.decode()
        assert "环评报告表" in page
        desk_side.post(at("review_return", review.pk), {"codes": ["price"], "text": "请写明监测费"})
        assert "请写明监测费" in agency_side.get(at("listing", listing.pk)).content.decode()
        agency_side.post(at("listing_edit", listing.pk), terms | {"not_included": "补充监测费另计"})
        agency_side.post(at("listing_preview", listing.pk))
        desk_side.post(at("review_approve", Review.objects.filter(kind="listing", status="pending").get().pk))
    assert Listing.objects.get().status == "published"


def test_what_was_typed_comes_back_with_the_error():
    agency = make.make_agency("draft")
    client = signed_in(make.owner_of(agency.organisation))
    page = client.post(
        at("application", "profile"),
        {"name": agency.organisation.name, "contact_mobile": "123", "short_name": "留着我"},
    )
    assert page.status_code == 200
    text = page.content.decode()
    assert "留着我" in text and "11 位手机号" in text


# --- who may see what ------------------------------------------------------------------------------------------------
@pytest.fixture
def house():
    """An agency with everything, and people who are not of it."""
    agency = make.make_agency()
    kind = make.make_certificate_type()
    paper = make.make_qualification(agency, kind, confirmed=False)
    person = make.make_practitioner(agency)
    listing = make.make_listing(agency)
    draft = shop.listing_draft(listing=listing, days=9, actor=None)
    review = shop.listing_submit(version=draft, actor=None)
    return {"agency": agency, "paper": paper, "person": person, "listing": listing, "review": review}


def own_pages(house):
    pk = house["listing"].pk
    names = ("home", "profile", "change", "confirm", "exit", "certificates", "certificate_add", "people", "person_add")
    yield from (at(name) for name in (*names, "storefront", "listings", "listing_new"))
    yield at("certificate_renew", house["paper"].pk)
    yield at("person_end", house["person"].pk)
    yield from (at(name, pk) for name in ("listing", "listing_edit", "listing_preview"))
    yield at("listing_version", pk, 1)


def desk_pages(house):
    yield from (at("review_queue"), at("review", house["review"].pk), at("desk_agency", house["agency"].pk))


def test_ones_own_pages_open(house):
    client = signed_in(make.owner_of(house["agency"].organisation))
    assert {url: client.get(url).status_code for url in own_pages(house)} == dict.fromkeys(own_pages(house), 200)


def test_the_desk_opens_for_staff_and_the_reader(house):
    for role in ("operator", "inspector"):
        client = signed_in(make.make_staff(role))
        assert {url: client.get(url).status_code for url in desk_pages(house)} == dict.fromkeys(desk_pages(house), 200)


def test_foreign_things_do_not_exist(house):
    stranger = signed_in(make.owner_of(make.make_agency().organisation))
    pk = house["listing"].pk
    for url in (
        at("certificate_renew", house["paper"].pk), at("person_end", house["person"].pk), at("listing", pk),
        at("listing_edit", pk), at("listing_preview", pk), at("listing_version", pk, 1), at("listing", 10**30),
    ):  # fmt: skip
        assert stranger.get(url).status_code == 404, url
    for name in ("listing_pause", "listing_withdraw", "listing_capacity", "listing_take_back"):
        assert stranger.post(at(name, pk), {"capacity": 1}).status_code == 404
    buyer = signed_in(make.owner_of(make.make_organisation()))
    for url in (at("home"), at("certificates"), at("listings"), at("start")):
        assert buyer.get(url).status_code == 404


def test_own_but_forbidden_is_said(house):
    member = signed_in(make.make_member(house["agency"].organisation))
    assert member.get(at("exit")).status_code == 403
    for url in desk_pages(house):
        assert member.get(url).status_code == 403
    for name, pk in (("review_approve", house["review"].pk), ("certificate_confirm", house["paper"].pk)):
        assert member.post(at(name, pk)).status_code == 403
    inspector = signed_in(make.make_staff("inspector"))
    for name, pk in (
        ("review_approve", house["review"].pk), ("certificate_confirm", house["paper"].pk),
        ("agency_suspend", house["agency"].pk), ("listing_pause", house["listing"].pk),
    ):  # fmt: skip
        assert inspector.post(at(name, pk), {"reason": "x"}).status_code == 403
    assert inspector.get(at("listing_edit", house["listing"].pk)).status_code == 403
    assert Listing.objects.get(pk=house["listing"].pk).status == "published"


def test_nobody_gets_in_without_signing_in(house):
    for url in (*own_pages(house), *desk_pages(house)):
        answer = Client().get(url)
        assert answer.status_code == 302 and "/accounts/login/" in answer.url


def test_papers_are_read_by_members_and_staff_only(house):
    from agencies.selectors.registration import papers

    url = reverse("file", args=[papers(house["agency"])[0].pk])
    for reader in (make.owner_of(house["agency"].organisation), make.make_staff("inspector")):
        answer = signed_in(reader).get(url)
        assert b"".join(answer.streaming_content) == make.PDF
    assert signed_in(make.owner_of(make.make_agency().organisation)).get(url).status_code == 404
    assert Client().get(url).status_code == 404


# --- the desk's acts -------------------------------------------------------------------------------------------------
def test_certificates_objections_and_measures(house):
    operator, agency = signed_in(make.make_staff()), house["agency"]
    page = operator.post(at("certificate_reject", house["paper"].pk), {"reason": ""})
    assert page.status_code == 409 and "未通过的原因" in page.content.decode()
    operator.post(at("certificate_confirm", house["paper"].pk))
    house["paper"].refresh_from_db()
    assert house["paper"].status == "confirmed"
    page = operator.post(at("review_return", house["review"].pk), {"text": ""})
    assert page.status_code == 200 and "至少写明一条" in page.content.decode()
    operator.post(at("agency_suspend", agency.pk), {"reason": "专项检查"})
    assert Agency.objects.get(pk=agency.pk).status == "suspended"
    operator.post(at("agency_resume", agency.pk), {"reason": "检查结束"})
    assert Agency.objects.get(pk=agency.pk).status == "active"


def test_objections_by_clicking():
    agency, neighbour, operator = make.make_agency("publicity"), make.make_person(), signed_in(make.make_staff())
    review = agency.reviews.get()
    client = signed_in(neighbour)
    assert Client().get(at("publicity", review.pk)).status_code == 404  # the period is over
    with clock.at(make.publicity_end(review) - timedelta(days=1)):
        assert Client().get(at("publicity", review.pk)).status_code == 200
        assert Client().get(at("objection", review.pk)).status_code == 302
        client.post(at("objection", review.pk), {"text": "该机构人员挂证，未实际到岗。", "contact": "13900000000"})
    objection = review.objections.get()
    assert "未实际到岗" in operator.get(at("review", review.pk)).content.decode()
    with clock.at(make.publicity_end(review)):
        assert "13900000000" not in Client().get(at("publicity", review.pk)).content.decode()
    operator.post(at("objection_decide", objection.pk), {"upheld": "no", "answer": "经核实在岗。"})
    objection.refresh_from_db()
    assert objection.status == "dismissed"


def test_a_case_that_is_not_public_is_not_shown():
    review = make.make_agency("submitted").reviews.get()
    assert Client().get(at("publicity", review.pk)).status_code == 404


# --- the queue -------------------------------------------------------------------------------------------------------
def test_the_queue_narrows_sorts_and_exports():
    first, second = make.make_agency("submitted", name="=1+1有限公司"), make.make_agency("publicity")
    review = second.reviews.get()
    with clock.at(make.publicity_end(review)):
        objections.objection_raise(review=review, text="请核实社保情况", contact="1", actor=make.make_person())
    client = signed_in(make.make_staff())

    def names(**query):
        page = client.get(at("review_queue"), query).content.decode()
        return {a.pk for a in (first, second) if a.organisation.name.replace("=", "=") in page}

    assert names() == {first.pk, second.pk}
    assert names(q=second.organisation.name) == {second.pk}
    assert names(status="publicity") == {second.pk}
    assert names(kind="listing") == set()
    assert names(lamp="red") == {first.pk, second.pk}  # entered 40 days ago
    assert names(lamp="green") == set()
    assert names(kind="nonsense", sort="nonsense") == {first.pk, second.pk}
    text = b"".join(client.get(at("review_queue"), {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "'=1+1有限公司" in text and second.organisation.uscc in text
    book = client.get(at("review_queue"), {"export": "xlsx"})
    assert b"".join(book.streaming_content).startswith(b"PK")
    assert client.get(at("review_queue"), {"export": "exe"}).status_code == 404


# --- what pages cost -------------------------------------------------------------------------------------------------
LIMIT = 12
KEPT = ("kernel_clockoffset", "kernel_calendarday")


def cost(client, url, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    # Read at most once in a few seconds a process, whatever the page: the demo clock and the calendar's overrides.
    return len([q for q in queries if not any(table in q["sql"] for table in KEPT)])


def test_pages_do_not_grow(house, django_assert_max_num_queries):
    agency, operator = house["agency"], signed_in(make.make_staff())
    owner = signed_in(make.owner_of(agency.organisation))
    waiting = make.make_agency("publicity")
    pages = {
        at("review_queue"): operator, at("review", house["review"].pk): operator,
        at("review", waiting.reviews.get().pk): operator, at("desk_agency", agency.pk): operator,
        at("home"): owner, at("certificates"): owner, at("people"): owner, at("listings"): owner,
        at("profile"): owner, at("change"): owner, at("listing", house["listing"].pk): owner,
        at("listing_preview", house["listing"].pk): owner, at("publicity_list"): Client(),
    }  # fmt: skip
    before = {url: cost(client, url, django_assert_max_num_queries) for url, client in pages.items()}
    for n in range(4):
        make.make_agency("submitted")
        make.make_agency("publicity")
        kind = make.make_certificate_type(f"kind-{n}")
        make.make_qualification(agency, kind)
        make.make_practitioner(agency)
        make.make_listing(agency, make.make_item(category=agency.categories.first()))
    after = {url: cost(client, url, django_assert_max_num_queries) for url, client in pages.items()}
    assert after == before
    assert {url: n for url, n in after.items() if n > LIMIT} == {}


# --- both languages, every page ------------------------------------------------------------------------------------
def test_english_pages_open(house):
    client = signed_in(make.owner_of(house["agency"].organisation))
    for url in list(own_pages(house)):  # addresses are made before a page has switched the language
        assert client.get(f"/en{url}").status_code == 200, url


def test_the_page_of_leaving_counts_the_orders_and_offers_no_button():
    listing = make.make_listing()
    agency = listing.agency
    client = signed_in(make.owner_of(agency.organisation))
    free = client.get(at("exit")).content.decode()
    assert 'name="reason"' in free and "个订单在办" not in free
    for _ in range(2):
        capacity.listing_take(listing=listing, actor=None)
    busy = client.get(at("exit")).content.decode()
    assert "还有 2 个订单在办，办结后才能退出" in busy and reverse("orders:agency_orders") in busy
    assert 'name="reason"' not in busy
    client.post(at("exit"), {"reason": "迁址"})
    agency.refresh_from_db()
    assert agency.status == "active"


def test_the_file_cannot_be_emptied_of_what_entry_asked_for():
    agency = make.make_agency()
    client = signed_in(make.owner_of(agency.organisation))
    client.post(at("profile"), {"contact_name": "", "contact_mobile": ""})
    client.post(at("change"), {"name": agency.organisation.name, "categories": []})
    before = agency.contact_mobile
    agency.refresh_from_db()
    assert agency.contact_mobile == before != "" and not agency.reviews.filter(kind="change").exists()


# --- a change and its paper ------------------------------------------------------------------------------------------
def test_the_desk_tells_the_paper_of_a_change_from_those_of_before():
    agency, desk_side = make.make_agency(), signed_in(make.make_staff())
    client = signed_in(make.owner_of(agency.organisation))
    asked = {
        "name": agency.organisation.name, "legal_representative": "雷涵",
        "categories": [row.code for row in agency.categories.all()],
    }  # fmt: skip
    page = client.post(at("change"), asked).content.decode()
    assert "要附证明" in page and 'href="#id_proof"' in page and "雷涵" in page
    page = client.post(at("change"), asked | {"proof": SimpleUploadedFile("执照.pdf", b"", "application/pdf")})
    assert page.status_code == 200 and not agency.reviews.filter(kind="change").exists()
    assert client.post(at("change"), asked | {"proof": pdf("换发的执照.pdf")}).url == at("profile")
    review = agency.reviews.get(kind="change")
    brought, kept = desk_side.get(at("review", review.pk)).content.decode().split("机构档案里的材料")
    assert "随本次提交的材料" in brought and "换发的执照.pdf" in brought and "没有随附证明" not in brought
    assert "换发的执照.pdf" not in kept and ".pdf" in kept
    assert "换发的执照.pdf" in client.get(at("profile")).content.decode()


def test_the_desk_is_told_that_a_change_came_without_paper():
    agency, desk_side = make.make_agency(), signed_in(make.make_staff())
    review = reviews.change_request(agency=agency, changes={"introduction": "专做环评"}, actor=None)
    page = desk_side.get(at("review", review.pk)).content.decode()
    assert "本次没有提交证明。" in page and "没有随附证明" not in page
    Review.objects.filter(pk=review.pk).update(
        changes={"legal_representative": ["", "雷涵"]}
    )  # asked for before the rule
    assert "改了法定代表人，没有随附证明" in desk_side.get(at("review", review.pk)).content.decode()


def test_an_entry_that_came_back_shows_what_was_added():
    agency = make.make_agency("returned")
    papers.paper_upload(agency=agency, purpose="other", file=make.io.BytesIO(make.PDF), name="补正.pdf", actor=None)
    review = registration.agency_submit(agency=agency, actor=None)
    page = signed_in(make.make_staff()).get(at("review", review.pk)).content.decode()
    brought, kept = page.split("机构档案里的材料")
    assert "补正.pdf" in brought and "补正.pdf" not in kept and ".pdf" in kept


def test_a_case_without_its_name_is_not_dropped_in_silence():
    agency = make.make_agency()
    client, page = signed_in(make.owner_of(agency.organisation)), at("storefront")
    sent = {"case-TOTAL_FORMS": 2, "case-INITIAL_FORMS": 0, "case-0-client": "某紧固件厂"}
    answer = client.post(page, sent).content.decode()
    assert "请填写项目名称" in answer and 'value="某紧固件厂"' in answer
    assert client.post(page, sent | {"case-0-title": "技改环评"}).status_code == 302
    agency.storefront.refresh_from_db()
    assert [case["client"] for case in agency.storefront.cases] == ["某紧固件厂"]
    cleared = {"case-TOTAL_FORMS": 3, "case-INITIAL_FORMS": 1, "case-0-title": "", "case-0-client": "某紧固件厂"}
    assert client.post(page, cleared).status_code == 302
    agency.storefront.refresh_from_db()
    assert agency.storefront.cases == []


def test_the_record_of_a_service_names_no_stranger_as_if_of_the_agency():
    listing = make.make_listing()
    own = make.make_member(listing.agency.organisation)
    buyer = make.owner_of(make.make_organisation())
    clerk = make.make_staff()
    for person in (own, buyer, clerk, None):
        capacity.listing_take(listing=listing, actor=person)
        capacity.listing_release(listing=listing, actor=person)
    said = [
        (str(row["by"] or ""), str(row["text"]))
        for row in trail.entries(listing.stream, house=listing.agency.organisation)
    ]
    assert said[:8] == [
        ("", "订单结束，空出一个名额"),
        ("", "收到订单，占用一个名额"),
        ("服务中心", "结束订单，空出一个名额"),
        ("服务中心", "下单，占用一个名额"),
        ("项目业主", "结束订单，空出一个名额"),
        ("项目业主", "下单，占用一个名额"),
        (str(own), "结束订单，空出一个名额"),
        (str(own), "下单，占用一个名额"),
    ]
    client = signed_in(make.owner_of(listing.agency.organisation))
    html = client.get(reverse("agencies:listing", args=[listing.pk])).content.decode()
    assert "项目业主" in html and clerk.name not in html and buyer.name not in html
