"""The baseline: simpleeval at its best on the same 150 formulas.

Formulas are parsed once, constants are Decimals of their written text, operators come from `operator`, tables
are prepared, and a choice is Python's own conditional, which evaluates one branch only (a function `where`
would evaluate both). All values are kept, as the other contestants do.

simpleeval searches every intermediate value for forbidden things unless it knows the type as plain. Decimal
it does not know. `Baseline` is simpleeval as it is; `Unguarded` leaves that search out, which nearly halves
its time but overrides a private method, and a guard.
"""

from __future__ import annotations

import ast
import decimal
import operator
from bisect import bisect_right
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from simpleeval import SimpleEval

from peer import Contestant
from rules import Table, Workload

CONTEXT = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN)
OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
}


class _Prepare(ast.NodeTransformer):
    """Exact constants, and where(c, a, b) as a conditional."""

    def __init__(self, text: str) -> None:
        self.text = text

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, int | float):
            exact: Any = Decimal(str(ast.get_source_segment(self.text, node)))
            return ast.copy_location(ast.Constant(exact), node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "where":
            return ast.copy_location(ast.IfExp(*node.args), node)
        return node


def table_functions(tables: Mapping[str, Table]) -> dict[str, Callable[..., Decimal]]:
    prepared = {}
    for name, table in tables.items():
        xs, ys = [Decimal(x) for x in table.x], [Decimal(y) for y in table.y]
        widths = [b - a for a, b in pairwise(xs)]
        rises = [b - a for a, b in pairwise(ys)]
        prepared[name] = (xs, ys, widths, rises)

    def interp(x: Decimal, name: str) -> Decimal:
        xs, ys, widths, rises = prepared[name]
        if x <= xs[0]:
            return ys[0]
        if x >= xs[-1]:
            return ys[-1]
        at = bisect_right(xs, x) - 1
        return ys[at] + rises[at] * (x - xs[at]) / widths[at]

    def step(x: Decimal, name: str) -> Decimal:
        xs, ys, _, _ = prepared[name]
        return ys[max(bisect_right(xs, x) - 1, 0)]

    return {"interp": interp, "step": step}


class Baseline(Contestant):
    walker: type[SimpleEval] = SimpleEval

    def __init__(self, workload: Workload) -> None:
        cents = Decimal("0.01")
        functions = {
            "min": min,
            "max": max,
            "rhe": lambda x, _: x.quantize(cents),
            **table_functions(workload.tables),
        }
        self.evaluator = self.walker(operators=OPERATORS, functions=functions, names={})
        self.params = {name: Decimal(entry.value) for name, entry in workload.params.items()}
        self.formulas = [(f.name, f.expr, self._parsed(f.expr)) for f in workload.formulas]

    @staticmethod
    def _parsed(text: str) -> ast.expr:
        tree: ast.expr = _Prepare(text).visit(ast.parse(text, mode="eval").body)
        return ast.fix_missing_locations(tree)

    def prepare(self, case: Mapping[str, str]) -> dict[str, Decimal]:
        return {name: Decimal(text) for name, text in case.items()}

    def run(self, inputs: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """All names with their values: inputs, parameters and the 150 results."""
        evaluator = self.evaluator
        names = evaluator.names = {**self.params, **inputs}
        with decimal.localcontext(CONTEXT):
            for name, text, tree in self.formulas:
                names[name] = evaluator.eval(text, previously_parsed=tree)
        return names


class _NoSearch(SimpleEval):  # type: ignore[misc]
    def _check_disallowed_items(self, item: object) -> None:
        pass


class Unguarded(Baseline):
    walker = _NoSearch
