"""What an assessor finds in the workbook: sheets, titles, drop-downs, ranges, comments, locked heads, the levels."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from typing import Any

import openpyxl
import pytest
from rooms import planned, written

from guiju.workbook.layout import layout
from guiju.workbook.write import workbook
from shipped import RULESETS

MINE = RULESETS / "carbon-neutral-mine" / "2025.1" / "cases" / "underground.yaml"


@pytest.fixture(scope="module")
def book() -> Any:
    header, plan = planned(MINE)
    return openpyxl.load_workbook(io.BytesIO(written(header, plan)))


@pytest.fixture(scope="module")
def empty() -> Any:
    _, plan = planned(MINE)
    return openpyxl.load_workbook(io.BytesIO(workbook(layout(plan), {}, plan.ruleset.title)))


def heads(page: Any) -> list[str]:
    return [str(cell.value).replace("\n", " ") for cell in page[3] if cell.value]


def test_a_sheet_for_every_block_and_collection(book: Any) -> None:
    _, plan = planned(MINE)
    names = book.sheetnames
    assert names[:3] == ["封面 Cover", "基本信息 About", "基本情况 Facts"]
    assert names[-6:] == [
        "证据 Evidence",
        "核对的认可 Settled checks",
        "逐格说明 Cell details",
        "评分等级 Levels",
        "_lists",
        "_guiju",
    ]
    for number in ("1", "2", "3", "4", "5", "6"):
        assert [name for name in names if name.startswith(f"{number} ")], f"no sheet of block {number}"
    for collection in plan.collections.values():
        assert any(name.startswith(collection.title.zh[:10]) for name in names), collection.id
    assert all(len(name) <= 31 for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_every_input_has_one_row(book: Any) -> None:
    _, plan = planned(MINE)
    rows = [row[0].value for page in book if heads(page)[:1] == ["标识 name"] for row in page.iter_rows(min_row=4)]
    assert all(rows.count(name) == 1 for name in plan.inputs)


def test_cover_says_what_it_is_for(book: Any) -> None:
    text = "\n".join(str(cell.value) for row in book["封面 Cover"].iter_rows() for cell in row if cell.value)
    _, plan = planned(MINE)
    for part in (
        "carbon-neutral-mine@2025.1",
        "energy.coal.underground",
        plan.ruleset.fingerprint,
        "guiju import",
        "填写",
    ):
        assert part in text


def test_hidden_sheets_and_protection(book: Any) -> None:
    assert {page.title for page in book if page.sheet_state == "veryHidden"} == {"_lists", "_guiju"}
    for page in book:
        if page.sheet_state == "visible":
            assert page.protection.sheet, page.title
    page = next(each for each in book if each.title.startswith("固体废物"))
    assert page["A3"].protection.locked
    assert not page["A4"].protection.locked
    assert page["A4"].number_format == "@"


def validations(page: Any, address: str) -> list[Any]:
    return [rule for rule in page.data_validations.dataValidation if address in rule.sqref]


def page_of(book: Any, name: str) -> tuple[Any, int]:
    """Sheet and row of an input."""
    return next(
        (page, row[0].row)
        for page in book
        if heads(page)[:1] == ["标识 name"]
        for row in page.iter_rows(min_row=4)
        if row[0].value == name
    )


def test_drop_downs_and_ranges(empty: Any) -> None:
    page, row = page_of(empty, "gas_class")
    (rule,) = validations(page, f"C{row}")
    sheet, area = rule.formula1.removeprefix("=").split("!")
    offered = [cell[0].value for cell in empty[sheet][area.replace("$", "")]]
    _, plan = planned(MINE)
    choices = plan.inputs["gas_class"].choices
    assert choices is not None
    assert offered == [f"{title.zh} {title.en}" for title in choices.values()]
    page, row = page_of(empty, "equity_share")
    (rule,) = validations(page, f"C{row}")
    assert f"VALUE(C{row})>=0,VALUE(C{row})<=100" in rule.formula1
    assert f'D{row}<>"%"' in rule.formula1, "the limits are those of the unit"
    (units,) = validations(page, f"D{row}")
    assert units.type == "list"


def test_comments_cite_clause_source_and_evidence(empty: Any) -> None:
    page, row = page_of(empty, "boundary_as_accounts")
    text = page[f"B{row}"].comment.text
    assert "5.1(6)" in text
    assert "条款" in text
    assert "所需证据" in text
    assert re.search("Boundary record", text)


def test_required_cells_are_yellow_and_what_has_no_unit_is_closed(empty: Any) -> None:
    page, row = page_of(empty, "coal_output")
    assert page[f"C{row}"].fill.fgColor.rgb == "FFFFF8DC"
    assert page[f"E{row}"].value == "tcoal"
    page, row = page_of(empty, "legal_compliance")
    assert page[f"D{row}"].protection.locked


def test_rubric_holds_every_level(empty: Any) -> None:
    page = empty["评分等级 Levels"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4) if row[3].value]
    _, plan = planned(MINE)
    levels = {name for name in plan.inputs if name.endswith("_level") or name.startswith("type_measures_")}
    assert {row[3] for row in rows} == levels
    monitoring = [row for row in rows if row[3] == "monitoring_level"]
    assert len(monitoring) == 4
    assert "监测计划" in str(monitoring[2][6])


def test_bytes_do_not_depend_on_the_process(tmp_path: Any) -> None:
    """Another process, another hash seed, the same bytes."""
    code = (
        "import sys, hashlib; from guiju import load, prepare\n"
        "from guiju.workbook.layout import layout; from guiju.workbook.write import workbook\n"
        "plan = prepare(load('hdi@2021')); print(hashlib.sha256(workbook(layout(plan), {}, plan.ruleset.title)).hexdigest())"
    )
    seen = set()
    for seed in ("1", "2"):
        environ = {"PYTHONPATH": str(RULESETS.parent / "engine"), "PYTHONHASHSEED": seed, "PATH": ""}
        done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
        seen.add(done.stdout)
    assert len(seen) == 1


def test_what_is_required_of_the_case_itself_is_pale_yellow(book: Any) -> None:
    page = book["基本信息 About"]
    colours = {row[0].value: row[2].fill.fgColor.rgb for row in page.iter_rows(min_row=4)}
    assert {name for name, colour in colours.items() if str(colour).endswith("FFF8DC")} == {
        "ruleset", "variant", "id", "title.zh", "title.en", "role", "subject.name.zh", "subject.name.en",
        "period.from", "period.to",
    }  # fmt: skip


def test_the_cover_explains_the_colours(book: Any) -> None:
    rows = [(row[0], row[1].value) for row in book["封面 Cover"].iter_rows()]
    start = next(index for index, (cell, _) in enumerate(rows) if cell.value == "图例 Colours")
    legend = [(str(cell.fill.fgColor.rgb)[2:], text) for cell, text in rows[start + 1 : start + 5]]
    assert [colour for colour, _ in legend] == ["FFF8DC", "000000", "F2F2F2", "D9D9D9"]
    assert legend[0][1] == "必填 · to be filled in"
    assert legend[2][1] == "说明，已锁定 · explains, locked"


def test_sheets_of_lists_say_what_belongs_in_them(book: Any) -> None:
    for page in book:
        if page.sheet_state == "visible" and page["A3"].value and not page["A4"].value:
            assert page["A2"].value, page.title
    assert "settled here" in book["核对的认可 Settled checks"]["A2"].value


def test_names_of_sheets_are_cut_between_words(book: Any) -> None:
    assert "固体废物产生与综合利用 Solid waste and…" in book.sheetnames
    assert "煅烧、焙烧或溶解（浸出、中和）的碳酸盐原料…" in book.sheetnames
    assert max(map(len, book.sheetnames)) <= 31


def test_a_default_is_said_as_the_drop_down_says_it(book: Any) -> None:
    told = {row[0].value: row[5].value for row in book["通用 General"].iter_rows(min_row=4)}
    assert told["consolidation_approach"] == "可不填 optional\n缺省 运营控制权法 default operational control"
    assert told["controlled_operation"] == "可不填 optional\n缺省 是 default yes"
    assert told["equity_share"] == "可不填 optional\n缺省 100 default 100"
