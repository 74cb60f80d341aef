"""What was once wrong, each with the smallest ruleset that showed it."""

from __future__ import annotations

import decimal
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju.evaluation.describe import describe
from guiju.evaluation.text import as_text
from small import small

PURE = {"unit": "1"}
LEAF = {"parent": "total", "weight": 100, "value": "x", "unit": "1"}
LINEAR = {"kind": "linear", "anchors": [[0, 0], [100, 100]]}
TOTAL = {"total": {"weights_total": 100}}


def formula(expr: str, unit: str = "1", **units: str) -> dict[str, Any]:
    inputs = {name: {"unit": text} for name, text in units.items()}
    return {"inputs": {"x": PURE, **inputs}, "formulas": {"y": {"expr": expr, "unit": unit}}}


@pytest.mark.parametrize("expr", ["a # first + b", "a # first\n + b", "a + b # all"])
def test_a_comment_in_a_formula_hid_what_followed(tmp_path: Path, expr: str) -> None:
    assert small(tmp_path, formula(expr, a="1", b="1")).refused() == ["formula.comment"]


def test_a_hash_inside_a_text_is_no_comment(tmp_path: Path) -> None:
    sections = {"inputs": {"s": {"type": "text"}}, "formulas": {"y": {"expr": 's == "shaft #2"', "type": "boolean"}}}
    assert small(tmp_path, sections).run({"s": "shaft #2"})["y"] is True


@pytest.mark.parametrize("quoted", ['"it\'s 好"', "'say \"好\"'", '"好"'])
def test_another_quotation_mark_inside_a_text(tmp_path: Path, quoted: str) -> None:
    sections = {"inputs": {"x": PURE}, "formulas": {"y": {"expr": f'where(x > 0, {quoted}, "b")', "type": "text"}}}
    assert small(tmp_path, sections).run({"x": 1})["y"] == quoted[1:-1]


@pytest.mark.parametrize(
    "expr", ["total . score", "total\n .score", "(total.score)", "total. score + 0 * total .score"]
)
def test_blanks_around_the_dot(tmp_path: Path, expr: str) -> None:
    sections = {**formula(expr, "point"), "indicators": {**TOTAL, "a": {**LEAF, "score": LINEAR}}}
    assert small(tmp_path, sections).run({"x": 7})["y"] == 7


def test_sums_as_long_as_a_formula_may_be(tmp_path: Path) -> None:
    """Neither the length of a chain nor the conversions that a plan writes into it are for a person to mind."""
    made = small(tmp_path, formula(" + ".join(["a", "b"] * 180), "t", a="kg", b="t"))
    assert made.run({"x": 0, "a": 1000, "b": 1})["y"] == 360
    assert small(tmp_path / "ones", formula("x+" + "+".join("1" * 480))).run({"x": 20})["y"] == 500


@pytest.mark.parametrize(("expr", "code"), [
    ("power(x, 64) * power(x, 64) * power(x, 64) * power(x, 64)", "too-large"), ("ln(x - x)", "outside-domain"),
    ("ln(0) * (x - x)", "outside-domain"), ("exp(x)", "outside-domain"), ("round(x, 500)", "outside-domain"),
])  # fmt: skip
def test_beyond_the_range_of_numbers(tmp_path: Path, expr: str, code: str) -> None:
    assert small(tmp_path, formula(expr)).run({"x": 10**30})["y"].code == code


@pytest.mark.parametrize(("sections", "code"), [
    ({"inputs": {"d": {"type": "date", "default": "2024-02-30"}}}, "input.date"),
    ({"inputs": {"d": {"type": "date", "max": "2024-13-01"}}}, "input.date"),
    ({"inputs": {"x": {"unit": "1", "default": -5, "min": 0}}}, "input.default-range"),
    ({"units": {"u": {"equals": "1/0 t"}}}, "unit.equals"),
    ({"units": {"u": {"equals": "0 t"}}}, "unit.equals"),
    ({"inputs": {"x": PURE}, "indicators": {**TOTAL, "water": {**LEAF, "score": LINEAR}},
      "collections": {"water": {"key": "k", "columns": {"k": {"type": "text"}, "score": PURE}}}}, "plan.name-taken"),
    ({"collections": {"c": {"key": "k", "columns": {"k": {"type": "text"}, "f": {"type": "boolean"}}}},
      "formulas": {"y": {"expr": "min(c.f)", "type": "boolean"}}}, "type.mismatch"),
    ({"indicators": {**TOTAL, "a": {"parent": "total", "weight": 100, "score":
      {"kind": "checklist", "levels": {"no": {"points": 0}, "not_applicable": {"points": 2}}, "items": {"i": {}}}}}}, "score.reserved-level"),
    ({"indicators": {**TOTAL, "a": {"parent": "total", "weight": 100, "score":
      {"kind": "checklist", "levels": {"no": {"points": 0}, "yes": {"points": 0}}, "items": {"i": {}}}}}}, "score.no-points"),
])  # fmt: skip
def test_found_when_the_plan_is_made(tmp_path: Path, sections: dict[str, Any], code: str) -> None:
    assert code in small(tmp_path, sections).refused()


def test_the_caller_s_own_decimal_context_changes_nothing(tmp_path: Path) -> None:
    """Whatever precision the program around has set: the same numbers, the same bytes."""
    gate = {"value": "x / 3", "unit": "1", "bands": {"A": "[80, inf)", "B": "(-inf, 80)"}}
    sections = {"inputs": {"x": PURE}, "grade": {"levels": ["A", "B"], "gates": {"g": gate}}}
    made = small(tmp_path, sections)
    texts = []
    for precision, rounding in ((28, decimal.ROUND_HALF_EVEN), (3, decimal.ROUND_UP), (60, decimal.ROUND_DOWN)):
        with decimal.localcontext() as context:
            context.prec, context.rounding = precision, rounding
            texts.append(as_text(describe(made.run({"x": Decimal("12.3456789")}).assessment)))
    assert len(set(texts)) == 1


def test_min_of_two_missing_values_tells_the_first(tmp_path: Path) -> None:
    unknown = {"unit": "1", "required": False}
    sections = {"inputs": {"a": unknown, "b": unknown}, "formulas": {"y": {"expr": "min(a, b)", "unit": "1"}}}
    assert small(tmp_path, sections).run()["y"].origin == "a"


def test_sums_of_sevenths_are_exact_without_rounding(tmp_path: Path) -> None:
    """Seven blocks of 4, 3, 3, of which one 3 does not apply, and three blocks of 50: sevenths that sum to an exact total."""
    indicators: dict[str, Any] = dict(TOTAL)
    for block in range(10):
        indicators[f"k{block}"] = {"parent": "total", "weight": 10, "weights_total": 10}
        for index, weight in enumerate((4, 3, 3)):
            score = {"kind": "formula", "expr": f"x{min(index, 1)}" if block < 7 else "half"}
            extra = {"applies": "p"} if index == 2 else {}
            indicators[f"i{block}_{index}"] = {"parent": f"k{block}", "weight": weight, "score": score, **extra}
    inputs = {"x0": {"unit": "point"}, "x1": {"unit": "point"}, "p": {"type": "boolean"}}
    half = {"half": {"value": 50, "unit": "point"}}
    plan = small(tmp_path, {"inputs": inputs, "parameters": half, "indicators": indicators}).plan()
    wrong = []
    for first in range(101):
        given = {**context(), "x0": Decimal(first), "x1": Decimal(57), "p": False}
        total = next(record.value for record in plan.program.run(given) if record.node == "total.score")
        if total != (Decimal(4 * first + 3 * 57) * 10 + 1500) / 100:
            wrong.append((first, total))
    assert wrong == []


def context() -> dict[str, Any]:
    days = {"period_start": date(2024, 1, 1), "period_end": date(2024, 12, 31)}
    return {**days, "period_year": Decimal(2024), "role": "self"}


@pytest.mark.parametrize("where", ["keys", "columns"])
def test_a_column_of_a_table_is_no_word_of_the_grammar(tmp_path: Path, where: str) -> None:
    """`lookup(t.pass, k)` could not be read: said where the column is named. Words of the language may stand behind a point."""
    taken = {"keys": "k", "columns": "v", where: "pass"}
    table = {
        "keys": [{"name": taken["keys"], "type": "text"}],
        "columns": {taken["columns"]: {"unit": "1"}, "sum": {"unit": "1"}},
    }
    table["rows"] = [{taken["keys"]: "a", taken["columns"]: 1, "sum": 2}]
    assert small(tmp_path, {"tables": {"t": table}}).refused() == ["plan.reserved-name"]
