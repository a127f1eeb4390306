"""The five lines at a real Chromium, from the sign-in page on: each once by the keyboard alone, with the focus in sight at
every stop, and once where the browser runs no script."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from agencies.models import Agency
from credit.models import Case, RankingPublication
from kernel import clock
from kernel.models import User
from market.selectors.lexicon import forget_lexicon
from orders.models import Order, Payment, Rating
from tests import factories
from tests.credit.test_rankings import well_known
from tests.flows.hands import PASSWORD
from tests.flows.keyboard import Keyboard
from tests.flows.pointer import Pointer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("chromium"), pytest.mark.slow]

HANDS = {"keyboard": Keyboard, "no script": Pointer}
DIMENSIONS = {
    "buyer": ("质量", "时效", "态度", "收费", "规范"),
    "agency": ("资料质量", "配合时效", "态度", "付款", "规范"),
}


@pytest.fixture
def town(db, settings, tmp_path):
    """No more than these stories need."""
    settings.SEARCH_INDEX_DIR = tmp_path / "search"
    forget_lexicon()
    for command in ("load_regions", "load_rulebook"):
        call_command(command, verbosity=0)
    yield
    forget_lexicon()


@pytest.fixture(params=HANDS)
def arrive(request, chromium, live_server):
    """``arrive(user)``: a person sits down at a Chromium of their own, and signs in; without a user: a visitor."""
    hands = HANDS[request.param]
    contexts = []

    def sit_down(user=None):
        window = {"width": 1280, "height": 800}
        context = chromium.new_context(locale="zh-CN", viewport=window, java_script_enabled=hands.SCRIPTS)
        contexts.append(context)
        person = hands(context.new_page(), live_server.url)
        return person.sign_in(user) if user else person

    yield sit_down
    for context in contexts:
        context.close()


@pytest.fixture
def paper(tmp_path):
    path = tmp_path / "材料.pdf"
    path.write_bytes(factories.PDF)
    return path


def test_an_agency_signs_up(arrive, town, paper, code_from_sms, days_pass):
    factories.make_category()
    name = "澄湖青禾环境科技有限公司"

    clerk = arrive().open("/accounts/login/").click("注册新账户")
    clerk.write("姓名", "周敏").write("手机号", "13800138000").write("密码", PASSWORD).write("再输一遍密码", PASSWORD)
    clerk.press("注册").write("验证码", code_from_sms()).press("确认")
    clerk.click("登记中介机构").write("单位名称", name).write("统一社会信用代码", factories.make_uscc())
    clerk.pick("所在地区", "澄湖市").press("登记单位")

    clerk.open("/agency/").press("开始填写")
    clerk.write("联系人（提交前填好）", "周敏").write("联系手机（提交前填好）", "13800138000").tick("环境影响评价")
    clerk.tick("以上隶属或挂靠关系（包括没有此类关系）已如实申报").press("保存，下一步")
    clerk.tick("我代表本单位签署以上承诺").press("签署承诺，下一步")
    clerk.attach("选择文件，或拖到这里 · 营业执照（提交前填好）", paper, of="营业执照").press("上传所选文件").sees(
        "材料.pdf"
    )
    clerk.open("/agency/application/submit/").press("提交入驻申请").sees("入驻申请已提交")

    operator = arrive(factories.make_staff("operator")).open("/desk/review/").click(name)
    operator.press("形式审查通过，开始公示").sees("公示期满后可准予入驻")
    days_pass(6)
    operator.open("/desk/review/").click(name).press("准予入驻")
    assert Agency.objects.get(organisation__name=name).status == Agency.Status.ACTIVE
    assert User.objects.get(name="周敏").mobile == "+8613800138000"


def test_an_order_is_placed_paid_delivered_and_rated(arrive, town, paper, worker_runs):
    title = "排污许可证申请材料编制（轻工）"
    listing = factories.make_listing(title=title, unit_price_fen=1_200_000)
    factories.make_practitioner(listing.agency, name="李工")
    worker_runs()

    buyer = arrive(factories.owner_of(factories.make_organisation()))
    buyer.write("搜索服务或机构", "排污许可").press("搜索").click(title).sees("¥12,000.00").click("下单")
    buyer.write("项目名称", "年产两万吨饲料技改项目").write("数量", "2")
    if not buyer.SCRIPTS:  # where one runs, it reckons while the number is written
        buyer.press("计算费用")
    buyer.page.locator("#fee", has_text="¥24,000.00").wait_for()
    buyer.tick("我声明本项目和提交的资料不涉及国家秘密").press("提交订单").sees("待受理")
    page = buyer.path
    agency = arrive(factories.owner_of(listing.agency.organisation)).open(page)
    agency.pick("项目负责人", "李工").press("受理订单").press("确认合同")

    buyer.open(page).press("确认合同").click("去付款").choose("付款方式", "托管支付").press("去付款 ¥24,000.00")
    buyer.sees("托管银行").press("确认付款").sees("托管方已收妥")
    assert Payment.objects.get().status == Payment.Status.SETTLED

    agency.open(page).press("确认资料齐全").attach("成果文件", paper).press("交付成果")
    assert buyer.open(page).download("材料.pdf") == factories.PDF
    buyer.open(page).click("验收成果").press("确认验收")

    for side, person in (("buyer", buyer), ("agency", agency)):
        person.open(page).click("评价对方")
        for dimension in DIMENSIONS[side]:
            person.choose(dimension, "4 星")
        person.press("提交评价")
    assert set(Rating.objects.values_list("quality", "timeliness", "attitude", "charging", "compliance")) == {(4,) * 5}
    assert Order.objects.get().status == Order.Status.CLOSED


def test_a_case_is_decided_and_a_ranking_published(arrive, town, days_pass):
    last_day = clock.today().replace(day=1) - timedelta(days=1)
    agency = well_known(factories.make_agency(), on=last_day.replace(day=10))
    name = agency.organisation.name
    first, second = (arrive(factories.make_staff("credit_officer")) for _ in range(2))

    # One officer takes it in and alleges, the agency answers, another officer decides.
    first.open("/desk/credit/").click("登记线索")
    first.write("机构", name).pick("线索来源", "投诉").write("事实经过", "现场踏勘后要求业主另付三千元，有收据。")
    first.press("登记线索").pick("适用条款", clause("raises_fee")).write("发生日期", f"{last_day}")
    first.press("提出认定").press("送达告知")
    case = Case.objects.get()
    page = f"/credit/cases/{case.number}/"
    accused = arrive(factories.owner_of(agency.organisation)).open(page)
    accused.write("陈述申辩", "系补充监测费，未事先说明，愿意退还。").press("提交陈述申辩")
    second.open(page).choose("决定", "予以认定").write("决定理由", "收据与合同不符，事实清楚。").press("作出决定并送达")
    case.refresh_from_db()
    assert (case.status, case.occurred_on) == (Case.Status.IN_EFFECT, last_day)

    # One officer drafts the month, the agencies and then everybody may object, another officer publishes.
    desk = "/desk/credit/rankings/"
    first.open(desk).press("起草本月全部排行").press("开始征求意见（2 份）")
    days_pass(6)
    first.open(desk).press("开始公示（2 份）")
    days_pass(8)
    second.open(desk).press("发布（2 份）")
    ranking = RankingPublication.objects.get(category=None)
    assert ranking.status == RankingPublication.Status.PUBLISHED
    arrive().open(f"/credit/rankings/{ranking.number}/").sees(name)


def clause(code):
    """As the list of clauses shows it."""
    from credit.forms.case import AllegeForm
    from credit.selectors.rules import rules_on

    groups = AllegeForm(rules=rules_on()).fields["event_code"].choices[1:]
    return next(str(words) for _kind, rows in groups for value, words in rows if value == code)
