"""Units: the owner of pint. A unit text is read by an allow-list of our own; pint does the algebra, in exact fractions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from guiju.diagnostics.nearest import nearest

if TYPE_CHECKING:
    import pint

_PRINTED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")  # as reports show them
# how people write the engine's units
SPELLINGS = {
    "吨": "t", "千克": "kg", "公斤": "kg", "克": "g", "tonne": "t", "tonnes": "t", "ton": "t", "tons": "t", "T": "t",
    "立方米": "m3", "立方": "m3", "方": "m3", "平方米": "m2", "公顷": "ha", "亩": "mu", "平方公里": "km2", "公里": "km", "千米": "km", "米": "m", "升": "L",
    "千瓦时": "kWh", "万千瓦时": "1e4kWh", "万度": "1e4kWh", "万吨": "1e4t", "度": "kWh", "兆瓦时": "MWh", "吉焦": "GJ", "兆焦": "MJ", "千焦": "kJ",
    "小时": "h", "天": "d", "日": "d", "年": "a", "分钟": "min", "秒": "s", "元": "CNY", "万元": "1e4CNY", "人": "person", "％": "%", "千瓦": "kW", "兆瓦": "MW",
}  # fmt: skip
# how many of a unit a word before it says; the power of ten that rulesets write before it: 1e4m3
SCALES = {
    "百万": 6,
    "千万": 7,
    "万": 4,
    "亿": 8,
    "千": 3,
    "10^4": 4,
    "10^6": 6,
    "10^8": 8,
    "1e3": 3,
    "1e4": 4,
    "1e6": 6,
    "1e8": 8,
}
SYMBOL = re.compile(r"[^\s*/^()\[\]{}+;=,\"'\\]{1,24}")
_PIECE = re.compile(r"([*/]?)\s*([^\s*/^]+)\s*(?:\^\s*(-?\d{1,2}))?\s*")
_EQUALS = re.compile(r"(\d+(?:\.\d+)?)(?:/(\d+))?\s+(\S.*)")


class UnitError(ValueError):
    """A unit text that cannot be read; `symbol` is the unknown part, or the whole text, `of` the unit it defines."""

    def __init__(self, code: str, symbol: str, of: str = "") -> None:
        super().__init__(code, symbol, of)
        self.code, self.symbol, self.of = code, symbol, of


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A unit: the text to show, its dimension (None for pure numbers is the empty one) and its exact size in base units."""

    text: str
    terms: Mapping[str, Fraction]  # symbol -> power
    dimension: Any  # pint's dimensionality, comparable
    size: Fraction

    def same(self, other: Unit) -> bool:
        return self.dimension == other.dimension and self.size == other.size


@dataclass
class Measures:
    """All units a ruleset may use: symbol → "0.001 t", or None for a dimension of its own."""

    definitions: Mapping[str, str | None]
    scales: dict[str, tuple[str, Fraction]] = field(default_factory=dict)  # unit text -> dimension and size, once known
    _units: dict[str, Unit] = field(default_factory=dict)
    _products: dict[tuple[int, int, str], Unit] = field(default_factory=dict)
    _keep: list[Unit] = field(default_factory=list)

    def __reduce__(self) -> tuple[Any, ...]:
        """Kept with the scale of every unit, so that converting needs no algebra."""
        for symbol in self.definitions:
            self.unit(symbol)
        return Measures, (self.definitions, self.scales)

    def factor(self, source: str, target: str) -> Fraction | None:
        """What a value in `source` is multiplied by to be in `target`; None for another dimension. Raises UnitError."""
        for text in (source, target):
            if text not in self.scales:
                self.unit(text)
        (one, size), (other, goal) = self.scales[source], self.scales[target]
        return size / goal if one == other else None

    def alike(self, text: str) -> list[str]:
        """The unit itself and every symbol of its dimension."""
        return [text, *(each for each in self.definitions if each != text and self.factor(each, text) is not None)]

    @cached_property
    def names(self) -> dict[str, str]:
        return {symbol: f"u{index}" for index, symbol in enumerate(self.definitions)}

    @cached_property
    def registry(self) -> pint.UnitRegistry[Any]:
        import pint

        registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None, non_int_type=Fraction, cache_folder=None)
        for symbol in self._in_order():
            name, equals = self.names[symbol], self.definitions[symbol]
            if equals is None:
                registry.define(f"{name} = [d_{name}]")
                continue
            number, divisor, rest = _split(equals)
            terms = " * ".join(f"{self.names[s]} ** {power}" for s, power in _pieces(rest))
            fraction = Fraction(number) / Fraction(divisor or "1")
            amount = f"{fraction.numerator} / {fraction.denominator}"
            registry.define(f"{name} = {amount} * {terms}" if terms else f"{name} = {amount}")
        return registry

    def _in_order(self) -> list[str]:
        """Symbols so that each comes after those it is built from. Raises UnitError for unknown symbols and circles."""
        done: dict[str, None] = {}

        def visit(symbol: str, way: tuple[str, ...]) -> None:
            if symbol in done:
                return
            if symbol not in self.definitions:
                raise UnitError("unit.unknown", symbol, way[-1])
            if symbol in way:
                raise UnitError("unit.circle", symbol, way[-1])
            for part in self._parts(symbol):
                visit(part, (*way, symbol))
            done[symbol] = None

        for symbol in self.definitions:
            visit(symbol, ())
        return list(done)

    def _parts(self, symbol: str) -> list[str]:
        """The symbols that a unit is built from. Raises UnitError."""
        equals = self.definitions[symbol]
        try:
            return [] if equals is None else [part for part, _ in _pieces(_split(equals)[2])]
        except UnitError as error:
            raise UnitError(error.code, error.symbol, symbol) from None

    def spelled(self, symbol: str) -> str:
        """The known unit that another way of writing names, exactly as large; "" where none is: 吨 is t, 万m³ is 1e4m3."""
        written = symbol.translate(_PRINTED)
        for known in (SPELLINGS.get(symbol), written):
            if known in self.definitions:
                return str(known)
        word = _scale(symbol)
        rest = symbol[len(word) :].strip("·*× ")
        unit = SPELLINGS.get(rest, rest.translate(_PRINTED))
        if not word or unit not in self.definitions:
            return ""
        wanted = Fraction(10) ** SCALES[word]
        sized = [each for each in self.definitions if self.factor(each, unit) == wanted]
        return min(sized, key=lambda each: each != f"1e{SCALES[word]}{unit}", default="")

    def likely(self, symbol: str, wanted: str = "") -> str:
        """The known unit that was probably meant: another way of writing one, or the nearest by its letters; "" rather than one of
        another size. Of the dimension of `wanted` where that is said."""
        try:
            known = set(self.alike(wanted)) if wanted else set(self.definitions)
            exact = self.spelled(symbol)
        except UnitError:  # the definitions themselves are not right yet
            known, exact = set(self.definitions), ""
        if exact:
            return exact if exact in known else ""
        power = SCALES.get(_scale(symbol))
        head = "" if power is None else f"1e{power}"
        # Letters do not tell a size: 万m3 is not nearly m3, and what has no power of ten is not nearly 1e4m3.
        alike = [each for each in known if (_scale(each) == head)]
        return nearest(symbol.translate(_PRINTED), alike)

    def terms(self, text: str) -> dict[str, Fraction]:
        """The symbols of a unit text and their powers. Raises UnitError where one is not known; needs no pint."""
        terms: dict[str, Fraction] = {}
        for symbol, power in _pieces(text):
            if symbol not in self.names:
                raise UnitError("unit.unknown", symbol)
            terms[symbol] = terms.get(symbol, Fraction(0)) + power
        return terms

    def unit(self, text: str) -> Unit:
        """The unit that a text names. Raises UnitError."""
        known = self._units.get(text)
        if known is None:
            known = self._units[text] = self._make(self.terms(text), text.strip())
            self.scales[text] = (str(sorted((name, str(power)) for name, power in known.dimension.items())), known.size)
        return known

    def product(self, left: Unit, right: Unit, sign: str) -> Unit:
        """left * right or left / right."""
        key = (id(left), id(right), sign)
        known = self._products.get(key)
        if known is None:
            terms = dict(left.terms)
            for symbol, power in right.terms.items():
                terms[symbol] = terms.get(symbol, Fraction(0)) + (power if sign == "*" else -power)
            known = self._products[key] = self._make(terms)
            self._keep += [left, right]  # so that the ids stay theirs
        return known

    def power(self, unit: Unit, exponent: Fraction) -> Unit:
        return self._make({symbol: power * exponent for symbol, power in unit.terms.items()})

    @cached_property
    def one(self) -> Unit:
        return self.unit("1")

    def _make(self, terms: Mapping[str, Fraction], text: str | None = None) -> Unit:
        kept = {symbol: power for symbol, power in terms.items() if power != 0}
        raw = self.registry.Unit("")
        for symbol, power in kept.items():
            raw = raw * self.registry.Unit(self.names[symbol]) ** power
        size: Any = self.registry.get_root_units(raw)[0]  # a fraction, or the whole number 1
        return Unit(text or _text(kept), kept, raw.dimensionality, Fraction(size))


def _scale(symbol: str) -> str:
    """The word for a power of ten before a unit; "" where there is none, and where it belongs to its name (千米)."""
    return next((word for word in SCALES if symbol.startswith(word) and symbol not in SPELLINGS), "")


def _text(terms: Mapping[str, Fraction]) -> str:
    """tCO2e/t of {tCO2e: 1, t: -1}."""
    above: list[str] = []
    below: list[str] = []
    for symbol, power in terms.items():
        text = symbol if abs(power) == 1 else f"{symbol}^{abs(power)}"
        (above if power > 0 else below).append(text)
    return "/".join(["*".join(above) or "1", *below])


def _split(equals: str) -> tuple[str, str | None, str]:
    match = _EQUALS.fullmatch(equals.strip())
    if match is None:
        raise UnitError("unit.equals", equals)
    if Fraction(match[1]) == 0 or (match[2] is not None and int(match[2]) == 0):
        raise UnitError("unit.equals", equals)
    return match[1], match[2], match[3]


def _pieces(text: str) -> list[tuple[str, int]]:
    """[("tCO2e", 1), ("t", -1)] of "tCO2e/t"; "1" stands for nothing. Raises UnitError."""
    text = text.strip()
    pieces: list[tuple[str, int]] = []
    position = 0
    while position < len(text):
        match = _PIECE.match(text, position)
        if match is None or bool(match[1]) == (position == 0) or not SYMBOL.fullmatch(match[2]):
            raise UnitError("unit.text", text)
        if match[2] != "1":
            pieces.append((match[2], int(match[3] or 1) * (-1 if match[1] == "/" else 1)))
        position = match.end()
    if position == 0:
        raise UnitError("unit.text", text)
    return pieces
