"""Who is there: the people, organisations, agencies and listings of the replay, kept by the plan's numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from agencies.models import Agency, Category, Listing, ServiceItem
from demo import names
from demo.engine import last_workday, working_moment
from demo.plan import Plan
from kernel import clock
from kernel.models import Membership, Organisation, Region, User
from kernel.services import parties

PASSWORD = "chengxuan-demo-2026"  # noqa: S105 (printed on the sign-in page of the demo)
Role = Membership.Role
# role → (name, mobile): one login each; the numbers belong to nobody
LOGINS = {
    "buyer": ("方晓雨", "+8610000000001"),
    "agency": ("沈立衡", "+8610000000002"),
    "operator": ("钱秀兰", "+8610000000003"),
    "credit_officer": ("陆正宏", "+8610000000004"),
    "credit_officer_2": ("顾敏", "+8610000000005"),
    "supervisor": ("周建平", "+8610000000006"),
    "inspector": ("孙慧", "+8610000000007"),
    "administrator": ("吴海波", "+8610000000008"),
    "public_buyer": ("朱文静", "+8610000000009"),
}


@dataclass
class World:
    plan: Plan
    county: Region
    people: dict[str, User] = field(default_factory=dict)
    agencies: dict[int, Agency] = field(default_factory=dict)
    agents: dict[int, User] = field(default_factory=dict)
    buyers: dict[int, Organisation] = field(default_factory=dict)
    clerks: dict[int, User] = field(default_factory=dict)
    listings: dict[tuple[int, str], Listing] = field(default_factory=dict)
    items: dict[str, list[ServiceItem]] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)

    @property
    def operator(self) -> User:
        return self.people["operator"]

    def days_left(self, days: int, rng: Random) -> datetime:
        """Some time in working hours of the last working day that leaves at least so many days of the story."""
        return working_moment(last_workday(clock.civil(self.plan.until) - timedelta(days=days)), rng)


def user(name: str, mobile: str, *, password: str | None = None, language: str = "zh-hans") -> User:
    """An account as sign-up leaves it. Without a password nobody can sign in to it."""
    row = User(mobile=mobile, name=name, mobile_verified=True, language=language, date_joined=clock.now())
    row.password = password if password is not None else make_password(None)
    row.save()
    return row


def settle(plan: Plan, start: datetime) -> World:
    """The centre and its staff, and every buyer, on the first day."""
    with clock.at(start):
        county = Region.objects.get(level=Region.Level.COUNTY, name="澄湖市")
        world = World(plan, county)
        world.categories = {c.code: c for c in Category.objects.all()}
        for item in ServiceItem.objects.filter(active=True, orderable=True).select_related("category"):
            world.items.setdefault(item.category.code, []).append(item)
        _staff(world)
        _buyers(world)
    return world


def _staff(world: World) -> None:
    secret = make_password(PASSWORD)
    rng = Random("staff")  # noqa: S311
    for role, (name, mobile) in LOGINS.items():
        world.people[role] = user(name, mobile, password=secret)
    head = user(names.person(rng), names.mobile(rng))
    centre = parties.organisation_create(
        kind=Organisation.Kind.AUTHORITY,
        name="澄湖市政务服务中心",
        region=world.county,
        code=names.social_code(rng, "11"),
        phone="0500-8500 0000",
        owner=head,
        actor=None,
    )
    bureau = parties.organisation_create(
        kind=Organisation.Kind.AUTHORITY,
        name="澄湖市生态环境局",
        region=world.county,
        code=names.social_code(rng, "11"),
        phone="0500-8500 0001",
        owner=head,
        actor=None,
    )
    # Who looks after texts, catalogue and calendar gets into the back office; nobody else does.
    User.objects.filter(pk=world.people["administrator"].pk).update(is_staff=True, is_superuser=True)
    for role in ("operator", "credit_officer", "inspector", "administrator"):
        parties.membership_add(organisation=centre, user=world.people[role], role=role, actor=None)
    parties.membership_add(
        organisation=centre, user=world.people["credit_officer_2"], role=Role.CREDIT_OFFICER, actor=None
    )
    parties.membership_add(organisation=bureau, user=world.people["supervisor"], role=Role.SUPERVISOR, actor=None)


def _buyers(world: World) -> None:
    rng = Random("buyers")  # noqa: S311
    first_private = next(b.number for b in world.plan.buyers if not b.public)
    first_public = next(b.number for b in world.plan.buyers if b.public)
    for row in world.plan.buyers:
        login = {first_private: "buyer", first_public: "public_buyer"}.get(row.number)
        clerk = world.people[login] if login else user(names.person(rng), names.mobile(rng))
        world.clerks[row.number] = clerk
        world.buyers[row.number] = parties.organisation_create(
            kind=Organisation.Kind.PUBLIC_BODY if row.public else Organisation.Kind.ENTERPRISE,
            name=row.name,
            region=world.county,
            code=row.uscc,
            owner=clerk,
            actor=clerk,
            address=f"澄湖市{rng.choice(names.ROADS)}{rng.randint(1, 999)}号",
            phone=f"0500-8{rng.randint(5000000, 5999999)}",
        )
