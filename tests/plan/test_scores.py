"""How a value becomes a score: linear, steps, rubric, checklist, formula; at, between and beyond the edges."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju.formula.missing import NotComputed
from small import Small, run, small, write_case


def scored(root: Path, score: dict[str, Any], unit: str = "1", **more: Any) -> Small:
    indicator = {"parent": "total", "weight": 100, "score": score}
    if score["kind"] in ("linear", "steps", "formula"):
        indicator |= {"value": "x", "unit": unit}
    inputs = {"x": {"unit": unit, "required": False}, **more.pop("inputs", {})}
    return small(root, {"inputs": inputs, "indicators": {"total": {"weights_total": 100}, "a": indicator}, **more})


def scores(root: Path, score: dict[str, Any], *values: str) -> list[Decimal]:
    plan = scored(root, score).plan()
    return [run(plan, write_case(root / "case.yaml", {"x": Decimal(value)}))["a.score"] for value in values]


@pytest.mark.parametrize(("anchors", "values", "wanted"), [
    ([[0, 0], [20, 100]], ["-5", "0", "5", "20", "21"], ["0", "0", "25", "100", "100"]),
    ([[60, 0], [20, 100]], ["70", "60", "50", "20", "0"], ["0", "0", "25", "100", "100"]),
    ([[0, 0], [10, 60], [30, 100]], ["0", "5", "10", "20", "30", "31"], ["0", "30", "60", "80", "100", "100"]),
    ([[30, 0], [10, 60], [0, 100]], ["31", "20", "10", "5", "0", "-1"], ["0", "30", "60", "80", "100", "100"]),
    ([[0, 100], [10, 0], [20, 100]], ["0", "5", "10", "15", "20"], ["100", "50", "0", "50", "100"]),
    ([[0, 50], [10, 50]], ["-1", "5", "11"], ["50", "50", "50"]),
    ([[-10, 0], [10, 100]], ["-10", "0", "10"], ["0", "50", "100"]),
    ([[0, 0], [3, 30]], ["1", "2", "0.5"], ["10", "20", "5"]),
    ([[0, 0], [7, 35], [14, 70]], ["3", "10"], ["15", "50"]),
])  # fmt: skip
def test_linear(tmp_path: Path, anchors: list[list[int]], values: list[str], wanted: list[str]) -> None:
    assert scores(tmp_path, {"kind": "linear", "anchors": anchors}, *values) == [Decimal(score) for score in wanted]


def test_linear_between_looked_up_anchors(tmp_path: Path) -> None:
    table = {
        "keys": [{"name": "kind", "type": "text"}],
        "columns": {"lead": {"unit": "1"}},
        "rows": [{"kind": "old", "lead": 40}, {"kind": "new", "lead": 20}, {"kind": "odd", "lead": 90}],
    }
    score = {"kind": "linear", "anchors": [[60, 0], ["lookup(benchmark.lead, kind)", 100]]}
    made = scored(
        tmp_path,
        score,
        inputs={"kind": {"type": "choice", "choices_from": "benchmark.kind"}},
        tables={"benchmark": table},
    )
    assert made.run({"x": 50, "kind": "old"})["a.score"] == 50
    assert made.run({"x": 50, "kind": "new"})["a.score"] == 25
    assert made.run({"x": 70, "kind": "odd"})["a.score"] == Decimal("33.33333333333333333333333333333333"), (
        "the direction turns with the benchmark"
    )


def test_looked_up_anchors_out_of_order_give_no_score(tmp_path: Path) -> None:
    table = {
        "keys": [{"name": "kind", "type": "text"}],
        "columns": {"lead": {"unit": "1"}},
        "rows": [{"kind": "good", "lead": 40}, {"kind": "bad", "lead": 70}],
    }
    score = {"kind": "linear", "anchors": [[60, 0], ["lookup(benchmark.lead, kind)", 60], [20, 100]]}
    made = scored(
        tmp_path,
        score,
        inputs={"kind": {"type": "choice", "choices_from": "benchmark.kind"}},
        tables={"benchmark": table},
    )
    assert made.run({"x": 40, "kind": "good"})["a.score"] == 60
    missing = made.run({"x": 40, "kind": "bad"})["a.score"]
    assert isinstance(missing, NotComputed)
    assert missing.code == "requirement-not-met"


@pytest.mark.parametrize("middle", ["50", "70.1", "60", "20", "10"])
def test_parameters_as_anchors_keep_their_order(tmp_path: Path, middle: str) -> None:
    """A number changed beyond its neighbour is found when the plan is made, not in a score."""
    score = {"kind": "linear", "anchors": [[60, 0], ["p", 60], [20, 100]]}
    made = scored(tmp_path, score, parameters={"p": {"value": Decimal(middle), "unit": "1"}})
    if 20 < Decimal(middle) < 60:
        assert made.run({"x": Decimal(middle)})["a.score"] == 60
    else:
        assert made.refused() == ["score.anchors-order"]


STEPS = [
    {"when": "(-inf, 0)", "score": 5},
    {"when": "[0, 0]", "score": 100},
    {"when": "(0, 10]", "score": 60},
    {"when": "(10, 20)", "score": 30},
    {"when": "[20, inf)", "score": 0},
]


@pytest.mark.parametrize("turned", [False, True], ids=["rising", "falling"])
def test_steps(tmp_path: Path, turned: bool) -> None:
    """Open and closed edges as written, in whatever order; [0, 0] is a step of its own."""
    steps = STEPS[::-1] if turned else STEPS
    got = scores(
        tmp_path, {"kind": "steps", "steps": steps}, "-0.001", "0", "0.001", "10", "10.001", "19.999", "20", "1000"
    )
    assert got == [5, 100, 60, 60, 30, 30, 0, 0]


def test_many_steps(tmp_path: Path) -> None:
    last = 90
    steps = [{"when": f"({'-inf' if n == 0 else n}, {n + 1}]", "score": n} for n in range(last)] + [
        {"when": f"({last}, inf)", "score": last}
    ]
    assert scores(
        tmp_path, {"kind": "steps", "steps": steps}, "-1", "1", "1.5", "45", "45.5", "90", "90.5", "1000"
    ) == [0, 0, 1, 44, 45, 89, 90, 90]


@pytest.mark.parametrize(("steps", "code"), [
    (["(-inf, 10)", "(10, inf)"], "interval.gap"), (["(-inf, 10]", "[10, inf)"], "interval.overlap"), (["[0, inf)"], "interval.start"),
    (["(-inf, 0]"], "interval.end"), (["(-inf, 5)", "[5, 7]", "[6, inf)"], "interval.overlap"), (["(-inf, 5)", "[6, inf)"], "interval.gap"),
])  # fmt: skip
def test_steps_cover_everything_once(tmp_path: Path, steps: list[str], code: str) -> None:
    made = scored(tmp_path, {"kind": "steps", "steps": [{"when": when, "score": 0} for when in steps]})
    assert code in made.refused()


def test_rubric(tmp_path: Path) -> None:
    levels = {"none": {"score": 0}, "B+": {"score": 55}, "B-": {"score": 45}, "full": {"score": 100}}
    made = scored(tmp_path, {"kind": "rubric", "levels": levels})
    assert [made.run({"a_level": level})["a.score"] for level in levels] == [0, 55, 45, 100]
    entry = next(entry for entry in made.run({"a_level": "B+"}).data["indicators"] if entry["id"] == "a")
    assert entry["choice"] == "B+"


CHECKLIST = {
    "kind": "checklist",
    "levels": {"none": {"points": 0}, "planned": {"points": 1}, "measured": {"points": 3}},
    "items": {"one": {}, "two": {"applies": "p"}, "three": {}},
}


@pytest.mark.parametrize(("one", "two", "three", "p", "wanted"), [
    ("measured", "measured", "measured", True, "100"), ("none", "none", "none", True, "0"), ("measured", "planned", "planned", True, "55.55555555555555555555555555555556"),
    ("measured", "measured", "none", False, "50"), ("measured", "none", "not_applicable", False, "100"), ("planned", "measured", "not_applicable", True, "66.66666666666666666666666666666667"),
])  # fmt: skip
def test_checklist(tmp_path: Path, one: str, two: str, three: str, p: bool, wanted: str) -> None:
    """100 × points / (3 × items that apply)."""
    made = scored(tmp_path, CHECKLIST, inputs={"p": {"type": "boolean"}})
    assert made.run({"a_one": one, "a_two": two, "a_three": three, "p": p})["a.score"] == Decimal(wanted)


def test_a_checklist_of_which_nothing_applies_is_not_computed(tmp_path: Path) -> None:
    made = scored(tmp_path, CHECKLIST, inputs={"p": {"type": "boolean"}})
    assert isinstance(
        made.run({"a_one": "not_applicable", "a_two": "none", "a_three": "not_applicable", "p": False})["a.score"],
        NotComputed,
    )


def test_a_score_by_formula_and_another_full_mark(tmp_path: Path) -> None:
    """Scores from 0 to 1: the root says full_score, checklists and `otherwise: full` follow it."""
    indicators = {
        "total": {"weights_total": 4, "full_score": 1},
        "a": {
            "parent": "total",
            "weight": 1,
            "value": "x",
            "unit": "1",
            "score": {"kind": "formula", "expr": "one * share(x, 4)"},
        },
        "b": {
            "parent": "total",
            "weight": 1,
            "score": {
                "kind": "checklist",
                "levels": {"no": {"points": 0}, "yes": {"points": 2}},
                "items": {"i": {}, "j": {}},
            },
        },
        "c": {
            "parent": "total",
            "weight": 2,
            "value": "x",
            "unit": "1",
            "applies": "x > 100",
            "otherwise": "full",
            "score": {"kind": "linear", "anchors": [[0, 0], [1, 1]]},
        },
    }
    made = small(
        tmp_path,
        {
            "inputs": {"x": {"unit": "1"}},
            "parameters": {"one": {"value": 1, "unit": "point"}},
            "indicators": indicators,
        },
    )
    result = made.run({"x": 3, "b_i": "yes", "b_j": "no"})
    assert [result[f"{name}.score"] for name in ("a", "b", "c")] == [Decimal("0.75"), Decimal("0.5"), 1]
    assert result["total.score"] == Decimal("0.8125")
