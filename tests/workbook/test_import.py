"""What is read from cells: numbers exactly, days and choices as people write them; what is wrong is said with the cell."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from rooms import cell_of, edited, errors, imported, planned, written

from guiju.diagnostics.finding import Found, Place, column_letters
from guiju.diagnostics.show import as_data, as_lines
from guiju.diagnostics.words import fix
from guiju.ruleset.model import Words
from guiju.source.node import data
from guiju.workbook.assemble import head, whole
from guiju.workbook.choices import chosen, distinct
from guiju.workbook.model import Option
from guiju.workbook.read_cells import as_text
from guiju.workbook.tables import read_workbook
from guiju.workbook.unpack import packed, unpack
from shipped import RULESETS
from small import codes

CHINA = RULESETS / "hdi" / "2021" / "cases" / "china.yaml"
MINE = RULESETS / "carbon-neutral-mine" / "2025.1" / "cases" / "underground.yaml"


@pytest.fixture(scope="module")
def mine() -> bytes:
    return written(*planned(MINE))


def change(raw: bytes, *cells: tuple[str, str, Any]) -> bytes:
    """Values put into the cells of inputs: (beginning of the sheet's name, input, value)."""

    def put(book: Any) -> None:
        for sheet, name, value in cells:
            page = next(each for each in book if each.title.startswith(sheet))
            page[cell_of(book, sheet, name)].value = value

    return edited(raw, put)


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        ("0.1", "0.1"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1234.5, "1234.5"),
        (3, "3"),
        (1e-7, "0.0000001"),
        (12345678.901, "12345678.901"),
        ("1.10", "1.10"),
        (" 7 ", "7"),
        ("1.5e3", "1500"),
        ("0.12345678901234567890123456789", "0.12345678901234567890123456789"),
    ],
)
def test_numbers_are_read_exactly(value: Any, exact: str, mine: bytes) -> None:
    def put(book: Any) -> None:
        page = next(each for each in book if each.title.startswith("通用"))
        page[cell_of(book, "通用", "heat_imported")].value = value

    raw = edited(mine, put)
    if isinstance(value, float) and value == 0.1 + 0.2:
        raw = with_number(raw, "0.3", "0.30000000000000004")  # openpyxl itself writes 0.3 less exactly
    node, found = imported(raw, MINE)
    assert node is not None, errors(found)
    got = data(node)["inputs"]["heat_imported"]["value"]
    assert Decimal(got) == Decimal(exact)


def with_number(raw: bytes, old: str, new: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(stream, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename.startswith("xl/worksheets/"):
                content = content.replace(f"<v>{old}</v>".encode(), f"<v>{new}</v>".encode())
            target.writestr(info, content)
    return stream.getvalue()


@pytest.mark.parametrize("value", ["1,620.5", "１２", "12 GJ", "about 5", "0x1F", "5%"])
def test_what_is_no_number_is_said_at_its_cell(value: str, mine: bytes) -> None:
    told = {"1,620.5": "1620.5", "１２": "write 12", "12 GJ": "the value 12, its unit GJ"}
    node, found = imported(change(mine, ("通用", "heat_imported", value)), MINE)
    assert node is None
    ((code, place),) = errors(found)
    assert code == "case.type"
    assert place.startswith("mine.xlsx 通用 General!C")
    (finding,) = [each for each in found.findings if each.code == "case.type"]
    assert told.get(value, "") in (fix(finding, "en") or "")
    assert bool(fix(finding, "en")) == (value in told)


@pytest.mark.parametrize(
    ("name", "sheet", "value", "wanted"),
    [
        ("has_parent", "通用", True, True),
        ("has_parent", "通用", "是", True),
        ("has_parent", "通用", "no", False),
        ("has_parent", "通用", "否 no", False),
        ("gas_class", "通用", "low", "low"),
        ("parent_target_date", "通用", datetime(2024, 3, 5), "2024-03-05"),
        ("parent_target_date", "通用", "2024/3/5", "2024-03-05"),
        ("parent_target_date", "通用", "2024年3月5日", "2024-03-05"),
        ("parent_name", "通用", 12, "12"),
    ],
)
def test_words_and_days(name: str, sheet: str, value: Any, wanted: Any, mine: bytes) -> None:
    node, found = imported(change(mine, (sheet, name, value)), MINE)
    assert node is not None, errors(found)
    assert data(node)["inputs"][name]["value"] == wanted


def test_the_unit_of_the_cell_is_kept_for_the_reader_of_cases(mine: bytes) -> None:
    def put(book: Any) -> None:
        page = next(each for each in book if each.title.startswith("通用"))
        cell = page[cell_of(book, "通用", "coal_output")]
        cell.value, cell.offset(0, 1).value = "2.5128", "Mtcoal"

    node, found = imported(edited(mine, put), MINE)
    assert node is not None, errors(found)
    said = data(node)["inputs"]["coal_output"]
    assert (str(said["value"]), said["unit"]) == ("2.5128", "Mtcoal")
    raw = edited(mine, lambda book: setattr(unit_of(book, "coal_output"), "value", "bushel"))
    assert [code for code, _ in errors(imported(raw, MINE)[1])] == ["case.unknown-unit"]


def unit_of(book: Any, name: str) -> Any:
    page = next(each for each in book if each.title.startswith("通用"))
    return page[cell_of(book, "通用", name)].offset(0, 1)


def test_a_missing_value_is_said_at_the_cell_of_its_row(mine: bytes) -> None:
    def put(book: Any) -> None:
        page = next(each for each in book if each.title.startswith("通用"))
        row = page[cell_of(book, "通用", "coal_output")].row
        for cell in page[row][2:]:
            cell.value = None

    _, found = imported(edited(mine, put), MINE)
    places = [f.place for f in found.findings if f.code == "case.missing-input" and ("name", "coal_output") in f.facts]
    assert [place.sheet for place in places if place] == ["通用 General"]


def test_a_cell_says_why_it_is_empty(mine: bytes) -> None:
    def put(book: Any) -> None:
        page = next(each for each in book if each.title.startswith("通用"))
        row = page[cell_of(book, "通用", "land_disturbed")].row
        for cell in page[row][2:]:
            cell.value = None
        page.cell(row, 15).value = "not surveyed"

    node, found = imported(edited(mine, put), MINE)
    assert node is not None, errors(found)
    assert data(node)["inputs"]["land_disturbed"] == {"value": None, "reason": "not surveyed"}


def test_details_of_the_row_hold_for_numbers_days_and_truths(mine: bytes) -> None:
    def put(book: Any) -> None:
        page = next(each for each in book if each.title.startswith("固体废物"))
        head = {str(cell.value).split("\n")[0]: cell.column for cell in page[3]}
        page.cell(6, 1).value = "尾矿"
        page.cell(6, head["产生量 [t] *"]).value = "5"
        page.cell(6, head["综合利用量 [t] *"]).value = "4"
        page.cell(6, head["本行：数据来历"]).value = "实测"
        page.cell(6, head["本行：不确定度 ±%"]).value = "5"

    node, found = imported(edited(mine, put), MINE)
    assert node is not None, errors(found)
    row = data(node)["collections"]["solid_wastes"][2]
    said = {"origin": "measured", "uncertainty": 5}
    assert row == {"waste": "尾矿", "generated": {"value": 5, **said}, "used": {"value": 4, **said}}


def test_evidence_of_the_row_holds_for_every_column_that_needs_some(mine: bytes) -> None:
    def put(book: Any) -> None:
        page = next(each for each in book if each.title.startswith("碳抵消登记"))
        head = {str(cell.value).split("\n")[0]: cell.column for cell in page[3]}
        row = next(index for index in range(4, 400) if not page.cell(index, head["序列号（段） *"]).value)
        page.cell(row, head["序列号（段） *"]).value = "S-1"
        page.cell(row, head["起始序号"]).value = "1"
        page.cell(row, head["本行：证据标识"]).value = "E01"
        page.cell(row, head["本行：数据来历"]).value = "实测"
        notes = next(each for each in book if each.title.startswith("逐格说明"))
        free = next(index for index in range(4, 400) if not notes.cell(index, 1).value)
        for line, column in enumerate(("终止序号", "last serial", "序列号（段） *"), free):
            for at, text in enumerate(("碳抵消登记表", "S-1", column), 1):
                notes.cell(line, at).value = text
            notes.cell(line, 9).value = "why"  # a note

    header, plan = planned(MINE)
    found = Found()
    tables = read_workbook(edited(mine, put), "mine.xlsx", found)
    assert tables is not None
    row: Any = data(whole(head(tables, found), tables, plan, found))["collections"]["credits"][-1]
    assert row["serial"] == {"value": "S-1", "evidence": ["E01"], "note": "why"}, "its origin is not said: it is a text"
    assert row["serial_from"] == {"value": 1, "origin": "measured", "evidence": ["E01"]}
    assert (row["serial_to"]["value"], row["serial_to"]["note"]) == (None, "why")
    assert codes(found) == ["workbook.same-name"], "one column by its Chinese and its English head"


def test_a_document_without_its_kind_is_said_at_the_empty_cell(mine: bytes) -> None:
    def put(book: Any) -> None:
        page = next(each for each in book if each.title.startswith("证据"))
        row = next(index for index in range(4, 400) if not page.cell(index, 1).value)
        page.cell(row, 1).value = "E01"
        page.cell(row, 4).value = "only in English"
        page.cell(row + 1, 1).value = "E02"
        page.cell(row + 1, 2).value = page.cell(4, 2).value
        put.row = row  # type: ignore[attr-defined]

    node, found = imported(edited(mine, put), MINE)
    assert node is None
    row = put.row  # type: ignore[attr-defined]
    sheet = "mine.xlsx 证据 Evidence!"
    assert errors(found) == [("schema.required", f"{sheet}B{row}"), ("schema.required", f"{sheet}C{row + 1}")]
    assert fix(found.findings[-2], "zh") == "请填写此格：规则集中的证据种类"


def settle(book: Any, *rows: tuple[Any, ...]) -> None:
    page = next(each for each in book if each.title.startswith("核对的认可"))
    for line, cells in enumerate(rows, 4):
        for column, value in enumerate(cells, 1):
            page.cell(line, column).value = value


def test_settled_checks_are_chosen_by_id_label_or_title(mine: bytes) -> None:
    rows = [
        ("shares 各占比均不超过100% No share is above 100 %", None, "李工", datetime(2025, 2, 1), "已核对"),
        ("总排放量不为负", None, "Li", "2025年2月1日", "zh: 甲\nen: A"),
    ]
    node, found = imported(edited(mine, lambda book: settle(book, *rows)), MINE)
    assert node is not None, errors(found)
    assert data(node)["settled"] == {
        "shares": {"by": "李工", "on": "2025-02-01", "reason": "已核对"},
        "gross_not_negative": {"by": "Li", "on": "2025-02-01", "reason": {"zh": "甲", "en": "A"}},
    }


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([("share", None, "Li", "2025-02-01", "why")], ("case.settled-unknown", "A4")),
        ([("shares", None, "Li", "2025-02-30", "why")], ("case.date", "D4")),
        ([("waste_rows", "煤", "Li", "2025-02-01", "why")], ("case.settled-row", "A4")),
        ([("shares", None, "Li", "2025-02-01")], ("schema.required", "E4")),
        ([(None, None, "Li", "2025-02-01", "why")], ("workbook.no-name", "C4")),
        ([("shares", None, "Li", "2025-02-01", "why")] * 2, ("workbook.same-name", "A5")),
    ],
)
def test_what_is_wrong_with_a_settled_check_is_said_at_its_cell(
    rows: list[Any], wanted: tuple[str, str], mine: bytes
) -> None:
    node, found = imported(edited(mine, lambda book: settle(book, *rows)), MINE)
    assert node is None
    ((code, place),) = errors(found)
    assert (code, place) == (wanted[0], f"mine.xlsx 核对的认可 Settled checks!{wanted[1]}")


def test_places_of_cells() -> None:
    place = Place("mine.xlsx", 7, 3, 1, "燃料 Fuels")
    assert str(place) == "mine.xlsx 燃料 Fuels!C7"
    assert str(Place("fuels.csv", 2, 28, 1, "")) == "fuels.csv!AB2"
    assert str(Place("case.yaml", 2, 28)) == "case.yaml:2:28"
    assert [column_letters(n) for n in (1, 26, 27, 52, 702, 703, 16384)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD"]
    found = Found()
    found.add("workbook.merged", place, area="C7:C8")
    assert as_lines(found.findings, "en").startswith("mine.xlsx 燃料 Fuels!C7: error workbook.merged")
    (shown,) = as_data(found.findings)
    assert (shown["place"]["sheet"], shown["place"]["cell"], shown["place"]["line"]) == ("燃料 Fuels", "C7", 7)


def test_choices_that_are_called_alike_show_their_value() -> None:
    options = distinct(
        [Option("a", Words("大", "large")), Option("b", Words("大", "large")), Option("c", Words("小", "a"))]
    )
    assert [option.label for option in options] == ["a 大 large", "b 大 large", "小 a"]
    names = chosen(options)
    assert names["a"] == "a", "the value itself goes before a title"
    assert "大" not in names
    assert names["b 大 large"] == "b"


def test_numbers_as_text() -> None:
    assert [as_text(value) for value in (1e22, 0.1, -2.0, 5, 1.5e-10)] == [
        "10000000000000000000000",
        "0.1",
        "-2",
        "5",
        "0.00000000015",
    ]


# -- files that mean harm, and files that broke -------------------------------------------------------------------------------
def test_a_size_that_is_not_declared_is_found(mine: bytes) -> None:
    """A part that says it is small and is not: what is read is what was declared, or the file is refused."""
    content = b"0" * 30_000_000
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/bomb.xml", content)
    raw = stream.getvalue()
    lying = raw.replace(struct.pack("<L", len(content)), struct.pack("<L", 1000))
    for file in (raw, lying):
        found = Found()
        assert unpack(file, "bomb.xlsx", found) is None
        assert {finding.code for finding in found.findings} <= {"workbook.too-large", "workbook.damaged"}


def test_one_text_in_a_million_cells_is_refused() -> None:
    cells = b'<c r="A1" t="s"><v>0</v></c>' * 400_000
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", cells)
        archive.writestr("xl/sharedStrings.xml", b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>")
    found = Found()
    assert unpack(stream.getvalue(), "bomb.xlsx", found) is None
    assert [finding.code for finding in found.findings] == ["workbook.too-large"]


def test_readers_open_what_was_measured(mine: bytes) -> None:
    found = Found()
    parts = unpack(mine, "mine.xlsx", found)
    assert parts is not None
    with zipfile.ZipFile(io.BytesIO(packed(parts))) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("seed", range(60))
def test_damage_is_never_a_traceback(seed: int) -> None:
    """Bytes flipped, cut out, doubled: tables, or a finding."""
    rng = random.Random(seed)
    raw = bytearray(written(*planned(CHINA)))
    kind = seed % 3
    at = rng.randrange(len(raw))
    if kind == 0:
        for _ in range(rng.choice((1, 10, 100))):
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del raw[at : at + rng.randrange(1, 5000)]
    else:
        raw[at:at] = raw[at : at + 500]
    found = Found()
    tables = read_workbook(bytes(raw), "mine.xlsx", found)
    assert tables is not None or found.has_errors()


@pytest.mark.parametrize("seed", range(40))
def test_damage_inside_a_part_is_never_a_traceback(seed: int) -> None:
    """The zip is right, the XML is not."""
    rng = random.Random(seed)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written(*planned(CHINA)))) as old, zipfile.ZipFile(stream, "w") as new:
        names = old.namelist()
        chosen_part = rng.choice(names)
        for name in names:
            content = bytearray(old.read(name))
            if name == chosen_part:
                for _ in range(rng.choice((1, 5, 50))):
                    content[rng.randrange(len(content))] = rng.randrange(256)
            new.writestr(name, bytes(content))
    _, found = imported(stream.getvalue(), CHINA)
    list(found.findings)
