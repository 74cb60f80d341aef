"""The workbook that calculates: what it holds, and that LibreOffice computes from it what the assessment says."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import recalculate
from guiju.evaluation.run import Assessment
from guiju.formula.missing import NotComputed
from guiju.record.grid import Spot, letters, sheet_name
from guiju.record.sheets import MOST_COLUMNS, MOST_ROWS, Cell, Sheet, TooLarge, serial, workbook
from guiju.record.workbook import Layout, lay_out, live_workbook
from shipped import CASES, assessed, name_of
from small import small

NEAR = Decimal("1e-9")
SECTIONS: dict[str, Any] = {
    "units": {"u": {}},
    "parameters": {"half": {"value": Decimal("0.5"), "unit": "1"}},
    "tables": {
        "price": {"keys": [{"name": "kind", "type": "text"}], "columns": {"each": {"unit": "1"}},
                  "rows": [{"kind": "a", "each": 3}, {"kind": "A", "each": 7}, {"kind": "b", "each": None}]},
    },
    "inputs": {
        "x": {"unit": "1"},
        "given_or_four": {"unit": "1", "default": 4},
        "since": {"type": "date", "default": "2024-02-29"},
        "gone": {"unit": "1", "required": False},
        "word": {"type": "text"},
    },
    "collections": {
        "co2": {"key": "name", "columns": {"name": {"type": "text"}, "n": {"unit": "1", "required": False}, "kind": {"type": "text"}}},
        "inputs": {"key": "name", "required": False, "columns": {"name": {"type": "text"}, "n": {"unit": "1"}}},
    },
    "formulas": {
        "cost": {"per": "co2", "expr": "n * lookup(price.each, kind)", "unit": "1"},
        "close": {"per": "co2", "expr": "n / 3", "unit": "1", "round": {"digits": 1}},
        "total": {"expr": "sum(co2.cost) + x", "unit": "1"},
        "some": {"expr": 'sum_where(co2.cost, co2.kind, "A")', "unit": "1"},
        "tie": {"expr": "x * half", "unit": "1", "round": {"digits": 0}},
        "lacking": {"expr": "gone * 0", "unit": "1"},
        "instead": {"expr": "coalesce(lacking, given_or_four)", "unit": "1"},
        "later": {"expr": "months_after(since, 12)", "type": "date"},
        "days": {"expr": "days_between(since, period_end)", "unit": "d"},
        "whether": {"expr": "gone > 1 or x > 1", "type": "boolean"},
        "other": {"expr": "sum(inputs.n)", "unit": "1"},
    },
}  # fmt: skip
ROWS = [{"name": "p", "n": 2, "kind": "a"}, {"name": "q", "n": 1, "kind": "A"}]


def example(tmp_path: Path, **inputs: Any) -> Assessment:
    given = {"x": 5, "word": '=HYPERLINK("http://x.invalid","y")', **inputs}
    return small(tmp_path, SECTIONS).run(given, collections={"co2": ROWS}).assessment


def near(got: Any, value: Any) -> bool:
    if isinstance(value, NotComputed):
        return isinstance(got, str) and got.startswith("#")
    if isinstance(value, Decimal):
        return isinstance(got, (int, float)) and abs(Decimal(got) - value) <= NEAR * abs(value)
    if isinstance(value, date):
        return got == serial(value) or (isinstance(got, datetime) and got.date() == value)
    return type(got) is type(value) and got == value


def cell_of(values: recalculate.Values, spot: Spot) -> Any:
    return values[spot.sheet].get(f"{letters(spot.column)}{spot.row + 1}")


def differences(assessment: Assessment, layout: Layout, values: recalculate.Values) -> list[tuple[str, Any, Any]]:
    """Nodes whose cell says something else than the assessment."""
    pairs = [(name, spot, assessment.values[name]) for name, spot in layout.values.items()]
    for name, span in layout.columns.items():
        pairs += [(name, span.row(row), assessment.values[name][row]) for row in range(span.count)] if span else []
    return [
        (name, cell_of(values, spot), value) for name, spot, value in pairs if not near(cell_of(values, spot), value)
    ]


@pytest.fixture(scope="module")
def shipped() -> dict[str, Assessment]:
    return {name_of(case): assessed(case) for case in CASES}


@pytest.mark.slow
def test_libreoffice_computes_the_same(shipped: dict[str, Assessment], tmp_path: Path) -> None:
    """Unrounded values to 1e-9; rounded scores, texts, truths and the grade as they are."""
    if recalculate.SOFFICE is None:
        pytest.skip(recalculate.WHY_NOT)
    computed = recalculate.recalculated({name: live_workbook(one) for name, one in shipped.items()}, tmp_path)
    for name, one in shipped.items():
        layout, values = lay_out(one), computed[name]
        assert differences(one, layout, values) == [], name
        rounded = [node.id for node in one.plan.formulas if node.rounding and node.rounding.kind == "digits"]
        for node in rounded:
            assert Decimal(repr(cell_of(values, layout.values[node]))) == one.values[node], (name, node)
        if one.plan.grade is not None:
            assert cell_of(values, layout.values["grade.result"]) == one.values["grade.result"]
        assert differing(values) == 0, name


def differing(values: recalculate.Values) -> Any:
    """What the sheet "result" counts: values that are no longer as recorded."""
    row = next(cell[1:] for cell, value in values["result"].items() if "differ from the record" in str(value))
    return values["result"][f"D{row}"]


@pytest.mark.slow
def test_small_example_recalculated(tmp_path: Path) -> None:
    """Worked by hand: 2 * 3 + 1 * 7 + 5 = 18; "a" is not "A"; the tie 2.5 goes to 2; what is not there stays missing."""
    if recalculate.SOFFICE is None:
        pytest.skip(recalculate.WHY_NOT)
    one = example(tmp_path)
    layout = lay_out(one)
    values = recalculate.recalculated({"one": live_workbook(one)}, tmp_path)["one"]
    got = {name: cell_of(values, spot) for name, spot in layout.values.items()}
    wanted = {"total": 18, "some": 7, "tie": 2, "instead": 4, "whether": True, "given_or_four": 4, "days": 306}
    assert {name: got[name] for name in wanted} == wanted
    assert got["lacking"].startswith("#") and got["gone"].startswith("#")
    assert got["other"] == 0
    assert near(got["later"], date(2025, 2, 28))
    close = layout.columns["co2.close"]
    assert close is not None
    assert [cell_of(values, close.row(row)) for row in range(2)] == [0.7, 0.3]
    assert differing(values) == 0


@pytest.mark.slow
def test_what_is_changed_counts(tmp_path: Path) -> None:
    """Another x gives another total, and the first sheet counts what is no longer as recorded: total, tie."""
    if recalculate.SOFFICE is None:
        pytest.skip(recalculate.WHY_NOT)
    from openpyxl import load_workbook

    one = example(tmp_path)
    book = load_workbook(BytesIO(live_workbook(one)))
    row = next(cell.row for cell in book["inputs"]["A"] if cell.value == "x")
    book["inputs"][f"D{row}"] = 8
    stream = BytesIO()
    book.save(stream)
    values = recalculate.recalculated({"one": stream.getvalue()}, tmp_path)["one"]
    layout = lay_out(one)
    assert cell_of(values, layout.values["total"]) == 21
    assert cell_of(values, layout.values["tie"]) == 4
    assert differing(values) == 2


def test_values_are_there_before_anybody_recalculates(tmp_path: Path) -> None:
    one = example(tmp_path)
    layout, values = lay_out(one), recalculate.read(live_workbook(one))
    assert differences(one, layout, values) == []
    assert cell_of(values, layout.values["total"]) == 18


def test_texts_never_become_formulas(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(live_workbook(example(tmp_path))))
    cell = next(cell for cell in book["inputs"]["D"] if "HYPERLINK" in str(cell.value))
    assert cell.data_type == "s" and cell.hyperlink is None


def test_sheets_of_collections_have_names_of_their_own(tmp_path: Path) -> None:
    """A collection named as one of our sheets, and one that looks like a cell."""
    names = [sheet.name for sheet in lay_out(example(tmp_path)).sheets]
    assert names == ["result", "inputs", "parameters", "tables", "co2", "inputs_2", "calculation"]
    assert sheet_name("x" * 40, {"x" * 31}) == "x" * 29 + "_2"


@pytest.mark.parametrize("cell", [(MOST_ROWS, 0), (0, MOST_COLUMNS)])
def test_what_does_not_fit_is_said(cell: tuple[int, int]) -> None:
    with pytest.raises(TooLarge, match="much"):
        workbook([Sheet("much", {cell: Cell(Decimal(1))})], "", date(2024, 12, 31))
    with pytest.raises(TooLarge):
        workbook([Sheet("long", {(0, 0): Cell("x" * 32768)})], "", date(2024, 12, 31))


def test_letters() -> None:
    assert [letters(column) for column in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_the_same_assessment_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = example(tmp_path / "one"), example(tmp_path / "other")
    assert live_workbook(one) == live_workbook(other)
    with zipfile.ZipFile(BytesIO(live_workbook(one))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_formulas_stay_within_what_programs_read(shipped: dict[str, Assessment]) -> None:
    for one in shipped.values():
        for sheet in lay_out(one).sheets:
            assert all(cell.formula is None or len(cell.formula) < 8192 for cell in sheet.cells.values())
