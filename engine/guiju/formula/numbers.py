"""Numbers: one decimal context for everything, exact text in and out, rounding after GB/T 8170.

Number semantics version 1: Decimal, 34 significant digits, half-even, exponents within 10^±6143 (ISO/IEC/IEEE 60559 decimal128).
Where the ruleset rounds, the value is taken to 30 significant digits first: four digits guard against the last digit of divisions.
`ln`, `exp` and fractional powers are computed with ten guard digits and rounded once to 34.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

SEMANTICS = 1
DIGITS = 34
Mode = Literal["half_even", "half_away", "up", "down"]

_TRAPS = [decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow, decimal.FloatOperation]
CONTEXT = decimal.Context(prec=DIGITS, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=_TRAPS)
_GUARD = decimal.Context(prec=DIGITS + 10, rounding=decimal.ROUND_HALF_EVEN, Emin=-6200, Emax=6200, traps=_TRAPS)
_MODES: dict[Mode, str] = {
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_away": decimal.ROUND_HALF_UP,  # Python's "half up" is away from zero
    "up": decimal.ROUND_UP,
    "down": decimal.ROUND_DOWN,
}
_SHOWN = decimal.Context(prec=30, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=_TRAPS)
ZERO, ONE = Decimal(0), Decimal(1)


@contextmanager
def arithmetic() -> Iterator[None]:
    """Everything inside computes with the one context."""
    with decimal.localcontext(CONTEXT):
        yield


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a value is rounded, once (GB/T 8170): to `digits` after the point, an `interval`, or `significant` digits."""

    kind: Literal["digits", "interval", "significant"]
    amount: Decimal
    mode: Mode = "half_even"

    def text(self) -> str:
        return f"{self.kind} {plain(self.amount)}, {self.mode}"


def round_to(value: Decimal, rounding: Rounding) -> Decimal:
    """The value rounded once. Raises decimal.InvalidOperation where 34 digits cannot hold the result.

    The last four of the 34 digits are guard digits: a sum of thirds that is exactly a tie is rounded as the tie it is.
    """
    value, mode = _SHOWN.plus(value), _MODES[rounding.mode]
    if rounding.kind == "digits":
        return value.quantize(ONE.scaleb(-int(rounding.amount)), rounding=mode, context=CONTEXT)
    if rounding.kind == "significant":
        if value == 0:
            return ZERO
        return value.quantize(ONE.scaleb(value.adjusted() + 1 - int(rounding.amount)), rounding=mode, context=CONTEXT)
    # GB/T 8170, 0.5 and 0.2 units: multiply, round to whole, divide. Fractions keep that exact for any interval.
    steps = Fraction(value) / Fraction(rounding.amount)
    return CONTEXT.multiply(Decimal(_whole(steps, rounding.mode)), rounding.amount)


def _whole(value: Fraction, mode: Mode) -> int:
    size, rest = divmod(abs(value.numerator), value.denominator)
    twice = 2 * rest - value.denominator
    if mode == "up":
        size += rest > 0
    elif mode != "down":
        size += twice > 0 or (twice == 0 and (mode == "half_away" or size % 2 == 1))
    return size if value >= 0 else -size


def natural_log(value: Decimal) -> Decimal:
    if value <= 0:  # Decimal itself says ln(0) is minus infinity
        raise decimal.InvalidOperation("logarithm of a number that is not positive")
    return CONTEXT.plus(_GUARD.ln(value))


def exponential(value: Decimal) -> Decimal:
    return CONTEXT.plus(_GUARD.exp(value))


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """base to the exponent; whole exponents by exact multiplication where it fits, others over ln and exp."""
    if base == 0 and exponent <= 0:
        raise decimal.InvalidOperation("0 to a power that is not positive")
    return CONTEXT.plus(_GUARD.power(base, exponent))


def root(value: Decimal, degree: Decimal) -> Decimal:
    """The non-negative root: root(27, 3) is exactly 3."""
    if value < 0:
        raise decimal.InvalidOperation("root of a negative number")
    if value == 0:
        return ZERO
    if degree == 2:
        return CONTEXT.sqrt(value)
    close = CONTEXT.plus(_GUARD.exp(_GUARD.divide(_GUARD.ln(value), degree)))
    # Where a short decimal is the exact root, take it: exp(ln) leaves a last digit of noise.
    short = close.quantize(ONE.scaleb(close.adjusted() - DIGITS + 6), context=_GUARD).normalize(_GUARD)
    return short if Fraction(short) ** int(degree) == Fraction(value) else close


def plain(value: Decimal | int) -> str:
    """Canonical text: no exponent, no trailing zeros, no negative zero. The same number has one text."""
    text = format(value if isinstance(value, Decimal) else Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
