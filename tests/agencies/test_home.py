"""The first page of the back room, the officer's checklist, the way from case to case, bands that grow."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agencies import menu
from agencies.forms.shop import EMPTY_TIERS, VersionForm
from agencies.models import Listing, Qualification
from agencies.selectors import cases, home, reviews
from agencies.selectors.registration import papers
from agencies.services import papers as papers_of
from agencies.services import shop
from kernel import clock
from tests import factories as make

pytestmark = [pytest.mark.django_db]


def texts(agency):
    return [(todo.state, todo.href) for todo in home.home(agency)["todos"]]


def renew(paper):
    return reverse("agencies:certificate_renew", args=[paper.pk])


def test_an_expired_certificate_comes_before_one_that_ends_soon_and_a_good_one_is_silent():
    agency = make.make_agency()
    make.make_listing(agency)
    today = clock.today()
    soon, over, long = (
        make.make_qualification(
            agency, make.make_certificate_type(f"kind-{n}"), expires_on=today + timedelta(days=days)
        )
        for n, days in enumerate((20, 5, 900))
    )
    with clock.at(clock.now() + timedelta(days=10)):
        found = [pair for pair in texts(agency) if "renew" in pair[1]]
        assert found == [("bad", renew(over)), ("warn", renew(soon))]
        page = home.home(agency)
        assert page["counts"]["papers"] == 3 and page["papers"][0][0] == over
        assert [row.on for row in page["coming"] if row.href == reverse("agencies:certificates")] == [soon.expires_on]
    assert Qualification.objects.filter(pk=long.pk).exists()


def test_a_renewal_that_is_handed_in_is_no_longer_asked_for():
    """First page, page of certificates and work home ask for the same; a rejected renewal is asked for again."""
    agency = make.make_agency()
    kind = make.make_certificate_type("renewed")
    paper = make.make_qualification(agency, kind, expires_on=clock.today() + timedelta(days=20))
    client = Client()
    client.force_login(make.owner_of(agency.organisation))

    def asked():
        page = client.get(reverse("agencies:certificates")).content.decode()
        with clock.at(clock.now() + timedelta(days=21)):
            queues = menu.agency_queues(make.owner_of(agency.organisation), agency.organisation)
        expired = sum(queue.count for queue in queues if str(queue.label) == "已过期的证书")
        return renew(paper) in [href for _state, href in texts(agency)], renew(paper) in page, expired

    assert asked() == (True, True, 1)
    later = clock.today() + timedelta(days=900)
    renewal = make.make_qualification(agency, kind, confirmed=False, expires_on=later, renews=paper)
    assert asked() == (False, False, 0)
    papers_of.qualification_reject(qualification=renewal, reason="扫描件不清晰", actor=None)
    assert asked() == (True, True, 1)
    again = make.make_qualification(agency, kind, expires_on=later, renews=paper)
    assert again.status == "confirmed" and asked() == (False, False, 0)


def test_a_full_listing_and_an_empty_shop_are_said():
    agency = make.make_agency()
    assert reverse("agencies:listing_new") in [href for _state, href in texts(agency)]
    listing = make.make_listing(agency)
    assert texts(agency) == []
    Listing.objects.filter(pk=listing.pk).update(taken=listing.capacity)
    assert texts(agency) == [("todo", reverse("agencies:listing", args=[listing.pk]))]


def test_while_entering_the_page_leads_to_what_is_missing():
    agency = make.make_agency("draft")
    found = home.home(agency)
    assert found["stage"] == 1 and found["todos"]
    assert {todo.href for todo in found["todos"]} <= {
        reverse("agencies:application", args=[step]) for step in ("profile", "commitment", "papers", "submit")
    }


def test_the_checklist_of_an_entry_tells_what_the_file_lacks():
    agency = make.make_agency("submitted")
    review = agency.reviews.get()
    kept = papers(agency)
    with_all = {row["text"]: row["state"] for row in cases.checks(review, kept, [], [])}
    without = {row["text"]: row["state"] for row in cases.checks(review, [], [], [])}
    assert with_all["营业执照"] == "done" and without["营业执照"] == "bad"
    assert with_all["从业人员"] == "warn"  # may follow: no reason to stop


def test_from_case_to_case_in_the_order_they_fall_due():
    waiting = [make.make_agency("submitted").reviews.get() for _ in range(3)]
    order = list(reviews.narrow(reviews.queue(), {}))
    assert {row.pk for row in order} == {row.pk for row in waiting}
    assert reviews.neighbours(order[0]) == (None, order[1].pk)
    assert reviews.neighbours(order[1]) == (order[0].pk, order[2].pk)
    desk = Client()
    desk.force_login(make.make_staff())
    assert desk.get(reverse("agencies:review_next", args=[order[0].pk])).url.endswith(f"/{order[1].pk}/")
    assert desk.get(reverse("agencies:review_previous", args=[order[0].pk])).url == reverse("agencies:review_queue")
    decided = make.make_agency().reviews.filter(kind="entry").get()
    assert reviews.neighbours(decided) == (None, order[0].pk)


def test_bands_grow_by_two_rows_each_time():
    listing = make.make_listing(make.make_agency())
    assert VersionForm(version=listing.version).tiers == EMPTY_TIERS
    bands = [{"up_to": n * 10, "unit_price_fen": 1000 - n} for n in range(1, 4)]
    version = shop.listing_draft(listing=listing, tiers=bands, actor=None)
    form = VersionForm(version=version)
    assert len(form.tier_pairs()) == 3 + EMPTY_TIERS
    sent = {"title": "x", "unit_price_fen": "9", "days": "5", "tier_5_up_to": "50", "tier_5_price": "8"}
    again = VersionForm(sent, version=version)
    assert again.is_valid() and again.terms()["tiers"] == [{"up_to": 50, "unit_price_fen": 800}]
    assert len(again.tier_pairs()) == 5 + EMPTY_TIERS


def test_the_page_names_the_shop_first():
    agency = make.make_agency()
    client = Client()
    client.force_login(make.owner_of(agency.organisation))
    page = client.get(reverse("agencies:home")).content.decode()
    assert agency.organisation.name in page.split("<h1>")[1].split("</h1>")[0]
