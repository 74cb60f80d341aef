"""Plan + Case → Assessment: hand the values in, run the program, keep every record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from guiju.evaluation.quality import carry
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import plain
from guiju.intake.evidence import Proof, proof
from guiju.intake.model import Case, Given
from guiju.plan.model import Plan
from guiju.plan.staged import Record
from guiju.ruleset.model import Indicator, Input


@dataclass(frozen=True)
class Assessment:
    """Every value of one case under one plan."""

    plan: Plan
    case: Case
    given: Mapping[str, Any]
    records: tuple[Record, ...]

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """All values as JSON: numbers as text, missing as null, a column as a list, a collection as the keys of its rows."""
        shown = {
            name: [value_data(cell) for cell in value] if isinstance(value, list) else value_data(value)
            for name, value in self.values.items()
        }
        return shown | {name: shown[f"{name}.{item.key}"] for name, item in self.plan.collections.items()}

    @cached_property
    def carried(self) -> Mapping[str, Any]:
        """Figures with uncertainty and tiers by node; empty where neither ruleset nor case says any."""
        return carry(self.plan, self.case, self.given)

    @cached_property
    def proof(self) -> Proof:
        """How many values need evidence, and which lack some."""
        return proof(self.case, self.plan)

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """All values by node: what was handed in, parameters, what was computed (a list of rows for columns)."""
        constants = {node.id: node.constant for node in self.plan.nodes.values() if node.kind == "parameter"}
        return {**self.given, **constants, **{record.node: record.value for record in self.records}}

    @cached_property
    def _chosen(self) -> dict[str, dict[Any, list[int]] | None]:
        return {}

    def rows_by(self, column: str) -> Mapping[Any, list[int]] | None:
        """The rows of a collection by the value in a column; None where a value, or the collection, is missing."""
        if column not in self._chosen:
            keys, rows = self.values[column], dict[Any, list[int]]()
            gap = isinstance(keys, NotComputed) or any(isinstance(key, NotComputed) for key in keys)
            for row, key in enumerate(() if gap else keys):
                rows.setdefault(key, []).append(row)
            self._chosen[column] = None if gap else rows
        return self._chosen[column]


def value_data(value: Any) -> Any:
    """A value as JSON: numbers as canonical decimal text, dates as ISO text, missing as null."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, NotComputed) else value


def applies_whole(assessment: Assessment, indicator: Indicator) -> Any:
    """Whether it applies itself, and everything above it does."""
    name: str | None = indicator.id
    while name is not None:
        applies = assessment.values.get(f"{name}.applies", True)
        if applies is not True:
            return applies
        name = assessment.plan.indicators[name].parent
    return True


def evaluate(plan: Plan, case: Case) -> Assessment:
    """Run the plan on a case. Nothing raises: what cannot be computed is NotComputed and travels."""
    given = given_values(plan, case)
    return Assessment(plan, case, given, plan.program.run(given))


def given_values(plan: Plan, case: Case) -> dict[str, Any]:
    """Values of context, inputs, columns (lists, row by row) and collections (lists of row keys)."""
    head = case.header
    values: dict[str, Any] = {
        "period_start": head.start,
        "period_end": head.end,
        "period_year": Decimal(head.end.year),
        "role": head.role,
        **case.proofs,
    }
    for name, item in plan.inputs.items():
        values[name] = _one(item, case.inputs.get(name), name)
    for name, collection in plan.collections.items():
        rows = case.collections.get(name)
        if rows is None:
            gap = NotComputed("missing-collection", name)
            values[name] = gap
            values.update({f"{name}.{column}": gap for column in collection.columns})
            continue
        values[name] = list(range(len(rows)))
        for column, item in collection.columns.items():
            values[f"{name}.{column}"] = [_one(item, row.get(column), f"{name}.{column}") for row in rows]
    return values


def _one(item: Input, given: Given | None, node: str) -> Any:
    if given is not None and given.value is not None:
        return given.value
    if item.default is None:
        return NotComputed("missing-input", node)
    return date.fromisoformat(item.default) if item.type == "date" else item.default
