"""Reading rosters: every spelling that is understood, every fault that is named, in every format."""

import io
from datetime import date, datetime

import pytest
from django.utils import translation
from openpyxl import Workbook

from tests.agencies.roster_files import (
    CELLS,
    CERTIFIED,
    HEADINGS,
    TODAY,
    WARNINGS,
    code,
    codes,
    csv_bytes,
    every_format,
    read,
    read_as,
    row,
    saved,
    xlsx,
)


# --- what is understood ----------------------------------------------------------------------------------------------
@every_format
def test_a_good_row_in_every_format(how):
    rows, faults = read_as(how, [row(1, **CERTIFIED)])
    assert not faults
    assert rows[0].name == "澄湖第1环境科技有限公司"
    assert rows[0].uscc == code(1)
    assert rows[0].number == 2
    assert rows[0].categories == ("surveying",)
    held = rows[0].certificate
    assert (held.type, held.level, held.number) == ("surveying-engineering", "乙级", "乙测资字33000001")
    assert (held.issued_on, held.expires_on, held.expired) == (date(2024, 3, 1), date(2029, 3, 1), False)


@every_format
def test_headings_in_any_order_with_their_synonyms(how):
    headings = [
        "手机",
        "中介类别",
        "信用代码",
        "单位名称",
        "负责人",
        "有效期",
        "证书号",
        "资质级别",
        "资质证书名称",
        "E-mail",
    ]
    cells = [
        "13800000000",
        "环评",
        code(2),
        "嘉宁环保",
        "钱永康",
        "长期",
        "乙测资字33000009",
        "乙",
        "测绘资质",
        "X@EXAMPLE.COM",
    ]
    rows, faults = read_as(how, [cells], headings)
    assert not faults
    assert rows[0].phones == ("13800000000",) and rows[0].categories == ("eia",)
    assert rows[0].legal_representative == "钱永康"
    assert rows[0].certificate.level == "乙级" and rows[0].certificate.expires_on is None


def test_merged_titles_and_notes_above_a_decorated_heading():
    headings = ["序号", "* 机构名称\n（全称）", "统一社会\n信用代码：", "服务 类别（必填）"]
    book = Workbook()
    sheet = book.active
    for text in ("澄湖市中介机构名录", "编制单位：澄湖市政务服务中心　2026年11月"):
        sheet.append([text])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=4)
    sheet.append([])
    sheet.append(headings)
    sheet.append([1, "澄湖清沅环境科技有限公司", code(3), "环评"])
    rows, faults = read(saved(book))
    assert not faults and rows[0].number == 5


def test_heading_cells_merged_over_two_rows():
    book = Workbook()
    sheet = book.active
    sheet.append(["机构名称", "信用代码", "服务类别", "资质证书信息", None, None])
    sheet.append([None, None, None, "资质名称", "资质等级", "证书编号"])
    for column in "ABC":
        sheet.merge_cells(f"{column}1:{column}2")
    sheet.merge_cells("D1:F1")
    sheet.append(["澄湖图远勘测设计有限公司", code(4), "工程测绘", "测绘资质（工程测量）", "乙级", "乙测资字33000004"])
    rows, faults = read(saved(book))
    assert not faults and rows[0].certificate.number == "乙测资字33000004"


def test_an_agency_merged_over_its_certificates():
    book = Workbook()
    sheet = book.active
    sheet.append(["机构名称", "信用代码", "服务类别", "资质名称", "证书编号"])
    sheet.append(["澄湖砥石工程检测有限公司", code(5), "建设工程质量检测", "CMA", "250000000001"])
    sheet.append([None, None, None, "建筑材料及构配件", "浙建检字第000001号"])
    for column in "ABC":
        sheet.merge_cells(f"{column}2:{column}3")
    rows, faults = read(saved(book))
    assert not faults
    assert [(r.uscc, r.certificate.type) for r in rows] == [(code(5), "cma"), (code(5), "quality-testing-materials")]


def test_blank_cells_that_are_not_merged_are_no_continuation():
    rows, faults = read(xlsx([row(1), row(2, 机构名称=None, 统一社会信用代码=None)]))
    assert len(rows) == 1 and codes(faults) == ["cell.missing", "cell.missing"]


@every_format
def test_full_width_stray_spaces_and_line_breaks_are_mended(how):
    wide = code(6).translate({c: c + 0xFEE0 for c in range(0x30, 0x5B)})
    cells = row(
        6, 机构名称=" 澄湖\u3000清沅 环境科技\n有限公司(普通合伙) ", 统一社会信用代码=f" {wide[:9]} {wide[9:]}\u3000",
        服务类别="环 境 影 响 评 价", 联系电话="０５００－８５１２３４５６", 邮箱="ａ＠example.com ", 成立日期="２０１５年６月１日",
    )  # fmt: skip
    rows, faults = read_as(how, [cells])
    assert not faults
    assert rows[0].name == "澄湖清沅环境科技有限公司（普通合伙）"
    assert (rows[0].uscc, rows[0].categories) == (code(6), ("eia",))
    assert (rows[0].phones, rows[0].email) == (("0500-85123456",), "a@example.com")
    assert rows[0].founded_on == date(2015, 6, 1)


@every_format
@pytest.mark.parametrize(
    "written",
    [
        "2027-03-01",
        "2027/3/1",
        "2027.3.1",
        "2027年3月1日",
        "20270301",
        "2027-03-01 00:00:00",
        "46447",
        " 2027 . 3 . 1 ",
    ],
)
def test_dates_in_the_usual_spellings(how, written):
    rows, faults = read_as(how, [row(1, **{**CERTIFIED, "有效期至": written})])
    assert not faults and rows[0].certificate.expires_on == date(2027, 3, 1)


@pytest.mark.parametrize("cell", [datetime(2027, 3, 1), date(2027, 3, 1), 46447, 46447.5, 20270301])
def test_date_cells_and_serials_of_a_workbook(cell):
    rows, faults = read(xlsx([row(1, **{**CERTIFIED, "有效期至": cell})]))
    assert not faults and rows[0].certificate.expires_on == date(2027, 3, 1)


def test_day_serials_count_from_1904_where_the_workbook_says_so():
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(HEADINGS)
    sheet.append(row(1, **{**CERTIFIED, "有效期至": 46447 - 1462}))
    rows, faults = read(saved(book))
    assert not faults and rows[0].certificate.expires_on == date(2027, 3, 1)


@pytest.mark.parametrize("word", ["长期", "永久", "长期有效", " 长 期 ", "无固定期限"])
def test_no_expiry(word):
    rows, faults = read(xlsx([row(1, **{**CERTIFIED, "有效期至": word})]))
    assert not faults and rows[0].certificate.expires_on is None


@pytest.mark.parametrize("written", ["2024.3.1至2029.3.1", "2024年3月1日 至 2029年3月1日", "2024/3/1~2029/3/1"])
def test_a_period_gives_both_ends(written):
    rows, faults = read(xlsx([row(1, **{**CERTIFIED, "发证日期": "", "有效期至": written})]))
    assert not faults
    assert (rows[0].certificate.issued_on, rows[0].certificate.expires_on) == (date(2024, 3, 1), date(2029, 3, 1))


@every_format
@pytest.mark.parametrize("total", ["合计", "总 计", "共1家", "共 计：1 家", "合计：1"])
def test_a_closing_total_and_remarks_are_no_rows(how, total):
    blank = [""] * len(HEADINGS)
    closing = [total, "", "1家", *blank[3:]]
    remark = ["注：以上数据截至2026年11月。", *blank[1:]]
    rows, faults = read_as(how, [row(1), blank, closing, remark])
    assert len(rows) == 1 and not faults


def test_an_agency_whose_name_begins_like_a_total_is_a_row():
    rows, faults = read(xlsx([row(1, 机构名称="共创家园环境科技有限公司"), row(2, 机构名称="合计会计师事务所")]))
    assert len(rows) == 2 and not faults


def test_several_rows_and_categories_of_one_agency():
    rows, faults = read(xlsx([row(1, 服务类别="环评、环境检测；节能评估"), row(1, **CERTIFIED)]))
    assert not faults
    assert rows[0].categories == ("eia", "environment-testing", "energy") and rows[1].uscc == rows[0].uscc


def test_numbers_stored_as_numbers():
    rows, faults = read(
        xlsx(
            [
                row(
                    1,
                    联系电话=13800000000.0,
                    **{**CERTIFIED, "资质名称": "CMA", "资质等级": None, "证书编号": 250000000001},
                )
            ]
        )
    )
    assert not faults
    assert rows[0].phones == ("13800000000",) and rows[0].certificate.number == "250000000001"


def test_digits_kept_as_text_by_a_csv_export():
    rows, faults = read(csv_bytes([row(1, 统一社会信用代码=f'="{code(1)}"')]), "a.csv")
    assert not faults and rows[0].uscc == code(1)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters(delimiter):
    text = "\n".join(delimiter.join(map(str, cells)) for cells in (HEADINGS, row(1)))
    rows, faults = read(io.BytesIO(text.encode()), "a.csv")
    assert len(rows) == 1 and not faults


def test_a_line_break_inside_quotes_does_not_shift_row_numbers():
    rows, faults = read(csv_bytes([row(1, 备注="甲\n乙"), row(2, 邮箱="坏")]), "a.csv")
    assert rows[0].note == "甲乙" and faults[0].row == 3


def test_the_roster_may_stand_on_the_second_sheet():
    book = Workbook()
    book.active.append(["封面"])
    sheet = book.create_sheet("名录")
    sheet.append(HEADINGS)
    sheet.append(row(1))
    rows, faults = read(saved(book))
    assert len(rows) == 1 and not faults


def test_an_unknown_column_is_ignored_with_a_word():
    rows, faults = read(xlsx([[*row(1), "1"]], [*HEADINGS, "传真"]))
    assert len(rows) == 1 and codes(faults) == ["heading.unknown"] and not faults[0].blocks


# --- every fault that belongs to a row ---------------------------------------------------------------------------------


@every_format
@pytest.mark.parametrize("kind", CELLS)
def test_a_bad_cell_is_named_and_its_row_stays_out(how, kind):
    damage, heading = CELLS[kind]
    rows, faults = read_as(how, [row(2), row(1, **damage), row(3)])
    assert [r.number for r in rows] == [2, 4], "the good rows go in"
    found = next(f for f in faults if f.code == kind)
    assert (found.row, found.column) == (3, heading)
    typed = str(damage[heading]).replace("\u202e", "⟨U+202E⟩")
    assert found.value == (typed if len(typed) <= 80 else typed[:80] + "…")
    assert found.blocks and found.sentence and found.remedy


@every_format
@pytest.mark.parametrize("kind", WARNINGS)
def test_a_warning_lets_the_row_in(how, kind):
    damage, heading = WARNINGS[kind]
    rows, faults = read_as(how, [row(1, **damage)])
    assert codes(faults) == [kind] and not faults[0].blocks and faults[0].column == heading
    assert len(rows) == 1


def test_an_abolished_claim_is_dropped_with_the_remedy_of_the_catalogue():
    rows, faults = read(xlsx([row(1, **WARNINGS["certificate.abolished"][0])]))
    assert rows[0].certificate is None
    with translation.override("zh-hans"):
        assert faults[0].remedy.startswith("环评资质已取消，请删去资质等级表述")
    with translation.override("en"):
        assert faults[0].remedy.startswith("The EIA licence has been abolished")


def test_an_abolished_level_of_a_living_certificate():
    rows, faults = read(xlsx([row(1, **{**CERTIFIED, "资质等级": "丙级"})]))
    assert codes(faults) == ["certificate.abolished"] and rows[0].certificate is None


def test_a_certificate_counts_through_its_last_day():
    rows, faults = read(xlsx([row(1, **{**CERTIFIED, "有效期至": TODAY})]))
    assert not faults and not rows[0].certificate.expired


@pytest.mark.parametrize("written", ["2027-3", "2027年3月", "27.3.1", "1/2/27", "202703"])
def test_dates_with_more_than_one_reading(written):
    _, faults = read(xlsx([row(1, **{**CERTIFIED, "有效期至": written})]))
    assert codes(faults) == ["date.ambiguous"]


@every_format
def test_one_code_with_two_names(how):
    rows, faults = read_as(how, [row(1), row(1, 机构名称="别的公司", 服务类别="节能评估"), row(2)])
    assert [r.number for r in rows] == [2, 4]
    assert codes(faults) == ["uscc.two_names"] and "第 2 行" in faults[0].sentence


def test_spelling_that_means_nothing_is_no_second_name():
    rows, faults = read(
        xlsx([row(1, 机构名称="甲事务所（普通合伙）"), row(1, 机构名称="甲事务所 (普通合伙)", 服务类别="节能评估")])
    )
    assert len(rows) == 2 and not faults


@every_format
def test_a_repeated_certificate(how):
    rows, faults = read_as(
        how, [row(1, **CERTIFIED), row(1, **CERTIFIED), row(1, **{**CERTIFIED, "服务类别": "房产测绘"})]
    )
    assert [r.number for r in rows] == [2, 4], "the same certificate may serve two categories"
    assert codes(faults) == ["row.duplicate"]


@every_format
def test_a_certificate_of_somebody_else(how):
    _, faults = read_as(how, [row(1, **CERTIFIED), row(2, **CERTIFIED)])
    assert codes(faults) == ["certificate.taken"] and faults[0].row == 3


def test_a_workbook_formula_is_text():
    _, faults = read(xlsx([row(1, 机构名称="=A1&B1")]))
    assert codes(faults) == ["cell.formula"] and faults[0].value == "=A1&B1"


def test_a_number_too_long_for_a_number_cell():
    _, faults = read(xlsx([row(1, 统一社会信用代码=913304990000000000)]))
    assert codes(faults) == ["uscc.number_cell"]


def test_a_null_character_in_csv():
    rows, faults = read(csv_bytes([row(1, 联系人="沈\x00明"), row(2)]), "a.csv")
    assert len(rows) == 1 and codes(faults) == ["cell.control"] and faults[0].value == "沈␀明"


def test_ragged_rows():
    good = csv_bytes([row(1), row(2), row(3)]).getvalue().decode().splitlines()
    good[2] = good[2].replace("澄江路", "澄江路,东侧")
    good[3] = ",".join(good[3].split(",")[:-3])
    rows, faults = read(io.BytesIO("\n".join(good).encode()), "a.csv")
    assert len(rows) == 1
    assert [(f.code, f.row) for f in faults] == [("row.ragged", 3), ("row.ragged", 4)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_undecodable_bytes_spoil_their_row_only(encoding):
    lines = csv_bytes([row(1), row(2), row(3)], encoding=encoding).getvalue().split(b"\r\n")
    lines[2] = lines[2].replace("陆晓岚".encode(encoding), b"\xff\xfe\xff")
    rows, faults = read(io.BytesIO(b"\r\n".join(lines)), "a.csv")
    assert [r.number for r in rows] == [2, 4]
    assert [(f.code, f.row, f.column) for f in faults] == [("bytes.undecodable", 3, "联系人")]
