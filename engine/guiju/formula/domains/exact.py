"""Exact domain: a value is a Decimal, text, truth or date, or NotComputed. The judge of every other domain, in tests."""

from __future__ import annotations

import ast
import decimal
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from guiju.formula import core
from guiju.formula.core import Column, Value
from guiju.formula.evaluator import Walker
from guiju.formula.missing import NotComputed
from guiju.formula.tables import Lookup, look_up

Later = Callable[[], Value]


class Exact:
    """Evaluates one formula over known names. `factor` gives the exact factor between two unit texts."""

    def __init__(
        self,
        names: Mapping[str, Value],
        columns: Mapping[str, Column],
        tables: Mapping[str, Lookup],
        factor: Callable[[str, str], Fraction],
        origin: str,
    ) -> None:
        self.names, self.columns, self.tables, self.factor, self.origin = names, columns, tables, factor, origin

    def constant(self, value: Decimal | str | bool, at: ast.AST) -> Value:
        return value

    def name(self, name: str, at: ast.AST) -> Value:
        return self.names[name]

    def operate(self, sign: str, left: Value, right: Value, at: ast.AST) -> Value:
        if sign == "+":
            return left + right
        if sign == "-":
            return left - right
        return left * right if sign == "*" else core.divide(left, right, self.origin)

    def negate(self, value: Value, at: ast.AST) -> Value:
        return -value

    def compare(self, sign: str, left: Value, right: Value, at: ast.AST) -> Value:
        if sign == "==":
            return core.equal(left, right)
        if sign == "!=":
            return self.opposite(core.equal(left, right), at)
        if isinstance(right, NotComputed) and not isinstance(left, NotComputed):
            return right
        if sign == "<":
            return left < right
        if sign == "<=":
            return left <= right
        return left > right if sign == ">" else left >= right

    def member(self, value: Value, among: Sequence[Value], at: ast.AST) -> Value:
        return core.member(value, among)

    def choose(self, condition: Value, then: Later, other: Later, at: ast.AST) -> Value:
        return condition if isinstance(condition, NotComputed) else then() if condition else other()

    def both(self, left: Value, right: Later, at: ast.AST) -> Value:
        if left is False:
            return False
        second = right()
        return second if second is False or left is True else left

    def either(self, left: Value, right: Later, at: ast.AST) -> Value:
        if left is True:
            return True
        second = right()
        return second if second is True or left is False else left

    def opposite(self, value: Value, at: ast.AST) -> Value:
        return value if isinstance(value, NotComputed) else not value

    def coalesce(self, first: Value, other: Later, at: ast.AST) -> Value:
        return other() if isinstance(first, NotComputed) else first

    def call(self, name: str, values: Sequence[Value], literals: Sequence[Decimal | str], at: ast.AST) -> Value:
        if name in ("min", "max"):
            best = values[0]
            for value in values[1:]:
                better = self.compare(">" if name == "min" else "<", best, value, at)
                best = better if isinstance(better, NotComputed) else value if better else best
            return best
        if name == "require":
            return core.required(values[0], values[1], self.origin)
        if name == "known":
            return core.known(values[0])
        if name == "convert":
            return core.converted(values[0], self.factor(str(literals[0]), str(literals[1])))
        return core.FUNCTIONS[name](self.origin, *values, *literals)

    def fold(self, name: str, column: str, at: ast.AST) -> Value:
        return core.fold(name, self.columns[column], self.origin)

    def grouped(self, name: str, columns: Sequence[str], key: Value, at: ast.AST) -> Value:
        return core.grouped(core.groups([self.columns[column] for column in columns]), key)

    def lookup(self, column: str, keys: Sequence[Value], at: ast.AST) -> Value:
        table, _, cell = column.partition(".")
        return look_up(self.tables[table], cell, keys, self.origin)


def value(tree: ast.expr, domain: Exact, walker: Walker) -> Value:
    """One formula in the exact domain; a result beyond the range of numbers makes the whole formula missing."""
    try:
        return walker.walk(tree, domain)
    except decimal.Overflow:
        return NotComputed("too-large", domain.origin)
