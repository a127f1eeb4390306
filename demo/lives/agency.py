"""An agency gets in: file, papers, people, review, publicity, storefront, listings; later a certificate ends or is renewed."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from django.core.files.base import ContentFile

from agencies.models import Agency, CertificateType, Listing, Practitioner, Review, ServiceItem
from agencies.selectors.registration import COMMITMENT, LICENCE
from agencies.services import papers, registration, reviews, shop
from demo import names
from demo.engine import Life, after_workdays, working_moment
from demo.papers import pdf
from demo.plan import AgencyPlan
from demo.world import World, user
from kernel import clock
from kernel.models import Organisation, Region, User
from kernel.money import round_div
from kernel.services import parties

# How far a price lies below the level before entry: about 30 % on average (thousandths of the baseline)
PRICE_MILLI = (600, 800)
DAYS_CUT = (92, 100)  # promised days in per cent of the catalogue's
YEAR = 365


def life(world: World, plan: AgencyPlan) -> Life:
    rng = Random(f"agency:{plan.number}")  # noqa: S311
    yield working_moment(plan.enters_on, rng)
    owner = world.people["agency"] if plan.role == "login" else user(names.person(rng), names.mobile(rng))
    agency = _open_file(world, plan, owner, rng)
    yield clock.now() + timedelta(minutes=rng.randint(20, 60))
    certificates = _certificates(world, plan, agency, owner, rng)
    for number in range(max(3, plan.people // 3)):  # those with a professional registration, about a third
        _register(agency, owner, rng, leads=number < 2 + plan.people // 10)
        if number % 8 == 7:
            yield clock.now() + timedelta(minutes=5)
    yield clock.now() + timedelta(minutes=rng.randint(10, 30))
    registration.agency_commit(agency=agency, actor=owner)
    review = registration.agency_submit(agency=agency, actor=owner)
    if plan.role == "returned_once" or rng.random() < 0.12:
        yield after_workdays(clock.now(), 1, rng)
        code, text = rng.choice(names.RETURN_REASONS)
        reviews.review_return(review=review, reasons=[{"code": code, "text": text}], actor=world.operator)
        yield after_workdays(clock.now(), 1, rng)
        papers.paper_upload(
            agency=agency, purpose="other", file=ContentFile(pdf("补正材料")), name="补正材料.pdf", actor=owner
        )
        review = registration.agency_submit(agency=agency, actor=owner)
    yield after_workdays(clock.now(), 1, rng)
    for certificate in certificates:
        papers.qualification_confirm(qualification=certificate, actor=world.operator)
    reviews.review_publicise(review=review, actor=world.operator)
    yield after_workdays(clock.now(), 6, rng)
    reviews.review_approve(review=review, actor=world.operator)
    yield clock.now() + timedelta(minutes=rng.randint(20, 90))
    agency.refresh_from_db()
    world.agents[plan.number], world.agencies[plan.number] = owner, agency
    shop.storefront_update(
        storefront=agency.storefront,
        tagline=rng.choice(TAGLINES),
        opening_hours="工作日 8:30–11:30，13:30–17:00",
        cases=_cases(rng),
        actor=owner,
    )
    pending = [_offer(world, plan, agency, item, owner, rng) for item in _items(world, plan, rng)]
    yield after_workdays(clock.now(), 1, rng)
    for review in pending:
        reviews.review_approve(review=review, actor=world.operator)
        listing = Listing.objects.select_related("version", "item__category", "agency").get(
            pk=review.listing_version.listing_id
        )
        world.listings[(plan.number, listing.item.code)] = listing
    yield from _later(world, plan, agency, owner, rng)


TAGLINES = (
    "先踏勘，后报价，一次说清。",
    "明码标价，改到过审。",
    "本地团队，当天响应。",
    "报告可查，数据可追溯。",
    "按期交付，超期减费。",
    "资料清单一次告知。",
)


def _open_file(world: World, plan: AgencyPlan, owner: User, rng: Random) -> Agency:
    organisation = parties.organisation_create(
        kind=Organisation.Kind.AGENCY,
        name=plan.name,
        code=plan.uscc,
        region=_region(world, plan, rng),
        owner=owner,
        actor=owner,
        address=f"{rng.choice(names.ROADS)}{rng.randint(1, 999)}号",
        phone=f"0500-8{rng.randint(5000000, 5999999)}",
    )
    agency = registration.agency_start(organisation=organisation, actor=owner)
    year = rng.randint(2001, 2021)
    trade = world.categories[plan.category].name_zh
    data = {
        "short_name": plan.name[:12],
        "legal_representative": names.person(rng),
        "contact_name": owner.name,
        "contact_mobile": owner.mobile,
        "founded_on": date(year, rng.randint(1, 12), rng.randint(1, 28)),
        "staff_count": plan.people + rng.randint(0, 12),
        "introduction": names.ABOUT_AGENCY.format(year=year, trade=trade, staff=plan.people, area="澄湖及周边县市"),
        "categories": [world.categories[code] for code in plan.categories],
        "service_regions": [world.county],
        "affiliation_declared": True,
    }
    registration.agency_edit(agency=agency, data=data, actor=owner)
    for purpose, title in ((LICENCE, "营业执照"), (COMMITMENT, "入驻承诺书")):
        papers.paper_upload(
            agency=agency, purpose=purpose, file=ContentFile(pdf(title)), name=f"{title}.pdf", actor=owner
        )
    return agency


def _region(world: World, plan: AgencyPlan, rng: Random) -> Region:
    if plan.place == "county":
        return world.county
    others = list(Region.objects.filter(level=Region.Level.COUNTY).exclude(pk=world.county.pk).order_by("code"))
    near = [r for r in others if r.parent_id == world.county.parent_id]
    return rng.choice(near if plan.place == "prefecture" and near else others or [world.county])


def _items(world: World, plan: AgencyPlan, rng: Random) -> list[ServiceItem]:
    """What it offers: most of its own trade's usual items, one or two of those beside."""
    chosen: list[ServiceItem] = []
    for category in plan.categories:
        ready = list(world.items[category])
        count = min(len(ready), rng.randint(2, 4) if category == plan.category else 1)
        chosen += ready[:1] + rng.sample(ready[1:], max(count - 1, 0))
    return chosen


def _certificates(world: World, plan: AgencyPlan, agency: Agency, owner: User, rng: Random) -> list[object]:
    """Certificates for everything its trades may ask for, valid for years unless its part says otherwise."""
    wanted: dict[str, list[str]] = {}
    for category in plan.categories:
        for item in world.items[category]:
            for entry in [*item.certificate_rule.get("all_of", []), *item.certificate_rule.get("any_of", [])[:1]]:
                wanted.setdefault(entry["type"], []).append(entry.get("level") or "")
    known = {row.code: row for row in CertificateType.objects.filter(code__in=wanted)}
    return [
        _certificate(plan, agency, known[code], _highest(known[code], levels), owner, rng)
        for code, levels in sorted(wanted.items())
        if code in known
    ]


def _highest(kind: CertificateType, levels: list[str]) -> str:
    """The highest level that any of its services asks for."""
    asked = [level for level in levels if level in kind.levels]
    return min(asked, key=kind.levels.index) if asked else (kind.levels[-1] if kind.levels else "")


def _certificate(
    plan: AgencyPlan, agency: Agency, kind: CertificateType, level: str, owner: User, rng: Random
) -> object:
    today = clock.today()
    years = kind.validity_years
    expires = today + timedelta(days=rng.randint(300, YEAR * years - 60)) if years else None
    if plan.role in END_OF_CERTIFICATE and years:
        expires = END_OF_CERTIFICATE[plan.role](plan)
    return papers.qualification_add(
        agency=agency,
        type=kind,
        number=f"33{rng.randint(100000, 999999)}",
        level=level,
        issuer=kind.authority,
        issued_on=expires - timedelta(days=YEAR * years) if expires and years else today - timedelta(days=700),
        expires_on=expires,
        actor=owner,
    )


def _register(agency: Agency, owner: User, rng: Random, *, leads: bool) -> Practitioner:
    return papers.practitioner_register(
        agency=agency,
        name=names.person(rng),
        identity_number=names.identity_number(rng),
        title=rng.choice(("工程师", "高级工程师", "注册工程师"))
        if leads
        else rng.choice(("助理工程师", "工程师", "技术员")),
        can_lead=leads,
        social_insurance_since=clock.today() - timedelta(days=rng.randint(200, 3000)),
        actor=owner,
    )


def _cases(rng: Random) -> list[dict[str, str]]:
    return [
        {
            "title": rng.choice(names.PRODUCTS),
            "client": f"某{rng.choice(names.INDUSTRIES)}企业",
            "year": str(clock.today().year - n),
            "text": "",
        }
        for n in (1, 2)
    ]


def _offer(world: World, plan: AgencyPlan, agency: Agency, item: ServiceItem, owner: User, rng: Random) -> Review:
    listing = shop.listing_create(
        agency=agency, item=item, capacity=60 if plan.weight > 4 else rng.randint(8, 20), actor=owner
    )
    base = item.baseline_fee_fen or item.price_high_fen or 100_00
    price = round_div(base * rng.randint(*PRICE_MILLI), 1000)
    step = 10_000 if price > 200_000 else 100 if price > 5_000 else 1
    limit = item.statutory_days or item.default_days
    days = max(1, min(limit, round_div(item.default_days * rng.randint(*DAYS_CUT), 100)))
    tagline = rng.choice(TAGLINES)
    experts = rng.random() < 0.3
    version = shop.listing_draft(
        listing=listing,
        title=item.name_zh,
        unit=item.fee_unit,
        days=days,
        unit_price_fen=max(step, price // step * step),
        min_fee_fen=0 if item.fee_unit in ("report", "test_group") else item.min_fee_fen,
        summary=f"{item.name_zh}：{item.result_type or '成果文件'}，{tagline}",
        includes={"tax": True, "expert_review": experts, "monitoring": False, "travel": True},
        not_included=_charged_apart(item, experts),
        copies=rng.choice((2, 4, 6)),
        actor=owner,
    )
    return shop.listing_submit(version=version, actor=owner)


def _charged_apart(item: ServiceItem, experts: bool) -> str:
    """In keeping with what the price includes and with what the item says of the experts' fee."""
    if not item.external_review:
        return ""
    free = experts or "由审批部门承担" in item.usually_includes
    return "补充监测费由委托方另行承担。" if free else "补充监测费、专家评审费由委托方另行承担。"


END_OF_CERTIFICATE = {
    "expired": lambda plan: plan.last_day - timedelta(days=1),
    "expiring": lambda plan: plan.last_day + timedelta(days=28),
    "renewed": lambda plan: plan.last_day + timedelta(days=3),
}


def _later(world: World, plan: AgencyPlan, agency: Agency, owner: User, rng: Random) -> Life:
    if plan.role == "renewed":
        yield working_moment(plan.last_day - timedelta(days=8), rng)
        old = agency.qualifications.filter(expires_on__isnull=False).order_by("id").first()
        if old:
            new = papers.qualification_add(
                agency=agency,
                type=old.type,
                number=f"{old.number}-2",
                level=old.level,
                issuer=old.issuer,
                issued_on=clock.today() - timedelta(days=2),
                expires_on=clock.today() + timedelta(days=5 * YEAR),
                renews=old,
                actor=owner,
            )
            yield after_workdays(clock.now(), 1, rng)
            papers.qualification_confirm(qualification=new, actor=world.operator)
