"""Reading rosters: every spelling that is understood, every fault that is named, in every format."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from agencies.roster import RosterFault, RosterRow, read_roster, sample
from agencies.roster.faults import KINDS
from tests.agencies.roster_files import CERTIFIED, HEADINGS, PLACE, TODAY, code, csv_bytes, row, saved, xlsx

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
WRONG = code(1)[:-1] + ("1" if code(1)[-1] != "1" else "2")
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


# --- faults of the file ------------------------------------------------------------------------------------------------
def only(file, name="a.xlsx", **options):
    rows, faults = read(file, name, **options)
    assert not rows and faults[-1].severity == "file" and faults[-1].sentence and faults[-1].remedy
    return faults[-1].code


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_an_empty_file(name):
    assert only(io.BytesIO(b""), name) == "file.empty"


def test_a_file_of_blank_rows():
    assert only(io.BytesIO(b"\r\n,,\r\n"), "a.csv") == "file.empty"
    assert only(xlsx([], [None, None])) == "file.empty"


@pytest.mark.parametrize("name", ["a.xls", "a.et", "名录.XLS"])
def test_old_formats_get_a_sentence_that_says_how_to_save(name):
    _, faults = read(io.BytesIO(b"whatever"), name)
    assert codes(faults) == ["file.old_format"] and "另存为" in faults[0].remedy


def test_an_old_or_protected_workbook_under_a_new_name():
    assert only(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))) == "file.old_format"


@pytest.mark.parametrize(("content", "name"), [(b"%PDF-1.4", "a.pdf"), (b"hello", "a.docx"), (b"junk", "a.xlsx")])
def test_other_files(content, name):
    assert only(io.BytesIO(content), name) == "file.kind"


def test_a_zip_that_is_no_workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "x")
    assert only(file) == "file.kind"


def test_a_damaged_workbook():
    whole = xlsx([row(1)]).getvalue()
    assert only(io.BytesIO(whole[: len(whole) // 2])) == "file.damaged"
    assert (
        only(_with_member(whole, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='1'><c")) == "file.damaged"
    )
    assert only(_with_member(whole, "xl/workbook.xml", b"not xml")) == "file.damaged"


def _with_member(workbook: bytes, name: str, content: bytes) -> io.BytesIO:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            target.writestr(member, content if member == name else source.read(member))
    return made


def test_a_zip_bomb_is_not_unpacked():
    bomb = _with_member(xlsx([row(1)]).getvalue(), "xl/worksheets/sheet1.xml", bytes(150 * 1024 * 1024))
    assert len(bomb.getvalue()) < 400_000
    tracemalloc.start()
    assert only(bomb) == "file.too_big"
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_an_entity_bomb_is_not_expanded():
    xml = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    assert only(_with_member(xlsx([row(1)]).getvalue(), "xl/worksheets/sheet1.xml", xml)) == "file.damaged"


def test_too_many_members():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for n in range(501):
            archive.writestr(f"xl/{n}", "")
    assert only(file) == "file.too_big"


@every_format
def test_too_many_rows(how):
    rows, faults = read_as(how, [row(n) for n in range(1, 12)], max_rows=10)
    assert len(rows) == 10 and codes(faults) == ["file.too_many_rows"] and faults[0].row == 12


@every_format
def test_no_heading_row(how):
    _, faults = read_as(how, [row(1)], ["甲", "乙", "丙"])
    assert codes(faults) == ["heading.not_found"]


@every_format
def test_a_missing_heading(how):
    headings = [h for h in HEADINGS if h != "服务类别"]
    _, faults = read_as(how, [[c for i, c in enumerate(row(1)) if i != PLACE["服务类别"]]], headings)
    assert codes(faults) == ["heading.missing"] and "服务类别" in faults[0].sentence


@every_format
def test_two_headings_for_one_field(how):
    rows, faults = read_as(how, [[*row(1), "13800000000"]], [*HEADINGS, "手机"])
    assert not rows and codes(faults) == ["heading.twice"]
    assert "联系电话" in faults[0].sentence and "手机" in faults[0].sentence


def test_a_quote_that_never_closes():
    lines = csv_bytes([row(n) for n in range(1, 2000)]).getvalue().decode().splitlines()
    lines[3] = lines[3].replace("澄江路", '"澄江路', 1).replace(",澄", ',"澄', 1)
    _, faults = read(io.BytesIO("\n".join(lines).encode()), "a.csv")
    assert faults and faults[-1].blocks


# --- all together ------------------------------------------------------------------------------------------------------
def test_every_kind_of_fault_has_both_languages():
    for kind, (_, sentence, remedy) in KINDS.items():
        for text in (sentence, remedy):
            with translation.override("zh-hans"):
                chinese = str(text)
            with translation.override("en"):
                english = str(text)
            assert chinese and (english != chinese or "%(remedy)s" in chinese), kind


def test_2000_rows_with_faults_of_every_kind_planted():
    planted = [damage for damage, _ in [*CELLS.values(), *WARNINGS.values()]]
    rows = [row(n) for n in range(1, 2001)]
    for index, damage in enumerate(planted):
        number = 40 + 80 * index
        rows[number - 1] = row(number, **{**damage, **_renumbered(damage, number)})
    expected_bad = len(CELLS)
    for name, build in FORMATS.values():
        good, faults = read(build(rows), name)
        assert {f.code for f in faults} == {*CELLS, *WARNINGS}
        assert len(good) == 2000 - expected_bad
        assert len({f.row for f in faults}) == len(planted)


def _renumbered(damage, number):
    """Keep what is planted, but let codes and certificate numbers be the row's own."""
    own = {}
    if damage.get("证书编号"):
        own["证书编号"] = f"乙测资字33{number:06d}"
    return own


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_5000_rows_in_bounded_memory(name):
    rows = [row(n, **{**CERTIFIED, "证书编号": f"乙测资字33{n:06d}"}) for n in range(1, 5001)]
    file = xlsx(rows) if name.endswith("xlsx") else csv_bytes(rows)
    read(xlsx(rows[:2]))  # the vocabulary is read once and stays
    tracemalloc.start()
    count = sum(isinstance(found, RosterRow) for found in read_roster(file, name, today=TODAY))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 5000
    assert peak < 10_000_000, peak


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=16, max_size=16))
def test_no_text_is_too_strange(cells):
    for name, build in FORMATS.values():
        try:
            file = build([cells])
        except Exception:  # the writer of the format refuses it: such a file cannot exist
            continue
        for found in read_roster(file, name, today=TODAY):
            if isinstance(found, RosterFault):
                assert found.sentence and found.remedy


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(content):
    for name in ("a.csv", "a.xlsx"):
        assert list(read_roster(io.BytesIO(content), name, today=TODAY))


# --- the sample --------------------------------------------------------------------------------------------------------
def test_the_sample_is_what_the_script_writes():
    assert (sample.FOLDER / "roster-sample.xlsx").read_bytes() == sample.as_xlsx()
    assert (sample.FOLDER / "roster-sample.csv").read_bytes() == sample.as_csv()


@pytest.mark.parametrize("name", ["roster-sample.xlsx", "roster-sample.csv"])
def test_the_sample_reads_with_warnings_only(name):
    with (sample.FOLDER / name).open("rb") as file:
        rows, faults = read(file, name)
    assert len({r.uscc for r in rows}) == 40
    assert codes(faults) == ["certificate.abolished", "certificate.expired"]


def test_the_sample_is_the_same_in_both_formats_and_all_encodings():
    parsed = [
        [(r.uscc, r.name, r.categories, r.certificate, r.phones) for r in read(io.BytesIO(content), name)[0]]
        for name, content in [
            ("a.xlsx", sample.as_xlsx()),
            *(("a.csv", sample.as_csv(encoding)) for encoding in ("utf-8", "utf-8-sig", "gb18030")),
        ]
    ]
    assert all(other == parsed[0] for other in parsed[1:])
