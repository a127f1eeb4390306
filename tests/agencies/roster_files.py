"""Roster files for tests, written the way people write them."""

from __future__ import annotations

import csv
import io
from datetime import date

from openpyxl import Workbook
from stdnum.cn import uscc

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
