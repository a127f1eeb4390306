"""The word on a shop's drawn mark: its trade name, never a piece of a place or of another word."""

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from agencies.trade_names import shop_word


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("澄湖蓝衡投资咨询有限公司", "蓝衡"),
        ("澄湖市信立工程检测有限公司", "信立"),
        ("浙江省嘉宁市正直造价咨询有限公司", "正直"),
        ("上海华岚施工图审查有限公司（分公司）", "华岚"),
        ("澄湖方圆达测绘有限公司", "方圆"),
        ("嘉宁衡构建设工程质量检测有限公司", "衡构"),
        ("澄湖博勘测绘技术有限公司", "博勘"),
        ("澄湖蓝衡有限公司", "蓝衡"),
        # Not every province has two characters, and not every division stands in the file.
        ("内蒙古博大环境监测有限公司", "博大"),
        ("内蒙古自治区博大环境监测有限公司", "博大"),
        ("黑龙江省中龙工程咨询有限公司", "中龙"),
        ("广西壮族自治区桂测勘察有限公司", "桂测"),
        ("成都市信立工程检测有限公司", "信立"),
        # A division may be left out; four characters before the trade are no proof of one.
        ("方圆测绘", "方圆"),
        ("方圆达测绘有限公司", "方圆"),
        ("清源环境咨询有限公司", "清源"),
        ("正直造价咨询有限公司", "正直"),
        ("方圆市政工程有限公司", "方圆"),
        ("安永华明会计师事务所（特殊普通合伙）", "安永"),
        ("中咨海外咨询有限公司", "中咨"),
        # Without a trade name a firm is known by its place.
        ("苏州工业园区测绘地理信息有限公司", "苏州"),
        ("浙江省环境科技有限公司", "浙江"),
        ("上海市政工程设计有限公司", "上海"),
        ("澄湖县环境监测中心", "澄湖"),
        ("ACME Surveys Ltd", "AC"),
    ],
)
def test_a_shop_is_known_by_its_trade_name(name, word):
    assert shop_word(name) == word


@given(st.text(max_size=40) | st.text("浙江澄湖市县区省工业园环境测绘", max_size=20))
def test_any_name_has_its_word(name):
    assert len(shop_word(name)) <= 2


def test_the_drawn_mark_bears_it():
    page = engines["jinja2"].from_string("{{ ui.shop_mark(name) }}").render({"name": "内蒙古博大环境监测有限公司"})
    assert ">博大</text>" in page
