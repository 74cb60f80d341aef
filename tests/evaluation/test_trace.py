"""Every node of an assessment follows again from what it used: the formula that ran, over the values that the file shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import formulas
from guiju.evaluation.describe import describe
from guiju.evaluation.nodes import value_data
from guiju.formula.domains.exact import Exact, value
from guiju.formula.evaluator import Walker
from guiju.formula.library import library
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import Rounding, arithmetic, round_to
from guiju.plan.model import Plan
from shipped import CASES, assessed, name_of
from small import small

Nodes = Mapping[str, Mapping[str, Any]]


@cache
def data_of(case: Path) -> tuple[Plan, dict[str, Any]]:
    assessment = assessed(case)
    return assessment.plan, describe(assessment)


def typed(written: Any, kind: str, node: str) -> Any:
    """A value of the file as the engine has it; what is missing is missing, for whatever reason."""
    if written is None:
        return NotComputed("missing", node)
    if kind == "number":
        return Decimal(written)
    return date.fromisoformat(written) if kind == "date" else written


def used(
    entry: Mapping[str, Any], nodes: Nodes, collections: Mapping[str, Any], index: int | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(names, columns) of what a node used, as its formula calls them; in a row the cells of that row."""
    names: dict[str, Any] = {}
    columns: dict[str, Any] = {}
    own = f"{entry['per']}." if "per" in entry else None
    for name, shown in entry["uses"].items():
        if name in collections:
            columns[name] = shown if isinstance(shown, list) else list(range(int(shown)))
            continue
        kind = nodes[name]["type"]
        if "rows" in nodes[name]:
            cells = [typed(cell, kind, name) for cell in shown]
            columns[name] = cells
            if own is not None and index is not None and name.startswith(own):
                names[name.removeprefix(own)] = cells[index]
        else:
            names[name] = typed(shown, kind, name)
    return names, columns


def recomputed(name: str, entry: Mapping[str, Any], nodes: Nodes, plan: Plan, index: int | None) -> Any:
    """The value of a node, from its own entry of the file (and the ruleset's tables and units)."""
    names, columns = used(entry, nodes, plan.collections, index)

    def factor(source: str, target: str) -> Fraction:
        return plan.measures.unit(source).size / plan.measures.unit(target).size

    with arithmetic():
        result = value(
            formulas.parsed(entry.get("formula_run", entry["formula"])).tree,
            Exact(names, columns, plan.lookups, factor, name),
            Walker(library()),
        )
        if "rounding" in entry and not isinstance(result, NotComputed):
            rounding = entry["rounding"]
            result = round_to(result, Rounding(rounding["kind"], Decimal(rounding["amount"]), rounding["mode"]))
    return value_data(result)


def rows_of(entry: Mapping[str, Any]) -> Iterator[tuple[int | None, Any]]:
    """(row, value as the file shows it); the row is None for a single value."""
    if "rows" in entry:
        yield from ((index, row["value"]) for index, row in enumerate(entry["rows"]))
    else:
        yield None, entry["value"]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_every_node_follows_again(case: Path) -> None:
    plan, data = data_of(case)
    nodes: Nodes = data["nodes"]
    computed = {name: entry for name, entry in nodes.items() if entry["kind"] == "formula"}
    assert computed
    for name, entry in computed.items():
        for index, shown in rows_of(entry):
            assert recomputed(name, entry, nodes, plan, index) == shown, (name, index)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_was_used_is_what_those_nodes_say(case: Path) -> None:
    """The figure shown beside a formula is the figure of the node it names."""
    _, data = data_of(case)
    nodes: Nodes = data["nodes"]
    for name, entry in nodes.items():
        for used_name, shown in entry.get("uses", {}).items():
            if used_name in nodes:
                other = nodes[used_name]
                own = [row["value"] for row in other["rows"]] if "rows" in other else other["value"]
                assert shown == own, (name, used_name)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_numbers_put_in_give_the_value(case: Path) -> None:
    """`with_numbers`, read as a formula again, gives the value (where it is short enough to show everything and nothing is missing)."""
    plan, data = data_of(case)
    checked = 0
    for name, entry in data["nodes"].items():
        for index, shown in rows_of(entry) if entry["kind"] == "formula" else ():
            text = entry["with_numbers"] if index is None else entry["rows"][index]["with_numbers"]
            dates = any(data["nodes"].get(used_name, {}).get("type") == "date" for used_name in entry["uses"])
            if (
                "?" in text
                or "(" in text
                and any(fold in text for fold in ("sum(", "any(", "all(", "count_if(", "sum_where(", "count_where("))
                or dates
                or shown is None
            ):
                continue
            again = (
                formulas.exact(text, {})
                if "convert" not in text
                else recomputed(name, {"formula": text, "uses": {}}, {}, plan, None)
            )
            if "rounding" not in entry:
                assert value_data(again) == shown, name
                checked += 1
    assert checked > len(data["nodes"]) / 20


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_shares_of_the_total_sum_to_it(case: Path) -> None:
    """The contributions of the first level sum to the total (before it is rounded), where the total is a weighted mean."""
    _, data = data_of(case)
    if not data["indicators"]:
        return  # a ruleset that only computes has no total
    root = data["indicators"][0]
    shares = [entry["contribution"] for entry in data["indicators"] if entry["parent"] == root["id"]]
    if None not in shares:
        assert abs(sum(map(Decimal, shares)) - Decimal(root["score"])) <= Decimal("0.01")


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_every_number_leads_somewhere(case: Path) -> None:
    """Each formula and parameter of the file has a place in the YAML, and what it used is in the file as well."""
    plan, data = data_of(case)
    folder = Path(__file__).parents[2] / "rulesets" / plan.ruleset.id / plan.ruleset.version
    for name, entry in data["nodes"].items():
        for used_name in entry.get("uses", {}):
            assert used_name in data["nodes"] or used_name in plan.collections, (name, used_name)
        if entry["kind"] in ("formula", "parameter", "input", "column"):
            place = entry["place"]
            file = (
                folder / place["file"]
                if not place["file"].startswith("tables/")
                else folder.parent.parent / place["file"]
            )
            assert file.is_file(), name
            assert place["line"] <= len(file.read_text(encoding="utf-8").splitlines())


def test_a_count_uses_the_rows_by_their_keys(tmp_path: Path) -> None:
    fuels = {"key": "name", "columns": {"name": {"type": "text"}}}
    made = small(tmp_path, {"collections": {"fuels": fuels}, "formulas": {"n": {"expr": "count(fuels)", "unit": "1"}}})
    data = made.run({}, collections={"fuels": [{"name": "coal"}, {"name": "oil"}]}).data
    assert data["nodes"]["n"]["uses"] == {"fuels": ["coal", "oil"]}
