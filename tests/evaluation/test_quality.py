"""Uncertainty and tiers, carried to every figure: values worked by hand."""

from __future__ import annotations

import pickle
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.run import Assessment, evaluate
from guiju.evaluation.text import as_text
from guiju.formula.domains.quality import Figure
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import arithmetic
from guiju.intake.case import check_case, read_header
from guiju.intake.model import Given
from guiju.report.quality import plus_minus, tier_words
from guiju.report.wording import report_words
from guiju.ruleset import load
from guiju.ruleset.load import schema
from guiju.ruleset.model import Quality
from guiju.source.schema import check
from guiju.source.yaml_text import read_text
from shipped import CASES, assessed, name_of
from small import Data, Run, small, write, write_case

NUMBER = {"unit": "kg", "required": False}
A, B = {"value": 100, "uncertainty": 3}, {"value": 50, "uncertainty": 8}


def of(root: Path, text: str, inputs: Data, unit: str = "kg", **sections: Any) -> Data:
    """What the assessment says of one formula over inputs x, y, z in kg."""
    formulas = {"f": {"expr": text, "unit": unit}, **sections.pop("formulas", {})}
    given = {name: NUMBER for name in ("x", "y", "z")}
    return node(small(root, {"inputs": given, "formulas": formulas, **sections}).run(inputs))


def node(run: Run, name: str = "f") -> Data:
    return run.data["nodes"][name]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("text", "unit", "inputs", "wish"),
    [
        # half-widths 3 and 4: root(9 + 16) = 5 of 150
        ("x + y", "kg", {"x": A, "y": B}, "3.33"),
        ("x - y", "kg", {"x": A, "y": B}, "10"),
        # relative ones, 3 % and 4 %, in a product or quotient
        ("x * y", "kg^2", {"x": A, "y": {"value": 50, "uncertainty": 4}}, "5"),
        ("x / y", "1", {"x": A, "y": {"value": 50, "uncertainty": 4}}, "5"),
        ("1 / x", "1/kg", {"x": A}, "3"),
        ("-x", "kg", {"x": A}, "3"),
        # the same leaf twice is correlated with itself
        ("x + x", "kg", {"x": A}, "3"),
        ("x * x", "kg^2", {"x": A}, "6"),
        ("x / x", "1", {"x": A}, "0"),
        ("x - x + y", "kg", {"x": A, "y": B}, "8"),
        ("(x + y) * (x - y) / x", "kg", {"x": A, "y": {"value": 50}}, "5"),  # x - 2500/x: (1 + 0.25) * 3 of 75
        # half of what moves: a constant does not
        ("x + y", "kg", {"x": A, "y": 100}, "1.5"),
        # the branch that was chosen
        ("where(x > y, x, y)", "kg", {"x": A, "y": B}, "3"),
        ("where(x < y, x, y)", "kg", {"x": A, "y": B}, "8"),
        ("coalesce(z, y)", "kg", {"y": B}, "8"),
        ("coalesce(x, y)", "kg", {"x": A, "y": B}, "3"),
        ("min(x, y)", "kg", {"x": A, "y": B}, "8"),
        ("max(x, y)", "kg", {"x": A, "y": B}, "3"),
        ("require(x > y, y)", "kg", {"x": A, "y": B}, "8"),
        # functions that bend: slope times the value over the result
        ("power(x, 3)", "kg^3", {"x": A}, "9"),
        ("power(x, -1)", "1/kg", {"x": A}, "3"),
        ("root(x * x, 2)", "kg", {"x": A}, "3"),
        ("ln(x / y)", "1", {"x": {"value": 4, "uncertainty": 2}, "y": 1}, "1.44"),  # 2 / ln 4
        ("exp(x / y)", "1", {"x": {"value": 4, "uncertainty": 2}, "y": 1}, "8"),  # 4 * 2 %
        ("abs(y - x)", "kg", {"x": A, "y": B}, "10"),
        # rounding passes the derivative through: 3 % of 100 are 3 of 90
        ("round(x * 9 / 10, -1)", "kg", {"x": {"value": 97, "uncertainty": 3}}, "2.91"),  # 0.9 * 2.91 of 90
        ("floor(x)", "kg", {"x": {"value": Decimal("10.5"), "uncertainty": 10}}, "10.5"),  # 1.05 of 10
        # a scale that differs is converted on the way
        ('convert(x, "kg", "t")', "t", {"x": A}, "3"),
        ("x", "t", {"x": A}, "3"),
        # library functions, walked in place
        ("clamp(x, y, y + y)", "kg", {"x": {"value": 60, "uncertainty": 3}, "y": B}, "3"),
        ("normalise(x, y, z)", "1", {"x": {"value": 75, "uncertainty": 4}, "y": 50, "z": 100}, "12"),  # 3/50 of 0.5
    ],
)  # fmt: skip
def test_propagation(text: str, unit: str, inputs: Data, wish: str, tmp_path: Path) -> None:
    assert of(tmp_path, text, inputs, unit)["uncertainty"] == wish


def test_three_significant_digits_half_even(tmp_path: Path) -> None:
    """1 % of 100 in 80: 1.25 %; 1 % of 100 in 800: 0.125 %; 12.345 % stays 12.3 %."""
    one = {"value": 100, "uncertainty": 1}
    assert of(tmp_path / "a", "x - y", {"x": one, "y": 20})["uncertainty"] == "1.25"
    assert of(tmp_path / "b", "x + y", {"x": one, "y": 700})["uncertainty"] == "0.125"
    assert of(tmp_path / "c", "x", {"x": {"value": 1, "uncertainty": Decimal("12.345")}})["uncertainty"] == "12.3"


@pytest.mark.parametrize(
    ("text", "inputs"),
    [
        ("x - x", {"x": A}),  # of nothing, no percentage
        ("y + y", {"x": A, "y": 5}),  # nothing that says one
        ("where(x > y, y, y)", {"x": A, "y": 5}),  # comparisons carry nothing
        ("x + z", {"x": A}),  # missing
        ("root((x - x) * x, 2) + y", {"x": A, "y": 5}),  # the slope is not finite
    ],
)
def test_no_uncertainty(text: str, inputs: Data, tmp_path: Path) -> None:
    assert "uncertainty" not in of(tmp_path, text, inputs)


def test_where_it_comes_from(tmp_path: Path) -> None:
    """9 and 16 of 25."""
    entry = of(tmp_path, "x + y", {"x": A, "y": B})
    assert entry["uncertainty_from"] == [{"leaf": "y", "share": "64"}, {"leaf": "x", "share": "36"}]


M, C, D = ({"value": 10, "tier": tier} for tier in ("measured", "calculated", "default"))


@pytest.mark.parametrize(
    ("text", "unit", "inputs", "weakest", "amounts"),
    [
        ("x + y", "kg", {"x": M, "y": D}, "default", {"measured": "10", "default": "10"}),
        ("x - y", "kg", {"x": {"value": 30, "tier": "measured"}, "y": C}, "calculated", {"measured": "30", "calculated": "-10"}),
        ("x * y", "kg^2", {"x": M, "y": C}, "calculated", {"calculated": "100"}),
        ("x * 3", "kg", {"x": M}, "measured", {"measured": "30"}),
        # (10 measured + 10 default) * 10 calculated
        ("(x + y) * z", "kg^2", {"x": M, "y": D, "z": C}, "default", {"calculated": "100", "default": "100"}),
        # by the weakest of what it is divided by
        ("x / (y + z)", "1", {"x": M, "y": M, "z": D}, "default", {"default": "0.5"}),
        ("(x + y) / z", "1", {"x": M, "y": D, "z": C}, "default", {"calculated": "1", "default": "1"}),
        ("power(x + y, 2)", "kg^2", {"x": M, "y": D}, "default", {"default": "400"}),
        ("max(x, y)", "kg", {"x": {"value": 11, "tier": "measured"}, "y": D}, "measured", {"measured": "11"}),
        # what holds no amount is not the weakest
        ("x + y", "kg", {"x": M, "y": {"value": 0, "tier": "default"}}, "measured", {"measured": "10", "default": "0"}),
        # a number that says no tier where others do
        ("x + y", "kg", {"x": M, "y": 5}, "unsaid", {"measured": "10", "unsaid": "5"}),
        ("x * y", "kg^2", {"x": M, "y": 5}, "unsaid", {"unsaid": "50"}),
        # rounding stretches the amounts: 12 + 13 = 25 to 20
        (
            "round(x + y, -1)", "kg", {"x": {"value": 12, "tier": "measured"}, "y": {"value": 13, "tier": "default"}},
            "default", {"measured": "9.6", "default": "10.4"},
        ),
    ],
)  # fmt: skip
def test_tiers(text: str, unit: str, inputs: Data, weakest: str, amounts: Data, tmp_path: Path) -> None:
    entry = of(tmp_path, text, inputs, unit)
    assert entry["tiers"] == {"weakest": weakest, "amounts": amounts}


def test_constants_have_no_tier(tmp_path: Path) -> None:
    parameters = {"k": {"value": 5, "unit": "kg"}}
    entry = of(tmp_path, "x * 44 / 12 + k", {"x": {"value": 12, "tier": "default"}}, parameters=parameters)
    assert entry["tiers"] == {"weakest": "default", "amounts": {"constant": "5", "default": "44"}}


def test_a_parameter_carries_its_own_though_another_has_the_same_value(tmp_path: Path) -> None:
    """k is 5 ± 20 %, m is 5; x is 10: 5 * 10 + 5 → ± 10 of 55."""
    parameters = {
        "k": {"value": 5, "unit": "kg", "uncertainty": 20, "tier": "calculated"},
        "m": {"value": 5, "unit": "kg^2"},
    }
    entry = of(tmp_path, "k * x + m", {"x": M}, "kg^2", parameters=parameters)
    assert entry["uncertainty"] == "18.2"
    assert entry["tiers"]["amounts"] == {"constant": "5", "calculated": "50"}
    run = small(
        tmp_path / "again", {"parameters": parameters, "formulas": {"f": {"expr": "k + k", "unit": "kg"}}}
    ).run()
    assert node(run)["uncertainty"] == "20"
    assert (node(run, "k")["uncertainty"], node(run, "k")["tier"]) == ("20", "calculated")


FUELS = {
    "tables": {
        "fuel": {
            "keys": [{"name": "sort", "type": "text"}],
            "columns": {"factor": {"unit": "1", "uncertainty": 10, "tier": "default"}, "name": {"type": "text"}},
            "rows": [
                {"sort": "oil", "factor": 3, "name": "oil"},
                {"sort": "gas", "factor": 2, "uncertainty": {"factor": 5}, "tier": {"factor": "calculated"}},
            ],
        }
    },
    "collections": {
        "fuels": {
            "key": "tank",
            "columns": {
                "tank": {"type": "text"},
                "sort": {"type": "choice", "choices_from": "fuel.sort"},
                "mass": {"unit": "kg", "uncertainty": 2},
            },
        }
    },
    "formulas": {
        "part": {"expr": "mass * lookup(fuel.factor, sort)", "unit": "kg", "per": "fuels"},
        "f": {"expr": "sum(fuels.part)", "unit": "kg"},
        "least": {"expr": "min(fuels.part)", "unit": "kg"},
    },
}


def fuels(root: Path, *rows: tuple[str, str, Any]) -> Run:
    cells = [{"tank": tank, "sort": sort, "mass": mass} for tank, sort, mass in rows]
    return small(root, FUELS).run(collections={"fuels": cells})


EXACTLY = {"uncertainty": 0, "tier": "measured"}


def test_a_cell_that_two_rows_look_up_is_one_leaf(tmp_path: Path) -> None:
    """300 and 100, both with the factor ± 10 %: together ± 10 %, not the root of the squares."""
    run = fuels(tmp_path, ("a", "oil", {"value": 100, **EXACTLY}), ("b", "oil", {"value": 200, **EXACTLY}))
    assert node(run)["uncertainty"] == "10"
    assert node(run)["uncertainty_from"] == [{"leaf": "fuel.factor[oil]", "share": "100"}]


def test_rows_and_cells_are_leaves_of_their_own(tmp_path: Path) -> None:
    """oil 100 * 3 ± 10 %: 30; gas 200 * 2 ± 5 %: 20; gas mass ± 10 %: 40. Root of 900 + 400 + 1600 is 53.85 of 700."""
    run = fuels(
        tmp_path,
        ("a", "oil", {"value": 100, **EXACTLY}),
        ("b", "gas", {"value": 200, "uncertainty": 10, "tier": "measured"}),
    )
    assert node(run)["uncertainty"] == "7.69"
    assert [each["leaf"] for each in node(run)["uncertainty_from"]] == [
        "fuels.mass[b]",
        "fuel.factor[oil]",
        "fuel.factor[gas]",
    ]
    assert node(run)["uncertainty_from"][0]["share"] == "55.2"
    assert node(run)["tiers"] == {"weakest": "default", "amounts": {"calculated": "400", "default": "300"}}
    rows = node(run, "fuels.part")["rows"]
    assert [row["uncertainty"] for row in rows] == ["10", "11.2"]  # root of 100 + 25
    assert rows[1]["cells"][0]["uncertainty"] == "5"
    assert rows[1]["cells"][0]["tier"] == "calculated"
    assert node(run, "least")["uncertainty"] == "10"


def test_what_the_case_does_not_say_the_ruleset_does(tmp_path: Path) -> None:
    """mass ± 2 % by the column; with the factor ± 10 % root of 104."""
    run = fuels(tmp_path, ("a", "oil", 100))
    assert node(run, "fuels.mass")["rows"][0] == {"key": "a", "value": "100", "line": 1, "uncertainty": "2"}
    assert node(run)["uncertainty"] == "10.2"
    assert node(run)["tiers"] == {"weakest": "unsaid", "amounts": {"unsaid": "300"}}


def test_inputs_say_their_own_and_defaults_are_defaults(tmp_path: Path) -> None:
    inputs = {
        "x": {"unit": "kg", "tier": "measured", "uncertainty": 4},
        "y": {"unit": "kg", "tier": "measured", "default": 5},
    }
    made = small(tmp_path, {"inputs": inputs, "formulas": {"f": {"expr": "x + y", "unit": "kg"}}})
    run = made.run({"x": 5})
    assert (node(run, "x")["tier"], node(run, "x")["uncertainty"]) == ("measured", "4")
    assert node(run, "y")["tier"] == "default"
    assert node(run)["tiers"]["amounts"] == {"measured": "5", "default": "5"}
    assert node(run)["uncertainty"] == "2"
    said = made.run({"x": {"value": 5, "tier": "calculated", "uncertainty": 0}, "y": 5})
    assert node(said)["tiers"]["amounts"] == {"measured": "5", "calculated": "5"}
    assert node(said)["uncertainty"] == "0"


def test_where_nothing_is_said_nothing_is_carried(tmp_path: Path) -> None:
    run = small(tmp_path, {"inputs": {"x": NUMBER}, "formulas": {"f": {"expr": "x + x", "unit": "kg"}}}).run({"x": 5})
    assert run.assessment.carried == {}
    assert set(node(run)) & {"uncertainty", "tiers", "uncertainty_from"} == set()


def test_without_a_tier_anywhere_there_are_no_tiers(tmp_path: Path) -> None:
    assert "tiers" not in of(tmp_path, "x + y", {"x": A, "y": 5})


def test_scores_and_indicators_carry_it(tmp_path: Path) -> None:
    """5 ± 10 % between 0 and 10: ± 5 points of 50. Steps give constants, which carry nothing."""
    indicators = {
        "total": {"weights_total": 100},
        "line": {
            "parent": "total", "weight": 100, "value": "x", "unit": "kg",
            "score": {"kind": "linear", "anchors": [[0, 0], [10, 100]]},
        },
    }  # fmt: skip
    run = small(tmp_path, {"inputs": {"x": NUMBER}, "indicators": indicators}).run(
        {"x": {"value": 5, "uncertainty": 10, "tier": "measured"}}
    )
    assert node(run, "total.score")["uncertainty"] == "10"
    line = next(entry for entry in run.data["indicators"] if entry["id"] == "line")
    assert line["uncertainty"] == "10"
    assert line["tiers"] == {"weakest": "measured", "amounts": {"measured": "5"}}


def test_a_kept_plan_carries_the_same(tmp_path: Path) -> None:
    parameters = {"k": {"value": 5, "unit": "kg", "uncertainty": 20}}
    made = small(tmp_path, {"parameters": parameters, "formulas": {"f": {"expr": "k + 5 * k", "unit": "kg"}}})
    plan = made.plan()
    _ = plan.program.records
    kept = pickle.loads(pickle.dumps(plan))
    found = Found()
    header = read_header(write_case(tmp_path / "case.yaml"), found)
    assert header is not None
    case = check_case(header, kept, found)
    assert case is not None
    assert Run(evaluate(kept, case)).data["nodes"]["f"]["uncertainty"] == "20"


def test_the_file_is_as_its_schema_says(tmp_path: Path) -> None:
    run = fuels(tmp_path, ("a", "oil", 100), ("b", "gas", {"value": 200, "tier": "measured", "uncertainty": 1}))
    found = Found()
    root = read_text(as_text(run.data), "a.json", found)
    assert root is not None
    check(root, schema("assessment-1"), found)
    assert not found.findings


def refused(root: Path, sections: Data) -> list[tuple[str, str]]:
    """(code, key or column) of what is wrong with a ruleset."""
    found = Found()
    ruleset = load.load(write(root, sections), found)
    if ruleset is not None:
        pipeline.make_plan(ruleset, None, {}, found)
    facts = [(finding.code, dict(finding.facts)) for finding in found.findings if not finding.code.startswith("lint.")]
    return [(code, str(said.get("key", said.get("column", "")))) for code, said in facts]


def test_only_numbers_have_quality(tmp_path: Path) -> None:
    for mark in ({"tier": "measured"}, {"uncertainty": 5}):
        (name,) = mark
        assert refused(tmp_path / f"i{name}", {"inputs": {"x": {"type": "text", **mark}}}) == [
            ("schema.not-here", name)
        ]
        assert refused(tmp_path / f"p{name}", {"parameters": {"x": {"value": "north", **mark}}}) == [
            ("schema.type", "")
        ]
        columns = {"word": {"type": "text", **mark}}
        table = {"keys": [{"name": "k", "type": "text"}], "columns": columns, "rows": []}
        assert refused(tmp_path / f"t{name}", {"tables": {"t": table}}) == [("schema.not-here", name)]


def test_a_row_says_it_of_its_own_columns(tmp_path: Path) -> None:
    columns = {"n": {"unit": "1"}, "word": {"type": "text"}}
    for index, name in enumerate(("m", "word", "k")):
        row = {"k": "a", "n": 1, "word": "b", "uncertainty": {name: 5}}
        table = {"keys": [{"name": "k", "type": "text"}], "columns": columns, "rows": [row]}
        assert refused(tmp_path / str(index), {"tables": {"t": table}}) == [("table.unknown-column", name)]


def test_less_than_nothing_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, {"inputs": {"x": {"unit": "kg", "uncertainty": -1}}}) == [("schema.minimum", "")]


def marked(given: Given, number: int) -> Given:
    tier: Any = ("measured", "calculated", "default")[number % 3]
    return replace(given, quality=Quality(tier, Decimal(number % 7)))


def all_marked(assessment: Assessment) -> Assessment:
    """The same case with a tier and an uncertainty at every value."""
    case = assessment.case
    inputs = {name: marked(given, index) for index, (name, given) in enumerate(case.inputs.items())}
    collections = {
        name: None if rows is None else tuple(
            {column: marked(given, index + len(column)) for column, given in row.items()} for index, row in enumerate(rows)
        )
        for name, rows in case.collections.items()
    }  # fmt: skip
    return replace(assessment, case=replace(case, inputs=inputs, collections=collections))


def pairs(values: Any, figures: Any) -> list[tuple[Any, Any]]:
    return list(zip(values, figures, strict=True)) if isinstance(values, list) else [(values, figures)]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_values_are_those_of_the_exact_run_and_the_amounts_sum_to_them(case: Path) -> None:
    assessment = all_marked(assessed(case))
    with arithmetic():
        carried = assessment.carried
        both = [pair for name, figures in carried.items() for pair in pairs(assessment.values[name], figures)]
        figures = [(value, figure) for value, figure in both if isinstance(figure, Figure)]
        assert len(figures) > 5
        for value, figure in figures:
            assert figure.value == value
            parts = figure.amounts.values()
            assert abs(sum(parts, Decimal(0)) - value) <= max(abs(part) for part in parts) * Decimal("1e-30")
        for value, figure in both:
            assert isinstance(figure, NotComputed) == isinstance(value, NotComputed)


def test_what_is_too_large_to_write_is_left_out(tmp_path: Path) -> None:
    """x - y is 0, but by tier ± 1e7200: neither that nor its percentage is a number of an assessment."""
    parameters = {"k": {"value": Decimal("1" + "0" * 30), "unit": "1"}, "one": {"value": 1, "unit": "kg"}}
    formulas = {
        "g": {"expr": "(x - y) * power(k, 60) * power(k, 60)", "unit": "kg"},
        "h": {"expr": "g * power(k, 60) * power(k, 60) + one", "unit": "kg"},
    }
    one = {"value": 1, "uncertainty": 1}
    given = {"x": {**one, "tier": "measured"}, "y": {**one, "tier": "default"}}
    assert (
        set(of(tmp_path, "h + one", given, formulas=formulas, parameters=parameters)) & {"tiers", "uncertainty"}
        == set()
    )


def test_words() -> None:
    entry = {
        "uncertainty": "2.73",
        "tiers": {"weakest": "default", "amounts": {"measured": "75", "default": "-24.99", "constant": "0.01"}},
    }
    assert plus_minus(entry, report_words("en")) == "± 2.73 %"
    assert tier_words(entry, report_words("en")) == "measured 75 %, default 25 %, constant <0.1 %"
    assert tier_words({"tier": "measured"}, report_words("zh")) == "实测"
    assert tier_words({}, report_words("zh")) == ""
    alone = {"tiers": {"weakest": "measured", "amounts": {"constant": "0", "measured": "3"}}}
    assert tier_words(alone, report_words("en")) == "measured"
