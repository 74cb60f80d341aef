"""OpenFisca on the workload, as it ships (float32): one simulation per case, all 150 variables asked for.

Needs openfisca-core. One variable per input and per formula; parameters are written into the formulas.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import numpy
from openfisca_core.entities import Entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from peer import Contestant, Job, Printer, serve

YEAR = "2024"


class NumpyPrinter(Printer):
    def __init__(self, job: Job) -> None:
        self.job = job

    def visit_Name(self, node: ast.Name) -> str:
        return self.job.params.get(node.id) or f"mine('{node.id}', period)"

    def visit_BoolOp(self, node: ast.BoolOp) -> str:
        return "(" + " & ".join(str(self.visit(value)) for value in node.values) + ")"

    def call_min(self, a: str, b: str) -> str:
        return f"numpy.minimum({a}, {b})"

    def call_max(self, a: str, b: str) -> str:
        return f"numpy.maximum({a}, {b})"

    def call_where(self, condition: str, then: str, other: str) -> str:
        return f"numpy.where({condition}, {then}, {other})"

    def call_rhe(self, value: str, digits: str) -> str:
        return f"numpy.round({value}, {digits})"

    def call_interp(self, x: str, table: str) -> str:
        return f"numpy.interp({x}, x_{table}, y_{table})"

    def call_step(self, x: str, table: str) -> str:
        return f"y_{table}[numpy.maximum(numpy.searchsorted(x_{table}, {x}, side='right') - 1, 0)]"


def system(job: Job) -> TaxBenefitSystem:
    entity = Entity("mine", "mines", "a mine", "")
    rules = TaxBenefitSystem([entity])
    space: dict[str, Any] = {"numpy": numpy}
    for name, table in job.tables.items():
        space[f"x_{name}"] = numpy.array([float(x) for x in table["x"]])
        space[f"y_{name}"] = numpy.array([float(y) for y in table["y"]])
    common = {"value_type": float, "entity": entity, "definition_period": DateUnit.YEAR, "label": ""}
    for name in job.inputs:
        rules.add_variable(type(name, (Variable,), dict(common)))
    printer = NumpyPrinter(job)
    for name, text in job.formulas:
        exec(f"def formula(mine, period): return {printer.text(text)}", space)
        rules.add_variable(type(name, (Variable,), {**common, "formula": space["formula"]}))
    return rules


class OpenFisca(Contestant):
    def __init__(self, job: Job) -> None:
        self.rules = system(job)
        self.names = [name for name, _ in job.formulas]

    def prepare(self, case: Mapping[str, str]) -> dict[str, Any]:
        return {name: numpy.array([float(text)]) for name, text in case.items()}

    def run(self, prepared: dict[str, Any]) -> Mapping[str, Any]:
        simulation = SimulationBuilder().build_default_simulation(self.rules, 1)
        for name, value in prepared.items():
            simulation.set_input(name, YEAR, value)
        return {name: simulation.calculate(name, YEAR)[0] for name in self.names}


def setup(job: Job) -> dict[str, OpenFisca]:
    return {"OpenFisca": OpenFisca(job)}


if __name__ == "__main__":
    serve(setup, f"openfisca-core {version('openfisca-core')}")
