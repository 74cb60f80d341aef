"""Excel domain: a value is a piece of an Excel formula over cells. Beside it goes the exact value, which is what the cell
shows until somebody recalculates.

Missing is an error value (#N/A, #DIV/0!, #NUM!, whichever comes): it travels by itself; `known` and `coalesce` ask for it,
`and` and `or` put 0.5 in its place and decide by the smallest or largest. What an operation would have to write twice, and what
must be an array formula, goes into a cell of its own, a step. Only functions that Excel 2007 and LibreOffice both know are written.
"""

from __future__ import annotations

import ast
import decimal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Literal

from guiju.formula.core import Groups, Value, grouped, groups, rounded
from guiju.formula.domains.exact import Exact
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import ONE, Rounding, plain

Kind = Literal["number", "text", "boolean", "date"]
COMPARED, ADDED, MULTIPLIED, NEGATED, ATOM = range(5)  # how tightly the outermost sign of a piece binds
GUARD = (
    13  # of the 15 to 16 digits of a double: rounding takes a value to these first, as the exact way does to 30 of 34
)
MOST_PARTS = 40  # a piece of more operations goes into a step
_LONGEST_TEXT = 255  # of one literal in a formula of Excel
_FAR = "1E+300"  # beyond every edge of a table
_WHOLE = {"half_away": "ROUND({0},0)", "up": "ROUNDUP({0},0)", "down": "ROUNDDOWN({0},0)",
          "half_even": "IF(ABS({0})-INT(ABS({0}))=0.5,2*ROUND({0}/2,0),ROUND({0},0))"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a formula: its text, what it gives, how tightly it binds, how many operations it has; the exact value."""

    text: str
    kind: Kind
    value: Value
    rank: int = ATOM
    size: int = 1
    array: bool = False  # must be entered as an array formula
    sign: str = ""  # "and" or "or", with its operands, so that a chain becomes one function
    operands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """The cells of a column: a range, or none where the collection has no rows or was not handed in."""

    text: str
    kind: Kind
    count: int
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a table stands: the range and kind of each key and each column, how the last key is matched."""

    keys: tuple[Rows, ...]
    columns: Mapping[str, Rows]
    match: Literal["exact", "floor", "ceiling"]


Later = Callable[[], Piece]
Step = Callable[[Piece], str]  # puts a piece into a cell of its own and gives the reference


class Excel:
    """Writes one formula. `names`, `columns` and `shelves` say where things stand; `exact` computes beside it."""

    def __init__(
        self,
        names: Mapping[str, Piece],
        columns: Mapping[str, Rows],
        shelves: Mapping[str, Shelf],
        exact: Exact,
        step: Step,
    ) -> None:
        self.names, self.columns, self.shelves, self.exact, self.step = names, columns, shelves, exact, step
        self._groups: dict[tuple[str, ...], Groups] = {}  # one domain writes the rows of a formula one after the other

    # -- what everything asks -----------------------------------------------------------------------------------------
    def bound(self, piece: Piece) -> Piece:
        """A reference or a constant: what may be written several times."""
        if piece.rank == ATOM and piece.size == 1 and not piece.array:
            return piece
        return Piece(self.step(piece), piece.kind, piece.value)

    def part(self, piece: Piece) -> Piece:
        """The piece as a part of another one: arrays and long pieces go into steps."""
        return self.bound(piece) if piece.array or piece.size > MOST_PARTS else piece

    def made(
        self, text: str, kind: Kind, value: Callable[[], Value], parts: Sequence[Piece], rank: int = ATOM
    ) -> Piece:
        return Piece(text, kind, self.tried(value), rank, 1 + sum(part.size for part in parts))

    def tried(self, value: Callable[[], Value]) -> Value:
        """The exact value. Branches that are not chosen are computed here, too, and may be beyond the range of numbers."""
        try:
            return value()
        except decimal.DecimalException:
            return NotComputed("too-large", self.exact.origin)

    # -- the domain ---------------------------------------------------------------------------------------------------
    def constant(self, value: Decimal | str | bool, at: ast.AST) -> Piece:
        if isinstance(value, bool):
            return Piece("TRUE" if value else "FALSE", "boolean", value)
        return Piece(text_of(value), "text", value) if isinstance(value, str) else Piece(number(value), "number", value)

    def name(self, name: str, at: ast.AST) -> Piece:
        return self.names[name]

    def operate(self, sign: str, left: Piece, right: Piece, at: ast.AST) -> Piece:
        left, right, rank = self.part(left), self.part(right), ADDED if sign in "+-" else MULTIPLIED
        text = f"{inside(left, rank)}{sign}{inside(right, rank + 1)}"
        value = partial(self.exact.operate, sign, left.value, right.value, at)
        return self.made(text, "number", value, (left, right), rank)

    def negate(self, value: Piece, at: ast.AST) -> Piece:
        value = self.part(value)
        return self.made(f"-{inside(value, ATOM)}", "number", lambda: -value.value, (value,), NEGATED)

    def compare(self, sign: str, left: Piece, right: Piece, at: ast.AST) -> Piece:
        left, right = self.part(left), self.part(right)
        value = partial(self.exact.compare, sign, left.value, right.value, at)
        if left.kind == "text":  # "=" does not tell upper from lower case
            text = f"EXACT({left.text},{right.text})"
            return self.made(text if sign == "==" else f"NOT({text})", "boolean", value, (left, right))
        written = {"==": "=", "!=": "<>"}.get(sign, sign)
        text = f"{inside(left, ADDED)}{written}{inside(right, ADDED)}"
        return self.made(text, "boolean", value, (left, right), COMPARED)

    def member(self, value: Piece, among: Sequence[Piece], at: ast.AST) -> Piece:
        one = self.bound(value)
        found = partial(self.exact.member, one.value, [other.value for other in among], at)
        if len(among) > MOST_PARTS:
            parts = [self.bound(self.member(one, chunk, at)) for chunk in _chunks(among)]
            return self.made(f"OR({','.join(part.text for part in parts)})", "boolean", found, parts)
        tests = [self.compare("==", one, other, at) for other in among]
        text = tests[0].text if len(tests) == 1 else f"OR({','.join(test.text for test in tests)})"
        rank = tests[0].rank if len(tests) == 1 else ATOM
        return self.made(text, "boolean", found, tests, rank)

    def choose(self, condition: Piece, then: Later, other: Later, at: ast.AST) -> Piece:
        test, one, two = self.part(condition), self.part(then()), self.part(other())
        value = partial(self.exact.choose, test.value, lambda: one.value, lambda: two.value, at)
        return self.made(f"IF({test.text},{one.text},{two.text})", one.kind, value, (test, one, two))

    def both(self, left: Piece, right: Later, at: ast.AST) -> Piece:
        return self._logic("and", left, right(), at)

    def either(self, left: Piece, right: Later, at: ast.AST) -> Piece:
        return self._logic("or", left, right(), at)

    def _logic(self, sign: str, left: Piece, right: Piece, at: ast.AST) -> Piece:
        """Truth as a number: 0 false, 0.5 missing, 1 true. The smallest decides `and`, the largest `or`."""
        left, right = self.part(left), self.part(right)
        operands: tuple[str, ...] = ()
        for piece in (left, right):
            operands += piece.operands if piece.sign == sign else (f"IFERROR(N({piece.text}),0.5)",)
        text = f"CHOOSE(1+2*{'MIN' if sign == 'and' else 'MAX'}({','.join(operands)}),FALSE,NA(),TRUE)"
        decide = self.exact.both if sign == "and" else self.exact.either
        made = self.made(text, "boolean", lambda: decide(left.value, lambda: right.value, at), (left, right))
        return replace(made, sign=sign, operands=operands)

    def opposite(self, value: Piece, at: ast.AST) -> Piece:
        value = self.part(value)
        return self.made(f"NOT({value.text})", "boolean", lambda: self.exact.opposite(value.value, at), (value,))

    def coalesce(self, first: Piece, other: Later, at: ast.AST) -> Piece:
        one, two = self.part(first), self.part(other())
        value = partial(self.exact.coalesce, one.value, lambda: two.value, at)
        return self.made(f"IFERROR({one.text},{two.text})", one.kind, value, (one, two))

    # -- functions ----------------------------------------------------------------------------------------------------
    def call(self, name: str, values: Sequence[Piece], literals: Sequence[Decimal | str], at: ast.AST) -> Piece:
        parts = [self.part(value) for value in values]
        if len(parts) > MOST_PARTS:  # of min or max; programs take 255
            return self.call(name, [self.bound(self.call(name, chunk, (), at)) for chunk in _chunks(parts)], (), at)
        if name == "round":
            return self.rounded(parts[0], Rounding("digits", Decimal(literals[0]) if literals else Decimal(0)))
        if name == "convert":
            return self._converted(parts[0], self.exact.factor(str(literals[0]), str(literals[1])))
        text, kind, rank = self._written(name, parts, literals)
        value = partial(self.exact.call, name, [part.value for part in parts], literals, at)
        return self.made(text, kind, value, parts, rank)

    def _written(self, name: str, parts: list[Piece], literals: Sequence[Decimal | str]) -> tuple[str, Kind, int]:
        first = parts[0]
        if name in ("min", "max"):
            return f"{name.upper()}({','.join(part.text for part in parts)})", first.kind, ATOM
        if name == "require":
            return f"IF({first.text},{parts[1].text},NA())", parts[1].kind, ATOM
        if name == "known":
            return f"NOT(ISERROR({first.text}))", "boolean", ATOM
        if name in ("floor", "ceil"):
            value = self.guarded(self.bound(first), ONE)
            return (f"INT({value.text})" if name == "floor" else f"-INT(-{value.text})"), "number", ATOM
        if name in ("power", "root"):
            return self._power(name, first, Decimal(literals[0])), "number", ATOM
        if name == "days_between":
            return f"{inside(parts[1], ADDED)}-{inside(first, MULTIPLIED)}", "number", ADDED
        if name == "months_after":
            return f"EDATE({first.text},{number(Decimal(literals[0]))})", "date", ATOM
        return f"{name.upper()}({first.text})", "number", ATOM  # ABS, LN, EXP, YEAR

    def _power(self, name: str, base: Piece, exponent: Decimal) -> str:
        """Programs differ in 0 to the 0 and in roots of negative numbers: both are kept from them."""
        if name == "root" and exponent == 2:
            return f"SQRT({base.text})"
        if name == "power" and exponent != 0 and exponent == int(exponent):
            return f"POWER({base.text},{number(exponent)})"
        one = self.bound(base)
        if exponent == 0:
            return f"IF({one.text}=0,NA(),1)"
        raised = f"1/{number(exponent)}" if name == "root" else number(exponent)
        return f"IF({one.text}<0,NA(),POWER({one.text},{raised}))"

    def _converted(self, value: Piece, factor: Fraction) -> Piece:
        above, below = Decimal(factor.numerator), Decimal(factor.denominator)
        if above != ONE:
            value = self.operate("*", value, self.constant(above, _NOWHERE), _NOWHERE)
        return value if below == ONE else self.operate("/", value, self.constant(below, _NOWHERE), _NOWHERE)

    # -- collections and tables -----------------------------------------------------------------------------------------
    def fold(self, name: str, column: str, at: ast.AST) -> Piece:
        rows = self.columns[column]
        kind: Kind = "boolean" if name in ("any", "all") else rows.kind if name in ("min", "max") else "number"
        text = self._folded(name, rows) if rows.count and not rows.missing else _of_nothing(name, rows)
        return Piece(text, kind, self.tried(lambda: self.exact.fold(name, column, at)), size=2)

    def _folded(self, name: str, rows: Rows) -> str:
        cells = rows.text
        if name in ("sum", "min", "max"):
            return f"{name.upper()}({cells})"
        if name == "count":
            return f"ROWS({cells})"
        if name == "count_if":
            return f"SUMPRODUCT(1*{cells})"
        decider, other = ("TRUE", "FALSE") if name == "any" else ("FALSE", "TRUE")
        undecided = f"IF(SUMPRODUCT(1*ISERROR({cells}))>0,NA(),{other})"
        return f"IF(COUNTIF({cells},{decider})>0,{decider},{undecided})"

    def grouped(self, name: str, columns: Sequence[str], key: Piece, at: ast.AST) -> Piece:
        listed, one = [self.columns[column] for column in columns], self.part(key)
        value = self.tried(lambda: grouped(self._grouped(tuple(columns)), one.value))
        if any(rows.missing for rows in listed):
            return Piece("NA()", "number", value, size=2)
        if not listed[0].count:
            return Piece(f"IF(ISERROR({one.text}),NA(),0)", "number", value, size=2)
        cells = listed[0].text if name == "sum_where" else "1"
        text = f"SUM(IF({_equal(listed[-1], one)},{cells},0))"
        return Piece(text, "number", value, size=2 + one.size, array=True)

    def _grouped(self, columns: tuple[str, ...]) -> Groups:
        if columns not in self._groups:
            self._groups[columns] = groups([self.exact.columns[column] for column in columns])
        return self._groups[columns]

    def lookup(self, column: str, keys: Sequence[Piece], at: ast.AST) -> Piece:
        table, _, cell = column.partition(".")
        shelf, asked = self.shelves[table], [self.bound(key) for key in keys]
        found = shelf.columns[cell]
        value = self.tried(lambda: self.exact.lookup(column, [key.value for key in asked], at))
        if shelf.match == "exact" and len(asked) == 1 and shelf.keys[0].kind == "number":
            row, array = f"MATCH({asked[0].text},{shelf.keys[0].text},0)", False
        else:
            row, array = f"MATCH(1,{_matching(shelf, asked)},0)", True
        return Piece(f"INDEX({found.text},{row})", found.kind, value, size=3 + len(asked), array=array)

    # -- rounding -----------------------------------------------------------------------------------------------------
    def rounded(self, piece: Piece, rounding: Rounding) -> Piece:
        """The value rounded once, after GB/T 8170, whatever the program's own ROUND does with a tie."""
        one = self.bound(piece)
        value = self.tried(lambda: rounded(one.value, rounding, self.exact.origin))
        if rounding.kind == "significant":
            text = self._significant(one, rounding)
        else:
            unit = Fraction(10) ** -int(rounding.amount) if rounding.kind == "digits" else Fraction(rounding.amount)
            scaled = self.bound(self.guarded(one, Decimal(unit.denominator), Decimal(unit.numerator)))
            text = _scaled(_WHOLE[rounding.mode].format(scaled.text), unit.numerator, unit.denominator)
        return Piece(text, "number", value, MULTIPLIED, 4)

    def guarded(self, one: Piece, times: Decimal, over: Decimal = ONE) -> Piece:
        """The value times a factor, freed of the noise of the last digits of a double: 28.499999999999996 is 28.5."""
        text = _scaled(one.text, int(times), int(over))
        digits = f"MAX(2,{GUARD - 1}-INT(LOG10(ABS({text}))))"
        value = self.tried(lambda: one.value * times / over)
        return Piece(f"IF({one.text}=0,0,ROUND({text},{digits}))", "number", value, size=3)

    def _significant(self, one: Piece, rounding: Rounding) -> str:
        """More digits than a double has for sure only take the noise away."""
        asked = int(rounding.amount)
        if asked >= GUARD:
            return f"IF({one.text}=0,0,ROUND({one.text},{GUARD - 1}-INT(LOG10(ABS({one.text})))))"
        places = self.tried(lambda: _decimals(one.value, asked))
        text = f"IF({one.text}=0,0,{asked - 1}-INT(LOG10(ABS({one.text}))))"
        digits = self.bound(Piece(text, "number", places, size=3))
        times = self.tried(lambda: one.value if isinstance(places, NotComputed) else one.value.scaleb(int(places)))
        text = f"ROUND({one.text}*POWER(10,{digits.text}),{GUARD - asked})"
        whole = _WHOLE[rounding.mode].format(self.bound(Piece(text, "number", times, size=3)).text)
        return f"IF({digits.text}<0,{whole}*POWER(10,-{digits.text}),{whole}/POWER(10,{digits.text}))"


_NOWHERE = ast.Constant(value=0)  # the place of what the engine itself puts in


def inside(piece: Piece, rank: int) -> str:
    """The text as an operand of a sign that binds this tightly."""
    return piece.text if piece.rank >= rank else f"({piece.text})"


def number(value: Decimal) -> str:
    """A number as Excel reads it: plain where 15 digits hold it."""
    text = plain(value)
    return text if len(text.strip("-").replace(".", "")) <= 15 else f"{float(value):.17G}"


def text_of(value: str) -> str:
    """A text in quotation marks; long ones in parts."""
    parts = [value[start : start + _LONGEST_TEXT] for start in range(0, len(value), _LONGEST_TEXT)] or [""]
    quoted = ['"{}"'.format(part.replace('"', '""')) for part in parts]
    return quoted[0] if len(quoted) == 1 else f"({'&'.join(quoted)})"


def _chunks(pieces: Sequence[Piece]) -> list[Sequence[Piece]]:
    return [pieces[start : start + MOST_PARTS] for start in range(0, len(pieces), MOST_PARTS)]


def _scaled(text: str, times: int, over: int) -> str:
    product = text if times == 1 else f"{text}*{number(Decimal(times))}"
    return product if over == 1 else f"{product}/{number(Decimal(over))}"


def _decimals(value: Value, significant: int) -> Value:
    if isinstance(value, NotComputed):
        return value
    return Decimal(0) if value == 0 else Decimal(significant - 1 - value.adjusted())


def _of_nothing(name: str, rows: Rows) -> str:
    """A fold of no rows; of a collection that was not handed in, and min or max of none, nothing."""
    if rows.missing or name in ("min", "max"):
        return "NA()"
    return {"any": "FALSE", "all": "TRUE"}.get(name, "0")


def _equal(rows: Rows, key: Piece) -> str:
    """Row by row, whether the column equals the key."""
    return f"EXACT({rows.text},{key.text})" if rows.kind == "text" else f"{rows.text}={inside(key, ADDED)}"


def _matching(shelf: Shelf, keys: Sequence[Piece]) -> str:
    """Row by row 1 where the table's keys match, else 0. A last key that is an edge: the nearest one below or above."""
    exact = list(zip(shelf.keys, keys, strict=True))[: None if shelf.match == "exact" else -1]
    tests = [f"({_equal(rows, key)})" if rows.kind != "text" else _equal(rows, key) for rows, key in exact]
    if shelf.match != "exact":
        edges, key = shelf.keys[-1].text, keys[-1].text
        sign, best, far = ("<=", "MAX", f"-{_FAR}") if shelf.match == "floor" else (">=", "MIN", _FAR)
        reached = "*".join([*tests, f"({edges}{sign}{key})"])
        tests.append(f"({edges}={best}(IF({reached},{edges},{far})))")
    return "*".join(tests) if len(tests) > 1 else f"1*{tests[0]}"
