"""The draft of an order: one buyer's own words, put back only where nothing newer was meant, and with the fee they make."""

import json

import pytest
from django.contrib.sessions.models import Session

from kernel.models import FormDraft
from tests import factories
from tests.flows.hands import PASSWORD
from tests.flows.keyboard import Keyboard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("chromium"), pytest.mark.slow]

NOTE, QUANTITY = "给机构的说明（选填）", "数量"


class Buyer(Keyboard):
    """At the order form, with a pointer: what is tested is what the page does."""

    def write(self, label, text):
        self.unfolded(label).fill(text)
        return self

    def unfolded(self, label):
        field = self.page.get_by_label(label, exact=True)
        field.evaluate("field => field.closest('details')?.setAttribute('open', '')")
        return field

    def press(self, button):
        with self._next_page():
            self.page.get_by_role("button", name=button, exact=True).click()
        return self

    def has(self, label):
        return self.page.get_by_label(label, exact=True).input_value()

    def keeps(self, label, text):
        with self.page.expect_response(lambda answer: "/drafts/" in answer.url and answer.request.method == "POST"):
            self.write(label, text)
        return self

    def comes_to(self, path):
        """A page with a draftable form; until it has asked for a draft, and put it back."""
        with self.page.expect_response(lambda answer: "/drafts/" in answer.url) as answer:
            self.open(path)
        if answer.value.status == 200:
            self.page.get_by_text("已恢复您没有提交的内容").wait_for()
        return self


@pytest.fixture
def listing(db):
    return factories.make_listing()


@pytest.fixture
def form(listing):
    return f"/orders/new/{listing.pk}/"


@pytest.fixture
def buyer(live_server, browser_page):
    person = Buyer(browser_page, live_server.url)
    person.user = factories.make_person()
    person.first, person.second = (factories.make_organisation(owner=person.user) for _ in range(2))
    return person


def test_a_draft_stays_with_the_buyer_for_whom_it_was_typed(buyer, form):
    buyer.sign_in(buyer.user).comes_to(form)
    mine = buyer.has("开票抬头（选填）")
    buyer.keeps(NOTE, "先踏勘")
    assert FormDraft.objects.get().data == {"note": ["先踏勘"]}  # and nothing that the server filled in
    buyer.page.request.post(
        f"{buyer.site}/parties/switch/",
        form={"party": buyer.second.pk, "csrfmiddlewaretoken": _csrf(buyer)},
        headers={"Referer": buyer.site + form},
    )
    buyer.comes_to(form)
    assert buyer.has("开票抬头（选填）") not in ("", mine) and buyer.has(NOTE) == ""


def _csrf(person):
    return person.page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")


def test_the_fee_is_that_of_the_quantity_put_back(buyer, form):
    buyer.sign_in(buyer.user).comes_to(form)
    first = buyer.page.inner_text("#fee")
    with buyer.page.expect_response("**/fee/**"):
        buyer.keeps(QUANTITY, "3")
    buyer.page.wait_for_function("first => document.getElementById('fee').innerText !== first", arg=first)
    three = buyer.page.inner_text("#fee")
    with buyer.page.expect_response("**/fee/**"):
        buyer.comes_to(form)
    buyer.page.wait_for_function("first => document.getElementById('fee').innerText !== first", arg=first)
    assert (buyer.has(QUANTITY), buyer.page.inner_text("#fee")) == ("3", three)


def test_an_old_draft_does_not_cover_a_newer_wish(buyer, form):
    buyer.sign_in(buyer.user).comes_to(form).keeps(QUANTITY, "3")
    buyer.comes_to(form + "?quantity=5")
    assert buyer.has(QUANTITY) == "5"
    buyer.keeps(NOTE, "五份")
    # Each beginning has its own draft.
    assert buyer.comes_to(form).has(NOTE) == "" and buyer.has(QUANTITY) == "3"
    assert buyer.comes_to(form + "?quantity=5").has(NOTE) == "五份"


def test_what_was_written_before_signing_in_comes_back_and_not_last_weeks_draft(buyer, form):
    buyer.sign_in(buyer.user).comes_to(form).keeps(NOTE, "上周的说明")
    Session.objects.all().delete()
    buyer.open(form).write("项目名称", "新厂房").write(NOTE, "今天的说明")
    buyer.page.get_by_label("我声明本项目和提交的资料不涉及国家秘密").check()
    buyer.press("提交订单").write("手机号或电子邮箱", buyer.user.mobile).write("密码", PASSWORD)
    with buyer.page.expect_response("**/drafts/**") as answer:
        buyer.press("登录")
    assert buyer.path == form
    assert answer.value.request.method == "POST"  # kept at once, as the person's latest words
    assert (buyer.has("项目名称"), buyer.has(NOTE)) == ("新厂房", "今天的说明")
    # The window is closed here: the next visit has them too, but for the declaration.
    assert buyer.comes_to(form).has(NOTE) == "今天的说明"
    assert not buyer.page.get_by_label("我声明本项目和提交的资料不涉及国家秘密").is_checked()


def test_what_is_typed_while_the_draft_is_on_its_way_stays(buyer, form):
    buyer.sign_in(buyer.user).comes_to(form).keeps(NOTE, "草稿")
    held = []
    buyer.page.route("**/drafts/?key=*", lambda route: held.append(route))
    buyer.open(form).write(NOTE, "刚刚写的")
    held[0].continue_()
    buyer.page.get_by_text("已恢复您没有提交的内容").wait_for()
    assert buyer.has(NOTE) == "刚刚写的"


def test_the_words_of_one_person_are_not_given_to_the_next(buyer, form):
    buyer.sign_in(buyer.user).comes_to(form).write("项目名称", "新厂房").write(NOTE, "只给机构看")
    buyer.page.get_by_label("我声明本项目和提交的资料不涉及国家秘密").check()
    Session.objects.all().delete()
    buyer.press("提交订单")
    other = factories.owner_of(factories.make_organisation())
    buyer.write("手机号或电子邮箱", other.mobile).write("密码", PASSWORD)
    with buyer.page.expect_response("**/drafts/**"):
        buyer.press("登录")
    assert (buyer.path, buyer.has(NOTE)) == (form, "")


def test_without_a_network_nothing_breaks_and_nothing_is_claimed(buyer, form):
    wrong = []
    buyer.page.on("pageerror", lambda error: wrong.append(str(error)))
    buyer.sign_in(buyer.user).comes_to(form).keeps(NOTE, "草稿")
    buyer.page.get_by_text("已存为草稿。").wait_for()
    buyer.comes_to(form)
    buyer.page.route("**/drafts/", lambda route: route.abort())
    with buyer.page.expect_event("requestfailed"):
        buyer.write(NOTE, "没有网络")
    buyer.page.wait_for_function("!document.querySelector('.draft-said').textContent")
    with buyer.page.expect_event("requestfailed"):
        buyer.page.get_by_role("button", name="不要草稿，重新填写").click()
    assert buyer.has(NOTE) == "没有网络" and wrong == []


def test_of_two_checks_the_one_of_what_stands_there_is_shown(buyer):
    buyer.sign_in(buyer.user).comes_to("/parties/new/")
    right, held = factories.make_uscc(), []
    buyer.page.route("**/check/uscc/?value=1", lambda route: held.append(route))
    code = buyer.page.get_by_label("统一社会信用代码")
    code.fill("1")
    code.blur()
    code.fill(right)
    code.blur()
    good = buyer.page.get_by_text("的位数和校验位正确")
    good.wait_for()
    with buyer.page.expect_response("**/check/uscc/?value=1"):
        held[0].fulfill(body=json.dumps({"text": "校验位不正确", "tone": "bad"}), content_type="application/json")
    buyer.page.evaluate("new Promise(requestAnimationFrame)")
    assert good.is_visible() and not buyer.page.get_by_text("校验位不正确").is_visible()
