"""A session that ends in the middle of a form costs a sign-in and not a word."""

import pytest
from django.contrib.sessions.models import Session

from kernel import unsent
from kernel.models import FormDraft, Organisation
from tests import factories
from tests.flows.hands import PASSWORD
from tests.flows.keyboard import Keyboard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("chromium"), pytest.mark.slow]

FORM = "/parties/new/"
NAME = "澄湖青禾环境科技有限公司"


@pytest.fixture
def clerk(live_server, browser_page):
    """At the form, with a part of it filled in."""
    factories.make_region()
    person = Keyboard(browser_page, live_server.url)
    person.user = factories.make_person()
    return person.sign_in(person.user).open(FORM).choose("单位类型", "中介机构").write("单位名称", NAME)


def kept(clerk):
    """Until the page says that the draft is kept."""
    clerk.page.get_by_text("已存为草稿。").wait_for()
    return clerk


def sign_in_again(clerk):
    clerk.sees("登录")
    clerk.write("手机号或电子邮箱", clerk.user.mobile).write("密码", PASSWORD).press("登录")
    clerk.page.get_by_text("已恢复您没有提交的内容").wait_for()


def filled(clerk):
    name, address = (clerk.page.get_by_label(label) for label in ("单位名称", "地址（选填）"))
    return (
        clerk.page.get_by_role("radio", checked=True).get_attribute("value"),
        name.input_value(),
        address.input_value(),
    )


def test_the_draft_on_the_server_is_there_after_signing_in_again(clerk):
    kept(clerk)
    Session.objects.all().delete()
    clerk.open(FORM)  # the window was closed: only the server knows
    assert "/accounts/login/" in clerk.path
    sign_in_again(clerk)
    assert clerk.path == FORM
    assert filled(clerk) == ("agency", NAME, "")


def test_words_written_after_the_session_ended_come_back_too(clerk):
    kept(clerk)
    Session.objects.all().delete()
    clerk.write("地址（选填）", "澄湖市滨河路 1 号").press("登记单位")
    assert "/accounts/login/" in clerk.path
    sign_in_again(clerk)
    assert filled(clerk) == ("agency", NAME, "澄湖市滨河路 1 号")

    # Sent at last, it is a draft no more.
    clerk.write("统一社会信用代码", factories.make_uscc()).pick("所在地区", "澄湖市").press("登记单位")
    assert Organisation.objects.get(name=NAME).address == "澄湖市滨河路 1 号"
    assert not FormDraft.objects.exists()
    with clerk.page.expect_response("**/drafts/**"):
        clerk.open(FORM)
    assert filled(clerk) == ("enterprise", "", "")


def test_what_was_sent_with_a_mistake_is_kept_whole(clerk):
    """Sent before it was kept; the page that names the mistakes shows it, and a closed window does not lose it."""
    clerk.press("登记单位").sees("请先改正下面的内容")
    kept(clerk)
    with clerk.page.expect_response("**/drafts/**"):
        clerk.open(FORM)
    clerk.page.get_by_text("已恢复您没有提交的内容").wait_for()
    assert filled(clerk) == ("agency", NAME, "")


def test_nothing_is_left_in_the_browser(clerk):
    kept(clerk)
    Session.objects.all().delete()
    clerk.press("登记单位")
    assert clerk.page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]


def test_another_person_at_the_same_window_sees_nothing_of_it(clerk):
    kept(clerk)
    Session.objects.all().delete()
    clerk.write("地址（选填）", "澄湖市滨河路 1 号").press("登记单位")
    other = factories.make_person()
    with clerk.page.expect_response("**/drafts/**"):
        clerk.write("手机号或电子邮箱", other.mobile).write("密码", PASSWORD).press("登录")
    assert filled(clerk) == ("enterprise", "", "")


def test_what_is_typed_and_taken_back_is_not_called_a_draft(clerk):
    line, way = clerk.page.locator(".draft-said"), clerk.page.locator("a.cancel")
    kept(clerk)
    assert way.inner_text() == "返回，草稿保留"
    clerk.choose("单位类型", "企业")
    with clerk.page.expect_response(lambda answer: "/drafts/" in answer.url and answer.status == 204):
        clerk.page.get_by_label("单位名称").fill("")
    clerk.page.wait_for_function("document.querySelector('.draft-said').textContent === ''")
    assert line.inner_text() == "" and way.inner_text() == "返回，不保存"
    assert not FormDraft.objects.exists()


@pytest.fixture
def without_a_script(live_server, browser_page):
    """Sends the form when the session has ended, and signs in again."""

    def go():
        browser_page.route("**/ui/forms*.js", lambda route: route.abort())
        person = Keyboard(browser_page, live_server.url)
        user = factories.make_person()
        person.sign_in(user).open(FORM).write("单位名称", NAME)
        Session.objects.all().delete()
        person.press("登记单位").write("手机号或电子邮箱", user.mobile).write("密码", PASSWORD).press("登录")
        assert person.path == FORM
        return person.page.get_by_label("单位名称").input_value()

    return go


def test_without_a_script_the_words_come_back_too(without_a_script):
    assert without_a_script() == NAME


def test_nothing_else_would_bring_them_back(without_a_script, monkeypatch):
    """The test above can fail."""
    monkeypatch.setattr(unsent, "set_aside", lambda request, key: None)
    assert without_a_script() == ""
