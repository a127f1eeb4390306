"""Whatever is typed into our forms, the answer is a page: never a 5xx, and what was typed is not lost."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

NASTY = ["\x00", "\u202e反转", "𠀀𪚥", "9" * 400, "1e400", "NaN", "-0", "9999-12-31", "0001-01-01", "=1+1", "字" * 5000]
words = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))


@pytest.fixture
def doors():
    """(client, address, names of the fields) of every form that takes free text."""
    agency, draft = make.make_agency(), make.make_agency("draft")
    listing = make.make_listing(agency)
    review = make.make_agency("submitted").reviews.get()
    owner, applicant, operator, person = Client(), Client(), Client(), Client()
    owner.force_login(make.owner_of(agency.organisation))
    applicant.force_login(make.owner_of(draft.organisation))
    operator.force_login(make.make_staff())
    person.force_login(make.make_person())

    def at(name, *args):
        return reverse(f"agencies:{name}", args=args)

    profile = [
        "name",
        "short_name",
        "legal_representative",
        "founded_on",
        "staff_count",
        "contact_name",
        "contact_mobile",
        "email",
        "address",
        "phone",
        "introduction",
        "categories",
        "service_regions",
        "parent",
        "affiliated_with",
    ]
    terms = [
        "title",
        "summary",
        "unit_price_fen",
        "min_fee_fen",
        "days",
        "copies",
        "includes",
        "not_included",
        "tier_1_up_to",
        "tier_1_price",
    ]
    return [
        (applicant, at("application", "profile"), profile),
        (owner, at("profile"), profile),
        (owner, at("change"), profile),
        (owner, at("certificate_add"), ["type", "level", "number", "scope", "issuer", "issued_on", "expires_on"]),
        (
            owner,
            at("person_add"),
            ["name", "identity_number", "title", "registration_number", "social_insurance_since"],
        ),
        (owner, at("listing_new"), ["item", "capacity"]),
        (owner, at("listing_edit", listing.pk), terms),
        (owner, at("listing_capacity", listing.pk), ["capacity"]),
        (owner, at("storefront_pause"), ["act", "note"]),
        (operator, at("review_return", review.pk), ["codes", "text"]),
        (operator, at("agency_suspend", draft.pk), ["reason"]),
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_form_answers(doors, data):
    client, address, names = data.draw(st.sampled_from(doors))
    answers = {name: data.draw(words) for name in names}
    response = client.post(address, answers)
    assert response.status_code in (200, 302, 403, 409), (address, answers)


@pytest.mark.parametrize("word", NASTY)
def test_the_queue_answers(doors, word):
    operator = doors[-1][0]
    query = dict.fromkeys(("q", "kind", "status", "lamp", "sort", "page"), word)
    assert operator.get(reverse("agencies:review_queue"), query).status_code == 200


def test_what_was_typed_is_still_there(doors):
    client, address, _names = doors[6]
    page = client.post(
        address, {"title": "我的标题", "unit_price_fen": "一万二", "days": "15", "summary": "写了很久的说明"}
    )
    text = page.content.decode()
    assert page.status_code == 200 and "我的标题" in text and "写了很久的说明" in text and "一万二" in text
