"""What the centre, the credit desk and a few unlucky firms do beside the orders: rankings, cases, guidance, the queues."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.core.files.base import ContentFile

from agencies.models import Agency
from agencies.services import papers, registration, reviews
from agencies.services.roster_import import roster_import
from credit.models import Case
from credit.selectors import published_grades
from credit.services import cases, guidance, rankings
from demo import names
from demo.engine import Life, after_workdays, working_moment
from demo.papers import pdf
from demo.world import World, user
from kernel import clock, workdays
from kernel.errors import DomainError
from kernel.models import Organisation
from kernel.services import parties
from orders.models import Order
from orders.services import complaint, rate

# Working days after a month's end on which its list goes through the stages: 5 of preview, then 7 of publicity.
DRAFT_WD, PUBLICITY_WD, PUBLISH_WD = 1, 7, 15


def lives(world: World) -> Iterator[Life]:
    """All of them."""
    for period, last in _months(world):
        yield ranking_month(world, period, last)
    yield guidance_round(world)
    yield breach(world)
    yield withdrawn_allegation(world)
    yield repaired(world)
    yield open_case(world)
    yield official_ratings(world)
    yield open_complaint(world)
    yield roster(world)
    for number, stage in enumerate(("submitted", "submitted", "publicity", "returned", "draft")):
        yield applicant(world, number, stage)


def _months(world: World) -> list[tuple[str, date]]:
    """The calendar months that closed while the market was open."""
    found, day = [], world.plan.opening.replace(day=28)
    while True:
        last = (day + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        if last >= clock.civil(world.plan.until):
            return found
        found.append((last.strftime("%Y-%m"), last))
        day = (last + timedelta(days=1)).replace(day=28)


def ranking_month(world: World, period: str, last: date) -> Life:
    """Drafted by one credit officer, published by the other."""
    rng = Random(f"ranking:{period}")  # noqa: S311
    drafter, publisher = world.people["credit_officer"], world.people["credit_officer_2"]
    yield working_moment(workdays.add(last, DRAFT_WD), rng)
    drafts = rankings.ranking_draft_month(period=period, actor=drafter)
    yield clock.now() + timedelta(minutes=30)
    for row in drafts:
        rankings.ranking_preview_open(ranking=row, actor=drafter)
    yield working_moment(workdays.add(last, PUBLICITY_WD), rng)
    for row in drafts:
        rankings.ranking_publicity_open(ranking=row, actor=drafter)
    yield working_moment(workdays.add(last, PUBLISH_WD), rng)
    for row in drafts:
        rankings.ranking_publish(ranking=row, actor=publisher)


def guidance_round(world: World) -> Life:
    """After the last closed month: the well graded enter the guidance directory of their trade."""
    rng = Random("guidance")  # noqa: S311
    yield working_moment(clock.civil(world.plan.until) - timedelta(days=2), rng)
    ids = [agency.pk for agency in world.agencies.values()]
    grades = {code.pk: published_grades(ids, code.pk) for code in world.categories.values()}
    for number, agency in sorted(world.agencies.items()):
        category = world.categories[world.plan.agencies[number].category]
        grade = grades[category.pk].get(agency.pk)
        if grade is None or grade.grade not in ("AAA", "AA", "A"):
            continue
        try:
            guidance.guidance_enter(
                agency=agency,
                category=category,
                reason=f"{grade.period} 信用排行 {grade.grade} 级",
                actor=world.people["credit_officer"],
            )
        except DomainError:
            continue  # an officer who is refused goes on to the next


def _agency(world: World, role: str) -> Agency:
    number = next(a.number for a in world.plan.agencies if a.role == role)
    return world.agencies[number]


def _of_trade(world: World, category: str) -> Agency:
    """The first agency of a trade; of any, where the trade has none."""
    ready = sorted(world.agencies)
    number = next((n for n in ready if world.plan.agencies[n].category == category), ready[-1])
    return world.agencies[number]


def _case(world: World, agency: Agency, *, code: str, facts: str, source: str = Case.Source.COMPLAINT) -> Life:
    """Intake, allegation and notice on three days; leaves the case noticed. The value sent back is the case."""
    rng = Random(f"case:{agency.pk}:{code}")  # noqa: S311
    officer = world.people["credit_officer"]
    row = cases.case_open(
        agency=agency,
        source=source,
        facts=facts,
        category=agency.categories.order_by("position").first(),
        evidence={"材料": ["投诉登记表", "合同与交付记录"]},
        actor=officer,
    )
    yield after_workdays(clock.now(), 1, rng)
    cases.case_allege(case=row, event_code=code, occurred_on=clock.today() - timedelta(days=6), actor=officer)
    yield after_workdays(clock.now(), 1, rng)
    cases.case_notice(case=row, actor=officer)
    return row


def breach(world: World) -> Life:
    """A decided breach (general): late by more than ten working days without consent."""
    rng = Random("breach")  # noqa: S311
    yield working_moment(clock.civil(world.plan.until) - timedelta(days=60), rng)
    row = yield from _case(
        world,
        _agency(world, "breach"),
        code="late_major",
        facts="在某技改项目中超过合同期限 12 个工作日交付，且无业主书面同意延期。",
    )
    yield after_workdays(clock.now(), 7, rng)
    cases.case_decide(
        case=row,
        uphold=True,
        actor=world.people["credit_officer_2"],
        decision="经查，该机构在某技改项目中超过合同期限 12 个工作日交付，且无业主书面同意延期。依据规则“超期 10 个工作日以上”记 5 分；"
        "如有异议，可自收到之日起 10 日内申诉。",
    )


def withdrawn_allegation(world: World) -> Life:
    """An allegation that the defence put right."""
    rng = Random("withdrawn")  # noqa: S311
    yield working_moment(clock.civil(world.plan.until) - timedelta(days=45), rng)
    agency = _agency(world, "withdrawn")
    row = yield from _case(world, agency, code="raises_fee", facts="投诉人称机构在合同外加收补测费用。")
    yield after_workdays(clock.now(), 3, rng)
    number = next(n for n, a in world.agencies.items() if a.pk == agency.pk)
    cases.case_defend(
        case=row, text="补测系业主变更用地红线所致，双方已签补充协议，附协议及往来函件。", actor=world.agents[number]
    )
    yield after_workdays(clock.now(), 2, rng)
    cases.case_withdraw(case=row, reason="申辩成立，补充协议真实有效，撤回认定。", actor=world.people["credit_officer"])


def repaired(world: World) -> Life:
    """A minor entry of the first weeks, repaired once the shortest display time was over."""
    rng = Random("repaired")  # noqa: S311
    yield working_moment(world.plan.opening + timedelta(days=24), rng)
    agency = _of_trade(world, "cost")
    row = yield from _case(
        world, agency, code="filing_late", facts="合同未在规定时间内备案，经提醒后补报。", source=Case.Source.INSPECTION
    )
    yield after_workdays(clock.now(), 7, rng)
    cases.case_decide(
        case=row, uphold=True, actor=world.people["credit_officer_2"], decision="合同备案逾期属实，情节轻微，记 1 分。"
    )
    yield after_workdays(clock.now(), 50, rng)
    cases.case_repair(
        case=row, reason="已完成整改并提交修复申请，经核实同意修复。", actor=world.people["credit_officer_2"]
    )


def open_case(world: World) -> Life:
    """One case in its defence period and one just taken in, for the desks of the last day."""
    rng = Random("open")  # noqa: S311
    yield working_moment(clock.civil(world.plan.until) - timedelta(days=6), rng)
    agency = _of_trade(world, "safety")
    yield from _case(world, agency, code="substandard", facts="评价报告评审后被退回，主要结论缺少现场依据。")
    yield working_moment(clock.civil(world.plan.until) - timedelta(days=2), rng)
    other = _of_trade(world, "tender")
    cases.case_open(
        agency=other,
        source=Case.Source.HOTLINE,
        facts="来电反映招标文件设置倾向性条款，已转行业主管部门核实。",
        actor=world.people["credit_officer"],
    )


def official_ratings(world: World) -> Life:
    """Twice a month the bureau and the centre add their part to some of the finished orders."""
    rng = Random("official")  # noqa: S311
    day = world.plan.opening + timedelta(days=30)
    while True:
        yield working_moment(day, rng)
        done = Order.objects.filter(
            status__in=[Order.Status.APPROVED, Order.Status.CLOSED], official_ratings__isnull=True
        )
        for order in done.order_by("pk")[:14]:
            stars = 5 if order.days_used is not None and order.days_used <= order.days else 3
            remark = "按期办结，资料齐全。" if stars == 5 else "超过合同时限。"
            rate.official_rating_submit(order=order, party="centre", stars=stars, remark=remark, actor=world.operator)
            if rng.random() < 0.4:
                stars = stars - rng.choice((0, 0, 1))
                rate.official_rating_submit(
                    order=order, party="department", stars=stars, remark=remark, actor=world.people["supervisor"]
                )
        day += timedelta(days=15)


def open_complaint(world: World) -> Life:
    """A complaint that waits to be accepted, and one that is being looked into."""
    rng = Random("complaint")  # noqa: S311
    for days_left, accept in ((9, True), (2, False)):
        yield working_moment(clock.civil(world.plan.until) - timedelta(days=days_left), rng)
        order = (
            Order.objects.filter(
                status=Order.Status.IN_SERVICE, complaints__isnull=True, buyer__kind=Organisation.Kind.ENTERPRISE
            )
            .order_by("pk")
            .first()
        )
        if order is None:
            continue
        clerk = next(world.clerks[n] for n, buyer in world.buyers.items() if buyer.pk == order.buyer_id)
        filed = complaint.complaint_file(
            order=order, subject_code="late", body="约定的踏勘时间已过三天，仍未到场。", actor=clerk
        )
        if accept:
            yield after_workdays(clock.now(), 1, rng)
            complaint.complaint_accept(complaint=filed, actor=world.operator)


def roster(world: World) -> Life:
    """The department's directory is imported a week before the end; nobody has claimed its entries yet."""
    rng = Random("roster")  # noqa: S311
    yield working_moment(clock.civil(world.plan.until) - timedelta(days=7), rng)
    path = Path(settings.BASE_DIR) / "agencies" / "data" / "roster-sample.xlsx"
    roster_import(file=io.BytesIO(path.read_bytes()), name=path.name, region=world.county.code, actor=world.operator)


def applicant(world: World, number: int, stage: str) -> Life:
    """A firm on its way in, stopped at a stage of the review desk."""
    rng = Random(f"applicant:{number}")  # noqa: S311
    yield working_moment(
        clock.civil(world.plan.until) - timedelta(days={"publicity": 6, "returned": 5}.get(stage, 1 + number)), rng
    )
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
