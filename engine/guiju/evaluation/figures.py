"""The figures that a formula compares, each by its name with value and unit: what a finding about a check shows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Any

from guiju.evaluation.nodes import cell_of, put_in, shown, value_of
from guiju.evaluation.run import Assessment
from guiju.formula.numbers import plain
from guiju.plan.model import PlanNode, Use

MOST, _DEEPEST = 8, 4
_SHORT = Context(prec=10)


def figures(assessment: Assessment, node: PlanNode, row: int | None, compares: Sequence[str] = ()) -> str:
    """name = value unit, … of what a check says it compares, else of its formula; a truth that is computed itself is taken
    apart into its own figures."""
    named = _named(assessment, compares, row) if compares else _figures(assessment, node, row, _DEEPEST)
    texts = [f"{name} = {text}" for name, text in named.items()]
    return ", ".join([*texts[:MOST], *(["…"] if len(texts) > MOST else [])])


def _named(assessment: Assessment, names: Sequence[str], row: int | None) -> dict[str, str]:
    nodes = [assessment.plan.nodes[name] for name in names]
    return {node.id: _amount(value_of(assessment, node.id, row if node.per else None), node.unit) for node in nodes}


def _figures(assessment: Assessment, node: PlanNode, row: int | None, depth: int) -> dict[str, str]:
    named: dict[str, str] = {}
    for use in node.uses:
        target = assessment.plan.nodes.get(use.target)
        truth = use.how == "value" and target is not None and target.kind == "formula" and target.type == "boolean"
        if target is not None and truth and target.uses and depth:
            named |= _figures(assessment, target, row if target.per else None, depth - 1)
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
