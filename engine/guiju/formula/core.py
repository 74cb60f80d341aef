"""The core operations on values: Decimal, text, bool, date or NotComputed in, one of these out. Nothing here raises.

Both the exact walker and the staged run call these; what is simple enough (+ - * comparisons, choice) they do themselves.
`origin` is the node that computes: the place of a value that could not be computed.
"""

from __future__ import annotations

import calendar
import decimal
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guiju.formula.missing import NotComputed
from guiju.formula.numbers import ZERO, Rounding, exponential, natural_log, plain, power, root, round_to

Value = Any  # Decimal | str | bool | date | NotComputed; a union here would have to be narrowed in every line
Column = list[Value] | NotComputed
ONE = Decimal(1)
TOO_LARGE = NotComputed("too-large", "")  # stands for a group whose sum is beyond the range of numbers


def divide(left: Value, right: Value, origin: str) -> Value:
    try:
        return left / right
    except (decimal.DivisionByZero, decimal.InvalidOperation):  # too large a result is for the whole formula to say
        return NotComputed("division-by-zero", origin, dividend=plain(left))


def required(condition: Value, value: Value, origin: str) -> Value:
    """The value where the condition holds, else not computed."""
    if condition is True:
        return value
    return condition if isinstance(condition, NotComputed) else NotComputed("requirement-not-met", origin)


def equal(left: Value, right: Value) -> Value:
    if isinstance(left, NotComputed):
        return left
    return right if isinstance(right, NotComputed) else left == right


def member(value: Value, among: Sequence[Value]) -> Value:
    return value if isinstance(value, NotComputed) else value in among


def rounded(value: Value, rounding: Rounding, origin: str) -> Value:
    if isinstance(value, NotComputed):
        return value
    try:
        return round_to(value, rounding)
    except decimal.InvalidOperation:
        return NotComputed("beyond-34-digits", origin, value=plain(value))


def converted(value: Value, factor: Fraction) -> Value:
    """value * factor, exactly where the factor or its inverse is a decimal, otherwise with one division."""
    if isinstance(value, NotComputed):
        return value
    product = value * factor.numerator
    return product if factor.denominator == 1 else product / factor.denominator


def _number(name: str, function: Callable[..., Decimal]) -> Callable[..., Value]:
    def safe(origin: str, value: Value, *literals: Decimal) -> Value:
        if isinstance(value, NotComputed):
            return value
        try:
            return function(value, *literals)
        except decimal.DecimalException:
            return NotComputed("outside-domain", origin, function=name, value=plain(value))

    return safe


def _round_half_even(value: Decimal, digits: Decimal = ZERO) -> Decimal:
    return round_to(value, Rounding("digits", digits))


def _year(origin: str, value: Value) -> Value:
    return value if isinstance(value, NotComputed) else Decimal(value.year)


def _days_between(origin: str, first: Value, last: Value) -> Value:
    for value in (first, last):
        if isinstance(value, NotComputed):
            return value
    return Decimal((last - first).days)


def _months_after(origin: str, value: Value, months: Decimal) -> Value:
    """The same day of the month `months` later, or that month's last day (31 January + 1 = 28 or 29 February)."""
    if isinstance(value, NotComputed):
        return value
    count = value.year * 12 + value.month - 1 + int(months)
    year, month = count // 12, count % 12 + 1
    if not 1 <= year <= 9999:
        return NotComputed("outside-domain", origin, function="months_after", value=value.isoformat())
    return date(year, month, min(value.day, calendar.monthrange(year, month)[1]))


def _absolute(value: Decimal) -> Decimal:
    return abs(value)


def _floor(value: Decimal) -> Decimal:
    return value.to_integral_value(rounding=decimal.ROUND_FLOOR)


def _ceil(value: Decimal) -> Decimal:
    return value.to_integral_value(rounding=decimal.ROUND_CEILING)


def _power(value: Decimal, exponent: Decimal) -> Decimal:
    return power(value, exponent)


# name -> function(origin, value..., literal...)
FUNCTIONS: dict[str, Callable[..., Value]] = {
    "abs": _number("abs", _absolute),
    "floor": _number("floor", _floor),
    "ceil": _number("ceil", _ceil),
    "round": _number("round", _round_half_even),
    "ln": _number("ln", natural_log),
    "exp": _number("exp", exponential),
    "power": _number("power", _power),
    "root": _number("root", root),
    "year": _year,
    "days_between": _days_between,
    "months_after": _months_after,
}


def known(value: Value) -> bool:
    return not isinstance(value, NotComputed)


def fold(name: str, column: Column, origin: str) -> Value:
    """A collection's column to one value. Nothing of an empty collection: sum 0, count 0, any false, all true; min and max
    of nothing are not computed. Missing cells travel, except where a known cell already decides any and all."""
    if isinstance(column, NotComputed):
        return column
    if name == "count":
        return Decimal(len(column))
    if name == "sum":
        return sum(column, ZERO)
    if name in ("min", "max"):
        return _extreme(name, column, origin)
    decider = name != "all"
    truths = [cell for cell in column if not isinstance(cell, NotComputed)]
    gap = next((cell for cell in column if isinstance(cell, NotComputed)), None)
    if name == "count_if":
        return gap if gap is not None else Decimal(sum(1 for cell in truths if cell))
    if any(cell is decider for cell in truths):
        return decider
    return gap if gap is not None else not decider


Groups = dict[Value, Value] | NotComputed


def groups(columns: Sequence[Column]) -> Groups:
    """Rows by the key in the last column → the sum of the first, or, of a key column alone, how many rows there are. Made
    once for a collection, so that folding for every key takes one pass. A missing key might be any key: it makes all missing."""
    gap = next((column for column in columns if isinstance(column, NotComputed)), None)
    if gap is not None:
        return gap
    *values, keys = (column for column in columns if isinstance(column, list))
    gap = next((key for key in keys if isinstance(key, NotComputed)), None)
    if gap is not None:
        return gap
    totals: dict[Value, Value] = {}
    for row, key in enumerate(keys):
        try:
            totals[key] = totals.get(key, ZERO) + (values[0][row] if values else ONE)
        except decimal.Overflow:
            totals[key] = TOO_LARGE
    return totals


def grouped(known: Groups, key: Value) -> Value:
    """The fold of the rows with this key, 0 where there are none."""
    if isinstance(known, NotComputed):
        return known
    if isinstance(key, NotComputed):
        return key
    total = known.get(key, ZERO)
    if total is TOO_LARGE:
        raise decimal.Overflow  # is said where the group is used, as for a sum
    return total


def _extreme(name: str, column: list[Value], origin: str) -> Value:
    gap = next((cell for cell in column if isinstance(cell, NotComputed)), None)
    if gap is not None:
        return gap
    if not column:
        return NotComputed("empty-collection", origin, function=name)
    best = column[0]
    for cell in column[1:]:
        if (cell < best) if name == "min" else (cell > best):
            best = cell
    return best
