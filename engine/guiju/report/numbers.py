"""Decimal text → the number that people read.

At most six significant digits, but the whole part is never cut, and what a rule has rounded is shown as the rule left it.
English groups thousands with commas from five digits on, so that a year is a year (the SI brochure, 5.4.4, leaves four digits
together as well); Chinese groups nothing, as its tables do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from guiju.diagnostics.language import Language

SIGNIFICANT = 6
_FINGERPRINT = 12  # digits of a fingerprint that are shown
_TOGETHER = 4  # digits that stand together
_LONGEST = 4000  # int() refuses longer text
_LARGE, _SMALL = 15, -9  # powers of ten from which on (and below which) an exponent is easier to read
_IN_FORMULA = re.compile(r'"[^"]*"|(?<![\w.])(-?\d+(?:\.\d+)?)(?![\w.])')
_WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999)


def shown(text: str, lang: Language, rounding: Mapping[str, Any] | None = None) -> str:
    """A number as people read it; `rounding` is the rule's own, as the assessment tells it."""
    value, rounding = Decimal(text), ruling(rounding)
    if rounding is not None:
        return _ruled(value, rounding, lang)
    if value and not _SMALL <= value.adjusted() < _LARGE:
        return _with_exponent(value)
    return _plain(_cut(value, _decimals(value)), lang)


def ruling(rounding: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """A rule's rounding, unless it only guards the last digits: that one is for the trace, not for the eye."""
    if rounding is None or (rounding["kind"] == "significant" and Decimal(str(rounding["amount"])) > _LARGE):
        return None
    return rounding


def exact(text: str, lang: Language) -> str:
    """All digits."""
    return grouped(text, lang)


def fixed(text: str, decimals: int, lang: Language) -> str:
    """With so many decimals, for columns of numbers that belong together."""
    value = Decimal(text)
    return (
        _with_exponent(value)
        if value and value.adjusted() >= _LARGE
        else grouped(format(_cut(value, decimals), "f"), lang)
    )


def beside(text: str, bounds: Iterable[str], lang: Language) -> str:
    """Like `shown`, with as many more digits as it takes not to stand on the wrong side of a bound (79.9999996 is not 80)."""
    value, edges = Decimal(text), [Decimal(bound) for bound in bounds]
    for decimals in range(_decimals(value), 40):
        rounded = _cut(value, decimals)
        if all((rounded > edge) - (rounded < edge) == (value > edge) - (value < edge) for edge in edges):
            return _plain(rounded, lang) if decimals > _decimals(value) else shown(text, lang)
    return exact(text, lang)


def inside(formula: str, *, exact: bool) -> str:
    """A formula into which numbers were put, with the long ones shortened; what stands in quotes is left alone."""
    if exact:
        return formula
    return _IN_FORMULA.sub(lambda match: match[0] if match[1] is None else shown(match[1], "zh"), formula)


def short(fingerprint: str) -> str:
    """Enough of a fingerprint to tell versions apart by eye."""
    return fingerprint.partition(":")[2][:_FINGERPRINT]


def grouped(text: str, lang: Language) -> str:
    """Commas between thousands, in English."""
    if lang == "zh":
        return text
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{rest}" if _TOGETHER < len(whole) < _LONGEST else text


def _ruled(value: Decimal, rounding: Mapping[str, Any], lang: Language) -> str:
    """As the rule rounded it: with the zeros that `plain` had taken away."""
    amount = Decimal(str(rounding["amount"]))
    if rounding["kind"] == "digits":
        return grouped(format(_cut(value, max(0, int(amount))), "f"), lang)
    if rounding["kind"] == "interval":
        return grouped(format(_cut(value, max(0, -_exponent(amount))), "f"), lang)
    return _plain(value, lang)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _decimals(value: Decimal) -> int:
    return max(0, SIGNIFICANT - 1 - value.adjusted()) if value else 0


def _cut(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)


def _plain(value: Decimal, lang: Language) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return grouped("0" if text == "-0" else text, lang)


def _with_exponent(value: Decimal) -> str:
    power = value.adjusted()
    mantissa = _cut(value.scaleb(-power, context=_WIDE), SIGNIFICANT - 1)
    return f"{_plain(mantissa, 'zh')}×10^{power}"


def significant(text: str, digits: int) -> str:
    """A number with at most so many significant digits; the whole part is never cut, and short ones stay as they are."""
    value = Decimal(text)
    return _plain(_cut(value, max(0, digits - 1 - value.adjusted())), "zh") if value else "0"


def inside_with(formula: str, digits: int) -> str:
    """A formula into which numbers were put, each with at most so many significant digits."""
    return _IN_FORMULA.sub(lambda match: match[0] if match[1] is None else significant(match[1], digits), formula)
