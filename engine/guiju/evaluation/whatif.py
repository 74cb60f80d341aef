"""What would be if some values were others: only what rests on them is computed again, formula by formula, in the exact domain."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

from guiju.diagnostics.finding import Found, Place
from guiju.formula.core import rounded
from guiju.formula.domains.exact import Exact, value
from guiju.formula.evaluator import Walker
from guiju.formula.grammar import Expression, parse
from guiju.formula.library import arity, library
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import arithmetic
from guiju.plan.model import Plan, PlanNode

Values = Mapping[str, Any]


def changed(plan: Plan, values: Values, others: Values) -> dict[str, Any]:
    """All values of an assessment with `others` (inputs or computed nodes) in place of some. Missing travels as ever."""
    result = {**values, **others}
    touched = set(others)
    with arithmetic():
        for node in plan.formulas:
            if node.id not in others and not touched.isdisjoint(node.needs):
                result[node.id] = _node(plan, node, result)
                touched.add(node.id)
    return result


@cache
def _parsed(text: str) -> Expression:
    expression = parse(text, lambda _offset, _length: Place("", 0, 0), Found(), arity(library()), ours=True)
    assert expression is not None, text  # it was parsed when the plan was made
    return expression


@cache
def _walker() -> Walker:
    return Walker(library())


def _node(plan: Plan, node: PlanNode, values: Values) -> Any:
    """One formula: once, or once per row of its collection."""
    if node.per is None:
        return _one(plan, node, values, values)
    rows = values[node.per]
    if isinstance(rows, NotComputed):
        return rows
    cells = _cells(node, values)
    return [_one(plan, node, values, {**values, **_row(cells, index)}) for index in range(len(rows))]


def tree_of(node: PlanNode) -> ast.expr:
    """The formula that ran, read again."""
    return _parsed(node.text).tree


def part(plan: Plan, node: PlanNode, row: int | None, tree: ast.expr, values: Values) -> Any:
    """The value of a part of a node's formula; of one that runs per row, in this row."""
    names = values if row is None or node.per is None else {**values, **_row(_cells(node, values), row)}
    with arithmetic():
        return value(tree, _exact(plan, node, values, names), _walker())


def _cells(node: PlanNode, values: Values) -> dict[str, Any]:
    """The columns that a formula per row names directly, by the names it uses."""
    prefix = f"{node.per}."
    cells = {
        use.names[0]: values[use.target] for use in node.uses if use.how == "value" and use.target.startswith(prefix)
    }
    for use in node.uses:
        pairs = zip(use.names, use.keys, strict=True) if use.how in ("cell", "group") else ()
        cells |= {name: values[key] for name, key in pairs if key is not None and key.startswith(prefix)}
    return cells


def _row(cells: Values, index: int) -> dict[str, Any]:
    return {name: column if isinstance(column, NotComputed) else column[index] for name, column in cells.items()}


def _one(plan: Plan, node: PlanNode, values: Values, names: Values) -> Any:
    result = value(_parsed(node.text).tree, _exact(plan, node, values, names), _walker())
    return result if node.rounding is None else rounded(result, node.rounding, node.id)


def _exact(plan: Plan, node: PlanNode, values: Values, names: Values) -> Exact:
    def factor(source: str, target: str) -> Fraction:
        known = plan.measures.factor(source, target)
        assert known is not None, (source, target)
        return known

    return Exact(names, values, plan.lookups, factor, node.id)
