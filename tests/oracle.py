"""The judge of the formula language: fractions, no line of the engine's. Missing is None, logic three-valued.
Names map to numbers, text, true/false, None, a collection to its rows (for `per` it, add the row's columns).
Left out: ln, exp, root (not rational), dates, lookup, convert, library functions (more than a formula)."""

import ast
import operator as op
from fractions import Fraction
from typing import Any

SIGNS: dict[type, Any] = {
    ast.Add: op.add, ast.Sub: op.sub, ast.Mult: op.mul, ast.Div: lambda a, b: None if b == 0 else a / b,
    ast.Lt: op.lt, ast.LtE: op.le, ast.Gt: op.gt, ast.GtE: op.ge, ast.Eq: op.eq, ast.NotEq: op.ne,
    ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b, ast.USub: op.neg, ast.Not: op.not_,
}  # fmt: skip
FUNCTIONS: dict[str, Any] = {
    "min": lambda *v: min(v, default=None), "max": lambda *v: max(v, default=None), "abs": abs,
    "sum": lambda *v: sum(v), "count": lambda *v: len(v), "count_if": lambda *v: sum(v),
    "floor": lambda x: x // 1, "ceil": lambda x: -(-x // 1), "round": lambda x, n=0: round(x, int(n)),
    "power": lambda x, n: None if x == 0 >= n else x ** int(n),
}  # fmt: skip


def travel(function: Any, *values: Any) -> Any:
    result = None if any(v is None for v in values) else function(*values)
    return result if result is None or isinstance(result, bool | str | list) else Fraction(result)


def settle(values: Any, stop: bool) -> Any:
    return stop if stop in (seen := list(values)) else None if None in seen else not stop


def evaluate(text: str, names: dict[str, Any]) -> Any:
    def go(n: Any) -> Any:
        if isinstance(n, ast.Constant):
            return n.value if isinstance(n.value, str) else Fraction(str(ast.get_source_segment(flat, n)))
        if isinstance(n, ast.Name | ast.Attribute):
            return travel(lambda v: v, {"true": True, "false": False, **names}[ast.unparse(n)])
        if isinstance(n, ast.BoolOp):
            return settle(map(go, n.values), isinstance(n.op, ast.Or))
        if isinstance(n, ast.Compare):
            steps = zip(n.ops, [n.left, *n.comparators], n.comparators, strict=False)
            return settle((travel(SIGNS[type(sign)], go(a), go(b)) for sign, a, b in steps), False)
        if isinstance(n, ast.Call):
            return call(ast.unparse(n.func), n.args)
        values = [go(part) for part in ast.iter_child_nodes(n) if isinstance(part, ast.expr)]
        return values if isinstance(n, ast.Tuple) else travel(SIGNS[type(n.op)], *values)

    def call(name: str, args: list[Any]) -> Any:
        if name == "where":
            return travel(lambda yes: go(args[1] if yes else args[2]), go(args[0]))
        if name in ("coalesce", "known"):
            first = next((v for v in map(go, args) if v is not None), None)
            return first if name == "coalesce" else first is not None
        if name in ("sum_where", "count_where"):
            column, by = (ast.unparse(part).rpartition(".")[2] for part in (args[0], args[-2]))
            held = names[ast.unparse(args[0]).partition(".")[0]]
            if (key := go(args[-1])) is None or any(r[by] is None for r in held):
                return None
            cells = [1 if name == "count_where" else r[column] for r in held if r[by] == key]
            return travel(lambda *v: sum(v), *cells)
        rows, _, column = ast.unparse(args[0]).partition(".")
        fold = isinstance(names.get(rows), list)
        v: Any = [travel(lambda x: x, {"": 1, **r}[column]) for r in names[rows]] if fold else map(go, args)
        return settle(v, name == "any") if name in ("any", "all") else travel(FUNCTIONS[name], *v)

    flat = " ".join(text.split())
    return go(ast.parse(flat, mode="eval").body)
