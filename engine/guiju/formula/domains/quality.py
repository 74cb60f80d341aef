"""Quality domain: a value is a number that knows how far each uncertain leaf moves it, and how much of it is of which tier.

It is not walked. The staged program runs a second time with figures in place of some Decimals: the operators below do the
rest, `calls` stands in for what looks inside a number. So what carries quality is the formula that ran, branch by branch,
and the value of a figure is the value of the exact run.

First-order propagation: forward-mode derivatives, leaves independent of each other, each fully correlated with itself.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from guiju.formula import core
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import DIGITS, ONE, ZERO, Rounding
from guiju.formula.tables import Lookup, look_up

CONSTANT = -1  # the tier of what has none: it keeps the other's
TIERS = ("measured", "calculated", "default", "unsaid")  # from good to poor, by number
# amounts and derivatives never raise: what they cannot tell (the slope of a root at 0) is NaN, and left out in the end
_QUIET = decimal.Context(
    prec=DIGITS, rounding=decimal.ROUND_HALF_EVEN, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX, traps=[]
)
_add, _times, _over, _minus = _QUIET.add, _QUIET.multiply, _QUIET.divide, _QUIET.minus
_HUNDRED = Decimal(100)
LARGEST = 6000  # power of ten: more cannot be written as a number of an assessment
_NOTHING = Decimal("1e-9")  # percent; less is the last digit of differences
Amounts = dict[int, Decimal]


class Pulls:
    """By leaf: how far a value moves when the leaf moves by its half-width, in the unit of the value."""

    __slots__ = ("_square", "by")

    def __init__(self, by: dict[str, Decimal]) -> None:
        self.by = by
        self._square: Decimal | None = None

    @property
    def square(self) -> Decimal:
        if self._square is None:
            total = ZERO
            for pull in self.by.values():
                total = _add(total, _times(pull, pull))
            self._square = total
        return self._square


class Figure:
    """A number with its quality. `scale` times `pulls` is what moves it; the amounts sum to the value."""

    __slots__ = ("amounts", "pulls", "scale", "value")

    def __init__(self, value: Decimal, scale: Decimal, pulls: Pulls | None, amounts: Amounts) -> None:
        self.value, self.scale, self.pulls, self.amounts = value, scale, pulls, amounts

    def __add__(self, other: Any) -> Any:
        if type(other) is Figure:
            scale, pulls = _joined(self.scale, self.pulls, other.scale, other.pulls)
            return Figure(self.value + other.value, scale, pulls, _merged(self.amounts, other.amounts))
        if type(other) is not Decimal:
            return NotImplemented
        amounts = _merged(self.amounts, {CONSTANT: other}) if other else self.amounts
        return Figure(self.value + other, self.scale, self.pulls, amounts)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if type(other) is Figure:
            scale, pulls = _joined(self.scale, self.pulls, _minus(other.scale), other.pulls)
            return Figure(self.value - other.value, scale, pulls, _merged(self.amounts, _negated(other.amounts)))
        if type(other) is not Decimal:
            return NotImplemented
        amounts = _merged(self.amounts, {CONSTANT: _minus(other)}) if other else self.amounts
        return Figure(self.value - other, self.scale, self.pulls, amounts)

    def __rsub__(self, other: Any) -> Any:
        if type(other) is not Decimal:
            return NotImplemented
        amounts = _merged({CONSTANT: other} if other else {}, _negated(self.amounts))
        return Figure(other - self.value, _minus(self.scale), self.pulls, amounts)

    def __mul__(self, other: Any) -> Any:
        if type(other) is Figure:
            left, right = _times(self.scale, other.value), _times(other.scale, self.value)
            scale, pulls = _joined(left, self.pulls, right, other.pulls)
            return Figure(self.value * other.value, scale, pulls, _spread(self.amounts, other.amounts))
        if type(other) is not Decimal:
            return NotImplemented
        amounts = {tier: _times(amount, other) for tier, amount in self.amounts.items()}
        return Figure(self.value * other, _times(self.scale, other), self.pulls, amounts)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if type(other) is Figure:
            value = self.value / other.value
            left, right = _over(self.scale, other.value), _over(_times(other.scale, value), other.value)
            scale, pulls = _joined(left, self.pulls, _minus(right), other.pulls)
            weak, amounts = weakest(other.amounts), dict[int, Decimal]()
            for tier, amount in self.amounts.items():
                part, tier = _over(amount, other.value), max(tier, weak)
                amounts[tier] = _add(amounts[tier], part) if tier in amounts else part
            return Figure(value, scale, pulls, amounts)
        if type(other) is not Decimal:
            return NotImplemented
        value = self.value / other
        amounts = {tier: _over(amount, other) for tier, amount in self.amounts.items()}
        return Figure(value, _over(self.scale, other), self.pulls, amounts)

    def __rtruediv__(self, other: Any) -> Any:
        if type(other) is not Decimal:
            return NotImplemented
        value = other / self.value
        scale = _minus(_over(_times(self.scale, value), self.value))
        return Figure(value, scale, self.pulls, {weakest(self.amounts): value})

    def __neg__(self) -> Figure:
        return Figure(-self.value, _minus(self.scale), self.pulls, _negated(self.amounts))

    def __eq__(self, other: object) -> bool:
        return bool(self.value == plain_number(other))

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: Any) -> Any:
        return self.value < plain_number(other)

    def __le__(self, other: Any) -> Any:
        return self.value <= plain_number(other)

    def __gt__(self, other: Any) -> Any:
        return self.value > plain_number(other)

    def __ge__(self, other: Any) -> Any:
        return self.value >= plain_number(other)


def leaf(name: str, value: Decimal, amounts: Amounts, uncertainty: Decimal | None) -> Figure:
    """A figure that came from outside. `uncertainty` is ± percent of the value; a value of 0 has none."""
    pulls = Pulls({name: _over(_times(value, uncertainty), _HUNDRED)}) if uncertainty is not None and value else None
    return Figure(value, ONE, pulls, amounts)


def plain_number(value: Any) -> Any:
    """A figure's number; whatever else it is, as it is."""
    return value.value if type(value) is Figure else value


def weakest(amounts: Amounts) -> int:
    """The weakest tier that holds an amount; where all amounts are 0, the weakest there is."""
    return max((tier for tier, amount in amounts.items() if amount), default=max(amounts, default=CONSTANT))


def uncertainty(figure: Figure) -> Decimal | None:
    """± percent of the value, all digits. None where no leaf says one, the value is 0, or a slope is not finite."""
    if figure.pulls is None or not figure.value:
        return None
    size = _times(_QUIET.sqrt(figure.pulls.square), figure.scale.copy_abs())
    percent = _over(_times(size, _HUNDRED), figure.value.copy_abs())
    if not percent.is_finite() or percent.adjusted() > LARGEST:
        return None
    return ZERO if percent < _NOTHING else percent


def shares(pulls: Pulls, most: int) -> list[tuple[str, Decimal]]:
    """The leaves that contribute most, each with its share of the squared uncertainty in percent."""
    if not pulls.square.is_finite() or not pulls.square:
        return []
    parts = [(name, _over(_times(_times(pull, pull), _HUNDRED), pulls.square)) for name, pull in pulls.by.items()]
    return sorted((part for part in parts if part[1] >= _NOTHING), key=lambda part: (-part[1], part[0]))[:most]


def _joined(left: Decimal, ours: Pulls | None, right: Decimal, theirs: Pulls | None) -> tuple[Decimal, Pulls | None]:
    """left * ours + right * theirs; the longer one stays as it is where it can, so that long sums stay cheap."""
    if theirs is None:
        return left, ours
    if ours is None:
        return right, theirs
    if ours is theirs:
        return _add(left, right), ours
    if len(theirs.by) > len(ours.by):
        left, ours, right, theirs = right, theirs, left, ours
    if left and left.is_finite():
        ratio, by, scale = _over(right, left), dict(ours.by), left
    else:
        ratio, by, scale = right, {name: _times(left, pull) for name, pull in ours.by.items()}, ONE
    for name, pull in theirs.by.items():
        pull = _times(pull, ratio)
        by[name] = _add(by[name], pull) if name in by else pull
    return scale, Pulls(by)


def _merged(ours: Amounts, theirs: Amounts) -> Amounts:
    amounts = dict(ours)
    for tier, amount in theirs.items():
        amounts[tier] = _add(amounts[tier], amount) if tier in amounts else amount
    return amounts


def _negated(amounts: Amounts) -> Amounts:
    return {tier: _minus(amount) for tier, amount in amounts.items()}


def _spread(ours: Amounts, theirs: Amounts) -> Amounts:
    """A product: each pair of amounts is of the weaker of their tiers."""
    amounts: Amounts = {}
    for tier, amount in ours.items():
        for other, factor in theirs.items():
            weak, part = max(tier, other), _times(amount, factor)
            amounts[weak] = _add(amounts[weak], part) if weak in amounts else part
    return amounts


def _divide(left: Any, right: Any, origin: str) -> Any:
    value = core.divide(plain_number(left), plain_number(right), origin)
    return value if type(value) is NotComputed else left / right


def _stretched(figure: Figure, value: Any) -> Any:
    """Rounding passes the derivative through; the amounts are stretched to the rounded value."""
    if type(value) is NotComputed or value == figure.value:
        return value if type(value) is NotComputed else Figure(value, figure.scale, figure.pulls, figure.amounts)
    if not figure.value:
        return Figure(value, figure.scale, figure.pulls, {weakest(figure.amounts): value})
    ratio = _over(value, figure.value)
    amounts = {tier: _times(amount, ratio) for tier, amount in figure.amounts.items()}
    return Figure(value, figure.scale, figure.pulls, amounts)


def _rounded(value: Any, rounding: Rounding, origin: str) -> Any:
    if type(value) is not Figure:
        return core.rounded(value, rounding, origin)
    return _stretched(value, core.rounded(value.value, rounding, origin))


def _whole(name: str) -> Callable[..., Any]:
    def call(origin: str, value: Any, *literals: Decimal) -> Any:
        result = core.FUNCTIONS[name](origin, plain_number(value), *literals)
        return _stretched(value, result) if type(value) is Figure else result

    return call


def _curved(name: str, slope: Callable[..., Decimal]) -> Callable[..., Any]:
    """A function that bends: its slope at the value, everything of the weakest tier."""

    def call(origin: str, value: Any, *literals: Decimal) -> Any:
        result = core.FUNCTIONS[name](origin, plain_number(value), *literals)
        if type(value) is not Figure or type(result) is NotComputed:
            return result
        scale = _times(value.scale, slope(value.value, result, *literals))
        return Figure(result, scale, value.pulls, {weakest(value.amounts): result})

    return call


def _power_slope(value: Decimal, result: Decimal, exponent: Decimal) -> Decimal:
    if value:
        return _over(_times(exponent, result), value)
    return ONE if exponent == 1 else ZERO if exponent > 1 else Decimal("NaN")


def _absolute(origin: str, value: Any) -> Any:
    result = core.FUNCTIONS["abs"](origin, plain_number(value))
    if type(value) is not Figure:
        return result
    turned = value.value < 0
    scale, amounts = (_minus(value.scale), _negated(value.amounts)) if turned else (value.scale, value.amounts)
    return Figure(result, scale, value.pulls, amounts)


def _fold(name: str, column: Any, origin: str) -> Any:
    """A sum is made in one pass over the rows; of the others, min and max give the row that was chosen."""
    if name != "sum" or type(column) is NotComputed:
        return core.fold(name, column, origin)
    value = core.fold(name, [plain_number(cell) for cell in column], origin)
    figures = [cell for cell in column if type(cell) is Figure]
    return value if type(value) is NotComputed or not figures else _summed(value, figures, column)


def _summed(value: Decimal, figures: Sequence[Figure], column: Iterable[Any]) -> Figure:
    by: dict[str, Decimal] = {}
    amounts: Amounts = {}
    for figure in figures:
        for name, pull in figure.pulls.by.items() if figure.pulls else ():
            pull = _times(pull, figure.scale)
            by[name] = _add(by[name], pull) if name in by else pull
        for tier, amount in figure.amounts.items():
            amounts[tier] = _add(amounts[tier], amount) if tier in amounts else amount
    for cell in column:
        if type(cell) is Decimal and cell:
            amounts[CONSTANT] = _add(amounts.get(CONSTANT, ZERO), cell)
    return Figure(value, ONE, Pulls(by) if by else None, amounts)


def _looking_up(cells: Callable[[str, str, int], Figure | None]) -> Callable[..., Any]:
    def call(table: Lookup, column: str, keys: Sequence[Any], origin: str) -> Any:
        keys = [plain_number(key) for key in keys]
        value = look_up(table, column, keys, origin)
        if type(value) is not Decimal:
            return value
        row = table.row(keys)
        figure = None if row is None else cells(table.name, column, row)
        return value if figure is None else figure

    return call


def calls(cells: Callable[[str, str, int], Figure | None]) -> Mapping[str, Any]:
    """What the staged program calls while figures flow through it. `cells` gives the figure in a table, column and row."""
    return {
        "divide": _divide, "rounded": _rounded, "fold": _fold, "look_up": _looking_up(cells), "f_abs": _absolute,
        "f_floor": _whole("floor"), "f_ceil": _whole("ceil"), "f_round": _whole("round"),
        "f_ln": _curved("ln", lambda value, _result: _over(ONE, value)), "f_exp": _curved("exp", lambda _value, result: result),
        "f_power": _curved("power", _power_slope),
        "f_root": _curved("root", lambda value, result, degree: _over(result, _times(value, degree))),
    }  # fmt: skip
