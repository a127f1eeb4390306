"""An agency gets in: sign up, register, apply, be checked and made public, enter, list a service, be found. And be
stopped again."""

import pytest

from agencies.models import Agency, Listing
from tests import factories
from tests.flows.browser import Browser, pdf

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

NAME = "澄湖青禾环境科技有限公司"
TITLE = "排污许可证申请材料编制（轻工）"


def test_an_agency_enters_the_market_and_is_found(operator, days_pass, worker_runs, code_from_sms):
    clerk = Browser()

    # Zhou Min signs up with her mobile number and the code she is sent.
    clerk.open("/accounts/signup/")
    clerk.press(
        "注册", name="周敏", phone="138 0013 8000", password1="qinghe-2026-huanjing", password2="qinghe-2026-huanjing"
    )
    clerk.press("确认", code=code_from_sms())

    # She registers her company as an agency and applies for entry.
    clerk.open("/parties/new/?kind=agency")
    clerk.press("登记单位", name=NAME, uscc=factories.make_uscc(), region="澄湖市")
    clerk.open("/agency/").press("开始填写")
    clerk.press(
        "保存，下一步",
        contact_name="周敏",
        contact_mobile="13800138000",
        categories=["环境影响评价"],
        service_regions=["330499"],
        affiliation_declared=True,
    )
    clerk.press("签署承诺，下一步", agreed=True)
    clerk.press("上传所选文件", business_licence=pdf("营业执照.pdf")).sees("营业执照.pdf")
    clerk.open("/agency/application/submit/").press("提交入驻申请").sees("入驻申请已提交")

    # The desk checks the form; everybody can read the notice; five working days later the desk lets her in.
    operator.open("/desk/review/").click(NAME)
    operator.press("形式审查通过，开始公示").sees("公示期满后可准予入驻")
    Browser().open("/publicity/").sees(NAME)
    days_pass(6)
    operator.open("/desk/review/").click(NAME).press("准予入驻")
    agency = Agency.objects.get(organisation__name=NAME)
    assert agency.status == Agency.Status.ACTIVE

    # She offers a service; the desk reads its terms and approves.
    clerk.open("/agency/listings/new/").press("填写价格和说明", item="排污许可证申请材料编制", capacity=3)
    clerk.press("保存并预览", title=TITLE, unit_price_fen="12,000", days=10, includes=["tax"]).sees("¥12,000.00")
    clerk.press("提交审核")
    operator.open("/desk/review/").sees(TITLE).click(NAME).press("通过并上架")
    listing = Listing.objects.get(agency=agency)
    assert listing.status == Listing.Status.PUBLISHED

    # Once the worker has carried the news, anybody finds it.
    visitor = Browser()
    visitor.open("/").press("搜索", q="排污许可").sees_not(TITLE)
    worker_runs()
    visitor.press("搜索", q="排污许可").sees(TITLE)
    visitor.press("搜索", q="paiwu xuke").click(TITLE).sees(NAME, "¥12,000.00")
    visitor.click(NAME).sees("服务与价格", TITLE)
    visitor.open("/directory/").press("查找机构", q="青禾").sees(NAME)

    # Suspended, it takes no order from that moment on, and search forgets it with the next news.
    buyer = Browser().sign_in(factories.owner_of(factories.make_organisation()))
    buyer.open(f"/orders/new/{listing.pk}/")
    operator.open(f"/desk/agencies/{agency.pk}/").press("暂停服务", reason="专项检查")
    order = {"name": "技改项目", "region": "澄湖市", "fund": "private", "not_secret": True}
    buyer.press("提交订单", **order).sees("该机构当前不在服务状态", "请先改正下面的内容，已填的都还在")
    visitor.click(NAME).sees("该机构已被暂停")
    worker_runs()
    visitor.open("/").press("搜索", q="排污许可").sees_not(TITLE)
