"""What a roster file as a whole can get wrong, all faults together, free input, and the sample that ships."""

import io
import tracemalloc
import zipfile

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.roster import RosterFault, RosterRow, read_roster, sample
from agencies.roster.faults import KINDS
from tests.agencies.roster_files import (
    CELLS,
    CERTIFIED,
    FORMATS,
    HEADINGS,
    PLACE,
    TODAY,
    WARNINGS,
    codes,
    csv_bytes,
    every_format,
    read,
    read_as,
    row,
    xlsx,
)


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
