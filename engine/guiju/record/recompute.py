"""Compute every value of this package again, with nothing but Python (3.10 or newer), and compare with assessment.json:
`python recompute.py` in the unpacked folder, or `python recompute.py PACKAGE.zip`. It shares no code with the program that
made the package, and reads plan.json, given.json (the values handed in), assessment.json and the hashes of manifest.json.
重新计算本评价包中的每一个数，并与 assessment.json 比较；只用 Python 标准库，与生成它的程序没有共用代码。
"""

from __future__ import annotations

import ast
import decimal
import hashlib
import json
import operator
import sys
import zipfile
from collections import ChainMap
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

TRAPS = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow, decimal.FloatOperation]
NUMBERS = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=TRAPS)
GUARD = decimal.Context(prec=44, rounding=decimal.ROUND_HALF_EVEN, Emin=-6200, Emax=6200, traps=TRAPS)
THIRTY = decimal.Context(prec=30, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=TRAPS)
MODES = {"half_even": "ROUND_HALF_EVEN", "half_away": "ROUND_HALF_UP", "up": "ROUND_UP", "down": "ROUND_DOWN"}
OPERATORS: dict[str, Any] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv, "Lt": operator.lt,
    "LtE": operator.le, "Gt": operator.gt, "GtE": operator.ge, "Eq": operator.eq, "NotEq": operator.ne,
}  # fmt: skip
ZERO, ONE = Decimal(0), Decimal(1)


def typed(value: Any) -> Any:
    """A value of the files → text, truth, Decimal, date, or None where it is missing."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, dict):
        return Decimal(value["number"]) if "number" in value else date.fromisoformat(value["date"])
    return value


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, Decimal):
        return value.isoformat() if isinstance(value, date) else value
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def rounded(value: Decimal, kind: str, amount: Any, mode: str) -> Decimal:
    """GB/T 8170, once; taken to 30 digits first, so that a sum of thirds that is a tie is rounded as a tie."""
    value, amount = THIRTY.plus(value), Decimal(amount)
    if kind == "significant" and value == 0:
        return ZERO
    if kind != "interval":
        places = -int(amount) if kind == "digits" else value.adjusted() + 1 - int(amount)
        return value.quantize(ONE.scaleb(places), MODES[mode], NUMBERS)
    whole, rest = divmod(abs(Fraction(value) / Fraction(amount)), 1)
    tie = rest * 2 == 1 and (mode == "half_away" or (mode == "half_even" and whole % 2 == 1))
    if (mode == "up" and rest) or (mode.startswith("half") and (rest * 2 > 1 or tie)):
        whole += 1
    return NUMBERS.multiply(Decimal(int(whole if value >= 0 else -whole)), amount)


def root(value: Decimal, degree: Decimal) -> Decimal | None:
    if value <= 0 or degree == 2:
        return None if value < 0 else NUMBERS.sqrt(value) if value else ZERO
    close = NUMBERS.plus(GUARD.exp(GUARD.divide(GUARD.ln(value), degree)))
    short = close.quantize(ONE.scaleb(close.adjusted() - 28), context=GUARD).normalize(GUARD)
    return short if Fraction(short) ** int(degree) == Fraction(value) else close


def months_after(day: date, months: Decimal) -> date | None:
    year, month = divmod(day.year * 12 + day.month - 1 + int(months), 12)
    last = 31 if month == 11 or not 1 <= year <= 9999 else (date(year, month + 2, 1) - timedelta(1)).day
    return date(year, month + 1, min(day.day, last)) if 1 <= year <= 9999 else None


FUNCTIONS: dict[str, Any] = {
    "abs": abs, "root": root, "months_after": months_after, "min": lambda *each: min(each), "max": lambda *each: max(each),
    "floor": lambda x: x.to_integral_value(decimal.ROUND_FLOOR), "ceil": lambda x: x.to_integral_value(decimal.ROUND_CEILING),
    "round": lambda x, digits=ZERO: rounded(x, "digits", digits, "half_even"),
    "ln": lambda x: NUMBERS.plus(GUARD.ln(x)) if x > 0 else None, "exp": lambda x: NUMBERS.plus(GUARD.exp(x)),
    "power": lambda x, y: None if x == 0 and y <= 0 else NUMBERS.plus(GUARD.power(x, y)),
    "require": lambda condition, value: value if condition else None, "sum": lambda *each: sum(each, ZERO),
    "count_if": lambda *each: Decimal(sum(1 for truth in each if truth)), "known": lambda value: value is not None,
    "year": lambda day: Decimal(day.year), "days_between": lambda first, last: Decimal((last - first).days),
}  # fmt: skip


def fold(name: str, column: Any) -> Any:
    if column is None or name == "count":
        return None if column is None else Decimal(len(column))
    if name in ("any", "all"):
        decider = name == "any"
        return decider if any(cell is decider for cell in column) else None if None in column else not decider
    if None in column or (name in ("min", "max") and not column):
        return None
    return FUNCTIONS[name](*column)


class Formula:
    """One formula. A missing value is None and travels; a branch that is not chosen is not looked at."""

    def __init__(self, text: str, plan: Any, values: Any, local: dict[str, Any]) -> None:
        self.raw, self.plan, self.values = text.encode(), plan, ChainMap(local, values)

    def result(self) -> Any:
        return self.value(ast.parse(self.raw, mode="eval").body)

    def value(self, node: Any) -> Any:
        return getattr(self, f"on_{type(node).__name__.lower()}".replace("attribute", "name"))(node)

    def on_constant(self, node: Any) -> Any:
        return (
            node.value
            if isinstance(node.value, str)
            else Decimal(self.raw[node.col_offset : node.end_col_offset].decode())
        )

    def on_name(self, node: Any) -> Any:
        return self.values[ast.unparse(node)]

    def on_unaryop(self, node: Any) -> Any:
        value = self.value(node.operand)
        return None if value is None else not value if isinstance(node.op, ast.Not) else -value

    def on_binop(self, node: Any) -> Any:
        left, right, sign = self.value(node.left), self.value(node.right), type(node.op).__name__
        if left is None or right is None or (sign == "Div" and right == 0):
            return None
        return OPERATORS[sign](left, right)

    def on_boolop(self, node: Any) -> Any:
        decider, value = isinstance(node.op, ast.Or), self.value(node.values[0])
        for operand in node.values[1:]:
            other = decider if value is decider else self.value(operand)
            value = other if other is decider or value is not None else None
        return value

    def on_compare(self, node: Any) -> Any:
        sign, left, right = type(node.ops[0]).__name__, self.value(node.left), node.comparators[0]
        if sign in ("In", "NotIn"):
            return None if left is None else (left in [self.value(each) for each in right.elts]) == (sign == "In")
        other = self.value(right)
        return None if left is None or other is None else OPERATORS[sign](left, other)

    def on_call(self, node: Any) -> Any:
        name, args = node.func.id, node.args
        column = name in ("min", "max") and len(args) == 1 and isinstance(args[0], ast.Attribute)
        if column or name in ("sum", "count", "any", "all", "count_if"):
            return fold(name, self.values[ast.unparse(args[0])])
        if name in ("sum_where", "count_where"):
            *columns, keys = [self.values[ast.unparse(each)] for each in args[:-1]]
            key = self.value(args[-1])
            if key is None or keys is None or None in keys or None in columns:
                return None  # a key that is missing might be any
            rows = [row for row, each in enumerate(keys) if each == key]
            return fold("sum", [columns[0][row] for row in rows]) if columns else Decimal(len(rows))
        if name == "lookup":
            return self.lookup(ast.unparse(args[0]), [self.value(key) for key in args[1:]])
        if name == "where":
            condition = self.value(args[0])
            return None if condition is None else self.value(args[1] if condition else args[2])
        if name == "coalesce":
            return next((value for value in map(self.value, args) if value is not None), None)
        if name == "convert":
            above, below = map(Decimal, self.plan["factors"][f"{args[1].value} > {args[2].value}"])
            value = self.value(args[0])
            value = value if value is None or above == 1 else value * above
            return value if value is None or below == 1 else value / below
        values = [self.value(each) for each in args]
        own = self.plan["functions"].get(name)
        if own is not None:
            return Formula(own["formula"], self.plan, {}, dict(zip(own["parameters"], values, strict=True))).result()
        try:
            return None if None in values and name != "known" else FUNCTIONS[name](*values)
        except decimal.DecimalException:
            return None  # outside what the function is defined for

    def lookup(self, cell: str, keys: list[Any]) -> Any:
        table, column = cell.split(".")
        spec = self.plan["tables"][table]
        sign = OPERATORS[{"floor": "LtE", "ceiling": "GtE", "exact": "Eq"}[spec["match"]]]
        rows = [] if None in keys else [(typed(row["keys"]), row["cells"]) for row in spec["rows"]]
        rows = [row for row in rows if row[0][:-1] == keys[:-1] and sign(row[0][-1], keys[-1])]
        if not rows:
            return None
        found, cells = sorted(rows, key=lambda row: row[0][-1])[0 if spec["match"] == "ceiling" else -1]
        return found[spec["keys"].index(column)] if column in spec["keys"] else typed(cells[column])


def compute(plan: Any, given: Any) -> dict[str, Any]:
    """All values, in the order of computing; a formula that runs once a row gives a list."""
    values = {
        name: typed(value) for name, value in {**given, **plan["parameters"], "true": True, "false": False}.items()
    }

    def one(item: Any, row: int) -> Any:
        local = {name: values[column][row] for name, column in item.get("names", {}).items()}
        try:
            value, rule = Formula(item["formula"], plan, values, local).result(), item.get("round")
            return value if value is None or rule is None else rounded(value, **rule)
        except (decimal.Overflow, decimal.InvalidOperation):
            return None  # beyond the range of numbers

    for item in plan["formulas"]:
        rows = values[item["per"]] if "per" in item else None
        many = None if rows is None else [one(item, row) for row in range(len(rows))]
        values[item["id"]] = many if "per" in item else one(item, 0)
    return values


def wanted(assessment: Any) -> Iterator[tuple[str, str, Any]]:
    """(where it stands, name of the value, value) of everything that assessment.json says."""
    for name, node in assessment["nodes"].items():
        yield f"nodes.{name}", name, [row["value"] for row in node["rows"]] if "rows" in node else node["value"]
        uses = node.get("uses", {})
        yield from ((f"nodes.{name}.uses", used, uses[used]) for used in uses if used in assessment["nodes"])
    for entry in assessment["indicators"]:
        parts = [part for part in ("weight", "value", "score", "contribution") if entry[part] is not None]
        yield from ((f"indicators.{entry['id']}", f"{entry['id']}.{part}", entry[part]) for part in parts)
    if assessment["grade"] is not None:
        yield "grade", "grade.result", assessment["grade"]["result"]


def main(place: Path) -> str | None:
    read = place.joinpath if place.is_dir() else zipfile.Path(place).joinpath
    for name, entry in json.loads(read("manifest.json").read_bytes())["entries"].items():
        if hashlib.sha256(read(name).read_bytes()).hexdigest() != entry["sha256"]:
            return f"DIFFERENT · 不一致: the hash of {name} is not that of manifest.json"
    plan, given, said = (json.loads(read(f"{name}.json").read_bytes()) for name in ("plan", "given", "assessment"))
    sys.setrecursionlimit(50_000)
    with decimal.localcontext(NUMBERS):
        values = compute(plan, given)
    every = list(wanted(said))
    for where, name, value in every:
        if plain(values[name]) != value:
            return f"DIFFERENT · 不一致: {where}: {name} is {value!r} in assessment.json, recomputed {plain(values[name])!r}"
    sys.stdout.write(f"the same · 一致: {len(every)} values used · 所用数, {len(plan['formulas'])} formulas · 公式\n")
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
