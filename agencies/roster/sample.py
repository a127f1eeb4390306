"""Writes the sample roster of the fictional county 澄湖市: ``python -m agencies.roster.sample``.

Everything is made up: names, people, codes (right check digit, a division code no place has), telephone numbers (an area
code no place has) and certificate serials. The same script always writes the same bytes.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from stdnum.cn import uscc

FOLDER = Path(__file__).parent.parent / "data"
HEADINGS = (
    "序号", "机构名称", "统一社会信用代码", "法定代表人", "联系人", "联系电话", "服务类别", "资质名称", "资质等级",
    "证书编号", "发证日期", "有效期至", "注册地址", "所属区域", "邮箱", "成立日期", "备注",
)  # fmt: skip
TITLE = "澄湖市行政审批中介服务机构名录（样例）"
SUBTITLE = "编制单位：澄湖市政务服务中心　　编制日期：2026年11月　　本表机构、人员、证照均为虚构"

# Who: place, brand, ending, categories, certificates (type, level, number shape, issued, expires).
_SURVEY = ("测绘资质（工程测量）", "乙级", "乙测资字33{n:06d}")
_HOUSE = ("测绘资质（界线与不动产测绘）", "乙级", "乙测资字33{n:06d}")
_CMA = ("检验检测机构资质认定（CMA）", "", "25{n:010d}")
_MATERIALS = ("建设工程质量检测专项资质（建筑材料及构配件）", "", "浙建检字第{n:06d}号")
_FOUNDATION = ("建设工程质量检测专项资质（地基基础）", "", "浙建检字第{n:06d}号")
_GROUND = ("工程勘察资质（岩土工程）", "乙级", "B233{n:06d}")
_SAFETY = ("安全评价机构资质", "", "APJ-(浙)-{n:03d}")
_HEALTH = ("职业卫生技术服务机构资质", "", "（浙）卫职技字（2024）第{n:03d}号")
_LIGHTNING = ("雷电防护装置检测资质", "乙级", "1112{n:06d}")
_AUDIT = ("会计师事务所执业证书", "", "33{n:06d}")
_ASSET = ("资产评估机构备案", "", "浙财资备案〔2021〕{n:03d}号")
_ESTATE = ("房地产估价机构备案", "二级", "浙建房估证字〔2024〕{n:03d}号")
_LAND = ("土地估价机构备案", "", "浙土估备字〔2023〕{n:03d}号")
_HAZARD = ("地质灾害防治单位资质（评估和治理工程勘查设计）", "乙级", "33{n:010d}")
_REVIEW = ("施工图审查机构认定（房屋建筑）", "一类", "浙审认字〔2024〕{n:03d}号")
_WATCH = ("工程监理资质（房屋建筑）", "乙级", "E233{n:06d}")

_FIRMS: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("澄湖清沅环境科技有限公司", "环境影响评价、水土保持与水利论证", ()),
    ("嘉宁沐芷生态环境咨询有限公司", "环境影响评价", ()),
    ("澄湖碧垣环保工程有限公司", "环境影响评价", (("环评资质", "乙级", "国环评证乙字第0000号"),)),
    ("浙江澜崧环境技术服务有限公司", "环境影响评价、节能评估", ()),
    ("澄湖市同沚环境检测有限公司", "环境检测", (_CMA,)),
    ("嘉宁析微检测技术有限公司", "环境检测、职业卫生", (_CMA, _HEALTH)),
    ("澄湖砥石工程检测有限公司", "建设工程质量检测", (_MATERIALS, _FOUNDATION, _CMA)),
    ("嘉宁衡构建设工程质量检测有限公司", "建设工程质量检测", (_MATERIALS, _CMA)),
    ("澄湖图远勘测设计有限公司", "工程测绘、房产测绘", (_SURVEY, _HOUSE)),
    ("嘉宁经纬尺测绘有限公司", "工程测绘", (_SURVEY,)),
    ("浙江量川地理信息有限公司", "工程测绘、土地与地质灾害", (_SURVEY, _HOUSE)),
    ("澄湖宅度房产测绘有限公司", "房产测绘", (_HOUSE,)),
    ("嘉宁磐基岩土工程有限公司", "工程勘察", (_GROUND,)),
    ("浙江省第七〇九地质队", "工程勘察、土地与地质灾害", (_GROUND, _HAZARD)),
    ("澄湖谋新工程咨询有限公司", "工程咨询", ()),
    ("嘉宁策衡投资咨询有限公司", "工程咨询、社会稳定风险评估", ()),
    ("澄湖水脉水利设计咨询有限公司", "水土保持与水利论证", ()),
    ("嘉宁禹畴水土保持技术有限公司", "水土保持与水利论证", ()),
    ("澄湖量准工程造价咨询有限公司", "造价咨询、招标与采购代理", ()),
    ("嘉宁算真工程管理有限公司", "造价咨询", ()),
    ("浙江核计建设工程咨询有限公司", "造价咨询、招标与采购代理", ()),
    ("澄湖公衡招标代理有限公司", "招标与采购代理", ()),
    ("嘉宁采正采购咨询有限公司", "招标与采购代理", ()),
    ("澄湖守安安全技术有限公司", "安全评价", (_SAFETY,)),
    ("嘉宁安序安全评价有限公司", "安全评价、职业卫生", (_SAFETY, _HEALTH)),
    ("嘉宁避霆防雷检测有限公司", "防雷检测", (_LIGHTNING,)),
    ("澄湖霁空雷电防护技术有限公司", "防雷检测", (_LIGHTNING,)),
    ("澄湖焰卫消防技术服务有限公司", "消防技术服务", ()),
    ("嘉宁熄安消防检测有限公司", "消防技术服务", ()),
    ("澄湖澄信会计师事务所（普通合伙）", "会计审计与资产评估", (_AUDIT,)),
    ("嘉宁明账会计师事务所有限公司", "会计审计与资产评估", (_AUDIT,)),
    ("澄湖估正土地房地产资产评估有限公司", "会计审计与资产评估、土地与地质灾害", (_ESTATE, _LAND, _ASSET)),
    ("嘉宁价允资产评估有限公司", "会计审计与资产评估", (_ASSET,)),
    ("澄湖市建设工程施工图审查中心", "施工图审查", (_REVIEW,)),
    ("嘉宁省能节能技术有限公司", "节能评估", ()),
    ("澄湖绿度能源科技有限公司", "节能评估、工程咨询", ()),
    ("嘉宁驻正工程监理有限公司", "工程监理", (_WATCH,)),
    ("嘉宁途安交通规划咨询有限公司", "交通与涉路评价", ()),
    ("浙江析律律师事务所澄湖分所", "法律、税务、知产与代办", ()),
    ("澄湖办得成企业服务有限公司", "法律、税务、知产与代办", ()),
)
_SURNAMES, _GIVEN = (
    "沈陆钱顾俞褚戚章柳范",
    ("建明", "晓岚", "国清", "雨桐", "志远", "佳宁", "文斌", "丽萍", "永康", "思齐"),
)
_ROADS = ("澄江路", "湖滨大道", "兴业路", "创新大道", "桑园路", "环湖北路", "望澄路", "东港路")
_EXPIRED = "澄湖霁空雷电防护技术有限公司"


def agencies() -> list[list[list[Any]]]:
    """One block an agency: rows in the order of HEADINGS, one a certificate (or one without)."""
    rng = Random("roster-sample")  # noqa: S311 - reproducible on purpose
    return [_block(number, *firm, rng) for number, firm in enumerate(_FIRMS, start=1)]


def _block(number: int, name: str, categories: str, certificates: tuple[Any, ...], rng: Random) -> list[list[Any]]:
    first = [
        number,
        name,
        _code(rng, "12" if name.endswith(("队", "中心")) else "31" if "律师" in name else "91"),
        rng.choice(_SURNAMES) + rng.choice(_GIVEN),
        rng.choice(_SURNAMES) + rng.choice(_GIVEN),
        f"0500-85{rng.randint(100000, 999999)}",
        categories,
    ]
    county = "澄湖" in name
    last = [
        f"{'澄湖市' if county else '嘉宁市秀川区'}{rng.choice(_ROADS)}{rng.randint(1, 888)}号",
        "澄湖市" if county else "嘉宁市",
        f"office{number:02d}@example.com",
        date(rng.randint(2003, 2021), rng.randint(1, 12), rng.randint(1, 28)),
        "分公司，总所在省会" if name.endswith("分所") else "",
    ]
    rows = []
    for held in certificates or (None,):
        rows.append([*first, *_certificate(held, name, 900 + number, rng), *last])
    return rows


def _certificate(held: tuple[str, str, str] | None, name: str, serial: int, rng: Random) -> list[Any]:
    if held is None:
        return ["", "", "", "", ""]
    title, level, shape = held
    issued = date(rng.randint(2024, 2025), rng.randint(1, 12), rng.randint(1, 28))
    years = {"检验": 6, "房地": 3}.get(title[:2], 5)
    expires: Any = issued.replace(year=issued.year + years)
    if title.startswith(("会计", "资产", "土地估价", "施工图")):
        expires = "长期"
    if name == _EXPIRED:
        issued, expires = date(2021, 10, 1), date(2026, 9, 30)
    return [title, level, shape.format(n=serial), issued, expires]


def _code(rng: Random, kind: str) -> str:
    body = f"{kind}330499" + "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(9))
    return body + uscc.calc_check_digit(body)


def as_xlsx() -> bytes:
    """The roster as a workbook: two merged title rows, headings, rows (agencies with several certificates merged
    downwards), a closing total."""
    book = Workbook()
    book.properties.creator = "澄湖市政务服务中心（虚构）"
    book.properties.created = book.properties.modified = datetime(2026, 11, 1)  # noqa: DTZ001 - the format has no zone
    sheet = book.active
    sheet.title = "名录"
    width = len(HEADINGS)
    for number, (text, size) in enumerate(((TITLE, 16), (SUBTITLE, 10)), start=1):
        sheet.append([text])
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
        sheet.cell(number, 1).font = Font(size=size, bold=number == 1)
        sheet.cell(number, 1).alignment = Alignment(horizontal="center")
    sheet.append(list(HEADINGS))
    for block in agencies():
        top = sheet.max_row + 1
        for row in block:
            sheet.append(row)
        if len(block) > 1:
            for column in (*range(1, 8), *range(13, width + 1)):
                sheet.merge_cells(start_row=top, end_row=sheet.max_row, start_column=column, end_column=column)
    sheet.append(["合计", f"共{len(_FIRMS)}家"])
    _finish(sheet)
    raw = io.BytesIO()
    book.save(raw)
    return _same_bytes(raw)


def _finish(sheet: Any) -> None:
    for column, heading in enumerate(HEADINGS, start=1):
        sheet.cell(3, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = 34 if heading == "机构名称" else 18
    sheet.freeze_panes = "C4"
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"


def _same_bytes(raw: io.BytesIO) -> bytes:
    """The archive again with fixed times, so that the same roster is the same file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if member.filename == "docProps/core.xml":
                content = _fixed_times(content)
            target.writestr(zipfile.ZipInfo(member.filename, (2026, 11, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _fixed_times(core: bytes) -> bytes:
    import re

    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-11-01T00:00:00Z", core)


def as_csv(encoding: str = "utf-8-sig") -> bytes:
    """The same roster as CSV, every row complete."""
    text = io.StringIO()
    writer = csv.writer(text)
    pad = [""] * (len(HEADINGS) - 1)
    writer.writerow([TITLE, *pad])
    writer.writerow([SUBTITLE, *pad])
    writer.writerow(HEADINGS)
    for block in agencies():
        writer.writerows(block)
    writer.writerow(["合计", f"共{len(_FIRMS)}家", *pad[1:]])
    return text.getvalue().encode(encoding)


def write() -> None:
    (FOLDER / "roster-sample.xlsx").write_bytes(as_xlsx())
    (FOLDER / "roster-sample.csv").write_bytes(as_csv())


if __name__ == "__main__":
    write()
