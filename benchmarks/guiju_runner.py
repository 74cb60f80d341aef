"""guiju on the benchmark's ruleset: all values, a record for every node, the whole assessment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from guiju import api
from guiju.diagnostics.finding import Found
from guiju.evaluation.describe import describe
from guiju.evaluation.run import evaluate
from guiju.evaluation.text import as_text
from guiju.formula.numbers import arithmetic
from guiju.intake.case import check_case, read_header
from guiju.plan.model import Plan
from guiju.plan.staged import Program
from peer import Contestant

CONTEXT = {
    "period_start": date(2024, 1, 1),
    "period_end": date(2024, 12, 31),
    "period_year": Decimal(2024),
    "role": "self",
}


CASE = [
    "case: 1",
    "id: drawn",
    "title: {zh: 抽样, en: drawn}",
    'ruleset: "workload@1"',
    "role: self",
    "subject: {name: {zh: 抽样, en: drawn}, illustrative: true}",
    'period: {from: "2024-01-01", to: "2024-12-31"}',
    "inputs:",
]


class Values(Contestant):
    """The staged function: all names with their values."""

    def __init__(self, program: Program) -> None:
        self.given, self.computed, self.staged = program.given, program.computed, program.values

    def prepare(self, case: Mapping[str, str]) -> list[Any]:
        known = CONTEXT | {name: Decimal(text) for name, text in case.items()}
        return [known[name] for name in self.given]

    def run(self, prepared: list[Any]) -> dict[str, Any]:
        with arithmetic():
            return dict(zip(self.computed, self.staged(prepared), strict=True))


class Records(Values):
    """The same with a frozen record for every node: its value and the values that it used."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.staged = program.records

    def run(self, prepared: list[Any]) -> Any:
        with arithmetic():
            return self.staged(prepared)

    def values(self, result: Any) -> dict[str, Any]:
        return {record.node: record.value for record in result}


class FromFile(Contestant):
    """From a case file to the text of its assessment: read, check, evaluate, describe every node."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.folder, self.count = plan, folder, 0

    def prepare(self, case: Mapping[str, str]) -> Any:
        return self._file(case)

    def _file(self, case: Mapping[str, str]) -> Path:
        self.count += 1
        path = self.folder / f"case_{self.count}.yaml"
        lines = [*CASE, *(f"  {name}: {Decimal(text).normalize():f}" for name, text in case.items())]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def run(self, prepared: Any) -> str:
        return as_text(api.evaluate(self.plan, prepared).data)

    def values(self, result: str) -> dict[str, str]:
        return {name: node["value"] for name, node in json.loads(result)["nodes"].items()}


class FromCase(FromFile):
    """The same from a case that was read and checked before."""

    def prepare(self, case: Mapping[str, str]) -> Any:
        found = Found()
        header = read_header(self._file(case), found)
        assert header is not None, found.findings
        return check_case(header, self.plan, found)

    def run(self, prepared: Any) -> str:
        return as_text(describe(evaluate(self.plan, prepared)))


def guiju_runner(folder: Path) -> dict[str, Contestant]:
    """The ruleset in `folder`, loaded, checked, planned and staged."""
    plan = api.prepare(api.load(folder))
    return {
        "guiju, all values": Values(plan.program),
        "guiju, a record for every node": Records(plan.program),
        "guiju, whole assessment as JSON from a checked case": FromCase(plan, folder.parent),
        "guiju, whole assessment as JSON from a case file": FromFile(plan, folder.parent),
    }
