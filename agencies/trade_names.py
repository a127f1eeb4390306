"""The two characters by which a firm is known (字号), out of its registered name; its drawn mark bears them.

A registered name is made of division, trade name, trade and form, and a firm may be allowed to leave the division out
(《企业名称登记管理规定》第六条). Only what is known to be a division is taken away: provinces, the divisions of our
file of regions with or without their kind, and others where the name says their kind (成都市). What then begins with the
trade has no trade name, and is known by its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from jinja2 import Environment
from jinja2.ext import Extension

from agencies.services.regions import read_regions

# GB/T 2260, without their kind.
PROVINCES = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
    "台湾",
    "香港",
    "澳门",
]
# 市政 and 市场 begin a trade.
KIND = "(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|自治州|自治县|地区|省|市(?!政|场)|县|区)"
OTHERS = r"[\u4e00-\u9fff]{2,3}?(?:市(?!政|场)|县|(?<![社小校园片])区)"
ZONE = "(?:工业|经济|高新|技术|产业|科技|旅游|综合)*(?:园区|开发区|新区|保税区)"
# With what the trade or the form of a firm begins that offers intermediary services.
TRADE = re.compile(
    "环境|环保|环评|生态|水利|水土|水保|水文|水务|测绘|勘测|勘察|勘探|测量|测控|测试|检测|检验|监测|计量|工程|工业|建设|建筑|市政|设计|规划|施工|审图|图审|"
    "造价|投资|咨询|顾问|评估|评价|安全|消防|防雷|雷电|气象|地震|地质|岩土|土地|国土|房地产|地产|房产|不动产|招标|招投标|采购|拍卖|会计|审计|税务|资产|律师|"
    "法律|公证|节能|能源|电力|电子|交通|公路|海洋|林业|农业|卫生|职业|健康|医疗|文物|考古|特种|质量|标准|认证|鉴定|司法|信息|数据|软件|网络|空间|地理|科技|"
    "技术|项目|管理|服务|研究|有限|股份|集团|事务|公司|中心"
)


def shop_word(name: str) -> str:
    """Two characters of the name; never more, fewer only of a shorter name."""
    core = re.sub(r"[（(].*?[）)]", "", name).strip()
    rest = _division().sub("", core)
    named = re.match(r"[\u4e00-\u9fff]{2}", rest) and not TRADE.match(rest)
    return (rest if named else core)[:2]


class TradeNames(Extension):
    """Gives the drawn marks of shops (``ui.shop_mark``) the words they bear."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters["shop_word"] = shop_word


@cache
def _division() -> re.Pattern[str]:
    known = {re.sub(f"{KIND}$", "", name) for name in _names(read_regions())} | {*PROVINCES}
    # The longest first, of names that begin alike.
    named = "|".join(sorted(filter(lambda name: len(name) > 1, known), key=lambda name: (-len(name), name)))
    return re.compile(f"^(?:(?:{named}){KIND}?|{OTHERS})+(?:{ZONE})?")


def _names(tree: list[dict[str, Any]]) -> Iterator[str]:
    for entry in tree:
        yield entry["name"]
        yield from _names(entry.get("children", []))
