"""Variants: overlays from the outermost to the leaf; an empty one changes nothing; what a variant cannot do is said."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.ruleset import variants
from small import Small, small, variant, write_table

PURE = {"unit": "1"}
BASE: dict[str, Any] = {
    "inputs": {"x": PURE},
    "parameters": {"p": {"value": 2, "unit": "1"}, "q": {"value": 10, "unit": "1"}},
    "formulas": {"y": {"expr": "x * p", "unit": "1"}, "z": {"expr": "y + q", "unit": "1"}},
}


def test_leaves_and_inner_ones(tmp_path: Path) -> None:
    made = small(
        tmp_path,
        BASE,
        {
            "energy": variant(),
            "energy.coal": variant(),
            "energy.coal.pit": variant(),
            "energy.oil": variant(),
            "metal": variant(),
        },
    )
    assert variants.leaves(made.ruleset) == ["energy.coal.pit", "energy.oil", "metal"]
    assert made.refused("energy.coal") == ["variant.not-a-leaf"]
    assert made.refused("energy.gas") == ["variant.unknown"]
    assert made.refused(None) == ["variant.none-chosen"]


def test_a_variant_where_there_is_none(tmp_path: Path) -> None:
    assert small(tmp_path, BASE).refused("coal") == ["variant.no-variants"]


def test_an_empty_variant_changes_nothing(tmp_path: Path) -> None:
    plain = small(tmp_path / "plain", BASE).run({"x": 3})
    empty = small(tmp_path / "empty", BASE, {"v": variant(), "v.w": variant()}).run({"x": 3}, variant="v.w")
    assert plain.assessment.values == empty.assessment.values
    one, other = (part.data["nodes"] for part in (plain, empty))
    assert one == other


def test_add_replace_change_disable(tmp_path: Path) -> None:
    overlay = variant(
        add={"parameters": {"r": {"value": 100, "unit": "1"}}, "formulas": {"w": {"expr": "z + r", "unit": "1"}}},
        replace={"formulas": {"y": {"expr": "x * p * p", "unit": "1"}}},
        change={"parameters": {"p": {"value": 5}}},
    )
    result = small(tmp_path, BASE, {"v": overlay}).run({"x": 3}, variant="v")
    assert (result["y"], result["z"], result["w"]) == (75, 85, 185)
    gone = small(tmp_path / "gone", BASE, {"v": variant(disable={"formulas": ["z"], "parameters": ["q"]})}).plan("v")
    assert "z" not in gone.nodes
    assert "q" not in gone.nodes


def test_outer_before_inner(tmp_path: Path) -> None:
    """The leaf speaks last; what an outer one adds an inner one may change; siblings do not see each other."""
    tree = {
        "a": variant(
            change={"parameters": {"p": {"value": 3}}},
            add={"parameters": {"r": {"value": 1, "unit": "1"}}, "formulas": {"w": {"expr": "y + r", "unit": "1"}}},
        ),
        "a.b": variant(change={"parameters": {"p": {"value": 4}, "r": {"value": 7}}}),
        "a.c": variant(change={"parameters": {"q": {"value": 0}}}),
    }
    made = small(tmp_path, BASE, tree)
    inner, sibling = made.run({"x": 1}, variant="a.b"), made.run({"x": 1}, variant="a.c")
    assert (inner["p"], inner["r"], inner["q"], inner["w"]) == (4, 7, 10, 11)
    assert (sibling["p"], sibling["r"], sibling["q"], sibling["w"]) == (3, 1, 0, 4)


def test_the_order_of_the_variants_does_not_matter(tmp_path: Path) -> None:
    tree = {
        "a": variant(change={"parameters": {"p": {"value": 3}}}),
        "a.b": variant(change={"parameters": {"p": {"value": 4}}}),
    }
    turned = dict(reversed(tree.items()))
    assert small(tmp_path / "one", BASE, tree).run({"x": 1}, variant="a.b")["y"] == 4
    assert small(tmp_path / "two", BASE, turned).run({"x": 1}, variant="a.b")["y"] == 4


def test_a_change_merges_maps_and_takes_lists_whole(tmp_path: Path) -> None:
    leaf = {
        "parent": "total",
        "weight": 100,
        "value": "x",
        "unit": "1",
        "score": {"kind": "linear", "anchors": [[0, 0], [5, 50], [10, 100]]},
    }
    sections = {"inputs": {"x": PURE}, "indicators": {"total": {"weights_total": 100}, "a": leaf}}
    overlay = variant(change={"indicators": {"a": {"score": {"anchors": [[0, 0], [20, 100]]}}}})
    made = small(tmp_path, sections, {"v": overlay})
    assert made.run({"x": 10}, variant="v")["a.score"] == 50


def test_indicators_gates_and_levels_can_be_overlaid(tmp_path: Path) -> None:
    leaf = {
        "parent": "total",
        "weight": 50,
        "value": "x",
        "unit": "1",
        "score": {"kind": "linear", "anchors": [[0, 0], [100, 100]]},
    }
    bands = {"A": "[60, inf)", "B": "(-inf, 60)"}
    sections = {
        "inputs": {"x": PURE},
        "indicators": {"total": {"weights_total": 100}, "a": leaf, "b": {**leaf, "value": "0"}},
        "grade": {"levels": ["A", "B"], "gates": {"score": {"value": "total.score", "unit": "point", "bands": bands}}},
    }
    overlay = variant(
        disable={"indicators": ["b"]},
        change={
            "indicators": {"total": {"weights_total": 50}},
            "gates": {"score": {"bands": {"A": "[90, inf)", "B": "(-inf, 90)"}}},
        },
        add={"gates": {"extra": {"condition": "x > 85", "otherwise": "B"}}},
    )
    made = small(tmp_path, sections, {"v": overlay, "w": variant()})
    assert made.run({"x": 80}, variant="w")["total.score"] == 40
    result = made.run({"x": 80}, variant="v")
    assert (result["total.score"], result["grade.result"]) == (80, "B")
    assert [gate["id"] for gate in result.grade["gates"]] == ["score", "extra"]


@pytest.mark.parametrize(("overlay", "code"), [
    (variant(change={"parameters": {"r": {"value": 1}}}), "variant.patches-nothing"),
    (variant(disable={"formulas": ["w"]}), "variant.patches-nothing"),
    (variant(disable={"claims": ["c"]}), "variant.patches-nothing"),
    (variant(replace={"claims": {"c": {"requires": {"r": "x > 0"}}}}), "variant.patches-nothing"),
    (variant(add={"parameters": {"p": {"value": 1, "unit": "1"}}}), "variant.already-there"),
    (variant(change={"parameters": {"p": {"value": 2}}}), "variant.changes-nothing"),
    (variant(add={"gates": {"g": {"condition": "x > 0", "otherwise": "A"}}}), "variant.no-grade"),
])  # fmt: skip
def test_what_an_overlay_cannot_do(tmp_path: Path, overlay: dict[str, Any], code: str) -> None:
    assert code in small(tmp_path, BASE, {"v": overlay}).refused("v")


def test_an_inner_variant_takes_away_what_an_outer_one_brought_or_changed(tmp_path: Path) -> None:
    tree = {
        "a": variant(add={"claims": {"c": {"requires": {"r": "x > 0"}}}}, change={"parameters": {"q": {"value": 11}}}),
        "a.b": variant(disable={"claims": ["c"], "formulas": ["z"], "parameters": ["q"]}),
    }
    plan = small(tmp_path, BASE, tree).plan("a.b")
    assert plan.claims == ()
    assert "q" not in plan.nodes


def test_a_variant_without_its_parent_is_refused(tmp_path: Path) -> None:
    assert small(tmp_path, BASE, {"a.b": variant()}).refused("a.b") == ["variant.no-parent"]


def two_grids(root: Path) -> Small:
    for version, factor in (("2022", 1), ("2023", 2)):
        write_table(
            root,
            f"grid@{version}",
            [{"name": "region", "type": "text"}],
            {"factor": PURE},
            [{"region": "north", "factor": factor}],
        )
    sections = {
        "external_tables": {"grid": {"table": "grid", "version": "2022"}},
        "formulas": {"y": {"expr": 'lookup(grid.factor, "north")', "unit": "1"}},
    }
    overlay = variant(change={"external_tables": {"grid": {"version": "2023"}}})
    return small(root, sections, {"old": variant(), "new": overlay})


def test_a_variant_may_pin_another_version_of_a_table(tmp_path: Path) -> None:
    made = two_grids(tmp_path)
    assert (made.run(variant="old")["y"], made.run(variant="new")["y"]) == (1, 2)
    assert made.plan("new").pinned["grid"].ref == "grid@2023"


def test_a_parameter_may_become_a_formula_of_a_variant(tmp_path: Path) -> None:
    overlay = variant(disable={"parameters": ["p"]}, add={"formulas": {"p": {"expr": "q / 4", "unit": "1"}}})
    assert small(tmp_path, BASE, {"v": overlay}).run({"x": 2}, variant="v")["y"] == Decimal(5)


def test_what_one_variant_uses_is_of_use(tmp_path: Path) -> None:
    """The core may hold what only some variants need; what none of them names is still remarked."""
    more = {
        **BASE,
        "parameters": {**BASE["parameters"], "r": {"value": 3, "unit": "1"}, "s": {"value": 4, "unit": "1"}},
    }
    overlays = {"v": variant(change={"formulas": {"z": {"expr": "y + q + r"}}}), "w": variant()}
    found = Found()
    assert pipeline.make_plan(small(tmp_path, more, overlays).ruleset, "w", {}, found) is not None
    assert [(one.code, dict(one.facts)["name"]) for one in found.findings] == [("lint.unused", "s")]
