"""A small market with something to see at every stop of the tour: rows in every state, made by the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.management import call_command

from agencies.models import Agency
from agencies.services import claims, reviews, shop
from agencies.services.roster_import import roster_import
from cms.models import NewsIndexPage, NewsPage
from cms.services.ranking_pages import ranking_page_create
from credit.services import cases, guidance, rankings
from kernel import clock
from kernel.models import User
from kernel.services import outbox
from kernel.services.attachments import attachment_taken
from market.services.compare import comparison_lock
from market.services.favourites import favourite_set
from orders.services import batch, complaint, materials, message, pay
from tests import factories
from tests.agencies import roster_files
from tests.credit import made
from tests.credit.test_rankings import well_known
from tests.orders.lives import ENDS, Life

STATES = ("placed", "accepted", "in_contract", "in_service", "delivered", "approved", "closed", *ENDS)
STAFF = ("operator", "credit_officer", "supervisor", "inspector", "administrator")


@dataclass
class Town:
    """``people`` by the tour's roles; ``lives`` by the state of the order."""

    people: dict[str, User] = field(default_factory=dict)
    lives: dict[str, Life] = field(default_factory=dict)


def build() -> Town:
    for command in ("load_regions", "load_rulebook", "setup_site"):
        call_command(command, verbosity=0)
    town = Town()
    _market(town)
    _orders(town)
    _entries(town)
    _credit(town)
    _reading()
    while outbox.drain():
        pass
    return town


def _market(town: Town) -> None:
    """Three agencies with the same service, a buyer of each kind, the centre's people, and an editor."""
    item = factories.make_item()
    offers = [factories.make_listing(item=item, capacity=40) for _n in range(3)]
    agency = offers[0].agency
    factories.make_practitioner(agency)
    factories.make_qualification(agency, factories.make_certificate_type())
    buyer = factories.make_organisation()
    town.people = {role: factories.make_staff(role) for role in STAFF}
    town.people["buyer"] = factories.owner_of(buyer)
    town.people["public_buyer"] = factories.owner_of(factories.make_organisation("public_body"))
    town.people["agency"] = factories.owner_of(agency.organisation)
    factories.make_person(is_staff=True, is_superuser=True)
    person = town.people["buyer"]
    _unpublished(agency)
    comparison_lock(listing_ids=[offer.pk for offer in offers], organisation=buyer, actor=person)
    favourite_set(listing=offers[0], wanted=True, actor=person)
    town.lives["placed"] = Life(buyer=buyer, listing=offers[0])


def _unpublished(agency: Agency) -> None:
    """A listing that is still a draft, and one that waits for the desk."""
    includes = {"tax": True, "expert_review": False, "monitoring": False, "travel": True}
    terms = {"summary": "现场踏勘、编制、校审。", "unit_price_fen": 900_000, "min_fee_fen": 0, "days": 12}
    for hand_in in (True, False):
        item = factories.make_item(category=agency.categories.first())
        row = shop.listing_create(agency=agency, item=item, capacity=5, actor=None)
        draft = shop.listing_draft(listing=row, includes=includes, actor=None, **terms)
        if hand_in:
            shop.listing_submit(version=draft, actor=None)


def _orders(town: Town) -> None:
    first = town.lives["placed"]
    same: dict[str, Any] = {"buyer": first.buyer, "listing": first.listing, "lead": first.lead}
    for state in STATES[1:]:
        town.lives[state] = Life(**same).until(state)
    working = town.lives["in_service"]
    message.message_post(order=working.order, body="现场踏勘定在下周一。", actor=working.by_agency)
    filed = complaint.complaint_file(
        order=working.order, subject_code="late", body="已逾期三日。", actor=working.by_buyer
    )
    complaint.complaint_accept(complaint=filed, actor=town.people["operator"])
    town.lives["transfer"] = Life(**same).until("in_contract")
    pay.payment_start(order=town.lives["transfer"].fresh, gateway="offline", actor=first.by_buyer)
    asked = town.lives["asked"] = Life(**same).until("in_contract")
    materials.materials_request(order=asked.order, missing=["总平面图（最新版）"], actor=working.by_agency)
    judged = factories.make_item(category=working.agency.categories.first(), external_review=True)
    judged_offer = factories.make_listing(working.agency, judged)
    town.lives["judged"] = Life(buyer=first.buyer, listing=judged_offer, lead=first.lead).until("in_service")
    tested = factories.make_item(category=working.agency.categories.first(), fee_unit="test_group")
    listing = factories.make_listing(working.agency, tested, unit="test_group", unit_price_fen=4_000)
    town.lives["tested"] = Life(buyer=first.buyer, listing=listing, lead=first.lead).until("in_service")
    batch.batch_receive(
        order=town.lives["tested"].order,
        number="WT-1",
        groups=1,
        works_part="三层柱",
        witness="赵工",
        sampled_on=clock.today() - timedelta(days=1),
        actor=working.by_agency,
    )


def _entries(town: Town) -> None:
    for status in ("draft", "returned", "submitted"):
        factories.make_agency(status)
    with clock.at(clock.now() + timedelta(days=39)):  # the factory's agencies were entered 40 days ago
        factories.make_agency("publicity")
    factories.make_organisation("agency")
    with attachment_taken(file=factories.io.BytesIO(factories.PDF), name="营业执照.pdf") as proof:
        reviews.change_request(
            agency=town.lives["placed"].agency,
            changes={"legal_representative": "沈某"},
            proof=proof,
            actor=town.people["agency"],
        )
    roster_import(file=roster_files.xlsx([roster_files.row(1)]), name="a.xlsx", region="330499", actor=None)
    claims.agency_claim(
        code=roster_files.code(1),
        file=factories.io.BytesIO(factories.PDF),
        file_name="授权书.pdf",
        actor=factories.make_person(),
    )


def _credit(town: Town) -> None:
    agency = town.lives["placed"].agency
    officer = town.people["credit_officer"]
    begun = clock.now() - timedelta(days=45)
    period = clock.civil(begun).replace(day=1) - timedelta(days=1)
    with clock.at(begun):
        well_known(agency, on=period.replace(day=10))
        published = made.published(f"{period:%Y-%m}")
    ranking_page_create(publication=published, actor=None)
    guidance.guidance_enter(
        agency=agency, category=agency.categories.first(), reason="连续两期 A 级以上", actor=officer
    )
    _rankings(f"{clock.today().replace(day=1) - timedelta(days=1):%Y-%m}", agency, officer)
    _cases(agency, officer)


def _rankings(period: str, agency: Agency, officer: User) -> None:
    rankings.ranking_draft(period=period, category=factories.make_category("survey", name_zh="工程测绘"), actor=officer)
    preview = rankings.ranking_draft(period=period, category=agency.categories.first(), actor=officer)
    rankings.ranking_preview_open(ranking=preview, actor=officer)
    begun = clock.now() - timedelta(days=10)
    with clock.at(begun):
        row = rankings.ranking_preview_open(ranking=rankings.ranking_draft(period=period, actor=officer), actor=officer)
    with clock.at(made.after_workdays(begun, 5)):
        rankings.ranking_publicity_open(ranking=row, actor=officer)


def _cases(agency: Agency, officer: User) -> None:
    cases.case_open(agency=agency, source="hotline", facts="来电反映收费过高。", actor=officer)
    made.alleged(agency)
    made.noticed(agency)
    defended = made.noticed(agency)
    cases.case_defend(case=defended, text="已向业主说明并退还。", actor=factories.owner_of(agency.organisation))
    made.decided(agency)
    cases.case_withdraw(case=made.alleged(agency), reason="查无实据。", actor=officer)


def _reading() -> None:
    NewsIndexPage.objects.get().add_child(instance=NewsPage(title="关于公布收费标准的公告", published_on=clock.today()))


ABSENT = {
    "case-repaired-credit-officer": "a repair comes months after the decision",
    "case-dismissed-credit-officer": "looks like one in effect",
}
"""Stops for which this market has no row, and why it is not worth one."""
