"""Code domain: a value is a piece of source. The walker runs once and stages straight-line Python; that is the run.

A staged value is a slot or a constant, every compound operand is bound first, inside the branch that needs it, and no text
of a ruleset reaches the source: names become slots, constants and texts live in the namespace.
"""

from __future__ import annotations

import ast
import decimal
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guiju.formula import core
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import arithmetic
from guiju.formula.tables import look_up

Later = Callable[[], str]
_FOLD: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": lambda left, right: core.divide(left, right, ""),
    "min": min, "max": max,
}  # fmt: skip


# what staged source may call, besides its own constants
CALLS: dict[str, Any] = {
    "divide": core.divide, "equal": core.equal, "member": core.member, "rounded": core.rounded,
    "converted": core.converted, "required": core.required, "fold": core.fold, "look_up": look_up,
    "groups": core.groups, "grouped": core.grouped,
    "NotComputed": NotComputed, "Overflow": decimal.Overflow,
    **{f"f_{name}": function for name, function in core.FUNCTIONS.items()},
}  # fmt: skip


@dataclass
class Source:
    """The growing source: lines, how deep they stand, and the namespace of its constants."""

    lines: list[str] = field(default_factory=list)
    depth: int = 1
    count: int = 0
    namespace: dict[str, Any] = field(default_factory=dict)
    start: int = 0  # line at which the formula that is being staged begins
    _before: dict[str, str] = field(default_factory=dict)
    _constants: dict[tuple[type, Any], str] = field(default_factory=dict)

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def slot(self) -> str:
        self.count += 1
        return f"t{self.count}"

    def bind(self, expression: str) -> str:
        """A new slot holding the expression."""
        slot = self.slot()
        self.line(f"{slot} = {expression}")
        return slot

    def before(self, expression: str) -> str:
        """A slot bound before the formula that is being staged, once for all formulas: what is the same for every row."""
        if expression not in self._before:
            self._before[expression] = self.slot()
            self.lines.insert(self.start, f"    {self._before[expression]} = {expression}")
            self.start += 1
        return self._before[expression]

    def assign(self, target: str, value: str) -> None:
        """`target = value`; where the value was bound in the very last line, that line binds the target instead."""
        start = f"{'    ' * self.depth}{value} = "
        if value[0] == "t" and self.lines and self.lines[-1].startswith(start):
            self.lines[-1] = f"{'    ' * self.depth}{target} = {self.lines[-1][len(start) :]}"
        else:
            self.line(f"{target} = {value}")

    @contextmanager
    def guarded(self, slot: str, origin: str) -> Iterator[None]:
        """What is staged inside gives the slot; a result beyond the range of numbers makes it missing."""
        self.line("try:")
        self.depth += 1
        yield
        self.depth -= 1
        self.line(f'except Overflow: {slot} = NotComputed("too-large", {self.constant(origin)})')

    def folded(self, sign: str, left: str, right: str) -> str | None:
        """Two constants are combined when the plan is staged, by the same operation in the same context."""
        if left not in self.namespace or right not in self.namespace:
            return None
        with arithmetic():
            try:
                value = _FOLD[sign](self.namespace[left], self.namespace[right])
            except decimal.Overflow:
                return None  # said when the formula runs
        return self.constant(value) if isinstance(value, Decimal) else None

    def constant(self, value: Any) -> str:
        """The name of a constant; equal constants of one type share it."""
        key = (type(value), str(value) if isinstance(value, Decimal) else value)
        name = self._constants.get(key)
        if name is None:
            name = self._constants[key] = f"k{len(self._constants)}"
            self.namespace[name] = value
        return name


class Code:
    """Stages one formula. `names` and `columns` map what the formula calls things to slots."""

    def __init__(
        self,
        source: Source,
        names: Mapping[str, str],
        columns: Mapping[str, str],
        tables: Mapping[str, str],
        factor: Callable[[str, str], Fraction],
        origin: str,
    ) -> None:
        self.source, self.names, self.columns, self.tables, self.factor = source, names, columns, tables, factor
        self.origin = source.constant(origin)

    def constant(self, value: Decimal | str | bool, at: ast.AST) -> str:
        return str(value) if isinstance(value, bool) else self.source.constant(value)

    def name(self, name: str, at: ast.AST) -> str:
        return self.names[name]

    def operate(self, sign: str, left: str, right: str, at: ast.AST) -> str:
        known = self.source.folded(sign, left, right)
        if known is not None:
            return known
        if sign != "/":
            return self.source.bind(f"{left} {sign} {right}")
        slot = self.source.slot()
        self.source.line(f"try: {slot} = {left} / {right}")
        self.source.line(f"except ArithmeticError: {slot} = divide({left}, {right}, {self.origin})")
        return slot

    def negate(self, value: str, at: ast.AST) -> str:
        return self.source.bind(f"-{value}")

    def compare(self, sign: str, left: str, right: str, at: ast.AST) -> str:
        if sign == "==":
            return self.source.bind(f"equal({left}, {right})")
        if sign == "!=":
            return self.opposite(self.source.bind(f"equal({left}, {right})"), at)
        return self.source.bind(f"{left} {sign} {right}")

    def member(self, value: str, among: Sequence[str], at: ast.AST) -> str:
        return self.source.bind(f"member({value}, ({', '.join(among)},))")

    def choose(self, condition: str, then: Later, other: Later, at: ast.AST) -> str:
        return self._branches(condition, [(f"{condition} is True", then), (f"{condition} is False", other)], condition)

    def _branches(self, subject: str, branches: Sequence[tuple[str, Later]], otherwise: str) -> str:
        """if/elif/else that binds one slot; each branch stages its own lines inside itself."""
        slot = self.source.slot()
        for index, (test, make) in enumerate(branches):
            self.source.line(f"{'if' if index == 0 else 'elif'} {test}:")
            self.source.depth += 1
            self.source.assign(slot, make())
            self.source.depth -= 1
        self.source.line(f"else: {slot} = {otherwise}")
        return slot

    def both(self, left: str, right: Later, at: ast.AST) -> str:
        return self._logic(left, right, "False")

    def either(self, left: str, right: Later, at: ast.AST) -> str:
        return self._logic(left, right, "True")

    def _logic(self, left: str, right: Later, decider: str) -> str:
        neutral = "True" if decider == "False" else "False"

        def second() -> str:
            value = right()
            return f"{value} if {value} is {decider} or {left} is {neutral} else {left}"

        return self._branches(left, [(f"{left} is not {decider}", second)], decider)

    def opposite(self, value: str, at: ast.AST) -> str:
        return self.source.bind(f"False if {value} is True else True if {value} is False else {value}")

    def coalesce(self, first: str, other: Later, at: ast.AST) -> str:
        return self._branches(first, [(f"type({first}) is NotComputed", other)], first)

    def call(self, name: str, values: Sequence[str], literals: Sequence[Decimal | str], at: ast.AST) -> str:
        source = self.source
        if name in ("min", "max"):
            best = values[0]
            for value in values[1:]:
                known = source.folded(name, best, value)
                test = "" if known else source.bind(f"{best} {'>' if name == 'min' else '<'} {value}")
                best = known or source.bind(f"{value} if {test} is True else {best} if {test} is False else {test}")
            return best
        if name == "require":
            return source.bind(f"required({values[0]}, {values[1]}, {self.origin})")
        if name == "known":
            return source.bind(f"type({values[0]}) is not NotComputed")
        if name == "convert":
            return self._convert(values[0], self.factor(str(literals[0]), str(literals[1])))
        arguments = [self.origin, *values, *(source.constant(literal) for literal in literals)]
        return source.bind(f"f_{name}({', '.join(arguments)})")

    def _convert(self, value: str, factor: Fraction) -> str:
        above, below = (
            self.source.constant(Decimal(factor.numerator)),
            self.source.constant(Decimal(factor.denominator)),
        )
        product = value if factor.numerator == 1 else self.source.bind(f"{value} * {above}")
        return product if factor.denominator == 1 else self.source.bind(f"{product} / {below}")

    def fold(self, name: str, column: str, at: ast.AST) -> str:
        return self.source.bind(f"fold({name!r}, {self.columns[column]}, {self.origin})")

    def grouped(self, name: str, columns: Sequence[str], key: str, at: ast.AST) -> str:
        known = self.source.before(f"groups(({', '.join(self.columns[column] for column in columns)},))")
        return self.source.bind(f"grouped({known}, {key})")

    def lookup(self, column: str, keys: Sequence[str], at: ast.AST) -> str:
        table, _, cell = column.partition(".")
        arguments = f"{self.tables[table]}, {self.source.constant(cell)}, ({', '.join(keys)},), {self.origin}"
        return self.source.bind(f"look_up({arguments})")
