"""A small replay through the real services: what it leaves, that it is sound, and that it is the same on every machine."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db.models import Sum

from agencies.models import Agency, Claim, Listing, ListingVersion, Review
from cms.models import NewsPage, SiteIdentity
from credit.models import Case
from demo import plan as plans
from demo import progress
from demo.lives import editor
from demo.logins import logins
from kernel import clock, work
from kernel.models import Deadline, OutboxMessage
from kernel.services import schedule
from market.models import LockedComparison
from orders.models import Order
from orders.models import TestBatch as Batch
from tests.demo import story

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
# The scores of the last day, the same on SQLite and PostgreSQL. They change with the story, the rulebook, the catalogue
# or the calendar. When such a change is meant, take the new value from the failing test's message, after running it on
# both databases: TEST_DATABASE_URL=postgres://… pytest tests/demo/test_replay.py
DIGEST = "a4da12e814d449f370a132dbb9bd4cceaf3398124bb1931ad9157d01784e4b7a"


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        yield story.tell(tmp_path_factory.mktemp("bundle"))
        story.forget()


def test_every_planned_order_and_group_is_there(told):
    real = Order.objects.exclude(status__in=("declined", "cancelled"))
    assert real.count() == 17
    assert real.filter(channel=Order.Channel.COUNTER).count() == 10
    assert Counter(real.values_list("category__code", flat=True)) == {"eia": 6, "surveying": 4, "cost": 4, "testing": 3}
    assert Batch.objects.aggregate(n=Sum("groups"))["n"] == 80
    ended = Counter(Order.objects.exclude(pk__in=real).values_list("status", flat=True))
    assert ended == {"declined": 1, "cancelled": 1}
    assert real.filter(status=Order.Status.TERMINATED).count() == 1
    plan = plans.build(story.UNTIL, story.SMALL)
    assert Agency.objects.filter(status=Agency.Status.ACTIVE).count() == len(plan.agencies) == 8


def test_every_rule_of_the_house_holds(told):
    call_command("check_invariants")
    assert not OutboxMessage.objects.filter(done_at=None).exists()


def test_the_scores_are_the_same_on_every_machine(told):
    assert told.again == told.sha256
    assert told.sha256 == DIGEST


def test_nobody_was_written_to_and_nothing_is_held(told):
    assert mail.outbox == []
    assert not schedule.hold_file().exists()


def test_progress_only_grows_and_ends_complete(told):
    assert told.heard == sorted(told.heard)
    assert 0 < told.heard[0] < 0.2 and 0.8 < told.heard[-1] <= 1
    assert progress.read() == progress.Progress("complete", 1000, story.UNTIL.isoformat())


def test_limits_ran_on_the_clock_of_the_story(told):
    late = Deadline.objects.filter(state=Deadline.State.FIRED)
    assert late.exists()
    for row in late:
        assert timedelta(0) < row.ended_at - row.due_at < timedelta(hours=13)


def test_notices_are_dated_and_complete_in_both_languages(told):
    plan = plans.build(story.UNTIL, story.SMALL)
    due = {name for day, name, _facts in editor.calendar(plan) if day <= story.UNTIL}
    pages = NewsPage.objects.live()
    assert {page.slug.rpartition("-")[0] for page in pages} == due >= {"opening", "holiday", "claim"}
    for page in pages:
        assert clock.civil(page.first_published_at) == clock.civil(page.last_published_at) == page.published_on
        assert plan.opening <= page.published_on <= story.UNTIL
        for title, summary, body in (
            (page.title, page.summary, page.body),
            (page.title_en, page.summary_en, page.body_en),
        ):
            assert title and summary and str(body).count("<p>") >= 2
            assert not set("{}#") & set(title + summary + str(body))
    assert set(SiteIdentity.objects.get().identification) == {"0"}


def test_desks_have_something_of_everything(told):
    assert ListingVersion.objects.filter(status=ListingVersion.Status.RETURNED).exists()
    assert Listing.objects.filter(versions__status=ListingVersion.Status.DRAFT).exists()
    assert Review.objects.filter(kind=Review.Kind.CHANGE, status=Review.Status.PENDING).exists()
    assert Claim.objects.filter(status=Claim.Status.PENDING).exists()
    assert Batch.objects.filter(status=Batch.Status.RECEIVED).exists()
    assert LockedComparison.objects.exists()
    statuses = set(Case.objects.values_list("status", flat=True))
    assert statuses >= {"intake", "noticed", "defended", "withdrawn", "dismissed", "in_effect"}


@pytest.mark.parametrize("role", ["agency", "operator", "credit_officer", "credit_officer_2"])
def test_somebody_who_signs_in_finds_work(told, role):
    person = next(row.user for row in logins() if row.role == role)
    party = person.memberships.select_related("organisation").get().organisation
    assert [queue for source in work.SOURCES for queue in source(person, party) if queue.count]
