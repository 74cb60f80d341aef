"""The data of an assessment + the plan it was made by → its values again, so that advice can be given on a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from guiju.evaluation.run import value_data
from guiju.formula.missing import NotComputed
from guiju.plan.model import Plan

Data = Mapping[str, Any]


def replay(plan: Plan, data: Data) -> Mapping[str, Any] | None:
    """All values by node; None where the plan gives anything else than the file says."""
    if (plan.ruleset.fingerprint, plan.variant) != (data["ruleset"]["fingerprint"], data["ruleset"]["variant"]):
        return None
    given = {name: _given(plan, name, data) for name in plan.program.given}
    records = plan.program.run(given)
    constants = {node.id: node.constant for node in plan.nodes.values() if node.kind == "parameter"}
    values = {**given, **constants, **{record.node: record.value for record in records}}
    same = all(_data(record.value) == _said(data["nodes"].get(record.node, {})) for record in records)
    return values if same else None


def _data(value: Any) -> Any:
    return [value_data(cell) for cell in value] if isinstance(value, list) else value_data(value)


def _said(entry: Data) -> Any:
    return [row.get("value") for row in entry["rows"]] if "rows" in entry else entry.get("value")


def _given(plan: Plan, name: str, data: Data) -> Any:
    """A value as it was handed in: of an input, a column, a collection, the context, evidence."""
    if name in plan.collections:
        rows = data["nodes"][f"{name}.{plan.collections[name].key}"].get("rows")
        return NotComputed("missing-collection", name) if rows is None else list(range(len(rows)))
    node, entry = plan.nodes[name], data["nodes"].get(name)
    if node.kind == "context":
        return _context(name, data["case"])
    if entry is None:
        return False if node.kind == "evidence" else NotComputed("missing-input", name)
    if node.per is None:
        return _value(node.type, entry, name)
    if "rows" not in entry:
        return NotComputed("missing-collection", node.per)
    return [_value(node.type, row, name) for row in entry["rows"]]


def _context(name: str, case: Data) -> Any:
    start, end = (date.fromisoformat(case["period"][key]) for key in ("from", "to"))
    return {"period_start": start, "period_end": end, "period_year": Decimal(end.year), "role": case["role"]}[name]


def _value(kind: str, entry: Data, name: str) -> Any:
    """A value, or why there is none: a cell taken from another assessment has its child's reason."""
    written = entry.get("value")
    if written is None:
        gap = entry.get("missing", {"code": "value.missing-input", "facts": {}})
        return NotComputed(gap["code"].removeprefix("value."), name, **gap["facts"])
    if kind == "number":
        return Decimal(written)
    return date.fromisoformat(written) if kind == "date" else written
