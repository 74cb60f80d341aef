"""Units domain: a value is its kind (number, text, boolean, date) and, for numbers, its unit. Runs when a plan is built.

Addition, comparison, min, max and choice need one dimension. Where only the scale differs, the exact factor is noted at the
tree node, and the plan inserts it as a visible `convert(...)`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.formula.grammar import literal
from guiju.formula.measures import Measures, Unit, UnitError

Kind = Literal["number", "text", "boolean", "date", "unknown"]


@dataclass(frozen=True, slots=True, eq=False)
class Kinded:
    """What is known of a value before it is computed. `literal` is the number itself where it is written out."""

    kind: Kind
    unit: Unit | None = None
    literal: Decimal | None = None
    choices: tuple[str, ...] = ()
    text: str | None = None
    whole: bool = False  # a whole number, which can tell rows apart
    keys: tuple[Kinded, ...] = ()  # of a table column: what its keys must be


UNKNOWN = Kinded("unknown")
BOOLEAN, TEXT, DATE = Kinded("boolean"), Kinded("text"), Kinded("date")
Later = Callable[[], Kinded]


class Units:
    """Checks one formula. Findings go to `found`; `conversions` maps tree nodes to (from, to) unit texts."""

    def __init__(
        self,
        measures: Measures,
        names: Mapping[str, Kinded],
        columns: Mapping[str, Kinded],
        cells: Mapping[str, Kinded],
        place: Callable[[ast.AST], Place],
        whole: Place,
        foreign: frozenset[int],
        found: Found,
    ) -> None:
        self.measures, self.names, self.columns, self.cells = measures, names, columns, cells
        # `foreign` are the nodes of library functions, which stand nowhere in the formula
        self.place, self.whole, self.foreign, self.found = place, whole, foreign, found
        self.conversions: dict[ast.AST, tuple[Unit, Unit]] = {}

    # -- what everything asks -----------------------------------------------------------------------------------------
    def wrong(self, code: str, at: ast.AST, **facts: Any) -> Kinded:
        self.found.add(code, self.whole if id(at) in self.foreign else self.place(at), **facts)
        return UNKNOWN

    def need(self, kind: Kind, value: Kinded, at: ast.AST) -> bool:
        if value.kind not in (kind, "unknown"):
            self.wrong("type.mismatch", at, wanted=kind, given=value.kind)
            return False
        return value.kind == kind

    def align(self, left: Kinded, right: Kinded, left_at: ast.AST, right_at: ast.AST, at: ast.AST) -> Kinded:
        """One kind and one dimension for both; a differing scale is noted on the right operand."""
        if "unknown" in (left.kind, right.kind):
            return left if right.kind == "unknown" else right
        if left.kind != right.kind:
            return self.wrong("type.two-kinds", at, left=left.kind, right=right.kind)
        if left.kind != "number":
            return self._choices(left, right, left_at, right_at)
        assert left.unit and right.unit
        if left.literal is not None and right.literal is not None:
            zero = left.literal == 0 and right.literal == 0  # still the zero that goes with every unit
            return Kinded("number", self.measures.one, Decimal(0) if zero else None)
        for one, other, one_at in ((left, right, left_at), (right, left, right_at)):
            if one.literal is not None:
                assert other.unit is not None
                if one.literal == 0 or other.unit.same(self.measures.one):
                    return Kinded("number", other.unit)
                return self.wrong("unit.literal", one_at, literal=one.literal, unit=other.unit.text)
        if left.unit.dimension != right.unit.dimension:
            return self.wrong("unit.mismatch", at, left=left.unit.text, right=right.unit.text)
        if left.unit.size != right.unit.size and id(right_at) in self.foreign:
            return self.wrong("unit.scale-inside-function", at, left=left.unit.text, right=right.unit.text)
        if left.unit.size != right.unit.size:
            self.conversions[right_at] = (right.unit, left.unit)
        return Kinded("number", left.unit)

    def _choices(self, left: Kinded, right: Kinded, left_at: ast.AST, right_at: ast.AST) -> Kinded:
        """A text compared with a choice must be one of the choices."""
        for choice, other, at in ((left, right, right_at), (right, left, left_at)):
            if choice.choices and other.text is not None and other.text not in choice.choices:
                near = nearest(other.text, choice.choices)
                self.wrong(
                    "type.no-such-choice", at, text=other.text, choices=", ".join(choice.choices[:12]), nearest=near
                )
        return Kinded(left.kind, choices=left.choices or right.choices)

    # -- the domain ---------------------------------------------------------------------------------------------------
    def constant(self, value: Decimal | str | bool, at: ast.AST) -> Kinded:
        if isinstance(value, bool):
            return BOOLEAN
        return Kinded("text", text=value) if isinstance(value, str) else Kinded("number", self.measures.one, value)

    def name(self, name: str, at: ast.AST) -> Kinded:
        return self.names.get(name, UNKNOWN)

    def operate(self, sign: str, left: Kinded, right: Kinded, at: ast.AST) -> Kinded:
        assert isinstance(at, ast.BinOp)
        if not (self.need("number", left, at.left) & self.need("number", right, at.right)):
            return UNKNOWN
        if sign in "+-":
            return self.align(left, right, at.left, at.right, at)
        assert left.unit and right.unit
        if sign == "/" and right.literal == 0:
            return self.wrong("type.zero-divisor", at.right)
        return Kinded("number", self.measures.product(left.unit, right.unit, sign))

    def negate(self, value: Kinded, at: ast.AST) -> Kinded:
        assert isinstance(at, ast.UnaryOp)
        if not self.need("number", value, at.operand):
            return UNKNOWN
        return Kinded("number", value.unit, None if value.literal is None else -value.literal)

    def compare(self, sign: str, left: Kinded, right: Kinded, at: ast.AST) -> Kinded:
        assert isinstance(at, ast.Compare)
        if sign not in ("==", "!=") and left.kind in ("text", "boolean"):
            self.wrong("type.no-order", at, kind=left.kind)
        elif "unknown" not in (left.kind, right.kind):
            self.align(left, right, at.left, at.comparators[0], at)
        return BOOLEAN

    def member(self, value: Kinded, among: Sequence[Kinded], at: ast.AST) -> Kinded:
        assert isinstance(at, ast.Compare)
        elements = at.comparators[0].elts if isinstance(at.comparators[0], ast.Tuple) else []
        for element, element_at in zip(among, elements, strict=False):
            self.align(value, element, at.left, element_at, at)
        return BOOLEAN

    def choose(self, condition: Kinded, then: Later, other: Later, at: ast.AST) -> Kinded:
        assert isinstance(at, ast.Call)
        self.need("boolean", condition, at.args[0])
        return self.align(then(), other(), at.args[1], at.args[2], at)

    def both(self, left: Kinded, right: Later, at: ast.AST) -> Kinded:
        for value in (left, right()):
            self.need("boolean", value, at)
        return BOOLEAN

    either = both

    def opposite(self, value: Kinded, at: ast.AST) -> Kinded:
        self.need("boolean", value, at)
        return BOOLEAN

    def coalesce(self, first: Kinded, other: Later, at: ast.AST) -> Kinded:
        return self.align(first, other(), at, at, at)  # `at` is the operand that steps in

    def call(self, name: str, values: Sequence[Kinded], literals: Sequence[Decimal | str], at: ast.AST) -> Kinded:
        assert isinstance(at, ast.Call)
        if name in ("min", "max"):
            return self._extreme(values, at)
        if name == "require":
            self.need("boolean", values[0], at.args[0])
            return values[1]
        if name == "known":
            return BOOLEAN
        if name in ("year", "days_between", "months_after"):
            return self._dates(name, values, at)
        if not self.need("number", values[0], at.args[0]):
            return UNKNOWN
        return self._numbers(name, values[0], literals, at)

    def _numbers(self, name: str, value: Kinded, literals: Sequence[Decimal | str], at: ast.Call) -> Kinded:
        assert value.unit
        if name == "convert":
            return self._convert(value, str(literals[0]), str(literals[1]), at)
        if name in ("ln", "exp") and not value.unit.same(self.measures.one):
            return self.wrong("unit.pure-number", at.args[0], function=name, unit=value.unit.text)
        if name == "round" and len(at.args) == 2 and literal(at.args[1]) % 1 != 0:
            return self.wrong("type.whole-number", at.args[1], function=name, text=literal(at.args[1]))
        if name not in ("power", "root"):
            return Kinded("number", value.unit)
        exponent = literal(at.args[1])
        if name == "root" and (exponent != int(exponent) or not 2 <= exponent <= 64):
            return self.wrong("type.root-degree", at.args[1], text=exponent)
        if name == "power" and abs(exponent) > 64:
            return self.wrong("type.exponent", at.args[1], text=exponent)
        return self._power(value.unit, Fraction(exponent) if name == "power" else 1 / Fraction(exponent), name, at)

    def _power(self, unit: Unit, exponent: Fraction, name: str, at: ast.Call) -> Kinded:
        """A unit has only whole powers: the root of kg^2 is kg, that of kg is nothing."""
        if any((power * exponent).denominator != 1 for power in unit.terms.values()):
            return self.wrong("unit.no-whole-power", at, function=name, unit=unit.text)
        return Kinded("number", self.measures.power(unit, exponent))

    def _extreme(self, values: Sequence[Kinded], at: ast.Call) -> Kinded:
        if len(values) < 2:
            return self.wrong("type.one-argument", at)
        best = values[0]
        for value, value_at in zip(values[1:], at.args[1:], strict=True):
            self.need("number", value, value_at) if value.kind != "date" else None
            best = self.align(best, value, at.args[0], value_at, at)
        return best

    def _dates(self, name: str, values: Sequence[Kinded], at: ast.Call) -> Kinded:
        for value, value_at in zip(values, at.args, strict=False):
            self.need("date", value, value_at)
        if name == "months_after":
            if literal(at.args[1]) % 1 != 0:
                return self.wrong("type.whole-number", at.args[1], function=name, text=literal(at.args[1]))
            return DATE
        return Kinded("number", self.measures.one if name == "year" else self.measures.unit("d"))

    def _convert(self, value: Kinded, source: str, target: str, at: ast.Call) -> Kinded:
        start, goal = self._written(source, at.args[1]), self._written(target, at.args[2])
        if start is None or goal is None:
            return UNKNOWN
        if start.dimension != goal.dimension:
            return self.wrong("unit.mismatch", at, left=start.text, right=goal.text)
        if value.unit is not None and not value.unit.same(start):
            return self.wrong("unit.convert-from", at.args[1], unit=value.unit.text, given=start.text)
        return Kinded("number", goal)

    def _written(self, text: str, at: ast.AST) -> Unit | None:
        """The unit that a text in the formula names."""
        try:
            return self.measures.unit(text)
        except UnitError as error:
            self.wrong(error.code, at, unit=error.symbol, nearest=self.measures.likely(error.symbol))
            return None

    def fold(self, name: str, column: str, at: ast.AST) -> Kinded:
        value = self.columns.get(column, UNKNOWN)
        if name == "count":
            return Kinded("number", self.measures.one)
        if name in ("any", "all", "count_if"):
            self.need("boolean", value, at)
            return Kinded("number", self.measures.one) if name == "count_if" else BOOLEAN
        if name == "sum" or value.kind != "date":
            self.need("number", value, at)
        return Kinded(value.kind, value.unit)

    def grouped(self, name: str, columns: Sequence[str], key: Kinded, at: ast.AST) -> Kinded:
        assert isinstance(at, ast.Call)
        value, wanted = self.columns.get(columns[0], UNKNOWN), self.columns.get(columns[-1], UNKNOWN)
        self._group_key(wanted, key, at)
        if name == "count_where":
            return Kinded("number", self.measures.one)
        return Kinded("number", value.unit) if self.need("number", value, at.args[0]) else UNKNOWN

    def _group_key(self, wanted: Kinded, key: Kinded, at: ast.Call) -> None:
        """Rows are told apart by texts, truths, days and whole numbers; the key is of that kind and in that unit."""
        column_at, key_at = at.args[-2], at.args[-1]
        if "unknown" in (wanted.kind, key.kind):
            return
        if wanted.kind == "number" and not wanted.whole:
            self.wrong("type.no-key", column_at)
        elif wanted.kind != key.kind:
            self.wrong("type.two-kinds", key_at, left=wanted.kind, right=key.kind)
        elif wanted.kind != "number":
            self._choices(wanted, key, column_at, key_at)
        elif key.literal is None or key.literal != 0:
            assert wanted.unit and key.unit
            if not wanted.unit.same(key.unit):
                self.wrong("unit.mismatch", key_at, left=wanted.unit.text, right=key.unit.text)

    def lookup(self, column: str, keys: Sequence[Kinded], at: ast.AST) -> Kinded:
        assert isinstance(at, ast.Call)
        cell = self.cells.get(column)
        if cell is None:
            return UNKNOWN
        if len(keys) != len(cell.keys):
            return self.wrong(
                "formula.arity", at, name=f"lookup({column})", wanted=len(cell.keys) + 1, given=len(keys) + 1
            )
        for key, wanted, key_at in zip(keys, cell.keys, at.args[1:], strict=True):
            if self.need(wanted.kind, key, key_at):
                self._key(key, wanted, column, key_at)
        return Kinded(cell.kind, cell.unit, choices=cell.choices)

    def _key(self, key: Kinded, wanted: Kinded, column: str, at: ast.AST) -> None:
        """A key written out, and every choice of a choice, must be in the table."""
        if key.kind == "number" and key.literal is None and wanted.unit and key.unit and not key.unit.same(wanted.unit):
            self.wrong("unit.mismatch", at, left=key.unit.text, right=wanted.unit.text)
        asked = key.choices or ((key.text,) if key.text is not None else ())
        for text in asked:
            if wanted.choices and text not in wanted.choices:
                self.wrong("table.no-such-key", at, table=column, key=text, nearest=nearest(text, wanted.choices))
