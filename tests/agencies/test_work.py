"""Our lines of the work home, and what every menu entry leads to."""

import pytest
from django.test import Client

from agencies import menu, menu_roster, trail
from agencies.machines import AGENCY, LISTING, REVIEW
from agencies.models import Agency, Claim
from agencies.services import shop
from kernel import clock
from kernel.models import User
from tests import factories as make

pytestmark = [pytest.mark.django_db]


def labels(queues):
    return {str(queue.label): queue.count for queue in queues if queue.count}


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_the_desk_sees_what_it_can_act_on(django_assert_max_num_queries):
    operator = make.make_staff()
    assert labels(menu.desk_queues(operator, None)) == {}
    make.make_agency("submitted")
    make.make_agency("publicity")  # entered long ago: its period is over
    with django_assert_max_num_queries(5):  # two of ours; the person, the memberships and the demo clock besides
        queues = menu.desk_queues(fresh(operator), None)
    assert labels(queues) == {"入驻与上架审查": 2}
    assert queues[0].overdue == 1  # the form check
    assert menu.desk_queues(make.make_staff("inspector"), None) == []


def test_the_agency_sees_its_own():
    party = make.make_organisation("agency")
    owner = make.owner_of(party)
    assert labels(menu.agency_queues(owner, party)) == {"办理入驻": 1}
    draft = make.make_agency("returned")
    assert labels(menu.agency_queues(make.owner_of(draft.organisation), draft.organisation)) == {"完成入驻申请": 1}
    listing = make.make_listing()
    version = shop.listing_draft(listing=listing, days=9, actor=None)
    from agencies.services import reviews

    reviews.review_return(
        review=shop.listing_submit(version=version, actor=None), reasons=[{"text": "价目不清"}], actor=None
    )
    organisation = Agency.objects.get(pk=listing.agency_id).organisation
    queues = menu.agency_queues(make.owner_of(organisation), organisation)
    assert labels(queues) == {"被退回的服务": 1}
    returned = next(queue for queue in queues if queue.count)
    assert returned.since == version.reviews.get().decided_at and returned.waited()
    assert menu.agency_queues(make.make_person(), make.make_organisation()) == []


def test_the_work_home_shows_them():
    make.make_agency("submitted")
    client = Client()
    client.force_login(make.make_staff())
    page = client.get("/work/").content.decode()
    assert "入驻与上架审查" in page and "/desk/review/" in page


def test_every_step_of_a_life_has_its_words_in_the_record():
    steps = {f"{machine.name}.{step.name}" for machine in (AGENCY, LISTING, REVIEW) for step in machine.transitions}
    assert steps <= set(trail.WORDS)


def test_a_claim_says_since_when_it_waits():
    agency, asked = make.make_agency("imported"), clock.now()
    with clock.at(asked):
        Claim.objects.create(agency=agency, user=make.make_person(), created_at=asked)
    [queue] = menu_roster.claim_queues(make.make_staff(), None)
    assert (queue.count, queue.since) == (1, asked) and queue.waited()


@pytest.mark.parametrize(
    ("language", "says"), [("", "60 日内依法申请行政复议"), ("/en", "reconsideration within 60 days")]
)
def test_a_removed_agency_reads_what_it_can_do(language, says):
    agency = make.make_agency("removed")
    client = Client()
    client.force_login(make.owner_of(agency.organisation))
    page = client.get(f"{language}/agency/").content.decode()
    assert says in page and "申诉" not in page
