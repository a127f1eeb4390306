"""The rules as the public reads them: what they say is what the rulebook in force holds, whichever it is."""

from datetime import timedelta
from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from credit.models import Rulebook
from credit.rulebook import RULEBOOK_DEFAULT, presets, rulebook_load
from credit.services.rules import rulebook_adopt
from kernel import clock
from tests.credit import made
from tests.credit.web import at, text
from tests.query_budget import queries

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

FEE = "有效订单按金额和时间折算，一单最多算 1 个。"
CLIENT = "同一委托方的订单合计最多算 2 个。"


def test_the_shipped_rulebook_in_words(rules):
    page = text(Client().get(at("rulebook")))
    assert FEE in page and CLIENT in page and "有效订单不足 3 个的" in page
    for words in (
        "由 4 个分项相加",
        "最低 0.125，最高 1",
        "项目业主 0.5，主管部门 0.3，服务中心 0.2",
        "满 12 个月减半，36 个月以后不计",
        "最多按 2 个订单计",
        "1 分等于信用分 10 分，逐日减少",
        "总共不超过信用分 30 分",
    ):
        assert words in page, words


@pytest.mark.parametrize("preset", presets(), ids=lambda path: path.stem)
def test_a_preset_says_nothing_that_it_does_not_hold(preset, still):
    frozen = rulebook_load(preset)
    call_command("load_rulebook", rulebook=preset, calibration=preset.with_suffix(".json"), stdout=StringIO())
    page = text(Client().get(at("rulebook")))
    assert "有效订单按时间折算，一单最多算 1 个。" in page and "金额系数：每单相同，都是 1。" in page
    for words in ("按金额", "同一委托方", "加分 0", "限时办结只看", "四个分项"):
        assert words not in page, words
    least = frozen.content["newcomer"]["orders_milli"] // 1000
    assert (f"有效订单不足 {least} 个的" in page) is (least > 0) and "不足 0 个" not in page
    assert ("逐日减少" in page) is (frozen.content["compliance"]["fade"] == "linear")
    assert ("到期满为止" in page) is (frozen.content["compliance"]["fade"] == "step")


def test_a_ranking_says_how_its_own_rulebook_counts(agency, still):
    made.order_done(agency)
    made.published()
    page = text(Client().get(at("ranking", "PH-202610-all")))
    for client in range(5):
        for _ in range(2):
            made.order_done(agency, client=f"org:{client}")
    assert "样本不足的机构" in page  # nobody is rated: nothing to explain
    with clock.at(still + timedelta(days=31)):
        made.published("2026-11")
        page = text(Client().get(at("ranking", "PH-202611-all")))
    assert FEE in page and CLIENT in page


def test_more_versions_take_no_more_queries(rules):
    def ask():
        return queries(lambda: Client().get(at("rulebook")))

    ask()
    one = ask()
    content = yaml.safe_load(RULEBOOK_DEFAULT.read_text(encoding="utf-8"))
    for n in range(2, 5):
        content |= {"version": str(n), "effective_from": f"2027-0{n}-01"}
        rulebook_adopt(source=yaml.safe_dump(content, allow_unicode=True), actor=None)
    assert Rulebook.objects.count() == 4 and "（第 4 版）" in text(Client().get(at("rulebook")))
    assert ask() == one
