"""The credit desk: a ranking a month, the guidance round, the cases, and what is left on the desk on the last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from random import Random

from agencies.models import Agency
from credit.models import Case, RankingPublication
from credit.selectors import published_grades
from credit.selectors.story import period_name
from credit.selectors.waiting import to_decide
from credit.services import cases, comments, guidance, rankings
from credit.services.papers import case_paper_add
from demo.engine import Life, after_workdays, working_moment
from demo.papers import pdf
from demo.world import World
from kernel import clock, workdays
from kernel.errors import DomainError
from kernel.models import User

# Working days after a month's end on which its list goes through the stages: 5 of preview, then 7 of publicity.
DRAFT_WD, PUBLICITY_WD, PUBLISH_WD = 1, 7, 15
# Lists of the last month that stop at a stage, so that each stage has one to look at; the objection holds for longer.
HELD = {"lightning": "draft", "water": "preview"}
OBJECTED, OBJECTED_MONTHS = "geotech", 2
# What the system alleges (late work and the like) is noticed on a Monday; nobody decides in the last days.
DESK_EVERY_DAYS, DESK_FIRST_DAYS, DESK_LAST_DAYS = 7, 12, 9


def lives(world: World) -> Iterator[Life]:
    """All of them."""
    months = _months(world)
    for number, (period, last) in enumerate(months, 1):
        yield ranking_month(world, period, last, left=len(months) - number)
    yield guidance_round(world)
    yield desk(world)
    yield breach(world)
    yield withdrawn_allegation(world)
    yield dismissed(world)
    yield repaired(world)
    yield answered(world)
    yield open_case(world)


def _months(world: World) -> list[tuple[str, date]]:
    """The calendar months that closed while the market was open."""
    found, day = [], world.plan.opening.replace(day=28)
    while True:
        last = (day + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        if last >= clock.civil(world.plan.until):
            return found
        found.append((last.strftime("%Y-%m"), last))
        day = (last + timedelta(days=1)).replace(day=28)


def ranking_month(world: World, period: str, last: date, *, left: int) -> Life:
    """Drafted by one credit officer, published by the other. ``left``: how many months of the story come after it."""
    rng = Random(f"ranking:{period}")  # noqa: S311
    drafter, publisher = world.people["credit_officer"], world.people["credit_officer_2"]
    yield working_moment(workdays.add(last, DRAFT_WD), rng)
    drafts = rankings.ranking_draft_month(period=period, actor=drafter)
    yield clock.now() + timedelta(minutes=30)
    held = HELD if left == 0 else {}
    drafts = [row for row in drafts if held.get(_code(row)) != "draft"]
    for row in drafts:
        rankings.ranking_preview_open(ranking=row, actor=drafter)
    yield working_moment(workdays.add(last, PUBLICITY_WD), rng)
    drafts = [row for row in drafts if held.get(_code(row)) != "preview"]
    for row in drafts:
        rankings.ranking_publicity_open(ranking=row, actor=drafter)
    if left < OBJECTED_MONTHS and (disputed := next((row for row in drafts if _code(row) == OBJECTED), None)):
        drafts.remove(disputed)
        yield after_workdays(clock.now(), 2, rng)
        comments.ranking_comment(
            ranking=disputed,
            text="本机构有一笔订单因业主场地未交付而暂停，时限统计似未扣除暂停天数，请核实后再发布。",
            contact="0500-8500 0021",
            actor=_agent(world, _of_trade(world, OBJECTED)),
        )
    yield working_moment(workdays.add(last, PUBLISH_WD), rng)
    for row in drafts:
        rankings.ranking_publish(ranking=row, actor=publisher)


def _code(row: RankingPublication) -> str:
    return row.category.code if row.category else ""


def guidance_round(world: World) -> Life:
    """After the last closed month: the well graded enter the guidance directory of their trade."""
    rng = Random("guidance")  # noqa: S311
    yield world.days_left(2, rng)
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
                reason=f"{period_name(grade.period)}信用排行 {grade.grade} 级",
                actor=world.people["credit_officer"],
            )
        except DomainError:
            continue  # an officer who is refused goes on to the next


def desk(world: World) -> Life:
    """Every week the one officer gives notice of what the system alleges, and the other decides what was noticed."""
    rng = Random("case desk")  # noqa: S311
    last = clock.civil(world.plan.until) - timedelta(days=DESK_LAST_DAYS)
    day = world.plan.opening + timedelta(days=DESK_FIRST_DAYS)
    while day <= last:
        yield working_moment(day, rng)
        found = Case.objects.filter(proposed_by=None)
        due = list(found.filter(to_decide()).order_by("pk"))
        for row in found.filter(status=Case.Status.ALLEGED).order_by("pk"):
            cases.case_notice(case=row, actor=world.people["credit_officer"])
        for row in due:
            cases.case_decide(
                case=row,
                uphold=True,
                decision="经核对平台记录，情况属实；告知后在规定期限内未提出陈述申辩。",
                actor=world.people["credit_officer_2"],
            )
        day += timedelta(days=DESK_EVERY_DAYS)


def _agent(world: World, agency: Agency) -> User:
    return world.agents[next(n for n, row in world.agencies.items() if row.pk == agency.pk)]


def _agency(world: World, role: str) -> Agency:
    number = next(a.number for a in world.plan.agencies if a.role == role)
    return world.agencies[number]


def _of_trade(world: World, category: str) -> Agency:
    """The first agency of a trade; of any, where the trade has none."""
    ready = sorted(world.agencies)
    number = next((n for n in ready if world.plan.agencies[n].category == category), ready[-1])
    return world.agencies[number]


def _case(
    world: World,
    agency: Agency,
    *,
    code: str,
    facts: str,
    source: str = Case.Source.COMPLAINT,
    evidence: tuple[str, ...] = ("投诉登记表", "合同与交付记录"),
) -> Life:
    """Intake with its evidence, allegation and notice on three days; leaves the case noticed. The value sent back is the
    case."""
    rng = Random(f"case:{agency.pk}:{code}")  # noqa: S311
    officer = world.people["credit_officer"]
    row = cases.case_open(
        agency=agency,
        source=source,
        facts=facts,
        category=agency.categories.order_by("position").first(),
        evidence={"材料": list(evidence)},
        actor=officer,
    )
    for title in evidence:
        case_paper_add(case=row, file=BytesIO(pdf(title)), name=f"{title}.pdf", actor=officer)
    yield after_workdays(clock.now(), 1, rng)
    cases.case_allege(case=row, event_code=code, occurred_on=clock.today() - timedelta(days=6), actor=officer)
    yield after_workdays(clock.now(), 1, rng)
    cases.case_notice(case=row, actor=officer)
    return row


def breach(world: World) -> Life:
    """A decided breach (general): late by more than ten working days without consent."""
    rng = Random("breach")  # noqa: S311
    yield world.days_left(60, rng)
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
        "满最短展示期后可以申请信用修复；对本决定不服的，可自知道之日起 60 日内依法申请行政复议。",
    )


def withdrawn_allegation(world: World) -> Life:
    """An allegation that the defence put right."""
    rng = Random("withdrawn")  # noqa: S311
    yield world.days_left(45, rng)
    agency = _agency(world, "withdrawn")
    row = yield from _case(world, agency, code="raises_fee", facts="投诉人称机构在合同外加收补测费用。")
    yield after_workdays(clock.now(), 3, rng)
    cases.case_defend(
        case=row,
        text="补测系业主变更用地红线所致，双方已签补充协议，附协议及往来函件。",
        actor=_agent(world, agency),
    )
    yield after_workdays(clock.now(), 2, rng)
    cases.case_withdraw(case=row, reason="申辩成立，补充协议真实有效，撤回认定。", actor=world.people["credit_officer"])


def dismissed(world: World) -> Life:
    """An allegation that the second officer did not follow."""
    rng = Random("dismissed")  # noqa: S311
    yield world.days_left(38, rng)
    agency = _of_trade(world, "consulting")
    row = yield from _case(world, agency, code="not_as_agreed", facts="投诉人称报告未按合同约定增加敏感性分析一章。")
    yield after_workdays(clock.now(), 3, rng)
    cases.case_defend(
        case=row,
        text="合同附件约定为简本，不含该章；业主签收时未提异议，附合同附件和签收单。",
        actor=_agent(world, agency),
    )
    yield after_workdays(clock.now(), 4, rng)
    cases.case_decide(
        case=row,
        uphold=False,
        actor=world.people["credit_officer_2"],
        decision="经核对合同附件，双方约定的成果为简本，机构已按约定交付，不予认定。",
    )


def answered(world: World) -> Life:
    """A case whose agency has answered: the second officer decides next."""
    rng = Random("answered")  # noqa: S311
    yield world.days_left(13, rng)
    agency = _of_trade(world, "energy")
    row = yield from _case(
        world, agency, code="raises_fee", facts="投诉人称机构以“数据核算费”名义在合同外加收 2,000 元。"
    )
    yield after_workdays(clock.now(), 3, rng)
    cases.case_defend(
        case=row,
        text="该笔为业主另行委托的碳排放核算，已单独签订合同并开票；不属于本订单加价，附合同和发票。",
        actor=_agent(world, agency),
    )


def repaired(world: World) -> Life:
    """A minor entry of the first weeks, repaired once the shortest display time was over."""
    rng = Random("repaired")  # noqa: S311
    yield working_moment(world.plan.opening + timedelta(days=24), rng)
    agency = _of_trade(world, "cost")
    row = yield from _case(
        world,
        agency,
        code="filing_late",
        facts="合同未在规定时间内备案，经提醒后补报。",
        source=Case.Source.INSPECTION,
        evidence=("检查记录", "备案提醒和补报记录"),
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
    yield world.days_left(6, rng)
    agency = _of_trade(world, "safety")
    yield from _case(world, agency, code="substandard", facts="评价报告评审后被退回，主要结论缺少现场依据。")
    yield world.days_left(2, rng)
    other = _of_trade(world, "tender")
    cases.case_open(
        agency=other,
        source=Case.Source.HOTLINE,
        facts="来电反映招标文件设置倾向性条款，已转行业主管部门核实。",
        actor=world.people["credit_officer"],
    )
