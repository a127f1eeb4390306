"""The guidance directory informs: entry by rule, renewal, removal, and it never filters."""

from datetime import date

import pytest
from django.utils import translation

from credit.models import GuidanceEntry, RankingPublication
from credit.selectors import grounds, guidance_entries, guidance_of, standing
from credit.services.guidance import guidance_enter, guidance_remove, guidance_renew, guidance_sweep
from kernel import clock
from kernel.errors import DomainError, Forbidden
from tests.credit import made
from tests.credit.test_rankings import well_known
from tests.factories import make_agency, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def good(rules):
    agency = well_known(make_agency())
    made.published()
    return agency


def entered(agency, **fields):
    values = {"agency": agency, "category": agency.categories.first(), "reason": "连续两期 A 级以上", "actor": None}
    return guidance_enter(**(values | fields))


def test_entry_lasts_a_year_and_happens_once(good, officer):
    entry = entered(good, actor=officer)
    assert (entry.entered_on, entry.expires_on) == (date(2026, 11, 20), date(2027, 11, 20))
    assert guidance_of(good) == [entry]
    with pytest.raises(DomainError) as error:
        entered(good)
    assert error.value.code == "guidance.listed"
    with pytest.raises(Forbidden):
        guidance_remove(entry=entry, reason="x", actor=make_staff("operator"))


@pytest.mark.parametrize("expires_on", [date(2026, 11, 20), date(2027, 11, 21)])
def test_not_longer_than_the_rule(good, expires_on):
    with pytest.raises(DomainError) as error:
        entered(good, expires_on=expires_on)
    assert error.value.code == "guidance.expiry"


def test_the_unrated_and_the_serious_are_not_entered(good):
    with pytest.raises(DomainError) as error:
        entered(make_agency())
    assert error.value.code == "guidance.grade"
    made.decided(good, code="forgery")
    with pytest.raises(DomainError) as error:
        entered(good)
    assert error.value.code == "guidance.serious"


def test_renewal_is_the_next_entry(good):
    first = entered(good)
    with clock.at(clock.now().replace(year=2027, month=10)):
        second = guidance_renew(entry=first, reason="复核合格", actor=None)
        assert second.expires_on == date(2028, 10, 20)
        with pytest.raises(DomainError) as error:
            guidance_renew(entry=first, reason="再来", actor=None)
        assert error.value.code == "guidance.removed"
    assert GuidanceEntry.objects.filter(removed_on__isnull=True).get() == second
    assert made.fresh(first).removal_reason == "续期"


def test_a_failed_renewal_leaves_the_entry(good):
    entry = entered(good)
    made.decided(good, code="bribery")
    with pytest.raises(DomainError):
        guidance_renew(entry=entry, reason="x", actor=None)
    assert made.fresh(entry).removed_on is None


def test_the_night_removes_the_expired_and_the_serious(good):
    entry = entered(good)
    assert guidance_sweep() == 0
    with clock.at(clock.now().replace(year=2027)):
        assert list(guidance_entries()) == []
        assert guidance_sweep() == 1
    assert made.fresh(entry).removal_reason == "有效期届满"
    again = entered(good)
    made.decided(good, code="bribery")
    assert guidance_sweep() == 1
    assert made.fresh(again).removal_reason == "有生效中的严重失信决定"


def test_it_has_no_effect_on_orders(good):
    before = standing(good)
    entry = entered(good)
    assert standing(good) == before
    guidance_remove(entry=entry, reason="机构申请退出", actor=None)
    assert standing(good) == before


def test_a_ground_that_names_a_grade_leads_to_its_ranking(good, officer):
    entry = entered(good, reason="2026年10月信用排行 A 级", actor=officer)
    ranking = RankingPublication.objects.get(period="2026-10", category=None)
    with translation.override("en"):
        assert grounds([entry])[entry.pk] == ("Credit ranking Oct 2026: grade A", ranking.number)
    entry.reason = "2026年10月信用排行 S5 级。"  # of a rulebook that calls its grades otherwise
    with translation.override("en"):
        assert grounds([entry])[entry.pk] == ("Credit ranking Oct 2026: grade S5", ranking.number)
    entry.reason = "连续两期 A 级以上"
    assert grounds([entry])[entry.pk] == ("连续两期 A 级以上", "")
