"""The Excel domain: cases/*.yaml, roundings and random expressions in one workbook, recalculated by LibreOffice.

A double is no decimal: numbers agree to 1e-9, the random ones are multiples of a quarter so that no comparison is a tie of doubles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_formula_cases import CASES
from test_formula_laws import NUMBERS, TRUTHS, expressions, law

import formulas
import recalculate
from guiju.formula.domains.exact import Exact
from guiju.formula.domains.excel import Excel, Piece, Rows, number, text_of
from guiju.formula.evaluator import Walker
from guiju.formula.library import library
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import Rounding, arithmetic, round_to
from guiju.formula.tables import Lookup
from guiju.record.calculation import shelf
from guiju.record.grid import Grid, Span, Spot
from guiju.record.sheets import serial, workbook

DOUBLES = 300  # what a double cannot hold is left out
GUARDED = "2.66500000000000000000000000001"  # a double cannot tell it from the tie


class Bench:
    """A workbook with one formula to a row; columns and tables stand on a sheet of their own."""

    def __init__(self) -> None:
        self.grid, self.data, self.row, self.column = Grid("bench"), Grid("data"), 0, 0
        self.wanted: list[tuple[str, str, Any]] = []  # what is computed, in which cell, what it should be

    def write(
        self, text: str, names: Mapping[str, Any], columns: Mapping[str, Any], tables: Mapping[str, Lookup], wish: Any
    ) -> Piece:
        given = {name: self.given(index, value) for index, (name, value) in enumerate(names.items())}
        exact = Exact({}, columns, tables, formulas.factor, formulas.HERE)
        rows = {name: self.rows(cells) for name, cells in columns.items()}
        shelves = {name: self.shelf(table) for name, table in tables.items() if f"({name}." in text}
        domain = Excel(given, rows, shelves, exact, self.steps(400))
        with arithmetic():
            piece = Walker(library()).walk(formulas.parsed(text).tree, domain)
        self.result(text, piece, wish)
        return piece

    def rounded(self, value: Decimal, rounding: Rounding, wish: Any) -> None:
        domain = Excel({}, {}, {}, Exact({}, {}, {}, formulas.factor, formulas.HERE), self.steps(400))
        with arithmetic():
            piece = domain.rounded(self.given(0, value), rounding)
        self.result(f"{value} {rounding.text()}", piece, wish)

    def given(self, column: int, value: Any) -> Piece:
        spot = self.grid.put(self.row, column + 2, value)
        return Piece(spot.seen_from("bench"), kind_of(value), value)

    def steps(self, first: int) -> Any:
        free: Iterator[int] = iter(range(first, first + 400))

        def step(piece: Piece) -> str:
            spot = self.grid.put(self.row, next(free), piece.value, "plain", piece.text, array=piece.array)
            return spot.seen_from("bench")

        return step

    def result(self, label: str, piece: Piece, wish: Any) -> None:
        assert len(piece.text) < 8000, label
        self.grid.put(self.row, 0, label)
        self.grid.put(self.row, 1, piece.value, "plain", piece.text, array=piece.array)
        self.wanted.append((label, f"B{self.row + 1}", wish))
        self.row += 1

    def span(self, cells: Any) -> Span:
        self.column += 1
        for row, cell in enumerate(cells):
            self.data.put(row, self.column, NotComputed("empty-cell", "") if cell is None else cell)
        return Span(Spot("data", 0, self.column), len(cells))

    def rows(self, cells: Any) -> Rows:
        if isinstance(cells, NotComputed):
            return Rows("", "number", 0, missing=True)
        known = next((cell for cell in cells if not isinstance(cell, NotComputed)), Decimal(0))
        numbered = [Decimal(cell) if type(cell) is int else cell for cell in cells]
        return Rows(self.span(numbered).text, kind_of(known), len(cells))

    def shelf(self, table: Lookup) -> Any:
        order = sorted(table.rows, key=lambda key: table.rows[key])
        width = len(order[0])
        keys = [(self.span([key[index] for key in order]), kind_of(order[0][index])) for index in range(width)]
        columns = {name: (self.span(cells), kind_of(cells[0])) for name, cells in table.cells.items()}
        return shelf(keys, columns, table.match)


def kind_of(value: Any) -> Any:
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "date" if isinstance(value, date) else "number"


def fits(value: Any) -> bool:
    """Whether doubles and the days of spreadsheets can hold it."""
    if isinstance(value, list):
        return all(map(fits, value))
    if isinstance(value, date):
        return value >= date(1900, 3, 1)
    return not isinstance(value, Decimal) or (abs(value.adjusted()) < DOUBLES and str(value) != GUARDED)


def is_known_to_both(formula: str) -> bool:
    """LibreOffice counts on beyond the year 9999, and a product of powers is too large for a double much sooner."""
    return "120000" not in formula and "64" not in formula


def agree(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, NotComputed):
        return isinstance(got, str) and got.startswith("#")
    if isinstance(wanted, date):
        return got == serial(wanted) or (isinstance(got, datetime) and got.date() == wanted)
    if isinstance(wanted, Decimal):
        right = isinstance(got, (int, float)) and not isinstance(got, bool)
        return right and abs(Decimal(got) - wanted) <= abs(wanted) * Decimal("1e-9") + Decimal("1e-15")
    return type(got) is type(wanted) and got == wanted


def compare(bench: Bench, folder: Path) -> None:
    """Every formula of the bench, recalculated."""
    if recalculate.SOFFICE is None:
        pytest.skip(recalculate.WHY_NOT)
    made = workbook([bench.grid.sheet(), bench.data.sheet()], "bench", date(2024, 12, 31))
    cells = recalculate.recalculated({"bench": made}, folder)["bench"]["bench"]
    wrong = [
        (label, cell, cells.get(cell), wish) for label, cell, wish in bench.wanted if not agree(cells.get(cell), wish)
    ]
    assert not wrong, (len(wrong), wrong[:12])


USABLE = [
    (name, case)
    for name, case in CASES
    if all(map(fits, case.names.values())) and all(map(fits, case.columns.values())) and is_known_to_both(case.formula)
]  # fmt: skip


def wish_of(case: Any) -> Any:
    wish = case.wish
    return NotComputed(wish["missing"], "") if "missing" in wish else formulas.read_value(wish["value"], "")


def written(case: Any, bench: Bench) -> Piece:
    return bench.write(case.formula, case.names, case.columns, case.tables, wish_of(case))


@pytest.mark.parametrize("case", [case for _, case in USABLE], ids=[name for name, _ in USABLE])
def test_the_value_beside_the_formula_is_the_exact_one(case: Any) -> None:
    """What the cell shows before it is recalculated."""
    with_wish = formulas.exact(case.formula, case.names, case.columns, case.tables)
    piece = written(case, Bench())
    if isinstance(with_wish, NotComputed):
        assert isinstance(piece.value, NotComputed)
    else:
        assert formulas.same(piece.value, with_wish)


@pytest.mark.slow
def test_cases_recalculated(tmp_path: Path) -> None:
    assert len(USABLE) > len(CASES) * 0.9
    bench = Bench()
    for _, case in USABLE:
        written(case, bench)
    compare(bench, tmp_path)


EDGES = ["0", "0.5", "1.5", "2.5", "-2.5", "0.285", "1.005", "2.675", "2.665", "-2.665", "1234567.125", "99999.5", "60.25", "60.75", "830", "32500",
         "0.00012345", "9.9995", "-0.25", "0.125", "1e9", "123456789.005", "0.1", "1e-7"]  # fmt: skip
ROUNDINGS = [("digits", "2"), ("digits", "0"), ("digits", "-2"), ("digits", "4"), ("interval", "0.5"), ("interval", "0.2"), ("interval", "20"),
             ("significant", "3"), ("significant", "1"), ("significant", "30")]  # fmt: skip


@pytest.mark.slow
def test_roundings_recalculated(tmp_path: Path) -> None:
    """Every mode on values that lie on or beside a tie; the wish is the exact rounding, which has tests of its own."""
    bench = Bench()
    for mode in ("half_even", "half_away", "up", "down"):
        for kind, amount in ROUNDINGS:
            for value in EDGES:
                rounding = Rounding(kind, Decimal(amount), mode)  # type: ignore[arg-type]
                bench.rounded(Decimal(value), rounding, round_to(Decimal(value), rounding))
    compare(bench, tmp_path)


quarters = st.integers(-40, 40).map(lambda n: Decimal(n) / 4)
Situation = tuple[dict[str, Any], dict[str, Any]]


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Names, and the columns of the collection c; X is another key than x."""

    def value(strategy: st.SearchStrategy[Any], name: str) -> Any:
        missing = draw(st.integers(0, 5)) == 0
        return NotComputed("missing-input", name) if missing else draw(strategy)

    names = {name: value(quarters, name) for name in NUMBERS} | {name: value(st.booleans(), name) for name in TRUTHS}
    names["s"] = value(st.sampled_from(["x", "y", "z"]), "s")
    size = draw(st.integers(0, 3))
    kinds = {"c.x": quarters, "c.f": st.booleans(), "c.k": st.sampled_from(["x", "y", "X"])}
    return names, {
        "c": list(range(size)),
        **{name: [value(kind, name) for _ in range(size)] for name, kind in kinds.items()},
    }


@pytest.mark.slow
def test_random_expressions_recalculated(tmp_path: Path) -> None:
    bench = Bench()

    @law(400)
    @given(expressions(3, ["+", "-", "*"]), situations())
    def write(text: str, situation: Situation) -> None:
        text, (names, columns) = text.replace("0.1", "0.25").replace("0.07", "0.75"), situation
        exact = formulas.exact(text, names, columns)
        if fits(exact) and (not isinstance(exact, Decimal) or abs(exact) < 10**12):
            bench.write(text, names, columns, {}, exact)

    write()
    assert len(bench.wanted) > 300
    compare(bench, tmp_path)


def test_many_operands_become_several_functions() -> None:
    """Programs take at most 255 arguments; a long formula goes on in further cells."""
    bench, many = Bench(), [f"a{index}" for index in range(300)]
    names = {name: Decimal(index) for index, name in enumerate(many)}
    for text, wish in (
        (f"max({', '.join(many)})", Decimal(299)),
        (" + ".join(many), Decimal(44850)),
        (f"a7 in ({', '.join(str(each) for each in range(300))})", True),
        (" and ".join(f"{name} < 300" for name in many[:200]), True),
    ):
        assert bench.write(text, names, {}, {}, wish).value == wish
    for cell in bench.grid.cells.values():
        assert cell.formula is None or (cell.formula.count(",") < 255 and len(cell.formula) < 4000)


def test_texts_and_numbers() -> None:
    assert text_of('say "no"') == '"say ""no"""'
    assert text_of("a" * 300) == f'("{"a" * 255}"&"{"a" * 45}")'
    assert number(Decimal("0.1")) == "0.1"
    assert number(Decimal("-12.50")) == "-12.5"
    assert number(Decimal("0.3333333333333333333333333333333333")) == "0.33333333333333331"
