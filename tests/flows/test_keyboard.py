"""The buyer's walk, from signing in to the paid order, in a real Chromium by the keyboard alone."""

import pytest

from orders.models import Order, Payment
from tests.flows.keyboard import Keyboard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("chromium"), pytest.mark.slow]


def test_search_order_and_pay_without_a_mouse(listing, agency, enterprise, worker_runs, live_server, browser_page):
    buyer = Keyboard(browser_page)

    browser_page.goto(f"{live_server.url}/accounts/login/")
    assert buyer.tab().words == "跳到正文"
    buyer.write("手机号或电子邮箱", enterprise.mobile).write("密码", "correct-horse-battery").enter("登录")

    browser_page.goto(live_server.url)
    buyer.write("搜索服务或机构", "排污许可").enter()
    buyer.enter(listing.version.title).sees("¥12,000.00").enter("下单")
    buyer.write("项目名称", "年产两万吨饲料技改项目").tick("我声明本项目和提交的资料不涉及国家秘密")
    buyer.enter("提交订单").sees("待受理")

    order = Order.objects.get()
    agency.open(f"/orders/{order.number}/").press("受理订单", lead="李工").press("确认合同")

    browser_page.reload()
    buyer.enter("确认合同").enter("去付款").enter("去付款 ¥12,000.00").sees("托管银行")
    buyer.enter("确认付款").sees("已到账")
    assert Payment.objects.get().status == Payment.Status.SETTLED


def test_a_lost_focus_ring_would_be_noticed(live_server, browser_page):
    """The check above can fail."""
    browser_page.goto(f"{live_server.url}/accounts/login/")
    buyer = Keyboard(browser_page)
    buyer.reach("跳到正文")
    browser_page.evaluate("document.styleSheets[0].insertRule('* { outline: none !important }', 0)")
    with pytest.raises(AssertionError, match="no focus ring"):
        buyer.reach("登录")
