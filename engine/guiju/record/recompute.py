"""Compute every value of this package again, with nothing but Python (3.10 or newer), and compare with assessment.json.

    python recompute.py              in the unpacked folder
    python recompute.py PACKAGE.zip  without unpacking it

It shares no code with the program that made the package. It reads plan.json (formulas, parameters, tables), given.json (the
values handed in) and assessment.json, and checks the hashes of manifest.json. It does not read the ruleset's YAML.
重新计算本评价包中的每一个数，并与 assessment.json 比较；只用 Python 标准库，与生成它的程序没有共用代码。
"""

from __future__ import annotations

import ast
import calendar
import decimal
import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

TRAPS = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow, decimal.FloatOperation]
HALF_EVEN, HALF = decimal.ROUND_HALF_EVEN, Fraction(1, 2)
NUMBERS = decimal.Context(prec=34, rounding=HALF_EVEN, Emin=-6143, Emax=6144, traps=TRAPS)
GUARD = decimal.Context(prec=44, rounding=HALF_EVEN, Emin=-6200, Emax=6200, traps=TRAPS)
THIRTY = decimal.Context(prec=30, rounding=HALF_EVEN, Emin=-6143, Emax=6144, traps=TRAPS)
AWAY, UP, DOWN = decimal.ROUND_HALF_UP, decimal.ROUND_UP, decimal.ROUND_DOWN
MODES = {"half_even": HALF_EVEN, "half_away": AWAY, "up": UP, "down": DOWN}
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "Lt": lambda a, b: a < b, "LtE": lambda a, b: a <= b, "Gt": lambda a, b: a > b, "GtE": lambda a, b: a >= b,
    "Eq": lambda a, b: a == b, "NotEq": lambda a, b: a != b,
}  # fmt: skip


def typed(value: Any) -> Any:
    """A value of the files → text, truth, Decimal, date, or None where it is missing."""
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, dict):
        return Decimal(value["number"]) if "number" in value else date.fromisoformat(value["date"])
    return value


def plain(value: Any) -> Any:
    """A value as assessment.json writes it: numbers as text without exponent and trailing zeros."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, Decimal):
        return value.isoformat() if isinstance(value, date) else value
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def rounded(value: Decimal, kind: str, amount: Decimal, mode: str) -> Decimal:
    """GB/T 8170, once; taken to 30 digits first, so that a sum of thirds that is a tie is rounded as a tie."""
    value = THIRTY.plus(value)
    if kind != "interval":
        places = -int(amount) if kind == "digits" else value.adjusted() + 1 - int(amount)
        zero = kind == "significant" and value == 0
        return Decimal(0) if zero else value.quantize(Decimal(1).scaleb(places), MODES[mode], NUMBERS)
    whole, rest = divmod(abs(Fraction(value) / Fraction(amount)), 1)
    tie = rest == HALF and (mode == "half_away" or (mode == "half_even" and whole % 2 == 1))
    if (mode == "up" and rest) or (mode.startswith("half") and (rest > HALF or tie)):
        whole += 1
    return NUMBERS.multiply(Decimal(int(whole if value >= 0 else -whole)), amount)


def root(value: Decimal, degree: Decimal) -> Decimal | None:
    if value <= 0 or degree == 2:
        return None if value < 0 else NUMBERS.sqrt(value) if value else Decimal(0)
    close = NUMBERS.plus(GUARD.exp(GUARD.divide(GUARD.ln(value), degree)))
    short = close.quantize(Decimal(1).scaleb(close.adjusted() - 28), context=GUARD).normalize(GUARD)
    return short if Fraction(short) ** int(degree) == Fraction(value) else close


def months_after(day: date, months: Decimal) -> date | None:
    year, month = divmod(day.year * 12 + day.month - 1 + int(months), 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "floor": lambda x: x.to_integral_value(decimal.ROUND_FLOOR),
    "ceil": lambda x: x.to_integral_value(decimal.ROUND_CEILING),
    "round": lambda x, digits=Decimal(0): rounded(x, "digits", digits, "half_even"),
    "ln": lambda x: NUMBERS.plus(GUARD.ln(x)) if x > 0 else None,
    "exp": lambda x: NUMBERS.plus(GUARD.exp(x)),
    "power": lambda x, y: None if x == 0 and y <= 0 else NUMBERS.plus(GUARD.power(x, y)),
    "root": root,
    "require": lambda condition, value: value if condition else None,
    "year": lambda day: Decimal(day.year),
    "days_between": lambda first, last: Decimal((last - first).days),
    "months_after": months_after,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
}


def fold(name: str, column: Any) -> Any:
    """All rows of a column to one value."""
    if column is None or name == "count":
        return None if column is None else Decimal(len(column))
    if name in ("any", "all"):
        decider = name == "any"
        return decider if any(cell is decider for cell in column) else None if None in column else not decider
    if None in column or (name in ("min", "max") and not column):
        return None
    if name == "count_if":
        return Decimal(sum(1 for cell in column if cell))
    return sum(column, Decimal(0)) if name == "sum" else min(column) if name == "min" else max(column)


def called(node: Any) -> str:
    return str(node.id) if isinstance(node, ast.Name) else f"{node.value.id}.{node.attr}"


class Formula:
    """One formula. A missing value is None and travels; a branch that is not chosen is not looked at."""

    def __init__(self, text: str, plan: Any, values: dict[str, Any], local: dict[str, Any]) -> None:
        self.raw, self.plan, self.values, self.local = text.encode(), plan, values, local
        self.tree = ast.parse(text, mode="eval").body

    def value(self, node: Any) -> Any:
        return getattr(self, f"on_{type(node).__name__.lower()}")(node)

    def on_constant(self, node: Any) -> Any:
        written = self.raw[node.col_offset : node.end_col_offset].decode()
        return node.value if isinstance(node.value, str) else Decimal(written)

    def on_name(self, node: Any) -> Any:
        name = called(node)
        if name in ("true", "false"):
            return name == "true"
        return self.local[name] if name in self.local else self.values[name]

    on_attribute = on_name

    def on_unaryop(self, node: Any) -> Any:
        value = self.value(node.operand)
        return None if value is None else not value if isinstance(node.op, ast.Not) else -value

    def on_binop(self, node: Any) -> Any:
        left, right, sign = self.value(node.left), self.value(node.right), type(node.op).__name__
        if left is None or right is None or (sign == "Div" and right == 0):
            return None
        if sign == "Div":
            return left / right
        return left + right if sign == "Add" else left - right if sign == "Sub" else left * right

    def on_boolop(self, node: Any) -> Any:
        decider = isinstance(node.op, ast.Or)
        value = self.value(node.values[0])
        for operand in node.values[1:]:
            if value is decider:
                return value
            other = self.value(operand)
            value = other if other is decider or value is not None else None
        return value

    def on_compare(self, node: Any) -> Any:
        sign, left, right = type(node.ops[0]).__name__, self.value(node.left), node.comparators[0]
        if sign in ("In", "NotIn"):
            return None if left is None else (left in [self.value(each) for each in right.elts]) == (sign == "In")
        other = self.value(right)
        return None if left is None or other is None else COMPARISONS[sign](left, other)

    def on_call(self, node: Any) -> Any:
        name, args = node.func.id, node.args
        column = name in ("min", "max") and len(args) == 1 and isinstance(args[0], ast.Attribute)
        if column or name in ("sum", "count", "any", "all", "count_if"):
            return fold(name, self.values[called(args[0])])
        if name in ("sum_where", "count_where"):
            return self.grouped([self.values[called(each)] for each in args[:-1]], self.value(args[-1]))
        if name == "lookup":
            return self.lookup(*called(args[0]).split("."), keys=[self.value(key) for key in args[1:]])
        if name == "where":
            condition = self.value(args[0])
            return None if condition is None else self.value(args[1] if condition else args[2])
        if name == "coalesce":
            return next((value for value in map(self.value, args) if value is not None), None)
        if name == "convert":
            return self.converted(self.value(args[0]), f"{args[1].value} > {args[2].value}")
        values = [self.value(each) for each in args]
        if name == "known":
            return values[0] is not None
        own = self.plan["functions"].get(name)
        if own is not None:
            inner = Formula(own["formula"], self.plan, {}, dict(zip(own["parameters"], values, strict=True)))
            return inner.value(inner.tree)
        try:
            return None if None in values else FUNCTIONS[name](*values)
        except decimal.DecimalException:
            return None  # outside what the function is defined for

    def converted(self, value: Any, units: str) -> Any:
        above, below = map(Decimal, self.plan["factors"][units])
        value = value if value is None or above == 1 else value * above
        return value if value is None or below == 1 else value / below

    def grouped(self, columns: list[Any], key: Any) -> Any:
        """sum_where(values, keys, key), count_where(keys, key): a key that is missing might be any."""
        if key is None or None in columns or None in columns[-1]:
            return None
        rows = [row for row, each in enumerate(columns[-1]) if each == key]
        return Decimal(len(rows)) if len(columns) == 1 else fold("sum", [columns[0][row] for row in rows])

    def lookup(self, table: str, column: str, keys: list[Any]) -> Any:
        """The row whose keys are these; of a graded last key the nearest edge below (floor) or above (ceiling)."""
        spec = self.plan["tables"][table]
        rows = [] if None in keys else [(typed(row["keys"]), row["cells"]) for row in spec["rows"]]
        rows = [row for row in rows if row[0][:-1] == keys[:-1]]
        sign = {"floor": "LtE", "ceiling": "GtE", "exact": "Eq"}[spec["match"]]
        rows = [row for row in rows if COMPARISONS[sign](row[0][-1], keys[-1])]
        if not rows:
            return None
        found, cells = sorted(rows, key=lambda row: row[0][-1])[0 if sign == "GtE" else -1]
        return found[spec["keys"].index(column)] if column in spec["keys"] else typed(cells[column])


def one(item: Any, plan: Any, values: dict[str, Any], local: dict[str, Any]) -> Any:
    """The value of one formula, rounded where the plan says so; beyond the range of numbers it is missing."""
    try:
        formula = Formula(item["formula"], plan, values, local)
        value, rule = formula.value(formula.tree), item.get("round")
        return value if value is None or rule is None else rounded(value, rule["kind"], Decimal(rule["amount"]), rule["mode"])
    except (decimal.Overflow, decimal.InvalidOperation):
        return None


def compute(plan: Any, given: Any) -> dict[str, Any]:
    """All values, in the order of computing; a formula that runs once a row gives a list."""
    values = {name: typed(value) for name, value in [*given.items(), *plan["parameters"].items()]}
    for item in plan["formulas"]:
        if "per" not in item:
            values[item["id"]] = one(item, plan, values, {})
        elif values[item["per"]] is None:
            values[item["id"]] = None
        else:
            rows = [{name: values[column][row] for name, column in item["names"].items()} for row in range(len(values[item["per"]]))]
            values[item["id"]] = [one(item, plan, values, row) for row in rows]
    return values


def wanted(assessment: Any) -> Iterator[tuple[str, str, Any]]:
    """(where it stands, name of the value, value) of everything that assessment.json says."""
    for name, node in assessment["nodes"].items():
        yield f"nodes.{name}", name, [row["value"] for row in node["rows"]] if "rows" in node else node["value"]
        for used, value in node.get("uses", {}).items():
            if used in assessment["nodes"]:
                yield f"nodes.{name}.uses", used, value
    for entry in assessment["indicators"]:
        for part in ("weight", "value", "score", "contribution"):
            if entry[part] is not None:
                yield f"indicators.{entry['id']}", f"{entry['id']}.{part}", entry[part]
    if assessment["grade"] is not None:
        yield "grade", "grade.result", assessment["grade"]["result"]


def main() -> int:
    place = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)
    archive = None if place.is_dir() else zipfile.ZipFile(place)

    def read(name: str) -> bytes:
        return (place / name).read_bytes() if archive is None else archive.read(name)

    for name, entry in json.loads(read("manifest.json"))["entries"].items():
        if hashlib.sha256(read(name)).hexdigest() != entry["sha256"]:
            print(f"DIFFERENT: the hash of {name} is not that of manifest.json")
            return 1
    plan, given, assessment = (json.loads(read(f"{name}.json")) for name in ("plan", "given", "assessment"))
    sys.setrecursionlimit(50_000)
    with decimal.localcontext(NUMBERS):
        values, count = compute(plan, given), 0
    for place_, name, value in wanted(assessment):
        if plain(values[name]) != value:
            print(f"DIFFERENT: {place_}: {name} is {value!r} in assessment.json, computed again {plain(values[name])!r}")
            return 1
        count += 1
    print(f"the same: {count} values of {len(plan['formulas'])} formulas, and all hashes · 一致：{count} 个数，全部哈希")
    return 0


if __name__ == "__main__":
    sys.exit(main())
