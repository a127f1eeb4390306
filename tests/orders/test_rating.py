"""Ratings: sealed until both are in, grounds for extremes, interested parties barred, one reply, official parts."""

from datetime import timedelta

import pytest

from credit.models import CreditEvent
from kernel import clock
from kernel.errors import Forbidden
from kernel.models import Organisation
from kernel.services import parties
from orders.models import Rating
from orders.rating_scale import AGENCY, BUYER, DIMENSIONS, needs_grounds
from orders.services import rate
from tests import factories
from tests.orders.lives import Life, refused
from tests.orders.walk import act, client_of, did, errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(rulebook):
    return Life().until("approved")


def events(life):
    return CreditEvent.objects.filter(agency=life.agency, code="rating")


def test_sealed_until_both_are_in(life):
    rating = life.rate("buyer", 3)
    assert rating.revealed_at is None and not events(life).exists()
    life.rate("agency", 4)
    rating.refresh_from_db()
    assert rating.revealed_at is not None
    assert events(life).get().x == 500


def test_the_reveal_cannot_be_forced(life):
    life.rate("buyer", 3)
    with refused("rating.sealed"):
        rate.ratings_reveal(order=life.order, actor=None)


def test_a_side_rates_once_and_only_its_own(life):
    life.rate("buyer", 3)
    with refused("rating.once"):
        life.rate("buyer", 4)
    with pytest.raises(Forbidden):
        rate.rating_submit(
            order=life.order,
            side="agency",
            actor=life.by_buyer,
            **dict.fromkeys(DIMENSIONS, 3),
        )


def test_extremes_need_grounds(life):
    with refused("rating.grounds"):
        life.rate("buyer", 5, remark="非常好")
    mixed = dict.fromkeys(DIMENSIONS, 3) | {"quality": 1}
    with refused("rating.grounds"):
        rate.rating_submit(order=life.order, side="buyer", actor=life.by_buyer, **mixed)
    assert life.rate("buyer", 5, fact="评审会一次通过，会议纪要 2026-15 号")


def test_not_before_approval(rulebook):
    life = Life().until("delivered")
    with refused("rating.window"):
        life.rate("buyer", 3)


@pytest.mark.parametrize("tie", ("control", "affiliation", "people"))
def test_interested_parties_are_barred_and_earn_nothing(rulebook, tie):
    life = Life().until("delivered")
    if tie == "control":
        Organisation.objects.filter(pk__in=[life.buyer.pk, life.agency.organisation_id]).update(control_group="g1")
    elif tie == "affiliation":
        life.agency.__class__.objects.filter(pk=life.agency.pk).update(affiliated_with=life.buyer)
    else:
        parties.membership_add(organisation=life.buyer, user=life.by_agency, role="member", actor=None)
    life.approved()
    assert not CreditEvent.objects.filter(agency=life.agency).exists()
    with refused("rating.interested"):
        life.rate("buyer", 3)


def test_one_reply_by_the_rated_within_28_days(life):
    rating = life.rate("buyer", 2)
    with refused("rating.not_public"):
        rate.rating_reply(rating=rating, text="已整改", actor=life.by_agency)
    life.rate("agency", 4)
    with pytest.raises(Forbidden):
        rate.rating_reply(rating=rating, text="自己回复", actor=life.by_buyer)
    rating.refresh_from_db()
    with clock.at(rating.revealed_at + timedelta(days=28, microseconds=1)), refused("rating.reply_late"):
        rate.rating_reply(rating=rating, text="已整改", actor=life.by_agency)
    with clock.at(rating.revealed_at + timedelta(days=28)):
        rate.rating_reply(rating=rating, text="已整改", actor=life.by_agency)
        with refused("rating.replied"):
            rate.rating_reply(rating=rating, text="再说一句", actor=life.by_agency)


def test_the_department_and_the_centre_add_their_parts(life):
    supervisor, clerk = factories.make_staff("supervisor"), factories.make_staff("operator")
    with pytest.raises(Forbidden):
        rate.official_rating_submit(order=life.order, party="department", stars=4, actor=clerk)
    rate.official_rating_submit(order=life.order, party="department", stars=4, actor=supervisor)
    rate.official_rating_submit(order=life.order, party="centre", stars=3, actor=clerk)
    assert dict(events(life).values_list("party", "x")) == {"department": 750, "centre": 500}
    with refused("rating.once"):
        rate.official_rating_submit(order=life.order, party="centre", stars=3, actor=clerk)


def test_a_void_rating_stays_marked_and_stops_counting(life):
    life.closed()
    rate.ratings_void(life.order, reason="退款", actor=None)
    assert Rating.objects.filter(order=life.order, voided_at__isnull=False).count() == 2
    assert events(life).get().acts.get().kind == "void"


def test_every_star_has_its_words():
    for scale in (BUYER, AGENCY):
        assert tuple(dimension.code for dimension in scale) == DIMENSIONS
        for dimension in scale:
            assert set(dimension.stars) == {1, 2, 3, 4, 5}
            assert len({str(words) for words in dimension.stars.values()}) == 5


def test_which_stars_need_what():
    flat = dict.fromkeys(DIMENSIONS, 4)
    assert not needs_grounds(flat)
    assert needs_grounds(flat | {"attitude": 5}) and needs_grounds(flat | {"attitude": 1})
    assert needs_grounds(dict.fromkeys(DIMENSIONS, 1)) and needs_grounds(dict.fromkeys(DIMENSIONS, 5))


# --- pages ------------------------------------------------------------------------------------------------------------
def test_the_form_says_what_it_enforces_and_the_last_rating_is_open_at_once(life):
    four, five = dict.fromkeys(DIMENSIONS, "4"), dict.fromkeys(DIMENSIONS, "5")
    buyer, agency, number = client_of(life.by_buyer), client_of(life.by_agency), life.order.number
    assert "有 1 星或 5 星时必填" in buyer.get(f"/orders/{number}/do/rate/").content.decode()
    assert "事实" in errors(act(buyer, number, "rate", **{**four, "quality": "5"}, remark="很好"))
    did(act(buyer, number, "rate", **five, fact="评审会一次通过，会议纪要 2026-15 号"))
    assert "已密封" in buyer.get(f"/orders/{number}/ratings/").content.decode()
    did(act(agency, number, "rate", **four))
    page = agency.get(f"/orders/{number}/ratings/").content.decode()
    assert "现在一起公开" in page and "已密封" not in page


def test_each_direction_has_its_own_names(life):
    life.rate("buyer", 4)
    life.rate("agency", 4)
    for tail in ("ratings/", "record/"):
        page = client_of(life.by_buyer).get(f"/orders/{life.order.number}/{tail}").content.decode()
        assert "资料质量" in page and "配合时效" in page and "付款" in page and "收费" in page
