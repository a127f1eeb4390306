"""The buyer's walk in a real Chromium that runs no script."""

import pytest

from orders.models import Order, Payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("chromium"), pytest.mark.slow]


@pytest.fixture
def page(chromium):
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_search_order_and_pay_without_script(listing, agency, enterprise, live_server, page):
    def press(words):
        page.get_by_role("button", name=words, exact=True).click()

    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("手机号或电子邮箱").fill(enterprise.mobile)
    page.get_by_label("密码", exact=True).fill("correct-horse-battery")
    press("登录")

    page.goto(live_server.url)
    page.get_by_label("搜索服务或机构").fill("排污许可")
    page.get_by_role("banner").get_by_role("button", name="搜索").click()
    page.get_by_role("link", name=listing.version.title).click()
    page.get_by_role("link", name="下单", exact=True).first.click()
    page.get_by_label("项目名称").fill("年产两万吨饲料技改项目")
    page.get_by_label("数量").fill("2")
    press("计算费用")
    assert "24,000.00" in page.inner_text("#fee")
    assert page.get_by_label("项目名称").input_value() == "年产两万吨饲料技改项目"
    page.get_by_label("我声明本项目和提交的资料不涉及国家秘密").check()
    press("提交订单")

    order = Order.objects.get()
    assert order.fee_fen == 2_400_000
    agency.open(f"/orders/{order.number}/").press("受理订单", lead="李工").press("确认合同")

    page.reload()
    press("确认合同")
    page.get_by_role("link", name="去付款", exact=True).click()
    press("去付款 ¥24,000.00")
    press("确认付款")
    assert "已到账" in page.inner_text("main")
    assert Payment.objects.get().status == Payment.Status.SETTLED
    assert page.evaluate("typeof htmx") == "undefined"
