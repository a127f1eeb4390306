"""Rows for tests, brought to life by the services, the way real ones are. Each call makes a new one."""

from __future__ import annotations

import io
import itertools
from datetime import date, timedelta
from typing import Any

from stdnum.cn import uscc

from agencies.models import Agency, Category, CertificateType, Listing, Qualification, ServiceItem
from agencies.services import papers, registration, reviews, shop
from kernel import clock, workdays
from kernel.models import Deadline, Membership, Organisation, Region, User
from kernel.services import parties

_numbers = itertools.count(1)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


# --- people and places -----------------------------------------------------------------------------------------------
def make_region(code: str = "330499", name: str = "澄湖市") -> Region:
    """A county below its city and province; the same code gives the same region."""
    province, _ = Region.objects.get_or_create(
        code=f"{code[:2]}0000", defaults={"name": "浙江省", "name_en": "Zhejiang", "level": "province"}
    )
    city, _ = Region.objects.get_or_create(
        code=f"{code[:4]}00", defaults={"name": "嘉禾市", "level": "city", "parent": province}
    )
    county, _ = Region.objects.get_or_create(
        code=code, defaults={"name": name, "name_en": "Chenghu", "level": "county", "parent": city}
    )
    return county


def make_uscc() -> str:
    """A code with a right check character under a division code that is not assigned."""
    body = f"91339999MA{next(_numbers):07d}"
    return body + uscc.calc_check_digit(body)


def make_person(name: str = "", **fields: Any) -> User:
    """A person with an account and a verified mobile number."""
    n = next(_numbers)
    return User.objects.create_user(
        f"+86139{n:08d}", "correct-horse-battery", name=name or f"王{n}", mobile_verified=True, **fields
    )


def make_organisation(
    kind: str = "enterprise", name: str = "", owner: User | None = None, **fields: Any
) -> Organisation:
    """A party with a checked code; ``owner`` (default: a new person) is its administrator: ``owner_of(organisation)``."""
    return parties.organisation_create(
        kind=kind,
        name=name or f"澄湖第{next(_numbers)}单位有限公司",
        region=fields.pop("region", None) or make_region(),
        code=None if kind == Organisation.Kind.PERSON else make_uscc(),
        owner=owner or make_person(),
        actor=None,
        **fields,
    )


def owner_of(organisation: Organisation) -> User:
    """A fresh object of the organisation's first administrator (memberships are cached on the object)."""
    row = organisation.memberships.filter(role=Membership.Role.OWNER, ended_at__isnull=True).first()
    return User.objects.get(pk=row.user_id)


def make_member(organisation: Organisation, role: str = "member") -> User:
    user = make_person()
    parties.membership_add(organisation=organisation, user=user, role=role, actor=None)
    return User.objects.get(pk=user.pk)


def make_staff(role: str = "operator") -> User:
    """Somebody of the service centre who holds ``role``."""
    centre = Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY, name="澄湖市公共服务中心").first()
    centre = centre or make_organisation(Organisation.Kind.AUTHORITY, "澄湖市公共服务中心")
    return make_member(centre, role)


def make_identity(born_on: date = date(1985, 5, 20)) -> str:
    """A resident identity number with a right check character."""
    body = f"330411{born_on:%Y%m%d}{next(_numbers) % 1000:03d}"
    total = sum(int(digit) * pow(2, 17 - i, 11) for i, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


# --- catalogue -------------------------------------------------------------------------------------------------------
def make_category(code: str = "eia", **fields: Any) -> Category:
    names = {"name_zh": "环境影响评价", "name_en": "Environmental impact assessment"}
    return Category.objects.get_or_create(code=code, defaults=names | fields)[0]


def make_certificate_type(code: str = "safety-assessment", **fields: Any) -> CertificateType:
    names = {"name_zh": f"资质 {code}", "name_en": code, "validity_years": 5}
    return CertificateType.objects.get_or_create(code=code, defaults=names | fields)[0]


def make_item(code: str = "", category: Category | None = None, **fields: Any) -> ServiceItem:
    """An item that anybody in its category may offer, by the report, in 18 working days, unless ``fields`` differ."""
    n = next(_numbers)
    defaults: dict[str, Any] = {
        "name_zh": f"环境影响报告表编制{n}",
        "name_en": f"EIA report form {n}",
        "category": category or make_category(),
        "default_days": 18,
        "fee_unit": ServiceItem.Unit.REPORT,
        "price_low_fen": 800_000,
        "price_high_fen": 3_500_000,
        "baseline_fee_fen": 2_300_000,
        "baseline_days": 36,
    }
    return ServiceItem.objects.create(code=code or f"item-{n}", **(defaults | fields))


# --- agencies --------------------------------------------------------------------------------------------------------
def make_agency(status: str = "active", category: Category | None = None, **organisation: Any) -> Agency:
    """An agency in ``status``, through the real desk. The publicity of an active one has run out long ago in the test's
    eyes: it was entered 20 working days before now, on the clock of that day."""
    entered = clock.now() - timedelta(days=40)
    wanted = Agency.Status(status)
    with clock.at(entered):
        party = make_organisation(Organisation.Kind.AGENCY, **organisation)
        agency = registration.agency_start(organisation=party, actor=None)
        _fill_in(agency, category or make_category())
        if wanted == Agency.Status.DRAFT:
            return _fresh(agency)
        review = registration.agency_submit(agency=agency, actor=None)
        if wanted == Agency.Status.SUBMITTED:
            return _fresh(agency)
        if wanted == Agency.Status.RETURNED:
            reviews.review_return(review=review, reasons=[{"code": "seal", "text": "承诺书未盖公章"}], actor=None)
            return _fresh(agency)
        review = reviews.review_publicise(review=review, actor=None)
        if wanted == Agency.Status.PUBLICITY:
            return _fresh(agency)
    with clock.at(publicity_end(review) + timedelta(seconds=1)):
        reviews.review_approve(review=review, actor=None)
    return _leave(agency, wanted)


def publicity_end(review: Any) -> Any:
    return Deadline.objects.filter(subject=review.stream, code="review.publicity").latest("id").due_at


def make_listing(
    agency: Agency | None = None, item: ServiceItem | None = None, capacity: int = 5, **version: Any
) -> Listing:
    """A published listing, reviewed like any other; ``version`` overrides its terms."""
    agency = agency or make_agency()
    item = item or make_item(category=agency.categories.first())
    listing = shop.listing_create(agency=agency, item=item, capacity=capacity, actor=None)
    terms: dict[str, Any] = {
        "summary": "现场踏勘、编制、内部校审，按评审意见修改至通过。",
        "unit_price_fen": 1_200_000,
        "min_fee_fen": 0,
        "days": 15,
        "includes": {"tax": True, "expert_review": False, "monitoring": False, "travel": True},
    }
    draft = shop.listing_draft(listing=listing, actor=None, **(terms | version))
    reviews.review_approve(review=shop.listing_submit(version=draft, actor=None), actor=None)
    return Listing.objects.select_related("agency__organisation", "item", "version").get(pk=listing.pk)


def make_qualification(
    agency: Agency, type: CertificateType, *, confirmed: bool = True, **fields: Any
) -> Qualification:
    paper = papers.qualification_add(
        agency=agency, type=type, actor=None, **({"number": f"ZS-{next(_numbers):06d}"} | fields)
    )
    return papers.qualification_confirm(qualification=paper, actor=None) if confirmed else paper


def make_practitioner(agency: Agency, *, can_lead: bool = True, **fields: Any) -> Any:
    values: dict[str, Any] = {"name": "李工", "identity_number": make_identity(), "title": "环境影响评价工程师"}
    return papers.practitioner_register(agency=agency, can_lead=can_lead, actor=None, **(values | fields))


def next_workday(moment: Any, count: int = 1) -> Any:
    """The moment ``count`` working days later, at the same hour."""
    return moment + (workdays.add(clock.civil(moment), count) - clock.civil(moment))


def _fill_in(agency: Agency, category: Category) -> None:
    registration.agency_edit(
        agency=agency,
        data={
            "legal_representative": "陈某",
            "contact_name": "周敏",
            "contact_mobile": "13800000000",
            "categories": [category],
            "service_regions": [agency.organisation.region],
            "affiliation_declared": True,
            "introduction": "专注本地项目的技术服务机构。",
        },
        actor=None,
    )
    registration.agency_commit(agency=agency, actor=None)
    papers.paper_upload(
        agency=agency, purpose="business_licence", file=io.BytesIO(PDF), name="营业执照.pdf", actor=None
    )


def _leave(agency: Agency, wanted: str) -> Agency:
    from agencies.services import directory

    agency = _fresh(agency)
    verbs = {
        Agency.Status.SUSPENDED: directory.agency_suspend,
        Agency.Status.EXITED: directory.agency_exit,
        Agency.Status.REMOVED: directory.agency_remove,
    }
    if wanted in verbs:
        verbs[Agency.Status(wanted)](agency=agency, reason="测试", actor=None)
    return _fresh(agency)


def _fresh(agency: Agency) -> Agency:
    return Agency.objects.select_related("organisation__region").get(pk=agency.pk)


# --- orders ----------------------------------------------------------------------------------------------------------
def make_order(status: str = "placed", **terms: Any) -> Any:
    """An order in ``status`` (any of Order.Status, or "paid"), walked there by the services; ``terms`` go to placing,
    ``buyer`` and ``listing`` choose the sides. tests.orders.lives.Life also gives the people around it."""
    from django.core.management import call_command

    from credit.models import Rulebook
    from tests.orders.lives import Life

    if not Rulebook.objects.exists():
        call_command("load_rulebook", verbosity=0)
    return Life(**terms).until(status).order
