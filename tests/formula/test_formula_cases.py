"""cases/*.yaml in the exact domain, in the code domain, and where it is rational against the oracle. A case without a wish fails."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import formulas
import oracle
from guiju.diagnostics.finding import Found
from guiju.formula import tables
from guiju.formula.core import FUNCTIONS
from guiju.formula.grammar import CORE
from guiju.formula.library import library
from guiju.formula.missing import NotComputed
from guiju.source.files import read_file
from guiju.source.node import data

FOLDER = Path(__file__).parent / "cases"
FIELDS = {"formula", "names", "collections", "value", "missing", "of", "note"}
RATIONAL = {*oracle.FUNCTIONS, "where", "coalesce", "known", "any", "all", "sum_where", "count_where"}


@dataclass(frozen=True)
class Case:
    formula: str
    names: Mapping[str, Any]
    rows: Mapping[str, list[Mapping[str, Any]] | None]
    columns: Mapping[str, Any]
    tables: Mapping[str, tables.Lookup]
    wish: Mapping[str, Any] = field(default_factory=dict)


def read(path: Path) -> list[tuple[str, Case]]:
    found = Found()
    node = read_file(path, path.name, found)
    assert node is not None, [(finding.code, finding.place) for finding in found.findings]
    content = data(node)
    shelves = {name: _table(name, entry) for name, entry in content.get("tables", {}).items()}
    return [
        (f"{path.stem}-{number}-{entry['formula']}", _case(entry, shelves))
        for number, entry in enumerate(content["cases"], 1)
    ]


def _table(name: str, entry: Mapping[str, Any]) -> tables.Lookup:
    keys = [tuple(_cell(key) for key in row) for row in entry["keys"]]
    return tables.build(
        name, entry["match"], keys, {column: tuple(map(_cell, cells)) for column, cells in entry["cells"].items()}
    )


def _cell(written: Any) -> Any:
    return Decimal(written) if isinstance(written, int) else written


def _case(entry: Mapping[str, Any], shelves: Mapping[str, tables.Lookup]) -> Case:
    assert set(entry) <= FIELDS, f"unknown fields {set(entry) - FIELDS}"
    names = {name: formulas.read_value(value, name) for name, value in entry.get("names", {}).items()}
    rows = entry.get("collections", {})
    columns: dict[str, Any] = {}
    for name, cells in rows.items():
        gap = NotComputed("missing-collection", name)
        columns[name] = gap if cells is None else list(range(len(cells)))
        for column in {column for row in cells or () for column in row} or {"x", "f", "d"}:
            full = f"{name}.{column}"
            columns[full] = gap if cells is None else [formulas.read_value(row[column], full) for row in cells]
    return Case(entry["formula"], names, rows, columns, shelves, entry)


def wish_of(case: Case) -> Any:
    """The expected value, or a missing one; a case has exactly one of both."""
    wish = case.wish
    assert ("value" in wish) != ("missing" in wish), "a case says either its value or what is missing"
    if "missing" in wish:
        return NotComputed(wish["missing"], wish.get("of", formulas.HERE))
    return formulas.read_value(wish["value"], "")


def check(case: Case, value: Any) -> None:
    wanted = wish_of(case)
    if isinstance(wanted, NotComputed):
        assert isinstance(value, NotComputed), value
        assert value.origin == wanted.origin
        assert value.code == wanted.code
    else:
        assert formulas.same(value, wanted), f"{value!r} instead of {wanted!r}"


CASES = [case for path in sorted(FOLDER.glob("*.yaml")) for case in read(path)]
IDS = [name for name, _ in CASES]


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=IDS)
def test_exact(case: Case) -> None:
    check(case, formulas.exact(case.formula, case.names, case.columns, case.tables))


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=IDS)
def test_staged(case: Case) -> None:
    check(case, formulas.staged(case.formula, case.names, case.columns, case.tables))


def called(text: str) -> set[str]:
    return {
        node.func.id
        for node in ast.walk(ast.parse(text, mode="eval"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def is_rational(case: Case) -> bool:
    dates = any(not isinstance(value, (Decimal, str, bool, NotComputed)) for value in case.names.values())
    empty = any(name for name, rows in case.rows.items() if not rows)
    return (
        called(case.formula) <= RATIONAL
        and not dates
        and not empty
        and "c.d" not in case.formula
        and "64" not in case.formula
        and case.wish.get("missing") != "too-large"  # the judge knows no largest number
    )


JUDGED = [(name, case) for name, case in CASES if is_rational(case)]


@pytest.mark.parametrize("case", [case for _, case in JUDGED], ids=[name for name, _ in JUDGED])
def test_oracle(case: Case) -> None:
    """The wish itself, by a judge that shares no line with the engine."""
    names = {name: formulas.fraction(value) for name, value in case.names.items()}
    rows = {
        name: [
            {key: formulas.fraction(formulas.read_value(cell, key)) for key, cell in row.items()} for row in cells or ()
        ]
        for name, cells in case.rows.items()
    }
    judged = oracle.evaluate(case.formula, {**names, **rows})
    wanted = wish_of(case)
    if isinstance(wanted, NotComputed):
        assert judged is None
    elif isinstance(wanted, Decimal):
        assert formulas.near(wanted, judged)
    else:
        assert judged == wanted


def test_the_oracle_judges_most() -> None:
    assert len(JUDGED) > len(CASES) / 2


@pytest.mark.parametrize(
    "entry", [{"formula": "1"}, {"formula": "1", "value": Decimal(1), "missing": "division-by-zero"}]
)
def test_a_case_without_one_wish_fails(entry: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        check(_case(entry, {}), Decimal(1))


def test_every_function_has_cases() -> None:
    """Each core function and each library function is called by at least one case of the corpus."""
    seen = {name for _, case in CASES for name in called(case.formula)}
    assert {*CORE, *library(), *FUNCTIONS} <= seen


LIBRARY = [(call, wish) for definition in library().values() for call, wish in definition.examples]


@pytest.mark.parametrize(("call", "wish"), LIBRARY, ids=[call for call, _ in LIBRARY])
def test_library_examples(call: str, wish: str) -> None:
    for run in (formulas.exact, formulas.staged):
        assert run(call, {}) == Decimal(wish)


def test_every_library_function_has_an_example() -> None:
    assert all(definition.examples and all(definition.title) for definition in library().values())
    assert all(name in called(call) for name, definition in library().items() for call, _ in definition.examples)
