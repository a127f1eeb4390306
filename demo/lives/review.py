"""The review desk: firms on their way in, the imported directory, and what agencies hand in during the last days."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from random import Random

from django.conf import settings
from django.core.files.base import ContentFile

from agencies.models import Agency, Listing, ListingVersion
from agencies.services import claims, papers, registration, reviews, shop
from agencies.services.roster_import import roster_import
from demo import names
from demo.engine import Life, after_workdays
from demo.papers import pdf
from demo.world import World, user
from kernel import clock
from kernel.models import Organisation
from kernel.services import parties
from kernel.services.attachments import attachment_taken

ROSTER = Path(settings.BASE_DIR) / "agencies" / "data" / "roster-sample.xlsx"
ROSTER_DAYS_LEFT = 7


def lives(world: World) -> Iterator[Life]:
    """All of them."""
    yield roster(world)
    yield stale_claim(world)
    yield new_terms(world)
    yield moved(world)
    for number, stage in enumerate(("submitted", "submitted", "publicity", "returned", "draft", "registered")):
        yield applicant(world, number, stage)


def stale_claim(world: World) -> Life:
    """A listing that still boasts of an abolished qualification, in words that only a person recognises: returned."""
    rng = Random("stale claim")  # noqa: S311
    number = next(row.number for row in world.plan.agencies if row.role == "login")
    yield world.days_left(5, rng)
    listing, owner = _listing(world, number), world.agents[number]
    version = shop.listing_draft(
        listing=listing,
        summary=f"{listing.item.name_zh}：原甲字号评价单位，二十年从业经验，先踏勘后报价。",
        actor=owner,
    )
    review = shop.listing_submit(version=version, actor=owner)
    yield after_workdays(clock.now(), 1, rng)
    reviews.review_return(
        review=review,
        reasons=[{"code": "abolished", "text": "环评资质已取消，请删去资质等级表述"}],
        actor=world.operator,
    )


def new_terms(world: World) -> Life:
    """Two agencies think about their offers: one hands a new price in, the other has only written it down."""
    rng = Random("new terms")  # noqa: S311
    yield world.days_left(1, rng)
    ready = [n for n in sorted(world.agencies) if world.plan.agencies[n].role == "" and _listing(world, n)]
    for position, number in enumerate(ready[:2]):
        listing, owner = _listing(world, number), world.agents[number]
        version = shop.listing_draft(
            listing=listing,
            days=max(1, listing.version.days - 1),
            summary=f"{listing.item.name_zh}：资料齐全后当天开工，进度每周通报。",
            actor=owner,
        )
        if position == 0:
            shop.listing_submit(version=version, actor=owner)


def moved(world: World) -> Life:
    """A firm with a new legal representative asks to have its file changed."""
    rng = Random("moved")  # noqa: S311
    yield world.days_left(2, rng)
    number = max(world.agencies)
    with attachment_taken(file=ContentFile(pdf("营业执照（换发）")), name="营业执照（换发）.pdf") as proof:
        reviews.change_request(
            agency=world.agencies[number],
            changes={"legal_representative": names.person(rng)},
            proof=proof,
            actor=world.agents[number],
        )


def _listing(world: World, number: int) -> Listing | None:
    """The agency's first published listing without an open version."""
    rows = Listing.objects.filter(agency=world.agencies[number], status=Listing.Status.PUBLISHED)
    open_versions = ListingVersion.objects.exclude(status=ListingVersion.Status.PUBLISHED)
    return (
        rows.exclude(versions__in=open_versions)
        .select_related("version", "item__category", "agency")
        .order_by("pk")
        .first()
    )


def roster(world: World) -> Life:
    """The department's directory is imported a week before the end; one firm asks for its entry, the others wait."""
    rng = Random("roster")  # noqa: S311
    yield world.days_left(ROSTER_DAYS_LEFT, rng)
    roster_import(
        file=io.BytesIO(ROSTER.read_bytes()), name=ROSTER.name, region=world.county.code, actor=world.operator
    )
    yield world.days_left(2, rng)
    imported = (
        Agency.objects.filter(status=Agency.Status.IMPORTED).select_related("organisation").order_by("pk").first()
    )
    claims.agency_claim(
        code=imported.organisation.uscc,
        file=ContentFile(pdf("授权书")),
        file_name="授权书.pdf",
        note="本人为公司行政主管，受公司委托办理，授权书已盖公章。",
        actor=user(names.person(rng), names.mobile(rng)),
    )


# stage → days before the end on which the firm signs up
STAGES = {"submitted": 1, "publicity": 6, "returned": 4, "draft": 4, "registered": 1}


def applicant(world: World, number: int, stage: str) -> Life:
    """A firm on its way in, stopped at a stage of the review desk."""
    rng = Random(f"applicant:{number}")  # noqa: S311
    yield world.days_left(STAGES[stage] + number % 2, rng)
    owner = user(names.person(rng), names.mobile(rng))
    category = rng.choice(sorted(names.TRADES))
    organisation = parties.organisation_create(
        kind=Organisation.Kind.AGENCY,
        name=names.agency(rng, category, "county", set()),
        code=names.social_code(rng),
        region=world.county,
        owner=owner,
        actor=owner,
    )
    if stage == "registered":
        return
    agency = registration.agency_start(organisation=organisation, actor=owner)
    if stage == "draft":
        return
    registration.agency_edit(
        agency=agency,
        actor=owner,
        data={
            "contact_name": owner.name,
            "contact_mobile": owner.mobile,
            "categories": [world.categories[category]],
            "service_regions": [world.county],
            "affiliation_declared": True,
        },
    )
    papers.paper_upload(
        agency=agency, purpose="business_licence", file=ContentFile(pdf("营业执照")), name="营业执照.pdf", actor=owner
    )
    registration.agency_commit(agency=agency, actor=owner)
    review = registration.agency_submit(agency=agency, actor=owner)
    if stage == "submitted":
        return
    yield after_workdays(clock.now(), 1, rng)
    if stage == "publicity":
        reviews.review_publicise(review=review, actor=world.operator)
    else:
        reviews.review_return(
            review=review,
            reasons=[{"code": "abolished", "text": "环评资质已取消，请删去资质等级表述"}],
            actor=world.operator,
        )
