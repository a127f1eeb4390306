"""Roster files for tests, written the way people write them."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import Workbook
from stdnum.cn import uscc

from agencies.roster import RosterFault, RosterRow, read_roster

TODAY = date(2026, 11, 22)
HEADINGS = [
    "机构名称", "统一社会信用代码", "服务类别", "法定代表人", "联系人", "联系电话", "资质名称", "资质等级", "证书编号",
    "发证日期", "有效期至", "注册地址", "所属区域", "邮箱", "成立日期", "备注",
]  # fmt: skip
PLACE = {heading: index for index, heading in enumerate(HEADINGS)}


def code(number: int) -> str:
    """A right code of a division that is not assigned."""
    body = f"91330499MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def row(number: int, **cells: object) -> list[object]:
    """A good row; ``cells`` (by Chinese heading) replace what a test damages."""
    good = [
        f"澄湖第{number}环境科技有限公司", code(number), "环境影响评价", "沈建明", "陆晓岚", "0500-85123456", "", "", "", "", "",
        f"澄江路{number}号", "澄湖市", f"a{number}@example.com", "2015-06-01", "",
    ]  # fmt: skip
    for heading, value in cells.items():
        good[PLACE[heading]] = value
    return good


CERTIFIED = {
    "服务类别": "工程测绘",
    "资质名称": "测绘资质（工程测量）",
    "资质等级": "乙级",
    "证书编号": "乙测资字33000001",
    "发证日期": "2024-03-01",
    "有效期至": "2029-03-01",
}


def xlsx(rows: list[list[object]], headings: list[object] | None = None, titles: tuple[str, ...] = ()) -> io.BytesIO:
    book = Workbook()
    sheet = book.active
    for number, title in enumerate(titles, start=1):
        sheet.append([title])
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=16)
    for cells in [headings or HEADINGS, *rows]:
        sheet.append(list(cells))
    return saved(book)


def saved(book: Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def csv_bytes(rows: list[list[object]], headings: list[object] | None = None, encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings or HEADINGS)
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


FORMATS = {
    "xlsx": ("a.xlsx", lambda rows, headings=None: xlsx(rows, headings)),
    "utf-8": ("a.csv", lambda rows, headings=None: csv_bytes(rows, headings)),
    "utf-8 with BOM": ("a.csv", lambda rows, headings=None: csv_bytes(rows, headings, "utf-8-sig")),
    "GB18030": ("a.csv", lambda rows, headings=None: csv_bytes(rows, headings, "gb18030")),
    "utf-16": ("a.csv", lambda rows, headings=None: csv_bytes(rows, headings, "utf-16")),
}
every_format = pytest.mark.parametrize("how", FORMATS)


def read(file, name="a.xlsx", **options):
    found = list(read_roster(file, name, today=TODAY, **options))
    rows = [entry for entry in found if isinstance(entry, RosterRow)]
    return rows, [entry for entry in found if isinstance(entry, RosterFault)]


def read_as(how, rows, headings=None, **options):
    name, build = FORMATS[how]
    return read(build(rows, headings), name, **options)


def codes(faults):
    return [found.code for found in faults]


WRONG = code(1)[:-1] + ("1" if code(1)[-1] != "1" else "2")
# Every fault of a cell, by its code: what is typed instead, and the column that is named
CELLS = {
    # kind: (cells that are damaged, heading where it is reported)
    "cell.missing": ({"机构名称": ""}, "机构名称"),
    "cell.control": ({"备注": "甲\u202e乙"}, "备注"),
    "cell.too_long": ({"备注": "长" * 301}, "备注"),
    "cell.error_value": ({"注册地址": "#REF!"}, "注册地址"),
    "cell.formula": ({"联系人": "=1+1"}, "联系人"),
    "uscc.length": ({"统一社会信用代码": code(1)[:-1]}, "统一社会信用代码"),
    "uscc.characters": ({"统一社会信用代码": "I" + code(1)[1:]}, "统一社会信用代码"),
    "uscc.check_digit": ({"统一社会信用代码": WRONG}, "统一社会信用代码"),
    "uscc.number_cell": ({"统一社会信用代码": "9.13305E+17"}, "统一社会信用代码"),
    "category.unknown": ({"服务类别": "QQQQ"}, "服务类别"),
    "category.nearest": ({"服务类别": "环境影响评估价"}, "服务类别"),
    "certificate.unknown": ({**CERTIFIED, "资质名称": "QQQQ"}, "资质名称"),
    "certificate.nearest": ({**CERTIFIED, "资质名称": "雷电防护检测装置资质"}, "资质名称"),
    "certificate.incomplete": ({**CERTIFIED, "证书编号": ""}, "证书编号"),
    "certificate.level": ({**CERTIFIED, "资质等级": "特级"}, "资质等级"),
    "date.unreadable": ({**CERTIFIED, "有效期至": "明年"}, "有效期至"),
    "date.ambiguous": ({**CERTIFIED, "有效期至": "03/04/2027"}, "有效期至"),
    "date.impossible": ({**CERTIFIED, "有效期至": "2027-02-30"}, "有效期至"),
    "date.order": ({**CERTIFIED, "发证日期": "2025-01-01", "有效期至": "2024-12-31"}, "有效期至"),
    "date.future": ({"成立日期": "2027-01-01"}, "成立日期"),
    "phone.bad": ({"联系电话": "138****0000"}, "联系电话"),
    "email.bad": ({"邮箱": "a.example.com"}, "邮箱"),
}
WARNINGS = {
    "certificate.abolished": ({**CERTIFIED, "资质名称": "环评资质", "资质等级": "甲级"}, "资质名称"),
    "certificate.expired": ({**CERTIFIED, "发证日期": "2021-11-21", "有效期至": "2026-11-21"}, "有效期至"),
}
