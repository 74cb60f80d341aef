"""Workbooks, CSV and JSON of careless or hostile people: refused in words, nothing silently chosen, no reader brought down."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from rooms import edited, errors, planned, written

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.source.files import read_line
from guiju.source.json_text import read_json
from guiju.workbook.assemble import head
from guiju.workbook.csv_files import read_csv
from guiju.workbook.model import MAP_SHEET
from guiju.workbook.tables import read_workbook
from guiju.workbook.unpack import MAX_CELLS, unpack
from shipped import RULESETS

CHINA = RULESETS / "hdi" / "2021" / "cases" / "china.yaml"
SHEET = "xl/worksheets/sheet4.xml"


@pytest.fixture(scope="module")
def china() -> bytes:
    return written(*planned(CHINA))


def with_parts(raw: bytes, **changes: Any) -> bytes:
    """The parts of a workbook after `changes(parts)`."""
    with zipfile.ZipFile(io.BytesIO(raw)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    changes["by"](parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def codes(raw: bytes) -> list[str]:
    found = Found()
    assert unpack(raw, "mine.xlsx", found) is None
    return [finding.code for finding in found.findings]


FAR = [
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    b'<row r="1048576"><c\tr="xfd1048576"><v>1</v></c></row>',
    b'<row r="1048576"><c s="0"r = "XFD1048576"><v>1</v></c></row>',
    b'<row r="1048576">' + b"<c><v>1</v></c>" * 100 + b"</row>",
    b"<row><c><v>1</v></c></row>" * 3000 + b"<row>" + b"<c><v>1</v></c>" * 5000 + b"</row>",
]


@pytest.mark.parametrize("row", FAR)
def test_a_cell_far_out_is_refused_however_it_is_written(row: bytes, china: bytes) -> None:
    """The reader of cells would ask for memory for the whole rectangle, and die."""

    def far(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", row + b"</sheetData>")

    assert codes(with_parts(china, by=far)) == ["workbook.too-large"]


@pytest.mark.parametrize("address", [b"XFE1", b"A1048577", b"A99999999999", b"&#65;1", b"A1B"])
def test_an_address_that_is_none(address: bytes, china: bytes) -> None:
    def wrong(parts: dict[str, bytes]) -> None:
        row = b'<row r="9"><c r="' + address + b'"><v>1</v></c></row>'
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", row + b"</sheetData>")

    assert codes(with_parts(china, by=wrong)) == ["workbook.damaged"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<worksheet><sheetData><row r="1"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>', "workbook.too-large"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>', "workbook.entities"),
        ('<?xml version="1.0"?><worksheet/>'.encode("utf-16"), "workbook.damaged"),
    ],
)  # fmt: skip
def test_a_sheet_of_another_name_is_measured_too(content: bytes, code: str, china: bytes) -> None:
    assert codes(with_parts(china, by=lambda parts: parts.update({"xl/other/s.bin": content}))) == [code]


def test_one_sheet_listed_many_times_counts_as_often(china: bytes) -> None:
    def many(parts: dict[str, bytes]) -> None:
        side = int(MAX_CELLS**0.5) // 2  # a quarter of what is allowed
        row = f'<row r="{side}"><c r="A{side}"><v>1</v></c><c r="BCY{side}"><v>1</v></c></row>'.encode()
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", row + b"</sheetData>")
        more = b'<sheet name="x" sheetId="9" r:id="rId4"/>' * 4
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</sheets>", more + b"</sheets>")

    assert codes(with_parts(china, by=many)) == ["workbook.too-large"]


@pytest.mark.parametrize("where", ["C5", "D5", "E5", "B6", "C7"])
def test_somebody_wrote_in_the_hidden_sheet(where: str, china: bytes) -> None:
    found = Found()
    raw = edited(china, lambda book: book[MAP_SHEET].__setitem__(where, "x"))
    tables = read_workbook(raw, "mine.xlsx", found)
    assert tables is not None or found.has_errors()


def test_a_line_of_a_workbook_is_not_shown(china: bytes, tmp_path: Path) -> None:
    """It is no text, and may hold what a terminal obeys."""
    (tmp_path / "mine.xlsx").write_bytes(china)
    assert read_line(str(tmp_path / "mine.xlsx"), 1) is None


# -- CSV ----------------------------------------------------------------------------------------------------------------------
CASE = (
    "name,value\nruleset,hdi@2021\nid,x\ntitle.zh,表\ntitle.en,Table\nrole,self\nsubject.name.zh,国\n"
    "subject.name.en,Land\nperiod.from,2023-01-01\nperiod.to,2023-12-31\n"
)


def taken(folder: Path, **files: str) -> Found:
    """What is found when these CSV files are imported."""
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    found = Found()
    tables = read_csv(paths, found)
    if tables is not None:
        pipeline.take(head(tables, found), Path("case.yaml"), [RULESETS], found, tables)
    return found


def test_two_heads_of_one_column(tmp_path: Path) -> None:
    found = taken(tmp_path, case=CASE, inputs="name,value,值\nlife_expectancy,78,79\n")
    assert [(code, place.rpartition("!")[2]) for code, place in errors(found)] == [("workbook.same-name", "C1")]


def test_two_files_of_one_table(tmp_path: Path) -> None:
    found = taken(tmp_path, case=CASE, **{"a/inputs": "name,value\nlife_expectancy,78\n", "b/inputs": "name,value\n"})
    assert [code for code, _ in errors(found)] == ["workbook.same-name"]


def test_a_cell_of_several_lines_moves_those_below(tmp_path: Path) -> None:
    found = taken(tmp_path, case=CASE, inputs='name,value,note\nlife_expectancy,78,"a\nb"\nmean_schooling,much,\n')
    assert [(code, place.rpartition("!")[2]) for code, place in errors(found)] == [("case.type", "B4")]


# -- JSON ---------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    ["null", "5", '"x"', "[]", *('{"collections": {"rows": ' + rows + "}}" for rows in ("null", "5", "[null]", "[[]]", "{}"))],
)  # fmt: skip
def test_json_of_another_shape(text: str) -> None:
    found = Found()
    node = read_json(text, "case.json", found)
    assert node is not None
    assert pipeline.take(node, Path("case.yaml"), [RULESETS], found) is None
    wrong = {each.code for each in found.findings}
    assert wrong <= {"schema.type", "schema.required"}
    assert "schema.type" in wrong or text == "[]"
