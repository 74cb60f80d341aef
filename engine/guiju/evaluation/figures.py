"""The figures that a formula compares, each by its name with value and unit: what a finding about a check shows."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Any

from guiju.evaluation.blame import blamed, dates
from guiju.evaluation.nodes import cell_of, put_in, shown, value_of
from guiju.evaluation.run import Assessment
from guiju.formula.numbers import plain
from guiju.plan.model import PlanNode, Use

MOST, _DEEPEST = 8, 4
_SHORT = Context(prec=10)


def figures(assessment: Assessment, node: PlanNode, row: int | None, compares: Sequence[str] = ()) -> str:
    """name = value unit, … of what a check says it compares, else of those parts of its formula that do not hold; a truth that
    is computed itself is taken apart into its own figures."""
    named = _named(assessment, compares, row) if compares else _blamed(assessment, node, row, _DEEPEST, wanted=True)
    texts = [f"{name} = {text}" for name, text in named.items()]
    return ", ".join([*texts[:MOST], *(["…"] if len(texts) > MOST else [])])


def _named(assessment: Assessment, names: Sequence[str], row: int | None) -> dict[str, str]:
    nodes = [assessment.plan.nodes[name] for name in names]
    return {node.id: _amount(value_of(assessment, node.id, row if node.per else None), node.unit) for node in nodes}


def _blamed(assessment: Assessment, node: PlanNode, row: int | None, depth: int, *, wanted: bool) -> dict[str, str]:
    """The figures of the parts of a truth by which it is not the wanted one."""
    named: dict[str, str] = {}
    for each in blamed(assessment, node, row, wanted=wanted):
        uses = [use for use in node.uses if each.start <= use.start and use.end <= each.end]
        target = assessment.plan.nodes.get(uses[0].target) if isinstance(each.tree, (ast.Name, ast.Attribute)) else None
        if target is not None and target.kind == "formula" and target.uses and depth:
            below = row if target.per else None
            named |= _blamed(assessment, target, below, depth - 1, wanted=each.wanted)
            continue
        days = list(dates(assessment, node, row, each))
        kept = [use for use in uses if not any(start <= use.start < end for start, end, _ in days)]
        named |= _figures(assessment, node, row, depth, kept)
        named |= {node.text[start:end]: day.isoformat() for start, end, day in days}
    return named


def _figures(
    assessment: Assessment, node: PlanNode, row: int | None, depth: int, uses: Sequence[Use]
) -> dict[str, str]:
    named: dict[str, str] = {}
    for use in uses:
        target = assessment.plan.nodes.get(use.target)
        truth = use.how == "value" and target is not None and target.kind == "formula" and target.type == "boolean"
        if target is not None and truth and target.uses and depth:
            named |= _figures(assessment, target, row if target.per else None, depth - 1, target.uses)
        else:
            name, text = _figure(assessment, node, use, target, row)
            named[name] = text
    return named


def _figure(
    assessment: Assessment, node: PlanNode, use: Use, target: PlanNode | None, row: int | None
) -> tuple[str, str]:
    if use.how == "value":
        return use.names[0], _amount(value_of(assessment, use.target, row), target.unit if target else None)
    if use.how == "cell":
        cell = cell_of(assessment, use, row)
        return use.target, "?" if cell is None else _amount(cell.value, cell.data["unit"])
    unit = target.unit if target is not None and use.function != "count" else None
    return node.text[use.start : use.end], " ".join(filter(None, [put_in(assessment, use, row), _symbol(unit)]))


def _amount(value: Any, unit: str | None) -> str:
    if not isinstance(value, Decimal):
        return shown(value)
    short = value if value == value.to_integral_value() else _SHORT.plus(value)
    return " ".join(filter(None, [plain(short), _symbol(unit)]))


def _symbol(unit: str | None) -> str:
    return "" if unit in (None, "1") else str(unit)
