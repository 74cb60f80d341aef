"""sum_where and count_where in a plan: parents and children, the order of computing, units, what the trace says, many rows."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju.formula.missing import NotComputed
from small import small

SITES = [{"site": "north", "grid": "a"}, {"site": "south", "grid": "b"}, {"site": "east", "grid": "a"}]
FUELS: list[dict[str, Any]] = [
    {"row": "1", "at": "north", "mass": 3, "made": 2023},
    {"row": "2", "at": "south", "mass": 5, "made": 2024},
    {"row": "3", "at": "north", "mass": Decimal("0.5"), "made": 2024},
]


def sections(**formulas: dict[str, Any]) -> dict[str, Any]:
    return {
        "units": {"tCO2": {}},
        "inputs": {"factor": {"unit": "tCO2/t"}, "wanted": {"type": "text", "required": False}},
        "collections": {
            "sites": {"key": "site", "columns": {"site": {"type": "text"}, "grid": {"type": "text"}}},
            "fuels": {
                "key": "row",
                "columns": {
                    "row": {"type": "text"},
                    "at": {"type": "text", "required": False},
                    "mass": {"unit": "t", "required": False},
                    "made": {"type": "integer", "unit": "1"},
                },
            },
        },
        "formulas": formulas,
    }


def test_every_parent_sums_its_children(tmp_path: Path) -> None:
    """The formula of the parents stands first, and waits for the formula of the children."""
    made = small(tmp_path, sections(
        site_co2={"per": "sites", "expr": "sum_where(fuels.co2, fuels.at, site)", "unit": "tCO2"},
        site_fuels={"per": "sites", "expr": "count_where(fuels.at, site)", "unit": "1"},
        co2={"per": "fuels", "expr": "mass * factor", "unit": "tCO2"},
    ))  # fmt: skip
    run = made.run({"factor": 2}, collections={"sites": SITES, "fuels": FUELS})
    assert run["sites.site_co2"] == [Decimal(7), Decimal(10), Decimal(0)]
    assert run["sites.site_fuels"] == [Decimal(2), Decimal(1), Decimal(0)]
    rows = run.data["nodes"]["sites.site_co2"]["rows"]
    assert [row["with_numbers"] for row in rows] == [
        'sum_where(6, 1; at = "north")',
        'sum_where(10; at = "south")',
        'sum_where(0; at = "east")',
    ]
    assert list(run.data["nodes"]["sites.site_co2"]["uses"]) == ["fuels.co2", "fuels.at", "sites.site"]
    assert run.data["nodes"]["sites.site_fuels"]["rows"][0]["with_numbers"] == 'count_where(2; at = "north")'


def test_a_row_beside_the_rows_of_its_group(tmp_path: Path) -> None:
    """A formula of a collection folds over that collection: the share of a row in its group, 0.5 of 3.5 in the north."""
    part = {"per": "fuels", "expr": "mass / sum_where(fuels.mass, fuels.at, at)", "unit": "1"}
    run = small(tmp_path, sections(part=part)).run({"factor": 1}, collections={"fuels": FUELS})
    assert run["fuels.part"] == [
        Decimal("0.8571428571428571428571428571428571"),
        1,
        Decimal("0.1428571428571428571428571428571429"),
    ]


def test_the_result_is_in_the_unit_of_the_column(tmp_path: Path) -> None:
    made = small(tmp_path, sections(
        late={"expr": "sum_where(fuels.mass, fuels.made, 2024)", "unit": "kg"},
        by_period={"expr": "sum_where(fuels.mass, fuels.made, period_year)", "unit": "t"},
    ))  # fmt: skip
    run = made.run({"factor": 1}, collections={"fuels": FUELS})
    assert run["late"] == Decimal(5500)
    assert run["by_period"] == Decimal("5.5")
    node = run.data["nodes"]["late"]
    assert node["formula_run"] == 'convert(sum_where(fuels.mass, fuels.made, 2024), "t", "kg")'
    assert node["with_numbers"] == 'convert(sum_where(5, 0.5; made = 2024), "t", "kg")'


@pytest.mark.parametrize(("change", "values"), [
    ({"mass": None}, ["missing-input fuels.mass", "5", "0"]),
    ({"at": None}, ["missing-input fuels.at"] * 3),
    ({}, ["3.5", "5", "0"]),
])  # fmt: skip
def test_what_is_missing_travels(tmp_path: Path, change: dict[str, Any], values: list[str]) -> None:
    """A value that is missing keeps its own group from being summed; a key that is missing, all of them."""
    of_site = {"per": "sites", "expr": "sum_where(fuels.mass, fuels.at, site)", "unit": "t"}
    made = small(tmp_path, sections(of_site=of_site))
    run = made.run({"factor": 1}, collections={"sites": SITES, "fuels": [FUELS[0], FUELS[1], FUELS[2] | change]})
    shown = [f"{v.code} {v.origin}" if isinstance(v, NotComputed) else str(v) for v in run["sites.of_site"]]
    assert shown == values


def test_a_key_that_is_not_given(tmp_path: Path) -> None:
    made = small(tmp_path, sections(asked={"expr": "sum_where(fuels.mass, fuels.at, wanted)", "unit": "t"}))
    run = made.run({"factor": 1}, collections={"fuels": FUELS})
    assert (run["asked"].code, run["asked"].origin) == ("missing-input", "wanted")
    assert run.data["nodes"]["asked"]["with_numbers"] == "?"
    assert made.run({"factor": 1, "wanted": "south"}, collections={"fuels": FUELS})["asked"] == Decimal(5)


@pytest.mark.parametrize(("expr", "code"), [
    ("sum_where(fuels.mass, sites.site, wanted)", "formula.two-collections"),
    ("sum_where(fuels.mass, fuels.mass, 3)", "type.no-key"),
    ("sum_where(fuels.at, fuels.row, wanted)", "type.mismatch"),
    ("sum_where(fuels.mass, fuels.at, 3)", "type.two-kinds"),
    ("sum_where(fuels.mass, fuels.made, factor)", "unit.mismatch"),
    ("sum_where(fuels.mass, fuels.at, lacking)", "formula.unknown-name"),
    ("sum_where(fuels.mass, fuels.lacking, wanted)", "formula.unknown-column"),
    ("sum_where(fuels, fuels.at, wanted)", "formula.unknown-column"),
    ("sum_where(fuels.mass, fuels.at)", "formula.arity"),
    ("sum_where(fuels.mass, fuels.at, factor + 1)", "formula.argument"),
    ("count_where(3, wanted)", "formula.argument"),
])  # fmt: skip
def test_what_is_refused(tmp_path: Path, expr: str, code: str) -> None:
    assert small(tmp_path, sections(bad={"expr": expr, "unit": "t"})).refused() == [code]


def test_a_circle_over_a_group(tmp_path: Path) -> None:
    bad = {"per": "fuels", "expr": "sum_where(fuels.bad, fuels.at, at)", "unit": "t"}
    assert small(tmp_path, sections(bad=bad)).refused() == ["plan.circle"]


def test_many_rows_take_one_pass(tmp_path: Path) -> None:
    """Ten thousand rows, each beside the sum of its group of a hundred: quadratic work would take minutes."""
    total = {"per": "fuels", "expr": "sum_where(fuels.mass, fuels.at, at)", "unit": "t"}
    plan = small(tmp_path, sections(total=total)).plan()
    rows = range(10_000)
    given: dict[str, Any] = dict.fromkeys(plan.program.given, Decimal(1))
    given |= {"fuels": list(rows), "fuels.mass": [Decimal(row % 7) for row in rows]}
    given |= {"fuels.at": [str(row // 100) for row in rows], "fuels.row": [], "fuels.made": []}
    begun = time.process_time()
    values = {record.node: record.value for record in plan.program.run(given)}
    assert time.process_time() - begun < 2
    assert values["fuels.total"][:2] == [Decimal(sum(row % 7 for row in range(100)))] * 2
