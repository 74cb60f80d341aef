"""plan.json, given.json and recompute.py: for whoever has Python and not guiju, and wants to compute every value again.

A value is text, true, false, or null where it is missing; {"number": "1.5"} and {"date": "2024-12-31"} say what they are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from guiju.formula.library import library
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import DIGITS, SEMANTICS, plain
from guiju.plan.model import Plan, PlanNode
from guiju.record.canonical import canonical
from guiju.record.matter import Matter
from guiju.ruleset.model import Table

QUICK = True
ENTRIES = ("plan.json", "given.json", "recompute.py")
SCRIPT = Path(__file__).parents[1] / "recompute.py"


def make(matter: Matter) -> Mapping[str, bytes]:
    """The plan, the values handed in, and the script that computes the ones from the other."""
    assessment = matter.assessment
    return {
        "plan.json": canonical(plan_data(assessment.plan)),
        "given.json": canonical({name: _typed(value) for name, value in sorted(assessment.given.items())}),
        "recompute.py": SCRIPT.read_bytes().replace(b"\r\n", b"\n"),
    }


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if isinstance(value, NotComputed):
        return None
    if isinstance(value, (Decimal, int)) and not isinstance(value, bool):
        return {"number": plain(value)}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def plan_data(plan: Plan) -> dict[str, Any]:
    """All that is computed: parameters, tables, functions, factors between units, formulas in the order of computing."""
    formulas = [node for node in plan.nodes.values() if node.kind == "formula"]
    return {
        "plan": 1,
        "ruleset": plan.ruleset.ref,
        "fingerprint": plan.ruleset.fingerprint,
        "variant": plan.variant,
        "number_semantics": SEMANTICS,
        "digits": DIGITS,
        "parameters": {node.id: _typed(node.constant) for node in plan.nodes.values() if node.kind == "parameter"},
        "tables": {name: _table(table) for name, table in plan.tables.items()},
        "functions": {
            name: {"parameters": list(each.parameters), "formula": each.text} for name, each in library().items()
        },
        "factors": {key: factor for node in formulas for key, factor in _factors(node, plan)},
        "formulas": [_formula(node) for node in formulas],
    }


def _table(table: Table) -> dict[str, Any]:
    """Keys and columns by name, the rule by which the last key is matched, and the cells row by row."""
    return {
        "keys": [key.name for key in table.keys],
        "match": table.keys[-1].match,
        "columns": list(table.columns),
        "rows": [
            {
                "keys": [_typed(key) for key in row.keys],
                "cells": {name: _typed(row.cells.get(name)) for name in table.columns},
            }
            for row in table.rows
        ],
    }


def _formula(node: PlanNode) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": node.id, "formula": node.text}
    if node.per is not None:
        names = {written: target for written, target in _names(node) if written != target}
        entry |= {"per": node.per, "names": names}
    if node.rounding is not None:
        rounding = node.rounding
        entry["round"] = {"kind": rounding.kind, "amount": plain(rounding.amount), "mode": rounding.mode}
    return entry


def _names(node: PlanNode) -> Iterator[tuple[str, str]]:
    """Columns are called by their bare names in a formula that runs row by row."""
    for use in node.uses:
        if use.how == "value":
            yield use.names[0], use.target
        elif use.how in ("cell", "group"):
            yield from ((name, key) for name, key in zip(use.names, use.keys, strict=True) if key is not None)


def _factors(node: PlanNode, plan: Plan) -> Iterator[tuple[str, list[str]]]:
    """The exact factor of every conversion that a formula writes out, as numerator and denominator."""
    if "convert(" not in node.text:
        return
    for part in ast.walk(ast.parse(node.text.strip(), mode="eval")):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "convert":
            source, target = (str(unit.value) for unit in part.args[1:] if isinstance(unit, ast.Constant))
            factor = plan.measures.factor(source, target)
            assert factor is not None, (source, target)
            yield f"{source} > {target}", [str(factor.numerator), str(factor.denominator)]
